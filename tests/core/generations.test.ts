import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReader } from '../../src/adapters/postgres-tables/index.ts';
import type { Operation } from '../../src/core/projection.ts';
import { build } from '../../src/core/rebuild.ts';
import { histories } from './support/histories.ts';
import { append, happened, ledger, read as readEvent } from './support/ledger.ts';
import { openWorld, type World } from './support/models.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const SOON = { timeoutMs: 10_000 };
const count: Operation = { op: 'add', table: 'counts', key: { board: 'x', day: 1 }, sum: { posts: 1 } };

test('a rebuild up to any place of the log gives what was served when the log ended there', async () => {
  const projection = ledger();
  const { models } = world.process({ projections: [projection] });
  await models.run();
  const history = fc.sample(histories(6), { seed: 92, numRuns: 25 }).map((operations) => happened(operations));
  const live = [];
  for (const event of history) {
    const cursor = await append(world.log, [event]);
    expect(await models.waitFor(['ledger'], cursor, SOON)).toBe('reached');
    live.push({ cursor, tables: (await world.store.checksumServed(projection))?.tables });
  }
  const building = { log: world.log, store: world.store, read: readEvent, rowsInMemory: 1_000 };
  for (const { cursor, tables } of live) {
    const { builds } = await build(building, [{ projection, epoch: 0 }], cursor);
    const generation = builds[0]?.generation ?? expect.fail('Nothing was built.');
    expect(await world.store.checksum(generation, projection)).toEqual(tables);
    await world.store.discard(generation);
  }
});

test('a rebuild of one event serves one event', async () => {
  const last = await append(world.log, [happened([count])]);
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  for (let round = 0; round < 2; round++) {
    expect(await models.rebuild(['ledger'])).toEqual(new Map());
    expect(models.watermark('ledger')).toEqual(last);
    expect(await models.verify(['ledger'])).toMatchObject([{ equal: true, cursor: last }]);
  }
});

test('two versions take each other’s place and back, and the readers of both go on', async () => {
  const doubled = ledger('ledger', 2, ({ operations }) => [...operations, ...operations]);
  const old = world.process({ projections: [ledger('ledger', 1)] });
  await old.models.run();
  await old.models.waitFor(['ledger'], await append(world.log, [happened([count])]), SOON);
  const done = new AbortController();
  const reads = [0, 0];
  const read = async ({ models, store }: typeof old, which: 0 | 1) => {
    const reader = createReader(store.pool, models);
    while (!done.signal.aborted) {
      const rows = await reader.request().from(ledger()).selectFrom('counts').select('posts').execute();
      // The program of version 2 counts everything twice; each program reads what its own made.
      expect(rows).toHaveLength(1);
      expect(Number(rows[0]?.posts) % (which + 1)).toBe(0);
      reads[which] = (reads[which] ?? 0) + 1;
    }
  };
  const level = async ({ models }: typeof old, version: number) => {
    const last = await append(world.log, [happened([count])]);
    await vi.waitFor(async () => {
      expect((await world.store.served(['ledger'])).get('ledger')).toMatchObject({ version, cursor: last });
    }, SOON_CHECK);
    expect(await models.verify(['ledger'])).toMatchObject([{ equal: true, cursor: last }]);
  };
  const reading = [read(old, 0)];
  try {
    for (let round = 0; round < 3; round++) {
      const young = world.process({ projections: [doubled] });
      await young.models.run();
      await level(young, 2);
      if (round === 0) {
        const reader = world.process({ projections: [doubled] });
        await reader.models.follow();
        reading.push(read(reader, 1));
      }
      await young.end();
      expect(await old.models.rebuild(['ledger'])).toEqual(new Map());
      await level(old, 1);
      const seen = [...reads];
      await vi.waitFor(() => expect(reads.every((each, n) => each > (seen[n] ?? 0))).toBe(true), SOON_CHECK);
    }
  } finally {
    done.abort();
    await Promise.all(reading);
  }
});

test('what is built ahead is served by the first program of its version, which only catches up; the older one is level until then', async () => {
  const doubled = ledger('ledger', 2, ({ operations }) => [...operations, ...operations]);
  const old = world.process({ projections: [ledger('ledger', 1)] });
  await old.models.run();
  await old.models.waitFor(['ledger'], await append(world.log, [happened([count])]), SOON);

  const ahead = world.process({ projections: [doubled] });
  expect(await ahead.models.upgrade()).toEqual({ built: ['ledger'], failures: new Map() });
  await ahead.end();
  const built = async () =>
    (await world.pool.query('select schema from palabre_projections.checkpoints where version = 2')).rows as {
      schema: string;
    }[];
  const [first] = await built();
  expect((await world.store.served(['ledger'])).get('ledger')).toMatchObject({ version: 1 });
  const last = await append(world.log, [happened([count])]);
  expect(await old.models.waitFor(['ledger'], last, SOON)).toBe('reached');

  // Asked again it goes on from there, and whoever cleans up leaves it alone.
  const again = world.process({ projections: [doubled] });
  expect(await again.models.upgrade()).toEqual({ built: ['ledger'], failures: new Map() });
  await again.end();
  await world.store.clean(['ledger']);
  expect(await built()).toEqual([first]);

  const young = world.process({ projections: [doubled] });
  const phases: string[] = [];
  await young.models.run({ onProgress: ({ phase }) => phases.push(phase) });
  expect(young.models.schemaOf('ledger')).toBe(first?.schema);
  expect(phases).toEqual(['catching up', 'served']);
  expect(await young.models.verify(['ledger'])).toMatchObject([{ equal: true, cursor: last }]);
  expect(await young.models.upgrade()).toEqual({ built: [], failures: new Map() });
});

test('an upgrade that was cut off leaves nothing behind, and the next one builds it', async () => {
  await append(world.log, [happened([count])]);
  const doubled = ledger('ledger', 2);
  const cut = world.process({ projections: [doubled] });
  const leaving = new AbortController();
  await expect(
    cut.models.upgrade({ signal: leaving.signal, onProgress: () => leaving.abort(new Error('cut')) }),
  ).rejects.toThrow('cut');
  await cut.end();
  const next = world.process({ projections: [doubled] });
  expect(await next.models.upgrade()).toEqual({ built: ['ledger'], failures: new Map() });
  expect((await world.pool.query('select from palabre_projections.checkpoints')).rowCount).toBe(1);
  await next.models.run();
  expect(await next.models.verify(['ledger'])).toMatchObject([{ equal: true }]);
});

const SOON_CHECK = { timeout: 20_000, interval: 20 };
