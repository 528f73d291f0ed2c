import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { type Asker, openService, type Service } from '../support/service.ts';
import {
  act,
  create,
  deliveriesOf,
  eventually,
  found,
  HASTY_WEBHOOKS,
  made,
  publish,
  show,
  subjects,
} from '../support/webhooks.ts';

let service: Service;
let ann: Asker;
let bob: Asker;
let receiver: Receiver;

beforeAll(async () => {
  service = await openService({ PALABRE_LIMITS: 'off', ...HASTY_WEBHOOKS });
  [ann, bob] = await Promise.all([service.as('ann'), service.as('bob')]);
});
afterAll(() => service.close());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

test('an event is sent to whoever registered for it: signed, thin, with the ids of GraphQL', async () => {
  const communityId = await found(ann);
  const other = await found(ann);
  const { id, secret } = await made(ann, { url: receiver.url, types: ['PostPublished'], communityId });
  await publish(ann, other);
  const postId = await publish(ann, communityId);
  const [request] = await receiver.until(1);
  const event = new Webhook(secret).verify(request?.body ?? '', request?.headers ?? {});
  expect(event).toMatchObject({
    specversion: '1.0',
    type: 'io.palabre.PostPublished',
    subject: postId,
    data: { postId, communityId },
  });
  expect(request?.body).not.toContain('nobody else reads');
  const [delivery] = await deliveriesOf(ann, id, ([one]) => one?.state === 'DELIVERED');
  expect(delivery).toMatchObject({ id: request?.headers['webhook-id'], attempts: 1, status: 204, error: null });
  expect(receiver.received).toHaveLength(1);
});

test('an address is kept as it is called, and a type under its bare name', async () => {
  const { data } = await ann.query(
    'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { url types } errors { message } } }',
    { input: { url: 'HTTPS://Hooks.Example.com:443/a b/../c', types: ['io.palabre.ProjectClosed', 'ProjectClosed'] } },
  );
  expect(data).toEqual({
    createWebhook: { webhook: { url: 'https://hooks.example.com/c', types: ['ProjectClosed'] }, errors: [] },
  });
});

