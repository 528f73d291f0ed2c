import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type KurrentCopying, openKurrentCopying } from '../../src/adapters/kurrentdb-log/copying.ts';
import { openKurrentLog } from '../../src/adapters/kurrentdb-log/index.ts';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPool } from '../../src/adapters/postgres.ts';
import { postgresCopying } from '../../src/adapters/postgres-log/copying.ts';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import type { AppendRequest, EventLog } from '../../src/core/event-log.ts';
import { type Copying, compareLogs, copyLog } from '../../src/core/log-copy.ts';
import { START } from '../../src/core/position.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { type FakeKurrent, startFakeKurrent } from '../support/kurrentdb/fake.ts';
import { anAppend, aCommand as command, event, events, idsOf, newStream, readOn } from './appends.ts';

let fake: FakeKurrent;
beforeAll(async () => {
  fake = await startFakeKurrent();
});
afterAll(() => fake[Symbol.asyncDispose]());

let database: TestDatabase;
let pool: pg.Pool;
let log: EventLog;
let namespace: string;
let kurrent: KurrentCopying;
const settings = () => ({ connectionString: fake.connectionString(), address: fake.address(), namespace });

beforeEach(async () => {
  namespace = `test-${randomUUID()}`;
  database = await freshDatabase();
  await migrate(database);
  pool = openPool(database, { name: 'test', max: 2 });
  log = await openPostgresLog(database);
  kurrent = await openKurrentCopying({ ...settings(), grace: 0 });
});
afterEach(async () => {
  await Promise.all([log.close(), kurrent.close()]);
  await pool.end();
  await database.drop();
});

const aCommand = (said: Partial<AppendRequest>) => command({ inputHash: randomUUID(), ...said });

/** Commands of one and several events, of one and several streams, one behind the other and mixed. */
const fill = async (rounds: number) => {
  const streams = Array.from({ length: 5 }, newStream);
  const requests = Array.from({ length: rounds }, (_, n) =>
    aCommand({
      stream: streams[(n * n) % 5] ?? '',
      events: events(1 + (n % 3)),
      ...(n % 4 === 0 && { stream: newStream() }),
    }),
  );
  const [first] = requests;
  const beside = first && {
    ...first,
    stream: newStream(),
    events: aCommand({ commandId: first.commandId, inputHash: first.inputHash }).events,
  };
  await log.append([...requests, ...(beside ? [beside] : [])]);
};

const toKurrent = async (more: Partial<Copying> = {}) =>
  copyLog({
    source: await postgresCopying(pool, 'The database').source(),
    target: kurrent.target,
    moveOver: (identity) => kurrent.target.open(identity),
    ...more,
  });

test('a log that went to a KurrentDB and into a new database has the same events, streams and commands', async () => {
  await fill(60);
  await toKurrent();
  await using elsewhere = await freshDatabase();
  await migrate(elsewhere);
  const other = openPool(elsewhere, { name: 'test', max: 2 });
  const target = postgresCopying(other, 'The database');
  const moved = await copyLog({
    source: await kurrent.source(),
    target: target.target,
    moveOver: async (identity) => {
      const client = await other.connect();
      await target.open(client, identity);
      client.release();
    },
  });
  expect(moved).toBe((await readOn(log, START)).length);
  for (const [table, order] of [
    ['log', 'position'],
    ['streams', 'name'],
    ['commands', 'command_id, stream_no'],
  ]) {
    const rows = async (from: pg.Pool) =>
      (await from.query(`select * from palabre_log.${table} order by ${order}`)).rows;
    expect(await rows(other)).toEqual(await rows(pool));
  }
  expect((await other.query('select log_id, incarnation, read_only from palabre_log.head')).rows).toEqual([
    { log_id: log.identity.logId, incarnation: 3, read_only: false },
  ]);
  const again = await openPostgresLog(elsewhere);
  expect(await again.append([aCommand({})])).toMatchObject([{ status: 'appended' }]);
  await again.close();
  await other.end();
});

test('a stream of long texts in any script is copied', async () => {
  // Three bytes a sign: some of these fit into one append of the server, and all of them do not.
  const long = Array.from({ length: 8 }, () => event({ body: '議'.repeat(70_000) }));
  const stream = newStream();
  for (const each of long) await log.append([aCommand({ stream, events: [each] })]);
  expect(await toKurrent()).toBe(long.length);
});

