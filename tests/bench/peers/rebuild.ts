import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { openLogLines } from '../../../src/adapters/log-lines.ts';
import { openApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { say } from '../support/line.ts';
import { assertTrue, median, rounded } from '../support/measures.ts';
import { fillOrganisation, type Plan } from '../support/organisation.ts';
import type { NativePostgres } from './postgres.ts';
import type { Store } from './store.ts';
import type { Figure } from './table.ts';

// All read models from zero, next to Emmett's consumer that counts into one table, and to COPY TO of the same rows, unread.

const PLAN: Plan = {
  communities: 40,
  members: 1_500,
  memberships: 3,
  postsEach: 215,
  yardstickPosts: 215,
  commentsPerPost: 3,
  reactionsPerPost: 2,
};
const ROUNDS = 3;
const EMMETT_EVENTS = 20_000;
const EMMETT_SECONDS = 15;

type Emmett = {
  readonly open: (url: string, options: { pool: number }) => Promise<Store>;
  readonly project: (
    url: string,
    table: string,
    total: number,
    seconds: number,
  ) => Promise<{ perSecond: number; seen: number; counted: number }>;
};

export const measureRebuild = async (postgres: NativePostgres, emmett: Emmett): Promise<readonly Figure[]> => {
  const url = await postgres.database('rebuild');
  const config = loadConfig({ DATABASE_URL: url, PALABRE_MASTER_KEY: 'ab'.repeat(32) });
  const logger = openLogLines({ level: 'warn', readable: true });
  const app = await openApp(config, { projections: 'none', logger });
  const events = await fillOrganisation(app, PLAN);
  await app.readModels.run();
  const { names } = app.readModels;
  const head = await app.log.head();
  assertTrue((await app.readModels.waitFor(names, head, { timeoutMs: 120_000 })) === 'reached', 'Not level.');
  say(`rebuild: ${events} events stored and projected`);

  const emmettUrl = await seeded(postgres, emmett);
  const [own, copies, theirs]: [number[], number[], number[]] = [[], [], []];
  let note = '';
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    assertTrue((await app.readModels.rebuild(names)).size === 0, 'A read model could not be rebuilt.');
    own.push((events * 1_000) / (performance.now() - began));
    copies.push(await copied(url, events));
    const { perSecond, seen, counted } = await emmett.project(
      emmettUrl,
      `round_${round}`,
      EMMETT_EVENTS,
      EMMETT_SECONDS,
    );
    theirs.push(perSecond);
    if (counted < seen) note = `${seen - counted} of ${seen} handed over are not in its table`;
    say(`rebuild: round ${round + 1}: ${Math.round(own.at(-1) ?? 0)}/s, Emmett ${Math.round(perSecond)}/s`);
  }
  for (const { projection, equal } of await app.readModels.verify(names))
    assertTrue(equal, `${projection} differs from the log.`);
  await app.close();
  const figure = (name: string, rates: readonly number[], more = ''): Figure => ({
    part: 'rebuild',
    level: 'from zero',
    name,
    median: Math.round(median(rates)),
    range: `${Math.round(Math.min(...rates))}–${Math.round(Math.max(...rates))}`,
    unit: 'events/s',
    p50Ms: null,
    p99Ms: null,
    ratio: rounded(median(own.map((rate, n) => rate / (rates[n] ?? Number.NaN))), 3),
    note: more,
  });
  return [
    figure(`Palabre, ${names.length} projections`, own),
    figure('COPY TO of the same rows', copies),
    figure('Emmett, consumer with one table', theirs, note),
  ];
};

/** Events a second of COPY TO, read by Node and thrown away. */
const copied = async (connectionString: string, events: number): Promise<number> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const began = performance.now();
  const rows = client.query(
    copyTo(
      'copy (select position, event_id, type, stream, revision, version, recorded_at, data, meta from palabre_log.log order by position) to stdout',
    ),
  );
  await pipeline(rows, new Writable({ write: (_chunk, _encoding, done) => done() }));
  const perSecond = (events * 1_000) / (performance.now() - began);
  await client.end();
  return perSecond;
};

/** Emmett's log, written by one writer, since its readers miss events of several. */
const seeded = async (postgres: NativePostgres, emmett: Emmett): Promise<string> => {
  const url = await postgres.database('emmett_rebuild');
  const store = await emmett.open(url, { pool: 1 });
  const posts = Array.from({ length: PLAN.communities * PLAN.postsEach }, () => randomUUID());
  for (let n = 0; n < EMMETT_EVENTS; n += 1) {
    const postId = posts[n % posts.length];
    await store.append({ id: randomUUID(), type: 'CommentPublished', data: { postId }, metadata: {} });
  }
  await store.close();
  return url;
};
