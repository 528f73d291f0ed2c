import { afterAll, beforeAll, expect, test } from 'vitest';
import { openService, type Service } from '../support/service.ts';

let service: Service;
let token: string;

beforeAll(async () => {
  service = await openService({ PALABRE_LIMIT_RESPONSE_BYTES: '20000' });
  token = await service.token('ann');
});
afterAll(() => service.close());

/** Takes the whole way through Yoga: a parameter of the type is read there alone. */
const WHOLE = '; charset=utf-8';

const send = async (body: unknown, accept: string, headers: Readonly<Record<string, string>>) => {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers, accept },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = (await response.text())
    .replace(/"(requestId|position)":"[^"]+"/g, '"$1"')
    .replace(/"currentlyAvailable":\d+/g, '"currentlyAvailable"');
  const told = ['content-type', 'www-authenticate', 'allow', 'cache-control', 'ratelimit-policy', 'retry-after'];
  return {
    status: response.status,
    answer,
    headers: told.map((name) => [name, response.headers.get(name)]),
    hasLength: response.headers.get('content-length') !== null,
    hasBudget: response.headers.get('ratelimit') !== null,
  };
};

const MANY = '{ __schema { types { name description fields { name description } } } }';

test.each<[string, unknown, Record<string, string>?]>([
  ['a query', { query: '{ viewer { name } }' }],
  [
    'a query with variables',
    { query: 'query ($n: Int) { communities(first: $n) { nodes { id } } }', variables: { n: 3 } },
  ],
  [
    'a query with everything else absent',
    { query: '{ __typename }', variables: null, extensions: null, operationName: null },
  ],
  [
    'a named one of two operations',
    { query: 'query A { a: __typename } query B { b: __typename }', operationName: 'B' },
  ],
  ['two operations, none of them named', { query: 'query A { __typename } query B { __typename }' }],
  ['a document that does not parse', { query: '{' }],
  ['a document without anything', { query: '' }],
  ['a field that is not there', { query: '{ nothing }' }],
  [
    'a variable that does not fit',
    { query: 'query ($n: Int) { communities(first: $n) { totalCount } }', variables: { n: 'x' } },
  ],
  ['a refused argument', { query: '{ communities(first: 101) { totalCount } }' }],
  [
    'a mutation that is refused',
    { query: 'mutation { joinCommunity(input: { communityId: "x" }) { userErrors { code } } }' },
  ],
  ['what the token does not allow', { query: '{ refusals { totalCount } }' }],
  ['an answer that is too long', { query: MANY }],
  ['a document that is not trusted', { documentId: 'sha256:00' }],
  ['no token', { query: '{ __typename }' }, { authorization: '' }],
  ['a token that is none', { query: '{ nothing' }, { authorization: 'Bearer nonsense' }],
  ['a least position that is none', { query: '{ __typename }' }, { 'x-palabre-min-position': 'nonsense' }],
  ['a subscription for who takes no stream', { query: 'subscription { postPublished(communityId: "x") { cursor } }' }],
  ['nothing', {}],
  ['a parameter that nobody knows', { query: '{ __typename }', more: 1 }],
  ['a query that is no text', { query: 1 }],
  ['variables that are a list', { query: '{ __typename }', variables: [] }],
  ['a batch', [{ query: '{ __typename }' }]],
  ['a number', 7],
  ['no JSON', '{"query"'],
  ['a body that is too long', { query: '{ __typename }', variables: { x: 'x'.repeat(300_000) } }],
])('%s is answered directly as it is answered the whole way', async (_, body, headers = {}) => {
  for (const type of ['application/json', 'application/graphql-response+json'])
    expect(await send(body, type, headers)).toEqual(await send(body, `${type}${WHOLE}`, headers));
});

test('an answer that is too long is known to be one here', async () => {
  expect(await send({ query: MANY }, 'application/json', {})).toMatchObject({
    status: 503,
    answer: expect.stringContaining('RESPONSE_TOO_LARGE'),
  });
});

test('a subscription is streamed to whoever takes anything', async () => {
  const ann = service.bearing(token);
  const founding = 'mutation ($input: FoundCommunityInput!) { foundCommunity(input: $input) { community { id } } }';
  const { data } = await ann.query(founding, { input: { name: 'Streamed', slug: 'streamed', visibility: 'PUBLIC' } });
  const { id } = (data as { foundCommunity: { community: { id: string } } }).foundCommunity.community;
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, accept: '*/*' },
    body: JSON.stringify({ query: `subscription { postPublished(communityId: "${id}") { cursor caughtUp } }` }),
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  await response.body?.cancel();
});
