import { expect, test } from 'vitest';
import { type History, violations } from './history.ts';

const entry = (postId: string) => ({ postId, stream: `post-${postId}`, revision: 0 });
const published = (key: string, asked: number, postId: string, at: number) => ({
  key,
  asked,
  acknowledged: { at, postId },
});

const sound: History = {
  publications: [published('k1', 1, 'a', 2), published('k2', 3, 'b', 5), published('k3', 4, 'c', 6)],
  log: [entry('a'), entry('c'), entry('b')],
  readings: [{ subscriber: 's', postIds: ['a', 'c', 'b'] }],
};

test('a sound history breaks no law, also where two publications overlap in time', () => {
  expect(violations(sound)).toEqual([]);
});

test('a publication without an answer may be stored or not', () => {
  const lost = { key: 'k4', asked: 7, acknowledged: null };
  expect(violations({ ...sound, publications: [...sound.publications, lost] })).toEqual([]);
});

test('an acknowledged publication that is not stored is found', () => {
  expect(violations({ ...sound, log: [entry('a'), entry('c')], readings: [] })).toEqual([
    'k2 was acknowledged as b and is not stored.',
  ]);
});

test('a publication that is stored twice is found', () => {
  const log = [...sound.log, entry('a')];
  expect(violations({ ...sound, log, readings: [] })).toContain('a is stored twice.');
});

test('an order that contradicts time is found', () => {
  expect(violations({ ...sound, log: [entry('c'), entry('a'), entry('b')], readings: [] })).toEqual([
    'k1 was answered before k3 was asked and stands after it.',
  ]);
});

test.each([
  ['a gap', ['a', 'b'], 's was given b where the log has c.'],
  ['an end that is too early', ['a', 'c'], 's was given nothing where the log has b.'],
  ['a repetition', ['a', 'c', 'c', 'b'], 's was given c where the log has b.'],
  ['more than there is', ['a', 'c', 'b', 'd'], 's was given 1 more than the log has.'],
])('a subscriber who was given %s is found', (_, postIds, violation) => {
  expect(violations({ ...sound, readings: [{ subscriber: 's', postIds }] })).toEqual([violation]);
});
