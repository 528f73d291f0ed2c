import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReader } from '../../src/adapters/postgres-tables/reader.ts';
import { type Cursor, START } from '../../src/core/position.ts';
import type { Operation } from '../../src/core/projection.ts';
import { createReadModels } from '../../src/core/read-models.ts';
import type { Mark, TableStore } from '../../src/core/table-store.ts';
import { append, happened, ledger, read } from './support/ledger.ts';
import { openWorld, type World } from './support/models.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const SOON = { timeoutMs: 20_000 };
const SOON_CHECK = { timeout: 20_000, interval: 5 };
const count: Operation = { op: 'add', table: 'counts', key: { board: 'x', day: 1 }, sum: { posts: 1 } };
const counting = (events: number) => Array.from({ length: events }, () => happened([count]));
const foreign = () => happened([], 'Foreign');

const posts = async (schema: string | undefined): Promise<number> => {
  const { rows } = await world.pool.query(`select coalesce(sum(posts), 0)::int as posts from "${schema}".counts`);
  return rows[0].posts;
};
const checkpointOf = async (name: string) => (await world.store.served([name])).get(name)?.cursor;

/** The store of one more process, with some of its ways changed. */
const storeWith = (change: (store: TableStore) => Partial<TableStore>): TableStore => {
  const { store } = world.process({ projections: [] });
  return { ...store, ...change(store) };
};

test('what changes no row is told before anything is written, and the checkpoints of all follow together', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const marked: string[][] = [];
  const store = storeWith((store) => ({
    apply: () => Promise.reject(new Error('There is nothing to apply.')),
    mark: async (marks) => {
      await gate;
      marked.push(marks.map(({ generation }) => generation.projection).sort());
      return store.mark(marks);
    },
  }));
  const models = createReadModels({ log: world.log, store, projections: [ledger('one'), ledger('two')], read });
  await models.run();
  const last = await append(world.log, [foreign(), foreign()]);
  expect(await models.waitFor(['one', 'two'], last, SOON)).toBe('reached');
  expect([await checkpointOf('one'), await checkpointOf('two')]).toEqual([START, START]);
  const elsewhere = world.process({ projections: [ledger('one'), ledger('two')] });
  await elsewhere.models.follow();
  open();
  expect(await elsewhere.models.waitFor(['one', 'two'], last, SOON)).toBe('reached');
  expect(marked).toEqual([['one', 'two']]);
  await models.stop();
});

test('a stop writes down what was told', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  await models.waitFor(['ledger'], await append(world.log, counting(1)), SOON);
  const last = await append(world.log, [foreign()]);
  await models.waitFor(['ledger'], last, SOON);
  await models.stop();
  expect(await checkpointOf('ledger')).toEqual(last);
});

test('marks that fail before or after their commit, or meet a held checkpoint, lose and repeat nothing', async () => {
  const runs = fc.array(fc.nat(3), { minLength: 1, maxLength: 12 });
  const fates = fc.array(fc.constantFrom('well', 'before', 'after', 'busy'), { minLength: 1, maxLength: 6 });
  let n = 0;
  await fc.assert(
    fc.asyncProperty(runs, fates, async (runs, fates) => {
      const name = `ledger_${n++}`;
      let marks = 0;
      let lostAnswers = 0;
      let adoptions = 0;
      const store = storeWith((store) => ({
        adopt: (...asked) => {
          adoptions += 1;
          return store.adopt(...asked);
        },
        mark: async (wanted) => {
          const fate = fates[marks++ % (fates.length + 1)] ?? 'well';
          if (fate === 'before') throw new Error('The connection was lost.');
          if (fate === 'busy') return wanted.map(() => 'busy');
          const outcomes = await store.mark(wanted);
          if (fate === 'well') return outcomes;
          lostAnswers += 1;
          throw new Error('The answer was lost.');
        },
      }));
      const models = createReadModels({ log: world.log, store, projections: [ledger(name)], read });
      await models.run();
      const before = await posts(models.schemaOf(name));
      let last: Cursor = START;
      for (const changing of runs) {
        if (changing > 0) await append(world.log, counting(changing));
        last = await append(world.log, [foreign()]);
        expect(await models.waitFor([name], last, SOON)).toBe('reached');
        if (changing === 3) await vi.waitFor(async () => expect(await checkpointOf(name)).toEqual(last), SOON_CHECK);
      }
      expect(await posts(models.schemaOf(name))).toBe(before + runs.reduce((sum, changing) => sum + changing, 0));
      await vi.waitFor(async () => expect(await checkpointOf(name)).toEqual(last), SOON_CHECK);
      await models.stop();
      // It looks again where it is after a lost answer at most.
      expect(adoptions).toBeLessThanOrEqual(1 + lostAnswers);
    }),
    { numRuns: 15 },
  );
});

