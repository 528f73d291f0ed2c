import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLogLines } from '../../src/adapters/log-lines.ts';
import { type App, openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { openServer, type RunningServer } from '../../src/server.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';

let database: TestDatabase;
let issuer: TestIssuer;
let app: App;
let server: RunningServer;
let token: string;

beforeAll(async () => {
  [database, issuer] = await Promise.all([freshDatabase(), startIssuer()]);
  const config = loadConfig({
    ...issuer.variables,
    DATABASE_URL: database.connectionString,
    PALABRE_MASTER_KEY: 'ab'.repeat(32),
    PORT: '0',
  });
  app = await openApp(config, { projections: 'run', logger: openLogLines({ level: 'silent', readable: false }) });
  server = await openServer(app);
  token = await issuer.sign({ sub: 'ann', name: 'Ann' });
});
afterAll(async () => {
  await server.close();
  await app.close();
  issuer.close();
  await database.drop();
});

type Answer = {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
};

const post = async (body: string | object, headers: Record<string, string> = {}) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { response, text, ...(text.startsWith('{') ? (JSON.parse(text) as Answer) : {}) };
};

describe('who asks', () => {
  test('a valid token gets an answer', async () => {
    const { response, data } = await post({ query: '{ __typename }' });
    expect(response.status).toBe(200);
    expect(data).toEqual({ __typename: 'Query' });
  });

  test.each([
    ['no token', '', 'Bearer'],
    ['a bad one', 'Bearer nonsense', 'Bearer error="invalid_token"'],
  ])('%s is answered 401 and one message', async (_, authorization, challenge) => {
    const { response, errors } = await post({ query: '{ __typename }' }, { authorization });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(challenge);
    expect(errors).toEqual([
      {
        message: expect.stringContaining('valid token'),
        extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
      },
    ]);
  });

  test('without a token not even a fault of the document is told', async () => {
    const { errors } = await post({ query: '{ nosuchfield' }, { authorization: '' });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
  });
});

describe('hostile input gets a clear error, and the server still answers', () => {
  test.each<[string, string | object, number, string]>([
    ['text that is no JSON', '{"query": ', 400, 'BAD_REQUEST'],
    ['no query', {}, 400, 'BAD_REQUEST'],
    ['a document that does not parse', { query: '{' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', { query: '{ __typenam }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable that does not fit',
      { query: 'query ($n: Int) { communities(first: $n) { totalCount } }', variables: { n: 'x' } },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'two operations, none of them named',
      { query: 'query A { __typename } query B { __typename }' },
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'a subscription to nothing',
      { query: 'subscription { postPublished(communityId: "x") { cursor } }' },
      404,
      'NOT_FOUND',
    ],
    ['thousands of nested fields', { query: '{a'.repeat(20_000) }, 400, 'QUERY_TOO_COMPLEX'],
    ['a batch', [{ query: '{ __typename }' }], 400, 'BAD_REQUEST'],
  ])('%s', async (_, body, status, code) => {
    const { response, errors, text } = await post(body, { accept: 'application/graphql-response+json' });
    expect(response.status).toBe(status);
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(text).not.toMatch(/Did you mean|originalError|node_modules|\.ts:\d|stack/);
    expect((await post({ query: '{ __typename }' })).response.status).toBe(200);
  });

  test('a least position that is none is refused as a whole, and paid for', async () => {
    const headers = { accept: 'application/graphql-response+json', 'x-palabre-min-position': 'nonsense' };
    const { response, errors } = await post({ query: '{ __typename }' }, headers);
    expect([response.status, errors?.[0]?.extensions.code]).toEqual([400, 'CURSOR_MALFORMED']);
    expect(response.headers.get('ratelimit')).toMatch(/^"points";r=\d+/);
  });

  test('a body over 256 KB is refused', async () => {
    expect((await post({ query: '{ __typename }', variables: { x: 'x'.repeat(300_000) } })).response.status).toBe(413);
  });

  test.each(['multipart/form-data; boundary=x', 'text/plain'])('%s is refused', async (type) => {
    expect((await post('--x', { 'content-type': type })).response.status).toBe(415);
  });

  test('other origins are told nothing', async () => {
    const { response } = await post({ query: '{ __typename }' }, { origin: 'https://evil.example' });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('a document with two operations answers the one that is named, however often it comes', async () => {
    const query = 'query A { a: __typename } query B { b: __typename }';
    for (const operationName of ['A', 'B', 'A', 'B'])
      expect((await post({ query, operationName })).data).toEqual({ [operationName.toLowerCase()]: 'Query' });
  });

  test('a sender that trickles its headers is cut off', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\n');
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (part) => {
        text += part;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  }, 20_000);
});

describe('a request', () => {
  test('keeps the id that its caller gave, if it is fit for a log line', async () => {
    expect(
      (await post({ query: '{ __typename }' }, { 'x-request-id': 'a-1' })).response.headers.get('x-request-id'),
    ).toBe('a-1');
    const given = (await post({ query: '{ __typename }' }, { 'x-request-id': 'a b{}' })).response.headers.get(
      'x-request-id',
    );
    expect(given).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('finds nothing elsewhere', async () => {
    expect((await fetch(`${server.url}/`)).status).toBe(404);
    expect((await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } })).status).not.toBe(200);
  });
});

describe('health', () => {
  test.each(['/health', '/health/live', '/health/ready'])('%s is told without a token', async (path) => {
    const response = await fetch(`${server.url}${path}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toHaveProperty('status');
  });

  test('tells of each read model whether it lags no more than it may', async () => {
    const { projections } = (await (await fetch(`${server.url}/health/ready`)).json()) as {
      projections: { name: string; isWithinBudget: boolean }[];
    };
    expect(projections.length).toBeGreaterThanOrEqual(6);
    for (const projection of projections) expect(projection).toMatchObject({ isWithinBudget: true });
  });
});
