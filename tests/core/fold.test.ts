import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPostgresTables, type PostgresTables } from '../../src/adapters/postgres-tables/index.ts';
import { type Change, compose, startFold, startWhole, stepsOf, takeRows } from '../../src/core/fold.ts';
import { START } from '../../src/core/position.ts';
import type { Operation } from '../../src/core/projection.ts';
import { type Shape, shapesOf } from '../../src/core/table-shape.ts';
import type { Generation } from '../../src/core/table-store.ts';
import { atLength } from '../support/at-length.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { histories } from './support/histories.ts';
import { ledger, tables } from './support/ledger.ts';
import { interpret, type NaiveRows } from './support/naive.ts';

const projection = ledger();
const shapes = shapesOf(projection);
let database: TestDatabase;
let store: PostgresTables;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate({ connectionString: database.connectionString });
  store = openPostgresTables({ connectionString: database.connectionString });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

test('a fold from empty tables leaves the rows that one operation after the other leaves', () => {
  fc.assert(
    fc.property(histories(60), (operations) => {
      const fold = startWhole(shapes);
      for (const operation of operations) compose(fold, operation);
      const { rows, missed } = interpret(tables, operations);
      expect(rowsOfFold(fold.deltas)).toEqual(textOf(rows));
      expect(fold.missed).toBe(missed);
    }),
    { numRuns: 2_000 },
  );
});

test.each([1, 2, 7, 30, 500, 5_000])('batches of %i leave the same rows in the database', async (size) => {
  await fc.assert(
    fc.asyncProperty(histories(120), async (operations) => {
      const generation = await emptyTables();
      let position = 0n;
      for (let from = 0; from < operations.length; from += size) {
        const fold = startFold(shapes);
        for (const operation of operations.slice(from, from + size)) compose(fold, operation);
        const advance = {
          generation,
          epoch: 1,
          from: at(position),
          to: at(position + 1n),
          recordedAt: null,
          missed: fold.missed,
        };
        expect(await store.apply({ ...advance, steps: stepsOf(fold) }, projection)).not.toBeNull();
        position += 1n;
      }
      expect(await rowsOf(generation)).toEqual(textOf(interpret(tables, operations).rows));
    }),
    { numRuns: atLength(size < 3 ? 3 : 8, 40) },
  );
});

test('rows that were folded, spilled, and folded on are the same', async () => {
  await fc.assert(
    fc.asyncProperty(histories(80), histories(80), async (before, after) => {
      const generation = await store.create(projection, 1);
      const whole = startWhole(shapes);
      const loading = store.load(generation, projection);
      for (const operation of before) compose(whole, operation);
      for (const step of stepsOf(whole)) await loading.fill(step);
      const more = startFold(shapes);
      for (const operation of after) compose(more, operation);
      for (const step of stepsOf(more)) await loading.fill(step);
      await loading.finish(1, at(1n), null, 0);
      expect(await rowsOf(generation)).toEqual(textOf(interpret(tables, [...before, ...after]).rows));
    }),
    { numRuns: atLength(6, 100) },
  );
});

test('rows that are written while their fold goes on are the same, whenever they are taken out of it', async () => {
  await fc.assert(
    fc.asyncProperty(histories(120), fc.integer({ min: 1, max: 30 }), async (operations, often) => {
      const generation = await store.create(projection, 1);
      const loading = store.load(generation, projection);
      const fold = startWhole(shapes);
      for (const [i, operation] of operations.entries()) {
        compose(fold, operation);
        const taken = i % often === 0 ? takeRows(fold, 1) : null;
        if (taken) expect(await loading.fill(taken)).toBe(0);
      }
      let missed = 0;
      for (const step of stepsOf(fold)) missed += await loading.fill(step);
      await loading.finish(1, at(1n), null, 0);
      const expected = interpret(tables, operations);
      expect(await rowsOf(generation)).toEqual(textOf(expected.rows));
      if (operations.every(({ op }) => op !== 'sweep')) expect(missed + fold.missed).toBe(expected.missed);
    }),
    { numRuns: atLength(8, 100) },
  );
});

