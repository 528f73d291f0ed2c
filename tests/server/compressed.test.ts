import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { head, rawClient } from '../support/raw-http.ts';
import { openService, type Service } from '../support/service.ts';

let service: Service;
let token: string;
beforeAll(async () => {
  service = await openService();
  token = await service.token('ann');
});
afterAll(() => service.close());

const LARGE = '{ __schema { types { name description } } }';
const SMALL = '{ __typename }';

/** The head and the body as they came over the wire. */
const asked = async (query: string, fields: Record<string, string>) => {
  const body = JSON.stringify({ query });
  const text = await rawClient(
    service.url,
    `${head(token, { 'content-length': Buffer.byteLength(body), connection: 'close', ...fields })}${body}`,
  ).closed;
  return text.slice(0, text.indexOf('\r\n\r\n')).toLowerCase();
};
const send = (query: string, headers: Record<string, string>) =>
  fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ query }),
  });

test.each(['gzip', 'br'])(
  'what is large is compressed where the client takes %s, and reads as ever',
  async (encoding) => {
    expect(await asked(LARGE, { 'accept-encoding': encoding })).toContain(`content-encoding: ${encoding}`);
    expect(await asked(LARGE, { 'accept-encoding': encoding })).toMatch(/vary: [^\r]*accept-encoding/);
    const [plain, packed] = await Promise.all(
      ['identity', encoding].map(async (each) => (await send(LARGE, { 'accept-encoding': each })).json()),
    );
    expect(packed.data).toEqual(plain.data);
  },
);

test('what is small, or asked for as it is, is sent as it is', async () => {
  expect(await asked(SMALL, { 'accept-encoding': 'gzip' })).not.toContain('content-encoding');
  expect(await asked(LARGE, { 'accept-encoding': 'identity' })).not.toContain('content-encoding');
  expect(await asked(LARGE, {})).not.toContain('content-encoding');
});

test('what flows is not held back', async () => {
  const leaving = new AbortController();
  const response = await fetch(`${service.url}/events?after=start`, {
    headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip, br' },
    signal: leaving.signal,
  });
  expect(response.headers.get('content-encoding')).toBeNull();
  const { value } = (await response.body?.getReader().read()) ?? {};
  expect(value?.length).toBeGreaterThan(0);
  leaving.abort();
});

test.each(['text/event-stream', 'application/json, text/event-stream'])(
  'a subscription asked for as %s begins at once, as it is',
  async (accept) => {
    const ann = await service.as('ann');
    const { data } = await ann.query(
      'mutation ($i: FoundCommunityInput!) { foundCommunity(input: $i) { community { id } errors { code } } }',
      { i: { name: 'Flows', slug: `flows-${accept.length}` } },
    );
    const { id } = (data as { foundCommunity: { community: { id: string } } }).foundCommunity.community;
    const leaving = new AbortController();
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', authorization: `Bearer ${token}` },
        ...{ accept, 'accept-encoding': 'gzip, br' },
      },
      body: JSON.stringify({
        query: 'subscription ($id: ID!) { communityActivity(communityId: $id, after: "start") { cursor caughtUp } }',
        variables: { id },
      }),
      signal: leaving.signal,
    });
    expect(response.headers.get('content-encoding')).toBeNull();
    let heard = '';
    for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      heard += text;
      if (heard.includes('"caughtUp":true')) break;
    }
    expect(heard).toMatch(/"cursor":"/);
    leaving.abort();
  },
);

test('the bytes are those of the encoding', async () => {
  const { default: http } = await import('node:http');
  const body = JSON.stringify({ query: LARGE });
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const request = http.request(
      `${service.url}/graphql`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
  expect(JSON.parse(gunzipSync(bytes).toString()).data.__schema.types.length).toBeGreaterThan(50);
});
