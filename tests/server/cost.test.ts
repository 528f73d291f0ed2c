import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { defaultLimits } from '../../src/config/limits.ts';
import { readExamples } from '../../src/examples/index.ts';
import { createOperationLimits } from '../../src/server/limits/operation.ts';

// A clock that stands: on a busy machine a point of the budget comes back in between.
const limits = createOperationLimits(schema, defaultLimits, () => 0);
let payers = 0;

/** What a valid operation could cost, as the door would admit it. */
const costOf = (text: string, variables: object = {}, operationName?: string) => {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  expect(limits.refuseShape(document)).toBeNull();
  return limits.admit({ document, variables: { ...variables }, operationName, payer: `payer ${payers++}` });
};

describe('an operation costs', () => {
  test.each<[string, string, number, object?]>([
    ['nothing for the name of a type', '{ __typename }', 0],
    ['a point for an object, nothing for its scalars', '{ viewer { id handle name } }', 1],
    ['two points and the page for a connection', '{ communities(first: 3) { nodes { name slug } } }', 5],
    ['twenty items where no page was asked for', '{ communities { nodes { id } } }', 22],
    ['the last items like the first', '{ communities(last: 7) { nodes { id } } }', 9],
    ['two points for a count alone', '{ communities(first: 100) { totalCount pageInfo { hasNextPage } } }', 2],
    ['the same through edges', '{ communities(first: 3) { edges { cursor node { id } } } }', 5],
    ['a page of pages', '{ feed(first: 10) { nodes { comments(first: 5) { nodes { id } } } } }', 2 + 10 * (1 + 2 + 5)],
    ['a page that a variable names', 'query ($n: Int) { feed(first: $n) { nodes { id } } }', 52, { n: 50 }],
    ['the default of a variable', 'query ($n: Int = 4) { feed(first: $n) { nodes { id } } }', 6],
    ['twenty where the variable is not given', 'query ($n: Int) { feed(first: $n) { nodes { id } } }', 22],
    ['twenty where the variable is null', 'query ($n: Int) { feed(first: $n) { nodes { id } } }', 22, { n: null }],
    ['no more than a page out of range could have', '{ feed(first: 2000000000) { nodes { id } } }', 102],
    ['nothing below nothing', '{ feed(first: -5) { nodes { id } } }', 2],
    [
      'once for what several fragments ask alike',
      '{ ...a ...b } fragment a on Query { feed(first: 9) { nodes { id } } } fragment b on Query { feed(first: 9) { nodes { title } } }',
      11,
    ],
    [
      'the dearest of types that exclude each other',
      '{ node(id: "x") { ... on Post { author { id } } ... on Community { posts(first: 9) { nodes { id } } } } }',
      1 + 2 + 9,
    ],
    [
      'nothing for what is left out',
      'query ($no: Boolean!) { viewer { id } feed @include(if: $no) { nodes { id } } }',
      1,
      { no: false },
    ],
    [
      'its price for what is not left out',
      'query ($no: Boolean!) { viewer { id } feed @skip(if: $no) { nodes { id } } }',
      23,
      { no: false },
    ],
    ['each id of a list', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', 3, { ids: ['a', 'b', 'c'] }],
    [
      'ten points for a mutation',
      'mutation ($input: FoundCommunityInput!) { foundCommunity(input: $input) { community { id } errors { code } } }',
      12,
    ],
    ['ten points for a subscription', 'subscription { postPublished(communityId: "x") { cursor post { id } } }', 11],
    [
      '25 points for figures',
      '{ organisation { engagement(from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z") { messages } } }',
      26,
    ],
  ])('%s', (_, text, requested, variables) => {
    expect(costOf(text, variables).requested).toBe(requested);
  });

  test('the operation that is named, whatever else the document holds', () => {
    const text = 'query A { viewer { id } } query B { feed(first: 8) { nodes { id } } }';
    expect([costOf(text, {}, 'A'), costOf(text, {}, 'B')].map(({ requested }) => requested)).toEqual([1, 10]);
  });

  test('what its lists had, once it is answered', () => {
    const admitted = costOf('{ feed(first: 10) { nodes { comments(first: 5) { nodes { id } } } } }');
    const nodes = [{ comments: { nodes: [{}, {}] } }, { comments: { nodes: [] } }];
    expect(admitted.settle({ feed: { nodes } })).toMatchObject({
      requestedQueryCost: 82,
      actualQueryCost: 2 + (1 + 2 + 2) + (1 + 2),
      throttleStatus: { maximumAvailable: 10_000, currentlyAvailable: 10_000 - 10, restoreRate: 100 },
    });
  });
});

describe('more than 1,000 points', () => {
  test.each([
    [
      'four nested pages of a hundred',
      '{ communities(first: 100) { nodes { posts(first: 100) { nodes { comments(first: 100) { nodes { replies(first: 100) { nodes { id } } } } } } } } }',
    ],
    [
      'the same by a variable',
      'query ($n: Int = 100) { communities(first: $n) { nodes { posts(first: $n) { nodes { id } } } } }',
    ],
  ])('%s are refused before anything runs', (_, text) => {
    expect(() => costOf(text)).toThrow(/at most 1000 points \(limit COST\)/);
  });

  test('are no example of ours', async () => {
    for (const { query, variables } of await readExamples())
      expect(costOf(query, JSON.parse(variables ?? '{}')).requested).toBeLessThanOrEqual(1_000);
  });
});

describe('a shape that is too much', () => {
  const repeat = (n: number, part: (n: number) => string) => Array.from({ length: n }, (_, at) => part(at)).join(' ');
  const nested = (depth: number) => `{ ${'a { '.repeat(depth - 1)} a ${'} '.repeat(depth - 1)} }`;
  test.each<[string, string, string]>([
    ['DEPTH', nested(12), nested(13)],
    ['ALIASES', `{ ${repeat(20, (n) => `a${n}: __typename`)} }`, `{ b { ${repeat(31, (n) => `a${n}: __typename`)} } }`],
    ['DIRECTIVES', `{ a ${'@x '.repeat(30)} }`, `{ a ${'@x '.repeat(31)} }`],
    ['ROOT_FIELDS', `{ ${repeat(20, (n) => `a${n}`)} }`, `{ ${repeat(21, (n) => `a${n}`)} }`],
    ['MUTATIONS', `mutation { ${repeat(10, (n) => `a${n}`)} }`, `mutation { ${repeat(11, (n) => `a${n}`)} }`],
    ['OPERATIONS', repeat(10, (n) => `query q${n} { a }`), repeat(11, (n) => `query q${n} { a }`)],
    ['BREADTH', `{ a { ${repeat(199, () => 'b')} } }`, `{ a { ${repeat(200, () => 'b')} } }`],
    ['LIST_ITEMS', `{ a(ids: [${'1 '.repeat(100)}]) }`, `{ a(ids: [${'1 '.repeat(101)}]) }`],
  ])('is refused beyond the limit %s, and let in at it', (name, allowed, tooMuch) => {
    expect(limits.refuseShape(parse(allowed))).toBeNull();
    const refusal = limits.refuseShape(parse(tooMuch));
    expect(refusal?.extensions.limit).toMatchObject({ name, max: defaultLimits[name as 'DEPTH'] });
    expect(refusal?.message).toContain(`limit ${name}`);
  });

  test.each([
    ['themselves', '{ ...a } fragment a on Q { b { ...a } }'],
    ['each other', '{ ...a } fragment a on Q { ...b } fragment b on Q { ...a }'],
    [
      'a thousand million fields',
      `{ ...f0 } ${repeat(30, (n) => `fragment f${n} on Q { ...f${n + 1} ...f${n + 1} }`)} fragment f30 on Q { a }`,
    ],
  ])('is refused where fragments spread %s', (_, text) => {
    expect(limits.refuseShape(parse(text))?.extensions.code).toBe('QUERY_TOO_COMPLEX');
  });

  test('counts a fragment each time that it is spread', () => {
    const text = `{ ${repeat(5, (n) => `r${n} { ...f }`)} } fragment f on X { ${repeat(40, (n) => `a${n}`)} }`;
    expect(limits.refuseShape(parse(text))?.extensions.limit).toMatchObject({ name: 'BREADTH', asked: 205 });
  });
});

test('a budget is spent, comes back with time, and belongs to one payer', () => {
  let now = 0;
  const schemaOfOne = buildSchema('type Query { a: Int }');
  const small = createOperationLimits(schemaOfOne, { ...defaultLimits, BUDGET: 3, BUDGET_PER_SECOND: 1 }, () => now);
  const document = parse('{ a }');
  const ask = (payer: string) => small.admit({ document, payer }).settle({ a: 1 }).throttleStatus.currentlyAvailable;
  expect([ask('ann'), ask('ann'), ask('ann')]).toEqual([2, 1, 0]);
  expect(() => ask('ann')).toThrow(/limit BUDGET/);
  expect(ask('ben')).toBe(2);
  now += 2_000;
  expect(ask('ann')).toBe(1);
});