test('operations that meet no row are counted, however the run is cut', async () => {
  const operations: Operation[] = [
    { op: 'patch', table: 'cards', key: { id: CARD }, set: { title: 'nobody' } },
    { op: 'remove', table: 'links', key: { source: CARD, target: CARD } },
    { op: 'put', table: 'cards', row: { id: CARD, title: 'a' } },
    { op: 'remove', table: 'cards', key: { id: CARD } },
    { op: 'add', table: 'cards', key: { id: CARD }, sum: { likes: 1 } },
  ];
  const generation = await emptyTables();
  let missed = 0;
  for (const [i, operation] of operations.entries()) {
    const fold = startFold(shapes);
    compose(fold, operation);
    const advance = {
      generation,
      epoch: 1,
      from: at(BigInt(i)),
      to: at(BigInt(i + 1)),
      recordedAt: null,
      missed: fold.missed,
    };
    missed += (await store.apply({ ...advance, steps: stepsOf(fold) }, projection)) ?? 0;
  }
  expect(missed).toBe(3);
});

test('what a table cannot hold is refused before it reaches the database', () => {
  const refused: [Operation, RegExp][] = [
    [{ op: 'put', table: 'nowhere', row: {} }, /no table "nowhere"/],
    [{ op: 'put', table: 'cards', row: { id: CARD } }, /"title" needs a value/],
    [{ op: 'put', table: 'cards', row: { id: CARD, title: 'a', colour: 'red' } }, /no column "colour"/],
    [{ op: 'put', table: 'counts', row: { board: 'x', day: 1 } }, /tally/],
    [{ op: 'patch', table: 'cards', key: { id: CARD }, set: { title: null } }, /cannot be null/],
    [{ op: 'add', table: 'counts', key: { board: 'x', day: 1 }, sum: { posts: 0.5 } }, /whole numbers/],
    [{ op: 'add', table: 'counts', key: { board: 'x' }, sum: { posts: 1 } }, /needs "day"/],
  ];
  for (const [operation, why] of refused) {
    const fold = startFold(shapes);
    // A row that is there lets every operation get as far as its columns.
    compose(fold, { op: 'put', table: 'cards', row: { id: CARD, title: 'a' } });
    expect(() => compose(fold, operation)).toThrow(why);
  }
});

test('a table whose declaration no store could hold is refused by name', () => {
  const wrong = {
    ...tables,
    cards: { ...tables.cards, columns: { ...tables.cards.columns, openedAt: tables.cards.columns.seen } },
  };
  expect(() => shapesOf({ ...projection, tables: wrong as never })).toThrow(/"cards".*same name/);
});

const CARD = '00000000-0000-4000-8000-000000000009';
const at = (position: bigint) => ({ ...START, position });

const emptyTables = async (): Promise<Generation> => {
  const generation = await store.create(projection, 1);
  // As after a build of an empty log: keys and indexes are there.
  await store.load(generation, projection).finish(1, START, null, 0);
  return generation;
};

const rowsOfFold = (deltas: ReadonlyMap<string, { shape: Shape; rows: ReadonlyMap<string, Change> }>) =>
  textOf(
    new Map(
      [...deltas].map(([table, { shape, rows }]) => [
        table,
        new Map(
          [...rows].map(([text, { key, set, sum, kept }]) => {
            const row: Record<string, unknown> = {};
            for (const [i, { name }] of shape.key.entries()) row[name] = key[i];
            for (const [i, { name }] of shape.set.entries()) row[name] = set[i];
            for (const [i, { name }] of shape.sum.entries()) row[name] = sum[i];
            for (const [i, { stored }] of shape.tuples.entries()) {
              const tuple = kept[i];
              const values = tuple ? [tuple.at, tuple.position, ...tuple.values] : [];
              for (const [c, name] of stored.entries()) row[name] = values[c] ?? null;
            }
            return [text, row] as const;
          }),
        ),
      ]),
    ),
  );

const rowsOf = async ({ schema }: Generation) => {
  const rows: NaiveRows = new Map();
  for (const table of Object.keys(tables)) {
    const found = await store.pool.query<Record<string, unknown>>(`select * from "${schema}"."${table}"`);
    rows.set(table, new Map(found.rows.map((row, i) => [String(i), row])));
  }
  return textOf(rows);
};

/** Rows as sorted lines, so that numbers, bigints and times compare however they were read. */
const textOf = (rows: NaiveRows) =>
  Object.fromEntries(
    [...rows].map(([table, held]) => [
      table,
      [...held.values()]
        .map((row) =>
          JSON.stringify(
            Object.entries(row)
              .map(([name, value]) => [
                name,
                value === null || value === undefined
                  ? null
                  : value instanceof Date
                    ? value.toISOString()
                    : String(value),
              ])
              .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
          ),
        )
        .sort(),
    ]),
  );
