import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawClient } from '../support/raw-http.ts';
import { openService, type Service } from '../support/service.ts';

const manifest = fileURLToPath(new URL('../support/operations/typed/persisted-documents.json', import.meta.url));
const { default: documents } = (await import('../support/operations/typed/persisted-documents.json', {
  with: { type: 'json' },
})) as { default: Record<string, string> };
const viewerId = Object.entries(documents).find(([, text]) => text.includes('query Viewer'))?.[0] ?? '';

let service: Service;
let token: string;
beforeAll(async () => {
  service = await openService({ PALABRE_TRUSTED_DOCUMENTS: manifest });
  token = await service.token('ann');
});
afterAll(() => service.close());

const ask = async (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) => {
  const response = await fetch(`${service.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...init.headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const post = (body: object, headers: Record<string, string> = {}) =>
  ask('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('a request target in absolute form is served, and names the host', async () => {
  const { host } = new URL(service.url);
  for (const [target, status] of [
    [`${service.url}/health/live`, 200],
    [`http://${host}/nothing?x=1`, 404],
  ]) {
    const client = rawClient(
      service.url,
      `GET ${target} HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n`,
    );
    expect((await client.answered).status).toBe(status);
    await client.closed;
  }
  const body = JSON.stringify({ query: '{ __typename }' });
  const client = rawClient(
    service.url,
    `POST ${service.url}/graphql HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  expect(await client.closed).toContain('{"__typename":"Query"}');
});

describe('HEAD is answered as GET is, without the body', () => {
  const documentId = encodeURIComponent(viewerId);
  test.each([
    ['/health'],
    ['/health/live'],
    ['/health/ready'],
    [`/graphql?documentId=${documentId}`],
    ['/graphql?query={__typename}'],
    ['/nothing'],
  ])('%s', async (path) => {
    const [head, get] = [await ask(path, { method: 'HEAD' }), await ask(path)];
    expect({ status: head.status, text: head.text }).toEqual({ status: get.status, text: '' });
    for (const name of ['content-type', 'allow', 'cache-control'])
      expect(head.headers.get(name)).toBe(get.headers.get(name));
  });

  test('but for a stream, which has nothing else', async () => {
    expect(await ask('/events', { method: 'HEAD' })).toMatchObject({ status: 405, text: '' });
    const subscription = await ask(`/graphql?documentId=${documentId}`, {
      method: 'HEAD',
      headers: { accept: 'text/event-stream' },
    });
    expect(subscription.text).toBe('');
  });
});

test('a subscription for a client that takes no event stream is refused with a code', async () => {
  const founded = await post({
    query:
      'mutation { foundCommunity(input: { name: "Followed", slug: "followed" }) { community { id } errors { code } } }',
  });
  const { id } = JSON.parse(founded.text).data.foundCommunity.community;
  const { status, text } = await post(
    { query: `subscription { postPublished(communityId: "${id}") { cursor } }` },
    { accept: 'application/json' },
  );
  expect(JSON.parse(text)).toMatchObject({
    errors: [{ message: expect.stringContaining('text/event-stream'), extensions: { code: 'NOT_ACCEPTABLE' } }],
  });
  expect(status).toBe(406);
});

test.each([
  'application/json',
  'text/event-stream',
  'application/json, text/event-stream',
  'text/event-stream;q=0.1, */*',
])('no text comes by GET, whatever is accepted: %s', async (accept) => {
  for (const query of ['{ viewer { name } }', 'subscription { postPublished(communityId: "x") { cursor } }'])
    expect(await ask(`/graphql?${new URLSearchParams({ query })}`, { headers: { accept } })).toMatchObject({
      status: 405,
      text: expect.stringContaining('METHOD_NOT_ALLOWED'),
    });
});

describe('an automatic persisted query', () => {
  const query = '{ viewer { name } }';
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };

  test('without its text is asked for it, in the words that its client knows', async () => {
    const { status, text } = await post({ extensions });
    expect(JSON.parse(text)).toMatchObject({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(status).toBe(404);
  });

  test('with its text is executed, where texts are taken', async () => {
    expect(JSON.parse((await post({ query, extensions })).text)).toMatchObject({ data: { viewer: { name: 'ann' } } });
  });

  test('with another text is refused', async () => {
    const { status, text } = await post({ query: '{ __typename }', extensions });
    expect(text).toContain('BAD_REQUEST');
    expect(status).toBe(400);
  });
});

test('no token at all is no invalid token', async () => {
  const challenge = async (authorization: string) =>
    (await post({ query: '{ __typename }' }, { authorization })).headers.get('www-authenticate');
  expect(await challenge('')).toBe('Bearer');
  expect(await challenge('Bearer nonsense')).toBe('Bearer error="invalid_token"');
  expect((await ask('/events', { headers: { authorization: '' } })).headers.get('www-authenticate')).toBe('Bearer');
});
