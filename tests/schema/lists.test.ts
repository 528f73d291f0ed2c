import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { anAppend, event } from '../adapters/appends.ts';
import {
  FoundCommunityDocument,
  JoinCommunityDocument,
  PublishCommentDocument,
  PublishPostDocument,
} from '../support/operations/typed/graphql.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let ann: Asker;
let garden: { readonly id: string; readonly slug: string };
let workshop: { readonly id: string; readonly slug: string };
let postId: string;

const found = async (slug: string, more: object = {}) => {
  const { data } = await ann.ask(FoundCommunityDocument, { input: { name: slug, slug, ...more } });
  return data.foundCommunity?.community ?? expect.fail('not founded');
};

const publish = async (communityId: string, title: string, kind: 'QUESTION' | 'DISCUSSION') => {
  const { data } = await ann.ask(PublishPostDocument, { input: { communityId, kind, title, body: title } });
  return data.publishPost?.post?.id ?? expect.fail('not published');
};

beforeAll(async () => {
  service = await openService();
  ann = await service.as('ann');
  garden = await found('garden');
  workshop = await found('workshop', { visibility: 'PRIVATE', joinPolicy: 'BY_INVITATION' });
  for (const sub of ['bob', 'cleo', 'dan'])
    await (await service.as(sub)).ask(JoinCommunityDocument, { input: { communityId: garden.id } });
  for (const n of [1, 2, 3, 4, 5])
    postId = await publish(garden.id, `Post ${n}`, n % 2 === 0 ? 'QUESTION' : 'DISCUSSION');
  await publish(workshop.id, 'Post 6', 'DISCUSSION');
  postId = await publish(garden.id, 'Why?', 'QUESTION');
  for (const [body, kind] of [
    ['a', 'COMMENT'],
    ['b', 'ANSWER'],
    ['c', 'COMMENT'],
    ['d', 'ANSWER'],
  ] as const)
    await ann.ask(PublishCommentDocument, { input: { postId, kind, body } });
});
afterAll(() => service.close());

/** Every list that a client may order: where it stands, what it is ordered by, and what an item is called. */
const LISTS: Record<
  string,
  { readonly open: string; readonly fields: readonly string[]; readonly item: string; readonly size: number }
> = {
  communities: { open: '{ list: communities(ARGS) { BODY } }', fields: ['NAME', 'FOUNDED_AT'], item: 'name', size: 2 },
  members: { open: '{ list: members(ARGS) { BODY } }', fields: ['REGISTERED_AT'], item: 'handle', size: 4 },
  'posts of a community': {
    open: '{ in: community(slug: "garden") { list: posts(ARGS) { BODY } } }',
    fields: ['PUBLISHED_AT'],
    item: 'title',
    size: 6,
  },
  'members of a community': {
    open: '{ in: community(slug: "garden") { list: members(ARGS) { BODY } } }',
    fields: ['JOINED_AT'],
    item: 'handle',
    size: 4,
  },
  "a member's communities": {
    open: '{ in: viewer { list: communities(ARGS) { BODY } } }',
    fields: ['NAME', 'FOUNDED_AT'],
    item: 'name',
    size: 2,
  },
  'comments of a post': {
    open: '{ in: node(id: "POST") { ... on Post { list: comments(ARGS) { BODY } } } }',
    fields: ['PUBLISHED_AT'],
    item: 'body',
    size: 4,
  },
};

type List = {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: Record<string, string> }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

const read = async (name: string, args: string): Promise<{ list: List | undefined; code: string | undefined }> => {
  const { open, item } = LISTS[name] ?? expect.fail(`There is no list ${name}.`);
  const document = open
    .replace('ARGS', args)
    .replace('POST', postId)
    .replace('BODY', `totalCount edges { cursor node { ${item} } } pageInfo { hasNextPage endCursor }`);
  const { data, errors } = await ann.query(document);
  const answered = data as { list?: List; in?: { list?: List } } | null;
  return { list: answered?.list ?? answered?.in?.list, code: errors?.[0]?.extensions.code };
};

const itemsOf = (name: string, list: List | undefined) => list?.edges.map(({ node }) => node[LISTS[name]?.item ?? '']);