test('a checkpoint that somebody holds keeps no other waiting', async () => {
  const { models } = world.process({ projections: [ledger('free'), ledger('held')] });
  await models.run();
  const holder = await world.pool.connect();
  await holder.query(`begin; select from palabre_projections.checkpoints where projection = 'held' for update`);
  const last = await append(world.log, [foreign()]);
  await vi.waitFor(async () => expect(await checkpointOf('free')).toEqual(last), SOON_CHECK);
  expect(await checkpointOf('held')).toEqual(START);
  await holder.query('rollback');
  holder.release();
  await vi.waitFor(async () => expect(await checkpointOf('held')).toEqual(last), SOON_CHECK);
});

test('a mark of another owner, another place or another generation moves nothing', async () => {
  const { models, store } = world.process({ projections: [ledger()] });
  await models.run();
  const [first, second] = [await append(world.log, counting(1)), await append(world.log, counting(1))];
  await models.waitFor(['ledger'], second, SOON);
  await models.stop();
  const { rows } = await world.pool.query('select epoch from palabre_projections.checkpoints');
  const epoch = Number(rows[0].epoch);
  const generation = (await store.served(['ledger'])).get('ledger') ?? expect.fail('not served');
  const further = { ...second, position: second.position + 5n };
  const mark: Mark = { generation, epoch, from: second, to: further, recordedAt: null };
  const wrong: Mark[] = [
    { ...mark, epoch: epoch + 1 },
    { ...mark, epoch: epoch - 1 },
    { ...mark, from: START, to: first },
    { ...mark, from: further, to: { ...further, position: 99n } },
    { ...mark, generation: { ...generation, generation: generation.generation + 1 } },
  ];
  expect(await store.mark(wrong)).toEqual(wrong.map(() => 'moved'));
  expect(await checkpointOf('ledger')).toEqual(second);
  expect([await store.mark([mark]), await store.mark([mark])]).toEqual([['marked'], ['marked']]);
  expect(await checkpointOf('ledger')).toEqual(further);
});

test('an idle leader that finds its generation replaced leads the new one to where it has told that it is', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const store = storeWith((store) => ({ mark: (marks) => gate.then(() => store.mark(marks)) }));
  const leader = createReadModels({ log: world.log, store, projections: [ledger()], read });
  await leader.run();
  const first = await append(world.log, counting(3));
  await leader.waitFor(['ledger'], first, SOON);
  const builder = world.process({ projections: [ledger()] });
  // The log of the builder ends before the event that the leader tells of, as it does when that comes during the swap.
  const last = await append(world.log, [foreign()]);
  expect(await leader.waitFor(['ledger'], last, SOON)).toBe('reached');
  const old = leader.schemaOf('ledger');
  const { models } = builder;
  await models.follow();
  expect(await models.rebuild(['ledger'])).toEqual(new Map());
  await world.pool.query(
    `update palabre_projections.checkpoints c set position = $1, event_id = $2 from palabre_projections.pointers p
      where c.projection = p.projection and c.generation = p.generation`,
    [first.position, first.eventId],
  );
  open();
  expect(await models.waitFor(['ledger'], last, SOON)).toBe('reached');
  await vi.waitFor(async () => expect(await checkpointOf('ledger')).toEqual(last), SOON_CHECK);
  expect(leader.schemaOf('ledger')).not.toBe(old);
  expect(await posts(leader.schemaOf('ledger'))).toBe(3);
  await leader.stop();
});

test('what is read with its place is read as far as was told, though the checkpoint is behind', async () => {
  const store = storeWith(() => ({ mark: () => Promise.reject(new Error('Not now.')) }));
  const projection = ledger('one');
  const models = createReadModels({ log: world.log, store, projections: [projection], read });
  await models.run();
  const written = await append(world.log, [happened([count])]);
  expect(await models.waitFor(['one'], written, SOON)).toBe('reached');
  const last = await append(world.log, [foreign()]);
  expect(await models.waitFor(['one'], last, SOON)).toBe('reached');
  expect(await checkpointOf('one')).toEqual(written);
  const reader = createReader(world.pool, models);
  const shown = await reader.request().snapshot(projection, async (db, at, recordedAt) => {
    const [row] = await db.selectFrom('counts').select('posts').execute();
    return { at, posts: row?.posts, recordedAt };
  });
  expect(shown).toMatchObject({ at: last, posts: 1n, recordedAt: expect.any(Date) });
  await models.stop();
});