test('a copy that ended anywhere is gone on with, and what was written meanwhile comes along', async () => {
  await fill(40);
  for (let cut = 1; cut <= 3; cut += 1) {
    let stored = 0;
    const store: typeof kurrent.target.store = async (batch) => {
      // Killed in the middle of a page, of whatever it was about to do.
      await kurrent.target.store(batch.slice(0, Math.ceil(batch.length / 3)));
      stored += 1;
      throw new Error('killed');
    };
    await expect(toKurrent({ target: { ...kurrent.target, store } })).rejects.toThrow('killed');
    expect(stored).toBe(1);
    await fill(3);
  }
  const count = await toKurrent();
  const moved = await openKurrentLog(settings());
  const [there, here] = [await readOn(moved, START), await readOn(log, START)];
  expect(idsOf(there)).toEqual(idsOf(here));
  expect(there).toHaveLength(count);
  expect(there.map(({ recordedAt }) => recordedAt)).toEqual(here.map(({ recordedAt }) => recordedAt));
  await moved.close();
});

test('from the last pass on nobody writes to the old log; one that cannot be moved is opened again', async () => {
  await fill(5);
  const during: unknown[] = [];
  const failing = toKurrent({
    moveOver: async () => {
      during.push((await log.append([anAppend()]))[0]);
      throw new Error('no');
    },
  });
  await expect(failing).rejects.toThrow('no');
  expect(during).toMatchObject([{ status: 'refused', code: 'READ_ONLY' }]);
  expect(await log.append([anAppend(), anAppend({ events: events(2) })])).toMatchObject([
    { status: 'appended' },
    { status: 'appended' },
  ]);
  await toKurrent();
  expect(await log.append([anAppend()])).toMatchObject([{ status: 'refused', code: 'READ_ONLY' }]);
});

test('who runs on a KurrentDB hears that its log is closed, and writes nothing more', async () => {
  const running = await openKurrentLog({ ...settings(), watch: 50 });
  const iterator = running.subscribe({ after: START })[Symbol.asyncIterator]();
  await iterator.next();
  expect(await running.append([anAppend()])).toMatchObject([{ status: 'appended' }]);
  await (await kurrent.source()).closeToAppends();
  await expect.poll(async () => (await running.append([anAppend()]))[0]?.status, { timeout: 10_000 }).toBe('refused');
  await (await kurrent.source()).openToAppends();
  await expect.poll(async () => (await running.append([anAppend()]))[0]?.status, { timeout: 10_000 }).toBe('appended');
  await iterator.return?.();
  await running.close();
});

test('a target that holds something else is refused, and a difference is named by its event, never by its values', async () => {
  const foreign = await openKurrentLog(settings());
  await foreign.append([anAppend()]);
  await expect(toKurrent()).rejects.toThrow(/holds another log/);
  await foreign.close();

  namespace = `test-${randomUUID()}`;
  await kurrent.close();
  kurrent = await openKurrentCopying({ ...settings(), grace: 0 });
  await fill(8);
  await toKurrent();
  await expect(toKurrent()).rejects.toThrow(/it is in use: nothing is to be copied/);
  const moved = await openKurrentLog(settings());
  const request = aCommand({ events: [{ ...(events(1)[0] ?? expect.fail()), data: { secret: 'sesame' } }] });
  const [one, other] = [await readOn(log, START), await readOn(moved, START)];
  const asLog = (stored: typeof one) => ({
    head: async () => START,
    readAll: async ({ after }: { after: typeof START }) => {
      const left = stored.filter(({ position }) => position > after.position);
      const last = left.at(-1);
      return { events: left, caughtUp: true, cursor: last ? { position: last.position, eventId: last.id } : after };
    },
  });
  expect(await compareLogs(asLog(one), asLog(other))).toEqual({ events: one.length, difference: null });
  const changed = other.map((event, n) => (n === 3 ? { ...event, data: request.events[0]?.data ?? {} } : event));
  const { difference } = await compareLogs(asLog(one), asLog(changed));
  expect(difference).toMatch(/^Event 4 differs in data: /);
  expect(difference).not.toContain('sesame');
  expect((await compareLogs(asLog(one), asLog(other.slice(0, -1)))).difference).toMatch(
    /stands in only one of the logs/,
  );
  expect((await compareLogs(asLog(one.slice(0, -1)), asLog(other))).difference).toMatch(
    /stands in only one of the logs/,
  );
  expect((await compareLogs(asLog([]), asLog(other))).difference).toMatch(/^Event 1 .* stands in only one/);
  await moved.close();
});
