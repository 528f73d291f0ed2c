import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { brokenNotices, brokenPromises } from './promises.ts';

const read = (name: string) => readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8');

test('no client of the last release is broken without notice: `npm run release:contract` makes this contract the next', () => {
  expect(brokenPromises(read('released.graphql'), read('schema.graphql'), Date.now())).toEqual([]);
});

test('every deprecation names what to use instead, and a day at least 180 days ahead', () => {
  expect(brokenNotices(read('released.graphql'), read('schema.graphql'), Date.now())).toEqual([]);
});

const NOW = Date.parse('2026-01-15T00:00:00Z');
const released = `
  type Query { post(id: ID!, slug: String): Post old: Old @deprecated(reason: "Use \`post\`. Removal on 2026-01-01.") }
  type Old { name: String }
  type Post { title: String! name: String @deprecated(reason: "Use \`title\`. Removal on 2026-07-01.") kind: Kind }
  enum Kind { NOTE QUESTION }`;

describe('a change', () => {
  test.each<[string, (contract: string) => string, string[]]>([
    ['that changes nothing', (contract) => contract, []],
    ['that adds a field', (contract) => contract.replace('title:', 'added: Int title:'), []],
    [
      'that removes what was announced, on its day',
      (contract) => contract.replace(/old:.*\)/, '').replace(/type Old.*/, ''),
      [],
    ],
    [
      'that removes what is announced for later',
      (contract) => contract.replace(/name: String @.*"\) kind/, 'kind'),
      ['Post.name was removed.'],
    ],
    ['that removes a field', (contract) => contract.replace('title: String!', ''), ['Post.title was removed.']],
    [
      'that makes a field nullable',
      (contract) => contract.replace('String!', 'String'),
      ['Post.title changed type from String! to String.'],
    ],
    [
      'that removes a value',
      (contract) => contract.replace(' QUESTION', ''),
      ['QUESTION was removed from enum type Kind.'],
    ],
    [
      'that removes an argument',
      (contract) => contract.replace(', slug: String', ''),
      ['Query.post arg slug was removed.'],
    ],
    [
      'that asks for more',
      (contract) => contract.replace('slug: String', 'slug: String!'),
      ['Query.post arg slug has changed type from String to String!.'],
    ],
  ])('%s is told apart', (_, change, broken) => {
    expect(brokenPromises(released, change(released), NOW)).toEqual(broken);
  });
});

describe('a deprecation', () => {
  const deprecated = (reason: string) =>
    released.replace('title: String!', `title: String! @deprecated(reason: "${reason}")`);
  test.each([
    ['Use \\`name\\`. Removal on 2026-10-01.', 0],
    ['Use \\`name\\` of the author. Removal on 2026-10-01.', 0],
    ['Use \\`name\\`. Removal on 2026-04-01.', 1],
    ['Use \\`name\\`. Removal on 2026-11-01.', 1],
    ['Use \\`name\\`.', 1],
    ['No longer supported', 1],
  ])('"%s"', (reason, faults) => {
    expect(brokenNotices(released, deprecated(reason.replaceAll('\\', '')), NOW)).toHaveLength(faults);
  });

  test('is not brought forward once it was announced', () => {
    expect(brokenNotices(released, released.replace('2026-07-01', '2026-10-01'), NOW)).toEqual([]);
    expect(brokenNotices(released, released.replace('2026-07-01', '2026-04-01'), NOW)).toHaveLength(1);
  });
});
