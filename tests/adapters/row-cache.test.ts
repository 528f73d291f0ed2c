import { expect, test } from 'vitest';
import { members } from '../../projections/members.ts';
import { createRowCache } from '../../src/adapters/postgres-tables/row-cache.ts';
import type { KeptRows } from '../../src/core/kept-rows.ts';

type Row = { readonly id: string; readonly text: string };

/** Rows whose source the test changes by hand; `asked` are the keys that were read from it. */
const setUp = (how: 'key' | 'any' = 'key') => {
  const cache = createRowCache();
  const source = new Map([
    ['a', 'one'],
    ['b', 'two'],
  ]);
  const asked: string[] = [];
  let gate = Promise.resolve();
  let failing = false;
  const kept: KeptRows<Row> = {
    projection: members,
    forgottenWith: { members: how },
    max: 10,
    keyOf: ({ id }) => id,
    load: async (_, keys) => {
      if (failing) throw new Error('no answer');
      asked.push(...keys);
      const rows = keys.flatMap((id) => (source.has(id) ? [{ id, text: source.get(id) ?? '' }] : []));
      await gate;
      return rows;
    },
  };
  const first = {};
  return {
    source,
    asked,
    fail: (fails: boolean) => {
      failing = fails;
    },
    hold: () => {
      let release = () => {};
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    read: async (keys: readonly string[], db: object = first) =>
      [...(await cache.rows(kept, db, keys)).values()].map(({ text }) => text).sort(),
    changed: (table: string, keys: string[] | null, projection = 'members') =>
      cache.forget({ projection, changed: new Map([[table, keys === null ? null : keys.map((key) => [key])]]) }),
  };
};

test('a row is read once until a change of it is applied', async () => {
  const { source, asked, read, changed } = setUp();
  expect(await read(['a', 'b'])).toEqual(['one', 'two']);
  expect(await read(['a', 'b'])).toEqual(['one', 'two']);
  expect(asked).toEqual(['a', 'b']);
  source.set('a', 'three');
  changed('members', ['a']);
  expect(await read(['a', 'b'])).toEqual(['three', 'two']);
  expect(asked).toEqual(['a', 'b', 'a']);
});

test('a row that is read while a change of its table is applied is not remembered', async () => {
  const { source, hold, read, changed } = setUp();
  const release = hold();
  const reading = read(['a']);
  source.set('a', 'three');
  changed('members', ['a']);
  release();
  await reading;
  expect(await read(['a'])).toEqual(['three']);
});

test('whoever asks for the same row at the same time waits for one query, unless it changed since that began', async () => {
  const { source, asked, hold, read, changed } = setUp();
  const release = hold();
  const [first, second] = [read(['a', 'b']), read(['a'])];
  source.set('a', 'three');
  changed('members', ['a']);
  const third = read(['a']);
  release();
  expect(await Promise.all([first, second, third])).toEqual([['one', 'two'], ['one'], ['three']]);
  expect(await read(['a', 'b'])).toEqual(['three', 'two']);
  expect(asked).toEqual(['a', 'b', 'a']);
});

test('a query that fails is tried again by whoever asks next', async () => {
  const { read, fail } = setUp();
  fail(true);
  await expect(read(['a'])).rejects.toThrow('no answer');
  fail(false);
  expect(await read(['a'])).toEqual(['one']);
});

test('a change of any row, or of a row that nobody can name, forgets all', async () => {
  for (const [how, keys] of [
    ['any', ['x']],
    ['key', null],
  ] as const) {
    const { source, read, changed } = setUp(how);
    await read(['a', 'b']);
    source.set('b', 'four');
    changed('members', keys && [...keys]);
    expect(await read(['a', 'b'])).toEqual(['four', 'one']);
  }
});

test('what changes elsewhere forgets nothing', async () => {
  const { asked, read, changed } = setUp();
  await read(['a']);
  changed('members', ['a'], 'posts');
  changed('profiles', ['a']);
  await read(['a']);
  expect(asked).toEqual(['a']);
});

test('a key without a row is asked for again, and so is another generation', async () => {
  const { source, asked, read } = setUp();
  expect(await read(['c'])).toEqual([]);
  source.set('c', 'five');
  expect(await read(['c'])).toEqual(['five']);
  expect(await read(['c'], {})).toEqual(['five']);
  expect(asked).toEqual(['c', 'c', 'c']);
});