describe.each(Object.keys(LISTS))('the list of %s', (name) => {
  const { fields = [], size = 0 } = LISTS[name] ?? {};

  test('runs one way and the other, in pages that leave nothing out', async () => {
    for (const field of fields) {
      const all = itemsOf(name, (await read(name, `first: 100, orderBy: { field: ${field}, direction: ASC }`)).list);
      expect(all).toHaveLength(size);
      const back: (string | undefined)[] = [];
      for (let after = ''; ; ) {
        const { list } = await read(name, `first: 1, orderBy: { field: ${field}, direction: DESC } ${after}`);
        expect(list?.totalCount).toBe(size);
        back.push(...(itemsOf(name, list) ?? []));
        if (!list?.pageInfo.hasNextPage) break;
        after = `after: "${list.pageInfo.endCursor}"`;
      }
      expect(back).toEqual(all?.toReversed());
    }
  });

  test('refuses a cursor that was made up, damaged, or given out for another list', async () => {
    const { list } = await read(name, 'first: 1');
    const cursor = list?.edges[0]?.cursor ?? '';
    const others = await Promise.all(
      Object.keys(LISTS)
        .filter((other) => other !== name)
        .map(async (other) => (await read(other, 'first: 1')).list?.edges[0]?.cursor),
    );
    const position = (await ann.query('{ __typename }')).extensions?.position;
    for (const bad of ['', 'nonsense', `${cursor}A`, cursor.slice(1), position, ...others])
      expect([bad, (await read(name, `after: "${bad}"`)).code]).toEqual([bad, 'CURSOR_MALFORMED']);
    expect((await read(name, `after: "${cursor}"`)).code).toBeUndefined();
    expect((await read(name, `before: "${cursor}"`)).list?.edges).toEqual([]);
  });

  test.each(['first: 0', 'first: -1', 'first: 101', 'last: 0', 'last: 101', 'first: 2, last: 2'])(
    'refuses %s',
    async (args) => {
      expect((await read(name, args)).code).toBe('PAGE_SIZE_OUT_OF_RANGE');
    },
  );
});

test('a cursor is good for the list that it was given out for, in whatever direction it is read', async () => {
  const { list } = await read('posts of a community', 'first: 100');
  const cursor = list?.edges[2]?.cursor;
  const back = await read(
    'posts of a community',
    `after: "${cursor}", orderBy: { field: PUBLISHED_AT, direction: ASC }`,
  );
  expect(itemsOf('posts of a community', back.list)).toEqual(['Post 5', 'Why?']);
  const { errors } = await ann.query(`{ community(slug: "workshop") { posts(after: "${cursor}") { totalCount } } }`);
  expect(errors?.[0]?.extensions.code).toBe('CURSOR_MALFORMED');
});

test.each<[string, string, readonly string[]]>([
  ['communities', 'filter: { visibility: PRIVATE }', ['workshop']],
  ['communities', 'filter: { joinPolicy: OPEN }', ['garden']],
  ['communities', 'filter: { foundedAt: { gte: "2100-01-01T00:00:00Z" } }', []],
  ['members', 'filter: { kind: SERVICE }', []],
  [
    'members',
    'filter: { kind: MEMBER, registeredAt: { gte: "2020-01-01T00:00:00Z", lt: "2100-01-01T00:00:00Z" } }',
    ['ann', 'bob', 'cleo', 'dan'],
  ],
  ['posts of a community', 'filter: { kind: QUESTION }', ['Why?', 'Post 4', 'Post 2']],
  ['posts of a community', 'filter: { publishedAt: { lt: "2020-01-01T00:00:00Z" } }', []],
  [
    'posts of a community',
    'last: 1, filter: { kind: QUESTION, publishedAt: { gte: "2020-01-01T00:00:00Z" } }',
    ['Post 2'],
  ],
  ['members of a community', 'filter: { joinedAt: { lt: "2020-01-01T00:00:00Z" } }', []],
  ['comments of a post', 'filter: { kind: ANSWER }', ['b', 'd']],
  ['comments of a post', 'filter: { publishedAt: { lt: "2020-01-01T00:00:00Z" } }', []],
])('%s with %s are those', async (name, args, items) => {
  const { list } = await read(name, args);
  expect(itemsOf(name, list)).toEqual(items);
  if (!args.includes('last')) expect(list?.totalCount).toBe(items.length);
});

