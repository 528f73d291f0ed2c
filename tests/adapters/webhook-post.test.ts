import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPost } from '../../src/adapters/webhooks/post.ts';
import { newWebhookSecret } from '../../src/adapters/webhooks/signature.ts';
import { type Received, type Receiver, startReceiver } from '../support/receiver.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const secret = newWebhookSecret();
const body = JSON.stringify({ type: 'PostPublished', title: 'ключ 🔑' });
const post = createPost({ loopback: true, connectMs: 2_000, wholeMs: 400 });
const send = (url = receiver.url, secrets = [secret], signal = new AbortController().signal) =>
  post({ url, id: 'AQ-delivery', body, secrets, signal });

/** A peer that speaks bytes, not HTTP. */
const speaking = async (speak: (socket: Socket) => void) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => speak(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, [Symbol.asyncDispose]: async () => void server.close() };
};

test('a receiver checks the signature with the library of Standard Webhooks', async () => {
  expect(await send()).toMatchObject({ status: 204, error: null });
  const [request] = receiver.received;
  expect(request?.headers).toMatchObject({ 'content-type': 'application/cloudevents+json; charset=utf-8' });
  expect(new Webhook(secret).verify(request?.body ?? '', request?.headers ?? {})).toEqual(JSON.parse(body));
  expect(() => new Webhook(secret).verify(`${request?.body} `, request?.headers ?? {})).toThrow();
  expect(() => new Webhook(newWebhookSecret()).verify(request?.body ?? '', request?.headers ?? {})).toThrow();
});

test('while a secret is rotated, the old one and the new one both fit', async () => {
  const fresh = newWebhookSecret();
  await send(receiver.url, [fresh, secret]);
  const [request] = receiver.received;
  for (const one of [fresh, secret])
    expect(new Webhook(one).verify(request?.body ?? '', request?.headers ?? {})).toBeTruthy();
});

test('the ten lines that integrators are given know our signatures, also during a rotation, and nothing else', async () => {
  const page = await readFile(new URL('../../schema/webhooks.md', import.meta.url), 'utf8');
  const [, lines = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
  const { isOurs } = (await import(`data:text/javascript,${encodeURIComponent(lines)}`)) as {
    isOurs: (secret: string, headers: Received['headers'], rawBody: string) => boolean;
  };
  await send(receiver.url, [newWebhookSecret(), secret]);
  const [request] = receiver.received;
  const { headers, body: raw } = request ?? expect.fail('nothing came');
  expect(isOurs(secret, headers, raw)).toBe(true);
  expect(isOurs(newWebhookSecret(), headers, raw)).toBe(false);
  expect(isOurs(secret, headers, `${raw} `)).toBe(false);
  expect(isOurs(secret, { ...headers, 'webhook-id': 'other' }, raw)).toBe(false);
  expect(isOurs(secret, { ...headers, 'webhook-timestamp': '1' }, raw)).toBe(false);
  expect(isOurs(secret, { 'webhook-id': 'x' }, raw)).toBe(false);
});

describe('a receiver that', () => {
  test('redirects is not followed', async () => {
    const other = await startReceiver();
    receiver.answer = (_, response) => void response.writeHead(307, { location: other.url }).end();
    expect(await send()).toMatchObject({ status: 307, error: expect.stringContaining('not followed') });
    expect(other.received).toEqual([]);
    await other.close();
  });

  test('hangs is given up', async () => {
    receiver.answer = () => {};
    expect(await send()).toMatchObject({ status: null, error: 'No answer within 0.4 s.' });
  });

  test('hangs in the middle of its head is given up', async () => {
    await using peer = await speaking((socket) => void socket.write('HTTP/1.1 200 OK\r\nx-slow: '));
    expect(await send(peer.url)).toMatchObject({ status: null, error: 'No answer within 0.4 s.' });
  });

  test('answers without end is heard to 64 KB, and 1 KB is kept', async () => {
    receiver.answer = (_, response) => {
      response.writeHead(200);
      const more = () => {
        if (response.destroyed) return;
        response.write('x'.repeat(16_384), more);
      };
      more();
    };
    const { signal } = new AbortController();
    const request = { url: receiver.url, id: 'AQ-endless', body, secrets: [secret], signal };
    // Were it heard to the end of its time, this test would run out of its own.
    const attempt = await createPost({ loopback: true, wholeMs: 600_000 })(request);
    expect(attempt).toMatchObject({ status: 200, error: null, answer: 'x'.repeat(1_024) });
  });

  test('promises more than it sends has answered all the same', async () => {
    await using peer = await speaking(
      (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\nshort'),
    );
    expect(await send(peer.url)).toMatchObject({ status: 200, answer: 'short' });
  });

  test('stops in the middle of its body has answered all the same', async () => {
    receiver.answer = (_, response) => void response.writeHead(500, { 'content-length': 100 }).write('half');
    expect(await send()).toMatchObject({ status: 500, answer: 'half', error: 'It answered 500 instead of 2xx.' });
  });

  test.each([
    ['speaks no HTTP', (socket: Socket) => void socket.end('SSH-2.0-OpenSSH\r\n\r\n'), 'not HTTP'],
    ['closes without a word', (socket: Socket) => void socket.destroy(), 'without an answer'],
    [
      'has an endless head',
      (socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`),
      'not HTTP',
    ],
  ])('%s has failed', async (_, speak, why) => {
    await using peer = await speaking(speak);
    expect(await send(peer.url)).toMatchObject({ status: null, error: expect.stringContaining(why) });
  });

  test('is not there has failed', async () => {
    const peer = await speaking(() => {});
    await peer[Symbol.asyncDispose]();
    expect(await send(peer.url)).toMatchObject({ status: null, error: 'The connection was refused.' });
  });

  test.each([
    ['120', 120],
    [new Date(Date.now() + 60_000).toUTCString(), expect.closeTo(60, -1)],
    ['soon', null],
    ['-5', null],
  ])('asks for patience with Retry-After %s is heard', async (value, seconds) => {
    receiver.answer = (_, response) => void response.writeHead(429, { 'retry-after': value }).end();
    expect(await send()).toMatchObject({ status: 429, retryAfterSeconds: seconds });
  });

  test('answers with NUL and bytes that are no text is kept as text', async () => {
    receiver.answer = (_, response) => void response.writeHead(500).end(Buffer.from([0x61, 0, 0xff, 0x62]));
    expect(await send()).toMatchObject({ answer: 'a��b' });
  });
});

test('what is cut off by a stop ends at once', async () => {
  receiver.answer = () => {};
  const cut = new AbortController();
  const sending = createPost({ loopback: true })({
    url: receiver.url,
    id: 'id',
    body,
    secrets: [secret],
    signal: cut.signal,
  });
  await receiver.until(1);
  cut.abort();
  expect(await sending).toMatchObject({ status: null });
});
