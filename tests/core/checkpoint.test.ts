import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startFold, stepsOf } from '../../src/core/fold.ts';
import { foldEvent } from '../../src/core/fold-event.ts';
import { type Cursor, START } from '../../src/core/position.ts';
import type { Operation } from '../../src/core/projection.ts';
import { createReadModels } from '../../src/core/read-models.ts';
import { shapesOf } from '../../src/core/table-shape.ts';
import { RowsRefused, type TableStore } from '../../src/core/table-store.ts';
import { atLength } from '../support/at-length.ts';
import { append, happened, ledger, read } from './support/ledger.ts';
import { openWorld, type World } from './support/models.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const SOON = { timeoutMs: 20_000 };
const count = (day = 1): Operation => ({ op: 'add', table: 'counts', key: { board: 'x', day }, sum: { posts: 1 } });
const counting = (events: number) => Array.from({ length: events }, () => happened([count()]));

const posts = async (schema: string | undefined): Promise<number> => {
  const { rows } = await world.pool.query(`select coalesce(sum(posts), 0)::int as posts from "${schema}".counts`);
  return rows[0].posts;
};

/** A served generation of the ledger, led under this epoch, that has applied so many events of the log. */
const servedAt = async (epoch: number, applied: number) => {
  const projection = ledger();
  const generation = await world.store.create(projection, epoch);
  await world.store.load(generation, projection).finish(epoch, START, null, 0);
  await world.store.swap(generation, async () => {});
  await world.pool.query(`insert into palabre_projections.leases (name, epoch) values ('ledger', $1)`, [epoch]);
  expect(await world.store.adopt('ledger', epoch)).toMatchObject({ schema: generation.schema });
  const { events } = await world.log.readAll({ after: START });
  /** What the log has between two places, as one step of a checkpoint. */
  const advance = (from: number, to: number, as = epoch) => {
    const fold = startFold(shapesOf(projection));
    for (const event of events.slice(from, to)) foldEvent(fold, projection, event, read);
    const place = (n: number): Cursor => {
      const event = events[n - 1];
      return event ? { position: event.position, eventId: event.id } : START;
    };
    const step = { generation, epoch: as, from: place(from), to: place(to), recordedAt: null, missed: 0 };
    return world.store.apply({ ...step, steps: stepsOf(fold) }, projection);
  };
  if (applied > 0) expect(await advance(0, applied)).toBe(0);
  return { generation, advance };
};

test('a step is taken from where the checkpoint stands and by its owner, or not at all', async () => {
  await append(world.log, counting(9));
  const { generation, advance } = await servedAt(7, 5);
  // Further back: the batch was applied. Further on: a crash of the database took what lies between.
  for (const from of [0, 3, 4, 6, 8]) expect(await advance(from, 9)).toBeNull();
  for (const epoch of [6, 8, -1, 0]) expect(await advance(5, 9, epoch)).toBeNull();
  expect(await posts(generation.schema)).toBe(5);
  expect(await advance(5, 9)).toBe(0);
  expect(await posts(generation.schema)).toBe(9);
});

test('whoever lost the lease writes nothing, even where the new owner has not moved yet', async () => {
  await append(world.log, counting(4));
  const { generation, advance } = await servedAt(1, 2);
  await world.pool.query(`update palabre_projections.leases set epoch = 2 where name = 'ledger'`);
  expect(await world.store.adopt('ledger', 2)).toMatchObject({ cursor: { position: 2n } });
  expect(await advance(2, 4, 1)).toBeNull();
  expect(await world.store.adopt('ledger', 1)).toBe('lost');
  expect(await advance(2, 4, 2)).toBe(0);
  expect(await posts(generation.schema)).toBe(4);
});

test('of two that both believe to lead, one wins each batch, and the sum is that of one', async () => {
  await append(world.log, counting(200));
  const { generation, advance } = await servedAt(1, 0);
  const standing = async () => Number((await world.store.served(['ledger'])).get('ledger')?.cursor.position);
  const won = await Promise.all(
    [3, 5].map(async (size) => {
      let wins = 0;
      for (let from = await standing(); from < 200; from = await standing())
        if ((await advance(from, Math.min(200, from + size))) !== null) wins += 1;
      return wins;
    }),
  );
  expect(Math.min(...won)).toBeGreaterThan(0);
  expect(await posts(generation.schema)).toBe(200);
});