/** The statements that read a page, as the database was sent them while something was done. */
const pagesRead = async (work: () => Promise<unknown>) => {
  // Connections have a function of their own for `query`: what they send passes through here all the same.
  const sent = vi.spyOn(pg.Query.prototype as unknown as { submit(): void }, 'submit');
  await work();
  const statements = sent.mock.contexts.map((query) => query as unknown as { text?: string; values?: unknown[] });
  sent.mockRestore();
  return statements.flatMap(({ text = '', values = [] }) =>
    // Webhooks look for work of their own meanwhile.
    /limit/.test(text) && !/count\(\*\)|operations\./.test(text) ? [{ text, values }] : [],
  );
};

type Plan = { readonly 'Node Type': string; readonly 'Relation Name'?: string; readonly Plans?: readonly Plan[] };
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe('every order and every filter of a list walks along an index', () => {
  let database: pg.Client;
  beforeAll(async () => {
    database = new pg.Client({ connectionString: service.app.database.connectionString });
    await database.connect();
    // Small tables are read whole and sorted because that is quicker: here only what cannot be helped is.
    await database.query('set enable_seqscan = off; set enable_sort = off; set enable_bitmapscan = off');
  });
  afterAll(() => database.end());

  const FILTERS: Readonly<Record<string, readonly string[]>> = {
    communities: ['visibility: PUBLIC', 'joinPolicy: OPEN', 'foundedAt: { gte: "2020-01-01T00:00:00Z" }'],
    members: ['kind: MEMBER', 'registeredAt: { gte: "2020-01-01T00:00:00Z" }'],
    'posts of a community': ['kind: QUESTION', 'publishedAt: { gte: "2020-01-01T00:00:00Z" }'],
    'members of a community': ['joinedAt: { gte: "2020-01-01T00:00:00Z" }'],
    'comments of a post': ['kind: ANSWER', 'publishedAt: { gte: "2020-01-01T00:00:00Z" }'],
  };
  const cases = Object.keys(FILTERS).flatMap((name) =>
    (LISTS[name]?.fields ?? []).flatMap((field) =>
      ['', ...(FILTERS[name] ?? [])].map((filter) => [name, field, filter] as const),
    ),
  );

  test.each(cases)('%s by %s with "%s"', async (name, field, filter) => {
    for (const direction of ['ASC', 'DESC']) {
      const args = `first: 3, orderBy: { field: ${field}, direction: ${direction} }${filter && `, filter: { ${filter} }`}`;
      const statements = await pagesRead(() => read(name, args));
      expect(statements.length).toBeGreaterThan(0);
      for (const { text, values } of statements) {
        const { rows } = await database.query(`explain (format json) ${text}`, values);
        const nodes = nodesOf(rows[0]['QUERY PLAN'][0].Plan);
        const slow = nodes.filter((node) => /^(Seq Scan|Sort|Incremental Sort)$/.test(node['Node Type']));
        expect(slow.map((node) => `${node['Node Type']} ${node['Relation Name'] ?? ''} in ${text}`)).toEqual([]);
        expect(nodes.some((node) => /^Index/.test(node['Node Type']))).toBe(true);
      }
    }
  });
});

test('a cursor goes on to the same rest after every read model was built anew', async () => {
  const rests = async (after: Readonly<Record<string, string | null | undefined>>) =>
    Object.fromEntries(
      await Promise.all(
        Object.keys(after).map(async (name) => {
          const { list, code } = await read(name, `after: "${after[name]}"`);
          return [name, code ?? itemsOf(name, list)] as const;
        }),
      ),
    );
  const cursors = Object.fromEntries(
    await Promise.all(
      Object.keys(LISTS).map(async (name) => [name, (await read(name, 'first: 1')).list?.pageInfo.endCursor] as const),
    ),
  );
  const before = await rests(cursors);
  const { readModels } = service.app;
  const generations = readModels.names.map(readModels.schemaOf);
  expect(await readModels.rebuild(readModels.names)).toEqual(new Map());
  expect(readModels.names.map(readModels.schemaOf).filter((schema) => generations.includes(schema))).toEqual([]);
  expect(await rests(cursors)).toEqual(before);
});

