import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import { createReader, openPostgresTables, type PostgresTables } from '../../src/adapters/postgres-tables/index.ts';
import type { EventLog } from '../../src/core/event-log.ts';
import type { Operation } from '../../src/core/projection.ts';
import { createReadModels, type ReadModels } from '../../src/core/read-models.ts';
import { append, happened, ledger, read } from '../core/support/ledger.ts';
import { atLength } from '../support/at-length.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let log: EventLog;
let tables: PostgresTables;
let models: ReadModels;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database);
  log = await openPostgresLog(database);
  tables = openPostgresTables(database);
  models = createReadModels({ log, store: tables, projections: [ledger()], read });
  await models.run();
});
afterAll(async () => {
  await models.stop();
  await tables.close();
  await log.close();
  await database.drop();
});

const WRITERS = 16;
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const written = (n: number): Operation[] => [
  { op: 'put', table: 'cards', row: { id: idOf(n % 500), title: `card ${n}` } },
  { op: 'add', table: 'counts', key: { board: 'x', day: n % 7 }, sum: { posts: 1 } },
];

test('while many append, rebuilds follow each other, and a client that polls meets neither an error nor an empty page', {
  timeout: 900_000,
}, async () => {
  const [rate, rounds] = [atLength(200, 1_000), atLength(2, 20)];
  await models.waitFor(['ledger'], await append(log, [happened(written(0))]), { timeoutMs: 30_000 });
  const done = new AbortController();
  const began = performance.now();
  let appended = 1;

  const writer = async () => {
    while (!done.signal.aborted) {
      // All together keep to the rate; whoever is behind it does not wait.
      const due = began + (appended * 1_000) / rate;
      appended += 1;
      const own = appended;
      if (due > performance.now()) await pause(due - performance.now());
      await append(log, [happened(written(own))]);
    }
  };
  const reader = createReader(tables.pool, models);
  let pages = 0;
  const poller = async () => {
    let seen = 0n;
    while (!done.signal.aborted) {
      const request = reader.request();
      const page = await request.from(ledger()).selectFrom('cards').select('id').limit(20).execute();
      expect(page.length).toBeGreaterThan(0);
      const { total, through } = await request.snapshot(ledger(), async (db, through) => {
        const rows = await db.selectFrom('counts').select('posts').execute();
        return { total: rows.reduce((sum, { posts }) => sum + posts, 0n), through };
      });
      // One event counts one: what is read is of one moment of the log, and never of an earlier one than before.
      expect(total).toBe(through.position);
      expect(total).toBeGreaterThanOrEqual(seen);
      seen = total;
      pages += 1;
    }
  };
  const working = [...Array.from({ length: WRITERS }, writer), poller(), poller()];
  try {
    for (let round = 0; round < rounds; round++) expect(await models.rebuild(['ledger'])).toEqual(new Map());
  } finally {
    done.abort();
    await Promise.all(working);
  }
  const seconds = (performance.now() - began) / 1_000;
  if (rounds > 2) console.log(`${rounds} rebuilds under ${Math.round(appended / seconds)} appends/s, ${pages} polls`);
  const head = await log.head();
  expect(await models.waitFor(['ledger'], head, { timeoutMs: 60_000 })).toBe('reached');
  expect(head.position).toBe(BigInt(appended));
  expect(await models.verify(['ledger'])).toMatchObject([{ equal: true, cursor: head }]);
  expect(pages).toBeGreaterThan(rounds);
});

test('a rebuild of what many wrote at once projects every event', async () => {
  const before = Number((await log.head()).position);
  const each = atLength(40, 4_000);
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = 0; n < each; n++) await append(log, [happened(written(writer * each + n))]);
    }),
  );
  expect(await models.rebuild(['ledger'])).toEqual(new Map());
  const { rows } = await tables.pool.query(
    `select sum(posts)::int as posts from "${models.schemaOf('ledger')}".counts`,
  );
  expect(rows[0].posts).toBe(before + WRITERS * each);
});
