import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import { readZulipArchive, type ZulipArchive } from '../../src/adapters/zulip-archive/index.ts';
import type { StoredEvent } from '../../src/core/event.ts';
import { zulipIds } from '../../src/imports/zulip-ids.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { allEvents } from '../support/importing.ts';
import { palabre, run } from '../support/palabre.ts';

// The archives of real communities, through the command line, on a real Postgres.

const archives = process.env.PALABRE_ARCHIVES;
const folders = archives
  ? readdirSync(archives)
      .map((name) => join(archives, name))
      .filter((folder) => existsSync(join(folder, 'expected-statistics.json')))
  : [];

test.skipIf(folders.length > 0)('no archive is imported: PALABRE_ARCHIVES names no folder with archives', (context) =>
  context.skip(),
);

type Expected = { readonly totals: Readonly<Record<string, number>> };

const TIMEOUT = 400_000;

describe.each(folders)('the archive in %s', { timeout: TIMEOUT }, (folder) => {
  const expected = JSON.parse(readFileSync(join(folder, 'expected-statistics.json'), 'utf8')) as Expected;
  const packed = readdirSync(folder).find((name) => name.endsWith('.tar.gz'));
  const path = packed ? join(folder, packed) : folder;
  let archive: ZulipArchive;
  let database: TestDatabase;
  let variables: NodeJS.ProcessEnv;
  let events: StoredEvent[];
  let printed = '';

  beforeAll(async () => {
    archive = await readZulipArchive(path);
    database = await freshDatabase();
    variables = {
      DATABASE_URL: database.connectionString,
      PALABRE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      LOG_LEVEL: 'warn',
    };
    // Killed without a chance to say anything, half-way; then interrupted politely; then let through.
    await cutOff(variables, path, 'SIGKILL', archive.messages.length / 3);
    const { code } = await cutOff(variables, path, 'SIGINT', (archive.messages.length * 2) / 3);
    expect(code).not.toBe(0);
    const whole = await run(['import', 'zulip', path], variables);
    expect(whole, whole.stderr).toMatchObject({ code: 0 });
    printed = whole.stdout;
    events = await eventsOf(database);
  }, TIMEOUT);
  afterAll(() => database?.drop());

  test('is stored once and whole, though its import was killed and interrupted', () => {
    const counts = new Map<string, number>();
    for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
    const { totals } = expected;
    expect(counts.get('MemberRegistered')).toBe(totals.members);
    expect(counts.get('ServiceAccountRegistered')).toBe((totals.bots ?? 0) + (totals.system_bots ?? 0));
    expect(counts.get('CommunityFounded')).toBe(totals.communities);
    expect(counts.get('PostPublished')).toBe(totals.topics);
    expect((counts.get('PostPublished') ?? 0) + (counts.get('CommentPublished') ?? 0)).toBe(totals.messages_all);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  test('has its messages at positions that follow time, then id', () => {
    const ids = zulipIds(archive.realm);
    const told = events
      .filter(({ type }) => type === 'PostPublished' || type === 'CommentPublished')
      .map(
        ({ data }) => (data as { commentId?: string; postId: string }).commentId ?? (data as { postId: string }).postId,
      );
    expect(told).toEqual(archive.messages.map(({ id }) => ids.message(id)));
  });

  test('holds communities under the names of the channels', () => {
    const names = events
      .filter(({ type }) => type === 'CommunityFounded')
      .map(({ data }) => (data as { name: string }).name);
    expect(names).toEqual(archive.channels.map(({ name }) => name));
  });

  test('says in its report what was there already', () => {
    expect(printed).toMatch(/posts +\d+ +\d+/);
    const [, stored = '', present = ''] = /comments +(\d+) +(\d+)/.exec(printed) ?? [];
    expect(Number(present)).toBeGreaterThan(0);
    expect(Number(stored) + Number(present)).toBe(archive.messages.length - (expected.totals.topics ?? 0));
  });

  test('appends nothing when it is imported again, and its read models stay proven', async () => {
    const again = await run(['import', 'zulip', path], variables);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain(': 0 events in');
    expect((await eventsOf(database)).length).toBe(events.length);
    expect(await run(['projections', 'verify'], variables)).toMatchObject({ code: 0 });
  });
});

/** Ends an import with a signal once so many events are stored; answers how it ended. */
const cutOff = async (variables: NodeJS.ProcessEnv, path: string, signal: NodeJS.Signals, events: number) => {
  const client = new pg.Client({ connectionString: variables.DATABASE_URL });
  await client.connect();
  const importing = palabre(['import', 'zulip', path], variables);
  let over = false;
  void importing.ended.then(() => {
    over = true;
  });
  while (!over && (await storedIn(client)) < events) await sleep(5);
  importing.process.kill(signal);
  const ended = await importing.ended;
  await client.end();
  return ended;
};

const storedIn = async (client: pg.Client): Promise<number> => {
  const { rows } = await client.query(`select to_regclass('palabre_log.log') is not null as there`);
  if (!rows[0]?.there) return 0;
  const { rows: ends } = await client.query('select coalesce(max(position), 0)::int as "end" from palabre_log.log');
  return ends[0]?.end ?? 0;
};

const eventsOf = async ({ connectionString }: TestDatabase): Promise<StoredEvent[]> => {
  const log = await openPostgresLog({ connectionString });
  try {
    return await allEvents(log);
  } finally {
    await log.close();
  }
};
