import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReader } from '../../src/adapters/postgres-tables/index.ts';
import type { EventLog } from '../../src/core/event-log.ts';
import type { Operation } from '../../src/core/projection.ts';
import { atLength } from '../support/at-length.ts';
import { histories } from './support/histories.ts';
import { append, happened, ledger } from './support/ledger.ts';
import { openWorld, type World } from './support/models.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const SOON = { timeoutMs: 10_000 };
const SOON_CHECK = { timeout: 10_000, interval: 20 };
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const count: Operation = { op: 'add', table: 'counts', key: { board: 'x', day: 1 }, sum: { posts: 1 } };
const card = (n: number): Operation => ({ op: 'put', table: 'cards', row: { id: idOf(n), title: `card ${n}` } });

/** Some events of every kind, the same ones for the same seed. */
const anything = (seed: number, events = 40) =>
  fc
    .sample(histories(6, { sweeps: events < 1_000 }), { seed, numRuns: events })
    .map((operations) => happened(operations));

const schemas = async () => {
  const { rows } = await world.pool.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname like 'ledger%' or nspname like 'other%' order by 1`,
  );
  return rows.map(({ name }) => name);
};

/** A log whose subscribers are given so many events at once and no more. */
const inStepsOf = (size: number, log: EventLog): EventLog => ({
  ...log,
  async *subscribe(options) {
    for await (const batch of log.subscribe(options)) {
      let from = 0;
      for (; from + size < batch.events.length; from += size) {
        const events = batch.events.slice(from, from + size);
        const last = events.at(-1);
        if (last) yield { events, cursor: { position: last.position, eventId: last.id }, caughtUp: false };
      }
      yield { ...batch, events: batch.events.slice(from) };
    }
  },
});

test('what was followed live in batches of any size equals what is built from the log', {
  timeout: 900_000,
}, async () => {
  const batches = [1, 2, 7, 500, 5_000, 50_000];
  const projections = batches.map((size) => ledger(`ledger_${size}`));
  const processes = batches.map((held, i) =>
    world.process({ projections: projections.slice(i, i + 1), held, log: inStepsOf(held, world.log) }),
  );
  await Promise.all(processes.map(({ models }) => models.run()));
  // In one call, so that it lies there at once: whoever may take a large batch takes one.
  const last = await append(world.log, [...anything(1, atLength(300, 120_000)), happened([card(1), count])]);
  for (const [i, { models }] of processes.entries()) {
    expect(await models.waitFor([`ledger_${batches[i]}`], last, { timeoutMs: 600_000 })).toBe('reached');
    expect(await models.verify([`ledger_${batches[i]}`])).toMatchObject([{ equal: true, error: null, cursor: last }]);
  }
  const checksums = await Promise.all(
    projections.map(async (projection) => (await world.store.checksumServed(projection))?.tables),
  );
  for (const tables of checksums) expect(tables).toEqual(checksums[0]);
  expect(checksums[0]?.find(({ table }) => table === 'cards')?.rows).toBeGreaterThan(0);
});

test('a rebuild that writes down its rows again and again makes the same rows', async () => {
  const { models } = world.process({ projections: [ledger()], rowsInMemory: 2 });
  await models.run();
  const last = await append(world.log, anything(2, 6_000));
  await models.waitFor(['ledger'], last, { timeoutMs: 20_000 });
  const before = (await world.store.checksumServed(ledger()))?.tables;
  expect(await models.rebuild(['ledger'])).toEqual(new Map());
  expect((await world.store.checksumServed(ledger()))?.tables).toEqual(before);
});

test('a rebuild twice, and of an empty log, changes nothing', async () => {
  const { models } = world.process({ projections: [ledger(), ledger('other')] });
  await models.run();
  await models.rebuild(['ledger', 'other']);
  const last = await append(world.log, anything(3));
  await models.waitFor(['ledger', 'other'], last, SOON);
  const before = (await world.store.checksumServed(ledger()))?.tables;
  await models.rebuild(['ledger', 'other']);
  await models.rebuild(['ledger']);
  expect((await world.store.checksumServed(ledger()))?.tables).toEqual(before);
  expect(await models.verify(['ledger', 'other'])).toMatchObject([{ equal: true }, { equal: true }]);
  const more = await append(world.log, anything(4));
  expect(await models.waitFor(['ledger', 'other'], more, SOON)).toBe('reached');
  expect(await models.verify(['ledger', 'other'])).toMatchObject([
    { equal: true, cursor: more },
    { equal: true, cursor: more },
  ]);
});

test('a row that was tampered with is found, and its table named', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  const last = await append(world.log, [happened([card(1), card(2), count])]);
  await models.waitFor(['ledger'], last, SOON);
  await world.pool.query(`update "${models.schemaOf('ledger')}".cards set note = '' where id = $1`, [idOf(2)]);
  const [proof] = await models.verify(['ledger']);
  expect(proof?.equal).toBe(false);
  expect(proof?.tables.filter(({ equal }) => !equal).map(({ table }) => table)).toEqual(['cards']);
  await models.rebuild(['ledger']);
  expect(await models.verify(['ledger'])).toMatchObject([{ equal: true }]);
});

test('readers of another process meet neither an error nor an empty page while generations are swapped under appends', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  await models.waitFor(['ledger'], await append(world.log, [happened([card(0), count])]), SOON);
  const elsewhere = world.process({ projections: [ledger()] });
  await elsewhere.models.follow();
  const reader = createReader(elsewhere.store.pool, elsewhere.models);
  const projection = ledger();
  const done = new AbortController();
  let [reads, least, appended] = [0, 1n, 1n];

  const reading = (async () => {
    while (!done.signal.aborted) {
      const request = reader.request();
      const cards = await request.from(projection).selectFrom('cards').select('id').limit(1).execute();
      expect(cards.length).toBe(1);
      const counted = await request.snapshot(projection, async (db, through) => {
        const row = await db.selectFrom('counts').select('posts').executeTakeFirstOrThrow();
        return { posts: row.posts, through };
      });
      // One event, one post: rows and checkpoint are of one moment, and never go back.
      expect(counted.posts).toBe(counted.through.position);
      expect(counted.posts).toBeGreaterThanOrEqual(least);
      least = counted.posts;
      reads += 1;
    }
  })();
  const writing = (async () => {
    while (!done.signal.aborted) {
      const { position } = await append(world.log, [happened([card(Number(appended % 50n)), count])]);
      appended = position;
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  try {
    for (let round = 0; round < 4; round++) {
      expect(await models.rebuild(['ledger'])).toEqual(new Map());
      const seen = reads;
      await vi.waitFor(() => expect(reads).toBeGreaterThan(seen), SOON_CHECK);
    }
  } finally {
    done.abort();
    await Promise.all([reading, writing]);
  }
  expect(await models.waitFor(['ledger'], await world.log.head(), SOON)).toBe('reached');
  expect(await models.verify(['ledger'])).toMatchObject([{ equal: true }]);
});

test('a rebuild that is given up at any moment leaves what is served, and no tables of its own', async () => {
  const { models } = world.process({ projections: [ledger(), ledger('other')] });
  await models.run();
  const last = await append(world.log, anything(5, 2_000));
  await models.waitFor(['ledger', 'other'], last, { timeoutMs: 20_000 });
  const before = (await world.store.checksumServed(ledger()))?.tables;
  const served = models.schemaOf('ledger');
  for (const moment of ['reading', 'writing', 'catching up'] as const) {
    const giveUp = new AbortController();
    const onProgress = ({ phase }: { phase: string }) => phase === moment && giveUp.abort(new Error('Given up.'));
    await expect(models.rebuild(['ledger'], { signal: giveUp.signal, onProgress })).rejects.toThrow('Given up.');
  }
  for (const milliseconds of [1, 5, 15, 40, 90]) {
    const rebuilding = models.rebuild(['other'], { signal: AbortSignal.timeout(milliseconds) });
    await rebuilding.catch((error: Error) => expect(error).toMatchObject({ name: 'TimeoutError' }));
  }
  expect(models.schemaOf('ledger')).toBe(served);
  expect((await world.store.checksumServed(ledger()))?.tables).toEqual(before);
  await models.rebuild(['ledger', 'other']);
  expect((await world.store.checksumServed(ledger()))?.tables).toEqual(before);
  await world.pool.query(
    `update palabre_projections.checkpoints set retired_at = now() - interval '11 minutes' where retired_at is not null`,
  );
  await world.store.clean([]);
  expect(await schemas()).toEqual([models.schemaOf('ledger'), models.schemaOf('other')].sort());
});

test('whoever rebuilds what another process builds already is told so', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  const other = await world.store.openSession();
  await other.acquire(['ledger/build'], 30);
  await expect(models.rebuild(['ledger'])).rejects.toThrow(/being rebuilt or verified already/);
  await other.release(['ledger/build']);
  await other.close();
  await models.rebuild(['ledger']);
});

test('a read model that was dropped is built again, by the running process', async () => {
  const { models } = world.process({ projections: [ledger(), ledger('other')] });
  await models.run();
  const last = await append(world.log, anything(7));
  await models.waitFor(['ledger', 'other'], last, SOON);
  const before = (await world.store.checksumServed(ledger()))?.tables;
  const served = models.schemaOf('ledger');
  await models.drop('ledger');
  const next = await append(world.log, [happened([])]);
  await vi.waitFor(async () => {
    expect(models.schemaOf('ledger')).not.toBe(served);
    expect(await models.waitFor(['ledger'], next, SOON)).toBe('reached');
  }, SOON_CHECK);
  expect((await world.store.checksumServed(ledger()))?.tables).toEqual(before);
});

test.each([
  ['its schema', (schema: string) => `drop schema "${schema}" cascade`],
  ['one of its tables', (schema: string) => `drop table "${schema}".marks`],
  ['its checkpoint', () => `delete from palabre_projections.checkpoints where projection = 'ledger'`],
  ['its pointer', () => `delete from palabre_projections.pointers where projection = 'ledger'`],
])('a read model of which %s was dropped by hand is built again at the next start', async (_what, statement) => {
  const first = world.process({ projections: [ledger()] });
  await first.models.run();
  const last = await append(world.log, anything(8));
  await first.models.waitFor(['ledger'], last, SOON);
  const before = (await world.store.checksumServed(ledger()))?.tables;
  await first.end();
  await world.pool.query(statement(first.models.schemaOf('ledger') ?? ''));
  const second = world.process({ projections: [ledger()] });
  await second.models.run();
  expect((await world.store.checksumServed(ledger()))?.tables).toEqual(before);
  expect(await second.models.verify(['ledger'])).toMatchObject([{ equal: true }]);
  const next = await append(world.log, anything(9));
  expect(await second.models.waitFor(['ledger'], next, SOON)).toBe('reached');
});

test('a new version is built beside the old one, and an older program then lets go', async () => {
  const old = world.process({ projections: [ledger('ledger', 1)] });
  await old.models.run();
  const last = await append(world.log, [happened([card(1), count])]);
  await old.models.waitFor(['ledger'], last, SOON);
  const doubled = ledger('ledger', 2, ({ operations }) => [...operations, ...operations]);
  const young = world.process({ projections: [doubled] });
  await young.models.run();
  expect(young.models.schemaOf('ledger')).toMatch(/^ledger_v2_g\d+$/);
  expect(old.models.schemaOf('ledger')).toMatch(/^ledger_v1_g\d+$/);
  const next = await append(world.log, [happened([count])]);
  expect(await young.models.waitFor(['ledger'], next, SOON)).toBe('reached');
  const posts = async (schema: string | undefined) =>
    (await world.pool.query(`select sum(posts)::int as posts from "${schema}".counts`)).rows[0].posts;
  expect(await posts(young.models.schemaOf('ledger'))).toBe(4);
  // Whoever still runs the old program goes on reading for ten minutes.
  expect(await posts(old.models.schemaOf('ledger'))).toBe(1);
  await vi.waitFor(async () => {
    expect((await old.models.status())[0]).toMatchObject({
      state: 'superseded',
      fault: expect.stringMatching(/stop it where a newer one has taken over/),
    });
  }, SOON_CHECK);
});

test('a rebuild tells how far it is', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  await append(world.log, anything(10, 100));
  const told: { phase: string; events: number; total: number | null }[] = [];
  await models.rebuild(['ledger'], { onProgress: (progress) => told.push(progress) });
  expect(told.map(({ phase }) => phase)).toEqual(['reading', 'writing', 'catching up', 'served']);
  expect(told[0]).toMatchObject({ events: 100, total: 100 });
});