test('a delivery that fails is tried again under the same id, until it is given up, and sent once more when asked', async () => {
  const communityId = await found(ann);
  const { id } = await made(ann, { url: receiver.url, types: ['PostPublished'], communityId });
  receiver.answer = (_, response) => void response.writeHead(500).end('out of order');
  await publish(ann, communityId);
  const [failed] = await deliveriesOf(ann, id, ([one]) => one?.state === 'FAILED');
  expect(failed).toMatchObject({
    attempts: 4,
    status: 500,
    error: 'It answered 500 instead of 2xx.',
    answer: 'out of order',
  });
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);

  receiver.answer = (_, response) => void response.writeHead(204).end();
  const input = { webhookId: id, deliveryId: failed?.id, idempotencyKey: 'again' };
  expect(await act(ann, 'replayWebhook', input)).toEqual({ isRepeated: false, errors: [] });
  await deliveriesOf(ann, id, ([one]) => one?.state === 'DELIVERED');
  expect(await act(ann, 'replayWebhook', input)).toEqual({ isRepeated: true, errors: [] });
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('410 disables a webhook at once, and when it is enabled again nothing is missing', async () => {
  const communityId = await found(ann);
  const { id } = await made(ann, { url: receiver.url, types: ['PostPublished'], communityId });
  receiver.answer = (_, response) => void response.writeHead(410).end();
  await publish(ann, communityId);
  await eventually(
    () => show(ann, id),
    (shown) => shown?.state === 'DISABLED' && shown.reason === 'GONE',
  );
  const meanwhile = await publish(ann, communityId);
  receiver.answer = (_, response) => void response.writeHead(204).end();
  expect(await act(ann, 'enableWebhook', { webhookId: id })).toMatchObject({ errors: [] });
  await receiver.until(1, ({ event }) => (event.data as { postId?: string }).postId === meanwhile);
  expect(await show(ann, id)).toMatchObject({ state: 'ACTIVE', reason: null });
});

test('five days without a success disable a webhook', async () => {
  const communityId = await found(ann);
  const { id } = await made(ann, { url: receiver.url, types: ['PostPublished'], communityId });
  receiver.answer = (_, response) => void response.writeHead(500).end();
  await publish(ann, communityId);
  await deliveriesOf(ann, id, ([one]) => (one?.attempts ?? 0) > 0);
  const client = new pg.Client(service.app.database);
  await client.connect();
  await client.query(`update operations.webhooks set failing_since = now() - interval '5 days' where url = $1`, [
    receiver.url,
  ]);
  await client.end();
  await publish(ann, communityId);
  await eventually(
    () => show(ann, id),
    (shown) => shown?.state === 'DISABLED' && shown.reason === 'FAILING',
  );
});

test('Retry-After holds back all that waits for a receiver', async () => {
  const communityId = await found(ann);
  await made(ann, { url: receiver.url, types: ['PostPublished'], communityId });
  receiver.answer = (_, response, n) => {
    if (n === 1) response.writeHead(429, { 'retry-after': '1' }).end();
    else response.writeHead(204).end();
  };
  const one = await publish(ann, communityId);
  const [refused] = await receiver.until(1);
  const two = await publish(ann, communityId);
  const [, ...later] = await receiver.until(3);
  expect(new Set(subjects(later))).toEqual(new Set([one, two]));
  for (const { at } of later) expect(at - (refused?.at ?? 0)).toBeGreaterThan(900);
});

test('a receiver that hangs is sent five at a time, and delays nobody else', async () => {
  const communityId = await found(ann);
  const hanging = await startReceiver();
  hanging.answer = () => {};
  const { id } = await made(ann, { url: hanging.url, types: ['PostPublished'], communityId });
  await made(bob, { url: receiver.url, types: ['PostPublished'], communityId });
  const posts: string[] = [];
  for (let n = 0; n < 8; n++) posts.push(await publish(ann, communityId));
  expect(new Set(subjects(await receiver.until(8)))).toEqual(new Set(posts));
  await hanging.until(5);
  expect(hanging.received).toHaveLength(5);
  await act(ann, 'deleteWebhook', { webhookId: id });
  await hanging.close();
});

describe('a registration', () => {
  test.each([
    [{ url: 'http://hooks.example.com/' }, 'url'],
    [{ url: 'https://169.254.169.254/' }, 'url'],
    [{ url: 'https://hooks.example.com/', types: [] }, 'types'],
    [{ url: 'https://hooks.example.com/', types: ['Nonsense'] }, 'types'],
  ])('%j is refused', async (input, path) => {
    expect(await create(ann, input)).toMatchObject({
      webhook: null,
      errors: [{ code: 'INVALID_INPUT', path: [path] }],
    });
  });

  test('that is repeated is one webhook, whose secret is not shown again', async () => {
    const input = { url: receiver.url, types: ['MemberLeft'], idempotencyKey: 'once' };
    const once = await create(ann, input);
    const twice = await create(ann, input);
    expect(once).toMatchObject({ isRepeated: false, secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) });
    expect(twice).toMatchObject({ isRepeated: true, secret: null, webhook: once.webhook });
    expect((await create(ann, { ...input, types: ['MemberJoined'] })).errors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
    const gone = { webhookId: once.webhook?.id, idempotencyKey: 'gone' };
    expect(await act(ann, 'deleteWebhook', gone)).toEqual({ isRepeated: false, errors: [] });
    expect(await act(ann, 'deleteWebhook', gone)).toEqual({ isRepeated: true, errors: [] });
    expect(await show(ann, once.webhook?.id ?? '')).toBeNull();
  });

  test('keeps no secret that can be read in the database', async () => {
    const { secret } = await made(ann, { url: receiver.url });
    const client = new pg.Client(service.app.database);
    await client.connect();
    const { rows } = await client.query<{ text: string }>(
      "select string_agg(encode(sealed, 'hex') || ' ' || encode(sealed, 'escape'), ' ') as text from operations.webhook_secrets",
    );
    await client.end();
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(rows[0]?.text).not.toContain(key.toString('hex'));
    expect(rows[0]?.text).not.toContain(secret);
  });
});

test('after a rotation both secrets fit', async () => {
  const communityId = await found(ann);
  const { id, secret } = await made(ann, { url: receiver.url, types: ['PostPublished'], communityId });
  const rotated = await act(ann, 'rotateWebhookSecret', { webhookId: id });
  expect(rotated.secret).not.toBe(secret);
  await publish(ann, communityId);
  const [request] = await receiver.until(1);
  for (const one of [secret, rotated.secret ?? ''])
    expect(new Webhook(one).verify(request?.body ?? '', request?.headers ?? {})).toBeTruthy();
});

test('a range of the log is sent again, and only what the webhook is for', async () => {
  const communityId = await found(ann);
  const before = await publish(ann, communityId);
  const { extensions } = await ann.query('{ viewer { id } }');
  const posts = [await publish(ann, communityId), await publish(ann, communityId)];
  await publish(ann, await found(ann));
  const { id } = await made(ann, { url: receiver.url, types: ['PostPublished'], communityId });
  expect(await act(ann, 'replayWebhook', { webhookId: id, after: extensions?.position })).toMatchObject({ errors: [] });
  expect(new Set(subjects(await receiver.until(2)))).toEqual(new Set(posts));
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  await act(ann, 'replayWebhook', { webhookId: id, after: extensions?.position });
  const again = await receiver.until(4);
  expect(
    again
      .slice(2)
      .map(({ headers }) => headers['webhook-id'])
      .sort(),
  ).toEqual(ids.sort());
  expect(subjects(again)).not.toContain(before);
  expect((await act(ann, 'replayWebhook', { webhookId: id })).errors).toMatchObject([{ code: 'INVALID_INPUT' }]);
});
