import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { head, rawClient } from '../support/raw-http.ts';
import { openService, type Service } from '../support/service.ts';

let service: Service;
let token: string;

beforeAll(async () => {
  service = await openService({
    PALABRE_LIMIT_HEAD_MS: '1000',
    PALABRE_LIMIT_REQUEST_MS: '2000',
    PALABRE_CORS_ORIGINS: 'https://app.example, http://localhost:5173',
  });
  token = await service.token('ann');
});
afterAll(() => service.close());
afterEach(async () => {
  expect((await post('{ __typename }')).status).toBe(200);
});

const request = (init: RequestInit & { headers?: Record<string, string> }) =>
  fetch(`${service.url}/graphql`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
const post = (query: string, headers: Record<string, string> = {}) =>
  request({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

describe('a client that does not speak properly is answered, and then cut off', () => {
  test.each<[string, number, () => string | Buffer]>([
    ['a head of 20 KB', 431, () => head(token, { 'x-long': 'x'.repeat(20_000) })],
    [
      'more than a hundred header fields',
      431,
      () => head(token, Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`x-${n}`, n]))),
    ],
    ['no head at all', 400, () => 'nonsense\r\n\r\n'],
    ['bytes of a TLS handshake', 400, () => Buffer.from('16030100a5010000a10303', 'hex')],
    ['no Host', 400, () => 'POST /graphql HTTP/1.1\r\n\r\n'],
    ['two Hosts', 400, () => `${head(token, { host: 'localhost\r\nhost: evil.example' })}`],
    ['two lengths', 400, () => head(token, { 'content-length': '5\r\ncontent-length: 6' })],
    [
      'a length and chunks',
      400,
      () => `${head(token, { 'content-length': 3, 'transfer-encoding': 'chunked' })}0\r\n\r\n`,
    ],
    ['a length that is no number', 400, () => head(token, { 'content-length': '-1' })],
    ['a chunk that is no number', 400, () => `${head(token, { 'transfer-encoding': 'chunked' })}zz\r\n`],
    ['a header that has no end', 408, () => 'POST /graphql HTTP/1.1\r\nHost: x\r\n'],
    ['a body that is shorter than it said', 408, () => `${head(token, { 'content-length': 100 })}{"query"`],
    ['a chunked body that never ends', 408, () => `${head(token, { 'transfer-encoding': 'chunked' })}5\r\n{"que\r\n`],
    ['a body of ten gigabytes, as it says', 413, () => `${head(token, { 'content-length': 10_000_000_000 })}{`],
    ['a Host that is none', 400, () => `${head(token, { host: '[', 'content-length': 26 })}{"query":"{ __typename }"}`],
  ])('%s: %i', async (_, status, bytes) => {
    const client = rawClient(service.url, bytes());
    expect((await client.answered).status).toBe(status);
    client.socket.end();
    await client.closed;
  });

  test('a connection on which nobody says a word is closed', async () => {
    expect(await rawClient(service.url).closed).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  test('chunks without an end are cut off, however fast they come', async () => {
    const client = rawClient(service.url, head(token, { 'transfer-encoding': 'chunked' }));
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    const pour = () => {
      while (!client.socket.destroyed && client.socket.write(chunk));
    };
    client.socket.on('drain', pour);
    pour();
    expect(await client.closed).toMatch(/^(HTTP\/1\.1 413 |$)/);
  });

  test('two hundred half-open connections hold up nobody', async () => {
    const clients = Array.from({ length: 200 }, () => rawClient(service.url, 'POST /graphql HTTP/1.1\r\n'));
    expect((await post('{ __typename }')).status).toBe(200);
    await Promise.all(clients.map(({ closed }) => closed));
  });

  test('one that leaves in the middle of its body is no fault of ours', async () => {
    const client = rawClient(service.url, `${head(token, { 'content-length': 100 })}{"query"`);
    await new Promise((resolve) => client.socket.once('connect', resolve));
    client.socket.resetAndDestroy();
    await client.closed;
  });
});

describe('what is no request of GraphQL over HTTP', () => {
  test.each<[string, number, RequestInit & { headers?: Record<string, string> }]>([
    [
      'a form',
      415,
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query={__typename}' },
    ],
    [
      'plain text',
      415,
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{ __typename }"}' },
    ],
    [
      'several parts',
      415,
      { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
    ],
    [
      'GraphQL as text',
      415,
      { method: 'POST', headers: { 'content-type': 'application/graphql' }, body: '{ __typename }' },
    ],
    [
      'JSON of another alphabet',
      415,
      { method: 'POST', headers: { 'content-type': 'application/json; charset=utf-16' }, body: '{}' },
    ],
    [
      'a packed body',
      415,
      { method: 'POST', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body: '{}' },
    ],
    [
      'bytes that are no UTF-8',
      400,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from('7b22717565727922fffe7d', 'hex'),
      },
    ],
    ['text that is no JSON', 400, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }],
    ['a number', 400, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '1' }],
    [
      'a field too many',
      400,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ __typename }","__proto__x":1}',
      },
    ],
    [
      'PUT',
      405,
      { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' },
    ],
    ['DELETE', 405, { method: 'DELETE' }],
    ['a query by GET', 405, { method: 'GET', headers: { accept: 'application/json' } }],
    [
      'a wish for an image',
      406,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'image/png' },
        body: '{"query":"{ __typename }"}',
      },
    ],
  ])('%s: %i', async (_, status, init) => {
    const response = await request(init);
    expect(response.status).toBe(status);
    const text = await response.text();
    if (status === 405) {
      expect(response.headers.get('allow')).toMatch(/POST/);
      expect(text).toContain('METHOD_NOT_ALLOWED');
    }
    expect(JSON.parse(text).errors[0].extensions.code).toEqual(expect.any(String));
    expect(text).not.toMatch(/originalError|node_modules|\bat .+:\d+:\d+/);
  });

  test('a mutation is not executed for a client that could not read the answer', async () => {
    const query =
      'mutation { foundCommunity(input: {name: "Unread", slug: "unread", visibility: PUBLIC}) { errors { code } } }';
    const before = await service.app.log.head();
    for (const accept of ['text/html', 'image/png', 'application/json;q=0'])
      expect((await post(query, { accept })).status).toBe(406);
    expect(await service.app.log.head()).toEqual(before);
  });
});

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    fetch(`${service.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
  const corsOf = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control')));

  test('may call where their origin is listed, without credentials', async () => {
    const before = await preflight('https://app.example');
    expect(before.status).toBe(204);
    expect(corsOf(before)).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-headers': expect.stringContaining('authorization'),
      'access-control-max-age': '600',
    });
    const answer = await post('{ __typename }', { origin: 'https://app.example' });
    expect(corsOf(answer)).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-expose-headers': expect.stringContaining('ratelimit'),
    });
    for (const response of [before, answer]) {
      expect(response.headers.get('vary')).toMatch(/origin/i);
      expect(response.headers.has('access-control-allow-credentials')).toBe(false);
    }
  });

  test.each(['https://evil.example', 'https://app.example.evil.example', 'http://app.example', 'null'])(
    'from %s are told nothing',
    async (origin) => {
      expect(corsOf(await preflight(origin))).toEqual({});
      expect(corsOf(await post('{ __typename }', { origin }))).toEqual({});
    },
  );
});

describe('what a page of anybody can send without asking first', () => {
  // Neither an Authorization nor a type of content that a form has not: what is left is what cookies would let in.
  const cookies = { cookie: `token=${encodeURIComponent('x')}; authorization=Bearer` };
  const simple = async (path: string, init: RequestInit) => {
    const response = await fetch(`${service.url}${path}`, {
      ...init,
      headers: { origin: 'https://evil.example', ...cookies, ...(init.headers as Record<string, string>) },
    });
    return [response.status, /"code":"(\w+)"/.exec(await response.text())?.[1]];
  };
  const query = 'mutation { nameOrganisation(input: { name: "Evil" }) { errors { code } } }';
  const address = `/graphql?${new URLSearchParams({ query })}`;

  test.each<[string, string, RequestInit, number, string]>([
    ['a link', address, {}, 405, 'METHOD_NOT_ALLOWED'],
    ['a source of events', address, { headers: { accept: 'text/event-stream' } }, 405, 'METHOD_NOT_ALLOWED'],
    ['a source of events of /events', '/events', {}, 401, 'UNAUTHENTICATED'],
    ['a form', '/graphql', { method: 'POST', body: new URLSearchParams({ query }) }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['text', '/graphql', { method: 'POST', body: JSON.stringify({ query }) }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is refused', async (_, path, init, status, code) => {
    const before = await service.app.log.head();
    expect(await simple(path, init)).toEqual([status, code]);
    expect(await service.app.log.head()).toEqual(before);
  });

  test('tells pages of each door how it may be asked, and lets them send what it hears', async () => {
    for (const [path, methods] of [
      ['/graphql', 'GET, POST'],
      ['/events', 'GET'],
    ]) {
      const { status, headers } = await fetch(`${service.url}${path}`, {
        method: 'OPTIONS',
        headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
      });
      expect([status, headers.get('access-control-allow-methods'), headers.get('allow')]).toEqual([
        204,
        methods,
        `${methods}, OPTIONS`,
      ]);
      for (const name of ['authorization', 'idempotency-key', 'last-event-id', 'x-palabre-csrf', 'traceparent'])
        expect(headers.get('access-control-allow-headers')?.split(', ')).toContain(name);
    }
  });
});

test('an answer is nobody else’s to keep, and says nothing of what serves it', async () => {
  const { headers } = await post('{ __typename }');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
});

test('the schema of each event is public, and none is made up', async () => {
  const response = await fetch(`${service.url}/events/schemas/PostPublished`);
  expect(response.headers.get('content-type')).toMatch(/^application\/schema\+json/);
  const schema = (await response.json()) as { $id: string; properties: object };
  expect(schema.$id).toBe(`${service.url}/events/schemas/PostPublished`);
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['postId', 'communityId', 'kind']));
  for (const type of ['Nothing', '__proto__', 'toString', ''])
    expect((await fetch(`${service.url}/events/schemas/${type}`)).status).toBe(404);
});