test('a leader whose database went back to before its last batches folds them again', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  await models.waitFor(['ledger'], await append(world.log, counting(3)), SOON);
  const schema = models.schemaOf('ledger');
  const [before] = (await world.pool.query('select position, event_id from palabre_projections.checkpoints')).rows;
  await models.waitFor(['ledger'], await append(world.log, counting(4)), SOON);
  // Rows and checkpoint go back together, as after a crash: these commits do not wait for the disk.
  await world.pool.query(
    `with back as (update palabre_projections.checkpoints set position = $1, event_id = $2)
     update "${schema}".counts set posts = 3`,
    [before.position, before.event_id],
  );
  const last = await append(world.log, counting(5));
  await vi.waitFor(async () => {
    expect((await world.store.served(['ledger'])).get('ledger')?.cursor).toEqual(last);
    expect(await posts(schema)).toBe(12);
  }, SOON_CHECK);
});

test('one bad row among 5,000 events is found in at most thirteen halvings', async () => {
  const one = world.process({ projections: [ledger()] });
  let refusals = 0;
  const store: TableStore = {
    ...one.store,
    apply: (...batch) =>
      one.store.apply(...batch).catch((error) => {
        if (error instanceof RowsRefused) refusals += 1;
        throw error;
      }),
  };
  const models = createReadModels({ log: world.log, store, projections: [ledger()], read });
  await models.run();
  const bad = happened([
    { op: 'put', table: 'cards', row: { id: '00000000-0000-4000-8000-000000000001', title: 'a', size: 3_000_000_000 } },
  ]);
  const last = await append(world.log, [...counting(3_210), bad, ...counting(1_789)]);
  expect(await models.waitFor(['ledger'], last, SOON)).toBe('halted');
  expect(models.watermark('ledger').position).toBe(3_210n);
  expect(await posts(models.schemaOf('ledger'))).toBe(3_210);
  expect(refusals).toBeLessThanOrEqual(1 + 13);
  await models.stop();
});

test('a stop waits for the batch in hand, and the next process goes on behind it', async () => {
  const one = world.process({ projections: [ledger()] });
  let go = () => {};
  const gate = new Promise<void>((open) => {
    go = open;
  });
  let inHand = false;
  const store: TableStore = {
    ...one.store,
    apply: async (...batch) => {
      inHand = true;
      await gate;
      return one.store.apply(...batch);
    },
  };
  const models = createReadModels({ log: world.log, store, projections: [ledger()], read });
  await models.run();
  const last = await append(world.log, counting(10));
  await vi.waitFor(() => expect(inHand).toBe(true), SOON_CHECK);
  let stopped = false;
  const stopping = models.stop().then(() => {
    stopped = true;
  });
  await world.pool.query('select');
  expect(stopped).toBe(false);
  go();
  await stopping;
  const applied = (await world.store.served(['ledger'])).get('ledger')?.cursor.position ?? 0n;
  expect(applied).toBeGreaterThan(0n);
  const two = world.process({ projections: [ledger()] });
  await two.models.run();
  expect(await two.models.waitFor(['ledger'], last, SOON)).toBe('reached');
  expect(await posts(two.models.schemaOf('ledger'))).toBe(10);
});

test('whoever waits for their own write reads it, however late the projection is, through another process and a rebuild', {
  timeout: 600_000,
}, async () => {
  const one = world.process({ projections: [ledger()] });
  const store: TableStore = {
    ...one.store,
    apply: async (...batch) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * atLength(10, 500)));
      return one.store.apply(...batch);
    },
  };
  const leases = { seconds: 15, askEvery: 20 };
  const leader = createReadModels({ log: world.log, store, projections: [ledger()], read, leases });
  await leader.run();
  const standby = world.process({ projections: [ledger()], leases });
  await standby.models.run();
  const elsewhere = world.process({ projections: [ledger()] });
  await elsewhere.models.follow();

  const writes = atLength(200, 10_000);
  let written = 0;
  const writer = async (reader: typeof leader) => {
    while (written < writes) {
      written += 1;
      const card = written;
      const last = await append(world.log, [
        happened([{ op: 'put', table: 'cards', row: { id: idOf(card), title: `card ${card}` } }]),
      ]);
      expect(await reader.waitFor(['ledger'], last, SOON)).toBe('reached');
      const found = `select title from "${reader.schemaOf('ledger')}".cards where id = $1`;
      expect((await world.pool.query(found, [idOf(card)])).rows).toEqual([{ title: `card ${card}` }]);
    }
  };
  const writing = Promise.all([standby.models, elsewhere.models, elsewhere.models, standby.models].map(writer));
  await vi.waitFor(() => expect(written).toBeGreaterThan(writes / 4), { timeout: 300_000, interval: 10 });
  await leader.rebuild(['ledger']);
  await vi.waitFor(() => expect(written).toBeGreaterThan(writes / 2), { timeout: 300_000, interval: 10 });
  await leader.stop();
  await writing;
  expect(await standby.models.verify(['ledger'])).toMatchObject([{ equal: true }]);
});

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const SOON_CHECK = { timeout: 20_000, interval: 20 };
