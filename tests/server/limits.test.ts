import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSocket } from '../support/doors.ts';
import { openService, type Service } from '../support/service.ts';

let service: Service;
let token: string;

beforeAll(async () => {
  service = await openService({
    PALABRE_LIMIT_BUDGET: '3000',
    PALABRE_LIMIT_BUDGET_PER_SECOND: '1',
    PALABRE_LIMIT_ANONYMOUS_PER_MINUTE: '5',
    PALABRE_LIMIT_REFUSED_TOKENS_PER_MINUTE: '7',
    PALABRE_LIMIT_RESPONSE_BYTES: '20000',
  });
  token = await service.token('ann');
});
afterAll(() => service.close());

const send = async (body: object, headers: Record<string, string> = {}) => {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${token}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, ...((await response.json()) as Answer) };
};

type Answer = {
  data?: unknown;
  errors?: { message: string; extensions: Record<string, unknown> }[];
  extensions?: { position?: string; cost?: Record<string, unknown> };
};

/** What an operation is answered over a WebSocket of its own. */
const sendBySocket = async (payload: object, bearer = token): Promise<Answer> => {
  const socket = openSocket(service);
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${bearer}` } });
  for (;;) {
    const heard = await socket.next();
    if (heard.type === 'connection_ack') socket.send({ type: 'subscribe', id: '1', payload });
    else if (heard.type === 'closed') return expect.fail(`closed: ${heard.code} ${heard.reason}`);
    else {
      socket.close();
      return (heard.type === 'error' ? { errors: heard.payload } : heard.payload) as Answer;
    }
  }
};

const follow = async (headers: Record<string, string> = {}, init: RequestInit = {}) => {
  const response = await fetch(`${service.url}/events`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  const text = response.ok ? '' : await response.text();
  if (response.ok) await response.body?.cancel();
  return { status: response.status, headers: response.headers, text };
};

afterEach(async () => {
  // Whatever a test did: somebody else is answered.
  const other = await service.token('ben');
  expect((await send({ query: '{ __typename }' }, { authorization: `Bearer ${other}` })).data).toEqual({
    __typename: 'Query',
  });
});

const repeat = (n: number, part: (n: number) => string) => Array.from({ length: n }, (_, at) => part(at)).join(' ');
const page = '(first: 100)';

describe('more than is allowed is refused with the name of the limit and its value', () => {
  test.each<[string, number, string, object]>([
    ['QUERY_BYTES', 16_384, 'QUERY_TOO_COMPLEX', { query: `{ __typename ${' '.repeat(16_384)} }` }],
    ['TOKENS', 1_000, 'QUERY_TOO_COMPLEX', { query: `{ ${'a '.repeat(1_000)} }` }],
    ['DEPTH', 12, 'QUERY_TOO_COMPLEX', { query: `{ ${'a { '.repeat(20)} b ${'} '.repeat(20)} }` }],
    ['BREADTH', 200, 'QUERY_TOO_COMPLEX', { query: `{ viewer { ${'id '.repeat(200)} } }` }],
    ['ALIASES', 30, 'QUERY_TOO_COMPLEX', { query: `{ ${repeat(31, (n) => `a${n}: __typename`)} }` }],
    ['DIRECTIVES', 30, 'QUERY_TOO_COMPLEX', { query: `{ __typename ${'@include(if: true) '.repeat(31)} }` }],
    ['ROOT_FIELDS', 20, 'QUERY_TOO_COMPLEX', { query: `{ ${repeat(21, (n) => `a${n}: viewer { id }`)} }` }],
    ['MUTATIONS', 10, 'QUERY_TOO_COMPLEX', { query: `mutation { ${repeat(11, (n) => `a${n}: __typename`)} }` }],
    [
      'OPERATIONS',
      10,
      'QUERY_TOO_COMPLEX',
      { query: repeat(11, (n) => `query q${n} { __typename }`), operationName: 'q0' },
    ],
    ['LIST_ITEMS', 100, 'LIST_TOO_LONG', { query: `{ nodes(ids: [${'"x" '.repeat(101)}]) { id } }` }],
    [
      'LIST_ITEMS',
      100,
      'LIST_TOO_LONG',
      { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: Array(101).fill('x') } },
    ],
    [
      'COST',
      1_000,
      'QUERY_TOO_COMPLEX',
      {
        query: `{ communities${page} { nodes { posts${page} { nodes { comments${page} { nodes { replies${page} { nodes { id } } } } } } } } }`,
      },
    ],
  ])('%s, %i, by a request and over a WebSocket', async (name, max, code, body) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    for (const { errors, data } of [answer, await sendBySocket(body)]) {
      expect(data ?? null).toBeNull();
      expect(errors).toHaveLength(1);
      expect(errors?.[0]).toMatchObject({ extensions: { code, limit: { name, max } } });
      expect(errors?.[0]?.message).toContain(String(max));
    }
  });

  test('a page beyond 100', async () => {
    const { errors } = await send({ query: '{ communities(first: 101) { nodes { id } } }' });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'PAGE_SIZE_OUT_OF_RANGE' } });
  });

  test('a batch', async () => {
    const { status, errors } = await send([{ query: '{ __typename }' }]);
    expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });

  test('an answer that is too long', async () => {
    const query = '{ __schema { types { name description fields { name description } } } }';
    const { status, errors } = await send({ query });
    expect([status, errors?.[0]?.extensions.code]).toEqual([503, 'RESPONSE_TOO_LARGE']);
    const overSocket = await sendBySocket({ query });
    expect(overSocket.errors?.[0]).toMatchObject({ extensions: { code: 'RESPONSE_TOO_LARGE' } });
    expect(overSocket.data ?? null).toBeNull();
  });

  test('variables as deep as a body is long', async () => {
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: `{"query":"query ($ids: [ID!]!) { nodes(ids: $ids) { id } }","variables":{"ids":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`,
    });
    expect(response.status).toBeLessThan(500);
    expect(await response.text()).toMatch(/"errors":\[\{/);
  });
});

test('at most five faults of a document are told', async () => {
  const { errors } = await send({ query: `{ ${repeat(20, (n) => `nothing${n}`)} }` });
  expect(errors).toHaveLength(5);
});

test('no name of the schema is suggested, for a document or for a variable', async () => {
  const bad = await send({ query: '{ communitie { id } viewer { handl } }' });
  const enums = await send({
    query:
      'query ($b: Bucket!) { organisation { engagementSeries(from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", bucket: $b) { from } } }',
    variables: { b: 'DAYY' },
  });
  const inputs = await send({
    query: 'mutation ($input: FoundCommunityInput!) { foundCommunity(input: $input) { errors { code } } }',
    variables: { input: { nam: 'x' } },
  });
  for (const { errors } of [bad, enums, inputs]) {
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toMatch(/did you mean|communities|"handle"|"DAY"|originalError|stack/i);
  }
});

describe('every answer tells its cost', () => {
  test('requested, actual, and what is left', async () => {
    const { extensions, headers } = await send({ query: '{ communities(first: 3) { nodes { name } } }' });
    expect(extensions?.cost).toEqual({
      requestedQueryCost: 5,
      actualQueryCost: 2,
      throttleStatus: { maximumAvailable: 3_000, currentlyAvailable: expect.any(Number), restoreRate: 1 },
    });
    expect(extensions?.position).toEqual(expect.any(String));
    expect(headers.get('ratelimit-policy')).toBe('"points";q=3000;w=3000');
    expect(headers.get('ratelimit')).toMatch(/^"points";r=\d+;t=\d+$/);
  });

  test('also one that was refused', async () => {
    const { extensions } = await send({ query: '{ nothing }' });
    expect(extensions).toMatchObject({ position: expect.any(String), cost: { requestedQueryCost: 0 } });
  });

  test('and nothing to somebody who was not let in', async () => {
    const { extensions } = await send({ query: '{ __typename }' }, { authorization: 'Bearer nonsense' });
    expect(extensions).toBeUndefined();
  });
});

describe('who asks too much in a short time', () => {
  test('is answered 429 until points are back, while others are served', async () => {
    const eve = { authorization: `Bearer ${await service.token('eve')}` };
    const dear = { query: 'query ($n: Int) { feed(first: $n) { nodes { author { id } community { id } } } }' };
    const ask = (n: number) => send({ ...dear, variables: { n } }, eve);
    // What a page did not have is given back, so figures of a window are asked instead: they cost what they cost.
    const figures = repeat(
      19,
      (n) =>
        `f${n}: organisation { engagement(from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z") { messages } }`,
    );
    expect((await ask(100)).extensions?.cost).toMatchObject({ requestedQueryCost: 302, actualQueryCost: 2 });
    for (let n = 0; n < 6; n++) expect((await send({ query: `{ ${figures} }` }, eve)).status).toBe(200);
    const { status, errors, headers } = await send({ query: `{ ${figures} }` }, eve);
    expect(status).toBe(429);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'RATE_LIMITED', limit: { name: 'BUDGET', max: 3_000 } } });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(300);
  });

  test('has one budget as a login without a member too, however its header is spelled', async () => {
    const tokens = [
      await service.token('nobody yet', { roles: ['analyst'] }),
      await service.token('nobody yet', { roles: ['analyst'], ttl: '9m' }),
    ];
    const left = [];
    for (const authorization of tokens.flatMap((token) => [`Bearer ${token}`, `bearer  ${token} `])) {
      const { headers } = await follow({ authorization });
      left.push(Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]));
    }
    expect(left).toEqual([2_990, 2_980, 2_970, 2_960]);
  });

  test('has one budget for all doors', async () => {
    const bearer = await service.token('zoe');
    const zoe = { authorization: `Bearer ${bearer}` };
    const left = ({ headers }: { headers: Headers }) =>
      Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1] ?? Number.NaN);
    const first = left(await follow(zoe));
    expect(first).toBe(2_990);
    expect((await follow(zoe)).headers.get('ratelimit-policy')).toBe('"points";q=3000;w=3000');
    const figures = repeat(
      19,
      (n) =>
        `f${n}: organisation { engagement(from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z") { messages } }`,
    );
    while (!(await sendBySocket({ query: `{ ${figures} }` }, bearer)).errors);
    let followed = await follow(zoe);
    for (; followed.status === 200; followed = await follow(zoe)) expect(left(followed)).toBeLessThan(first - 500);
    expect(followed.status).toBe(429);
    expect(JSON.parse(followed.text)).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', limit: { name: 'BUDGET', max: 3_000 } } }],
    });
    expect(Number(followed.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(left(followed)).toBeLessThan(10);
    const subscription = 'subscription { communityActivity(communityId: "x") { cursor } }';
    for (const answer of [
      await send({ query: subscription }, zoe),
      await sendBySocket({ query: subscription }, bearer),
    ])
      expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'RATE_LIMITED' } });
  });

  test('pays the least that there is for what is refused, on every door', async () => {
    const bearer = await service.token('una');
    const una = { authorization: `Bearer ${bearer}` };
    const available = async () => {
      const { extensions } = await send({ query: '{ __typename }' }, una);
      const { throttleStatus } = (extensions?.cost ?? {}) as { throttleStatus?: { currentlyAvailable: number } };
      return throttleStatus?.currentlyAvailable ?? expect.fail('no cost');
    };
    const before = await available();
    for (let n = 0; n < 40; n++) {
      await sendBySocket({ query: '{ nothing }' }, bearer);
      await follow({ ...una, 'last-event-id': 'nonsense' });
    }
    expect(before - (await available())).toBeGreaterThan(60);
  });

  test.each([
    ['without a token', {}, 5, 'ANONYMOUS_PER_MINUTE'],
    ['with a wrong one', { authorization: 'Bearer wrong' }, 7, 'REFUSED_TOKENS_PER_MINUTE'],
  ])('%s is turned away by address', async (_, headers, allowed, name) => {
    const ask = () =>
      fetch(`${service.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers } as Record<string, string>,
        body: '{"query":"{ __typename }"}',
      });
    const statuses: number[] = [];
    for (let n = 0; n <= allowed; n++) statuses.push((await ask()).status);
    expect(statuses.slice(0, 4)).toEqual([401, 401, 401, 401]);
    const last = await ask();
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await last.text()).toContain(name);

    // Turned away on one door is turned away on all.
    const followed = await follow({ authorization: '', ...headers } as Record<string, string>);
    expect([followed.status, followed.text]).toEqual([429, expect.stringContaining(name)]);
    const socket = openSocket(service);
    socket.send({ type: 'connection_init', payload: headers });
    expect(await socket.next()).toMatchObject({ type: 'closed', code: 4429, reason: expect.stringContaining(name) });
  });
});

test('an id of a document is the SHA-256 of its text, and none is trusted unless there is a manifest', async () => {
  const documentId = `sha256:${createHash('sha256').update('{ __typename }').digest('hex')}`;
  const { status, errors } = await send({ documentId });
  expect([status, errors?.[0]?.extensions.code]).toEqual([404, 'DOCUMENT_NOT_FOUND']);
});

test.each(['POST', 'PUT', 'DELETE', 'HEAD', 'PATCH'])(
  '/events by %s is answered 405, and how it may be asked',
  async (method) => {
    const { status, headers, text } = await follow({}, { method });
    expect([status, headers.get('allow')]).toEqual([405, 'GET']);
    if (method !== 'HEAD')
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] });
  },
);