test('the log is counted, whole and by type, to ten thousand', async () => {
  const reader = await service.as('analyst', ['analyst']);
  const count = async (args: string) => {
    const { data, errors } = await reader.query(`{ events${args} { totalCount } }`);
    expect(errors).toBeUndefined();
    return (data as { events: { totalCount: number } }).events.totalCount;
  };
  const { position } = await service.app.log.head();
  expect(await count('')).toBe(Number(position));
  expect(await count('(first: 1)')).toBe(Number(position));
  expect(await count('(types: ["PostPublished"])')).toBe(7);
  expect(await count('(types: ["PostPublished", "CommunityFounded"])')).toBe(9);
  expect(await count('(types: ["MemberLeft"])')).toBe(0);
  const changed = () => event({ projectId: crypto.randomUUID(), status: 'RUNNING' }, 'ProjectStatusChanged');
  const many = Array.from({ length: 11 }, () => anAppend({ events: Array.from({ length: 1_000 }, changed) }));
  await service.app.log.append(many);
  expect(await count('')).toBe(10_000);
  expect(await count('(types: ["ProjectStatusChanged"])')).toBe(10_000);
});

test('a feed shows what its filter asks for', async () => {
  const { data } = await ann.query(`{
    feed(filter: { kind: QUESTION }) { totalCount nodes { title } }
    community(slug: "garden") { feed(filter: { publishedAt: { lt: "2020-01-01T00:00:00Z" } }) { totalCount nodes { title } } }
  }`);
  expect(data).toEqual({
    feed: { totalCount: 3, nodes: [{ title: 'Why?' }, { title: 'Post 4' }, { title: 'Post 2' }] },
    community: { feed: { totalCount: 0, nodes: [] } },
  });
});

describe('the header Idempotency-Key', () => {
  const publishing = `mutation ($input: PublishPostInput!) { publishPost(input: $input) { post { id } errors { code } position } }`;
  const input = (title: string) => ({ input: { communityId: garden.id, kind: 'DISCUSSION', title, body: title } });

  test('makes a repeated mutation the same, with or without quotes', async () => {
    const first = await ann.query(publishing, input('Once'), { 'idempotency-key': 'k-1' });
    const [again, quoted] = await Promise.all(
      ['k-1', '"k-1"'].map((key) => ann.query(publishing, input('Once'), { 'idempotency-key': key })),
    );
    expect(again?.data).toEqual(first.data);
    expect(quoted?.data).toEqual(first.data);
    const other = await ann.query(publishing, input('Twice'), { 'idempotency-key': 'k-1' });
    expect(other.data).toMatchObject({ publishPost: { post: null, errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] } });
  });

  test('is refused with several mutations, or beside another key, and nothing happens', async () => {
    const before = await service.app.log.head();
    const two = `mutation ($input: PublishPostInput!) { a: publishPost(input: $input) { position } ...b }
      fragment b on Mutation { b: publishPost(input: $input) { position } }`;
    const answers = [
      await ann.query(two, input('Two'), { 'idempotency-key': 'k-2' }),
      await ann.query(
        publishing,
        { input: { ...input('Two').input, idempotencyKey: 'k-3' } },
        { 'idempotency-key': 'k-2' },
      ),
    ];
    for (const { errors } of answers)
      expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
    expect(await service.app.log.head()).toEqual(before);
  });

  test('sent twice at once is one mutation', async () => {
    const keyed = { 'idempotency-key': 'k-4' };
    const answers = await Promise.all([1, 2, 3].map(() => ann.query(publishing, input('At once'), keyed)));
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
  });
});

test('two admins who name the organisation at once hear of each other', async () => {
  const admin = await service.as('ada', ['member', 'admin']);
  const name = async (to: string, revision: number) => {
    const { data } = await admin.query(
      `mutation ($input: NameOrganisationInput!) { nameOrganisation(input: $input) {
        organisation { name revision } errors { code message ... on Conflict { actualRevision } } } }`,
      { input: { name: to, expectedRevision: revision } },
    );
    return (data as { nameOrganisation: object }).nameOrganisation;
  };
  const { data } = await admin.query('{ organisation { revision } }');
  expect(data).toEqual({ organisation: { revision: -1 } });
  expect(await name('Belorme', -1)).toEqual({ organisation: { name: 'Belorme', revision: 0 }, errors: [] });
  expect(await name('Belmore', -1)).toEqual({
    organisation: null,
    errors: [{ code: 'REVISION_CONFLICT', message: expect.stringContaining('revision 0'), actualRevision: 0 }],
  });
});
