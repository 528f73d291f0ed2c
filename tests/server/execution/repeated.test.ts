import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Asker, openService, type Service } from '../../support/service.ts';

let service: Service;
let ann: Asker;
beforeAll(async () => {
  service = await openService();
  ann = await service.as('ann');
  for (const slug of ['first', 'second', 'third'])
    await ann.query('mutation ($i: FoundCommunityInput!) { foundCommunity(input: $i) { errors { code } } }', {
      i: { name: slug, slug },
    });
});
afterAll(() => service.close());

/** The answer to the same document, sent three times. */
const thrice = async (query: string, variables: object) => {
  const answers = [];
  for (let n = 0; n < 3; n++) {
    const response = await fetch(service.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${await service.token('ann')}`,
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as {
      data?: unknown;
      errors?: { extensions: { code: string }; path?: unknown; locations?: unknown }[];
    };
    // As text: the order of keys belongs to the answer.
    const told = errors?.map(({ extensions: { code }, path, locations }) => ({ code, path, locations }));
    answers.push({ status: response.status, data: JSON.stringify(data), errors: told });
  }
  return answers;
};

const ANN = { id: expect.any(String), name: 'ann' };

type Case = readonly [what: string, query: string, variables: object, right: { data?: unknown; codes?: string[] }];
const CASES: readonly Case[] = [
  [
    'a fragment that is spread twice, once left out',
    'query T($a: Boolean!) { viewer { ...F @skip(if: $a) ...F } } fragment F on Member { id name }',
    { a: true },
    { data: { viewer: ANN } },
  ],
  [
    'a fragment in two places, left out in one of them',
    'query T($a: Boolean!) { viewer { ...C @include(if: $a) } community(slug: "first") { founder { ...C } } } fragment C on Member { id name }',
    { a: false },
    { data: { viewer: {}, community: { founder: ANN } } },
  ],
  [
    'introspection with a fragment in two places',
    'query T($a: Boolean!) { a: __type(name: "Post") { ...T @include(if: $a) } b: __type(name: "Member") { ...T } } fragment T on __Type { name kind }',
    { a: false },
    { data: { a: {}, b: { name: 'Member', kind: 'OBJECT' } } },
  ],
  [
    'a non-null number with a default that is left out',
    'query T($n: Int! = 2) { communities(first: $n) { nodes { name } } }',
    {},
    { data: { communities: { nodes: [{ name: expect.any(String) }, { name: expect.any(String) }] } } },
  ],
  [
    'a non-null Boolean with a default that is left out',
    'query T($a: Boolean! = false) { viewer { id name @skip(if: $a) } }',
    {},
    { data: { viewer: ANN } },
  ],
  [
    'a non-null enum with a default that is left out',
    'query T($d: OrderDirection! = DESC) { communities(first: 2, orderBy: { field: NAME, direction: $d }) { nodes { slug } } }',
    {},
    { data: { communities: { nodes: [{ slug: 'third' }, { slug: 'second' }] } } },
  ],
  [
    'a DateTime with a default',
    'query T($a: DateTime = "2020-01-01T00:00:00Z") { community(slug: "first") { engagement(from: $a, to: "2040-01-01T00:00:00Z") { messages } } }',
    {},
    { data: { community: { engagement: { messages: 0 } } } },
  ],
  [
    'null for an argument that may not be null',
    'query T($n: Int) { community(slug: "first") { engagement(from: "2020-01-01T00:00:00Z", to: "2040-01-01T00:00:00Z") { topContributors(first: $n) { rank } } } }',
    { n: null },
    { data: { community: { engagement: null } }, codes: ['BAD_USER_INPUT'] },
  ],
  [
    'null for a field of an input that may not be null',
    'query T($f: CommunityOrderField = NAME) { communities(first: 3, orderBy: { field: $f, direction: ASC }) { nodes { slug } } }',
    { f: null },
    { data: { communities: null }, codes: ['BAD_USER_INPUT'] },
  ],
  [
    'null for the condition of a directive',
    'query T($a: Boolean = true) { viewer { id name @include(if: $a) } }',
    { a: null },
    { codes: ['BAD_USER_INPUT'] },
  ],
  [
    'a variable with the name of a property that every object has',
    'query T($hasOwnProperty: Int) { communities(first: $hasOwnProperty) { totalCount } }',
    {},
    { data: { communities: { totalCount: 3 } } },
  ],
  [
    'fields in the order of the document',
    'query T($a: Boolean!) { ...C @include(if: $a) community(slug: "first") { slug } } fragment C on Query { community(slug: "first") { name } }',
    { a: true },
    { data: { community: { name: 'first', slug: 'first' } } },
  ],
  [
    'a refused argument',
    'query T($n: Int) { communities(first: $n) { nodes { id } } }',
    { n: 0 },
    { codes: ['PAGE_SIZE_OUT_OF_RANGE'] },
  ],
];

test.each(CASES)('%s is answered alike, however often it is asked', async (_, query, variables, { data, codes }) => {
  const [first, ...others] = await thrice(query, variables);
  expect(first?.status).toBeLessThan(500);
  expect(first?.errors?.map(({ code }) => code)).toEqual(codes);
  if (data !== undefined) expect(JSON.parse(first?.data ?? 'null')).toEqual(data);
  for (const error of first?.errors ?? []) expect(error.locations).toEqual([expect.any(Object)]);
  for (const other of others) expect(other).toEqual(first);
});

test('fields keep the order of the document', async () => {
  const [first] = await thrice('{ community(slug: "first") { slug name } viewer { name } }', {});
  expect(first?.data).toMatch(/^\{"community":\{"slug":"first","name":"first"\},"viewer"/);
});

describe('a mutation is done each time', () => {
  const slugs = async () =>
    JSON.stringify((await ann.query('{ communities(first: 50) { nodes { slug visibility } } }')).data);
  test.each([
    [
      'with a fragment that is spread twice, once left out',
      'mutation T($n: String!, $a: Boolean!) { ...M @skip(if: $a) ...M } fragment M on Mutation { foundCommunity(input: { name: $n, slug: $n }) { community { slug } errors { message } } }',
      { a: true },
      'twice',
    ],
    [
      'with a non-null variable whose default is taken',
      'mutation T($n: String!, $v: Visibility! = PRIVATE) { foundCommunity(input: { name: $n, slug: $n, visibility: $v }) { community { slug visibility } errors { message } } }',
      {},
      'default',
    ],
  ])('%s', async (_, query, variables, name) => {
    for (let n = 1; n <= 3; n++) {
      const { data, errors } = await ann.query(query, { ...variables, n: `${name}-${n}` });
      expect({ data, errors }).toMatchObject({ data: { foundCommunity: { community: { slug: `${name}-${n}` } } } });
      expect(await slugs()).toContain(`"${name}-${n}"`);
    }
  });
});

describe('an answer with a fault', () => {
  test('tells that its mutation was done, with the status of an answer', async () => {
    // What the payload shows is out of reach: the community is founded all the same.
    const schema = `"${service.app.readModels.schemaOf('posts')}"`;
    const { pool } = service.app.tables;
    await pool.query(`alter table ${schema}.posts rename to hidden`);
    try {
      const response = await fetch(service.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await service.token('ann')}` },
        body: JSON.stringify({
          query:
            'mutation { made: foundCommunity(input: { name: "Told", slug: "told" }) { community { posts { nodes { title } } } errors { code } } }',
        }),
      });
      const answer = (await response.json()) as { errors: object[]; extensions: object };
      expect(answer.errors).toHaveLength(1);
      expect(answer.extensions).toMatchObject({ done: [{ field: 'made', position: expect.any(String) }] });
      expect(response.status).toBe(200);
    } finally {
      await pool.query(`alter table ${schema}.hidden rename to posts`);
    }
  });

  test('that changed nothing tells of nothing done', async () => {
    const { errors, extensions } = await ann.query('{ communities(first: 0) { totalCount } }');
    expect(errors).toHaveLength(1);
    expect(extensions).not.toHaveProperty('done');
  });
});
