import fc from 'fast-check';
import type { Operation } from '../../../src/core/projection.ts';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ids = fc.integer({ min: 1, max: 3 }).map(id);
const words = fc.constantFrom('', 'a', 'tab\there', 'line\nbreak', '\\N', 'back\\slash', '"quoted"', 'é日本😀');
const at = fc.integer({ min: 0, max: 3 }).map((n) => `2026-01-0${n + 1}T00:00:00.000Z`);
const place = fc.integer({ min: 1, max: 3 }).map(BigInt);
const amount = fc.integer({ min: -5, max: 5 });
const key = fc.record({ board: fc.constantFrom('', 'x'), day: fc.constant(1) });
const tuple = { at, position: place };

const simple: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record(
        { id: ids, title: words, note: fc.option(words), size: fc.option(amount), likes: amount },
        { requiredKeys: ['id', 'title'] },
      )
      .map((row): Operation => ({ op: 'put', table: 'cards', row })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        id: ids,
        set: fc.record({ title: words, note: fc.option(words), seen: fc.option(at) }, { requiredKeys: [] }),
      })
      .map(({ id, set }): Operation => ({ op: 'patch', table: 'cards', key: { id }, set })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(ids, amount)
      .map(([id, likes]): Operation => ({ op: 'add', table: 'cards', key: { id }, sum: { likes } })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ id: ids, by: words, name: fc.constantFrom('opened', 'closed'), ...tuple }).map(
      ({ id, by, name, ...fact }): Operation => ({
        op: 'keep',
        table: 'cards',
        key: { id },
        tuple: name,
        ...fact,
        values: { by },
      }),
    ),
  },
  { weight: 2, arbitrary: ids.map((id): Operation => ({ op: 'remove', table: 'cards', key: { id } })) },
  {
    weight: 3,
    arbitrary: fc
      .record({ key, sum: fc.record({ posts: amount, words: amount }, { requiredKeys: [] }) })
      .map(({ key, sum }): Operation => ({ op: 'add', table: 'counts', key, sum })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ key, card: ids, ...tuple }).map(
      ({ key, card, ...fact }): Operation => ({
        op: 'keep',
        table: 'counts',
        key,
        tuple: 'latest',
        ...fact,
        values: { card },
      }),
    ),
  },
  { weight: 2, arbitrary: key.map((key): Operation => ({ op: 'remove', table: 'counts', key })) },
  {
    weight: 1,
    arbitrary: fc.record({ source: ids, target: ids }).map((row): Operation => ({ op: 'put', table: 'links', row })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ source: ids, target: ids }).map((key): Operation => ({ op: 'remove', table: 'links', key })),
  },
);

const sweeping: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.tuple(words, words).map(
      ([title, to]): Operation => ({
        op: 'sweep',
        table: 'cards',
        where: { title },
        set: { note: to, title: 'swept' },
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: words.map((title): Operation => ({ op: 'sweep', table: 'cards', where: { title }, set: null })),
  },
);

/** Runs of operations over few keys, so that they meet; with sweeps, unless there shall be many of them. */
export const histories = (maxLength: number, { sweeps = true } = {}) =>
  fc.array(sweeps ? fc.oneof({ weight: 12, arbitrary: simple }, { weight: 1, arbitrary: sweeping }) : simple, {
    minLength: Math.ceil(maxLength / 2),
    maxLength,
    size: 'max',
  });
