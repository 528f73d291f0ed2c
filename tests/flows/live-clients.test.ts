import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  EditPostDocument,
  FoundCommunityDocument,
  JoinCommunityDocument,
  PostPublishedDocument,
  type PostPublishedSubscription,
  PublishPostDocument,
  RetractPostDocument,
  TypedDocumentString,
  ViewerDocument,
} from '../support/operations/typed/graphql.ts';
import { type Asker, openService, type Service } from '../support/service.ts';
import { openUnreliableNetwork, type UnreliableNetwork } from '../support/unreliable-network.ts';
import { HASTY_WEBHOOKS } from '../support/webhooks.ts';
import { events } from './clients/events.ts';
import { connect } from './clients/graphql-ws.ts';
import { ask, type Server } from './clients/query.ts';
import * as sse from './clients/sse.ts';
import { webhookReceiver } from './clients/webhook-receiver.ts';

const POSTS = 40;
/** How many of the states that were fetched are followed from. */
const ROUNDS = 12;

let service: Service;
let network: UnreliableNetwork;
let ann: Asker;
/** What integrators connect to: the server behind a network that cuts every connection. */
let server: Server;
/** The server itself. */
let direct: Server;

beforeAll(async () => {
  service = await openService(HASTY_WEBHOOKS);
  let n = 0;
  // From the middle of a head to some twenty events, a different length each time.
  network = await openUnreliableNetwork(service.url, () => 400 + ((n++ * 2_654_435_761) % 9_000));
  ann = await service.as('ann');
  const token = () => service.token('bob');
  server = { url: network.url, token };
  direct = { url: service.url, token };
  await ask(direct, JoinCommunityDocument, { input: { communityId: await found('home') } });
});
afterAll(async () => {
  network.close();
  await service.close();
});

const found = async (slug: string) => {
  const { data } = await ann.ask(FoundCommunityDocument, { input: { name: slug, slug } });
  return data.foundCommunity?.community?.id ?? expect.fail('not founded');
};

/** Publishes while others listen; answers the ids of what was published, in the order of the log. */
const publishAll = async (communityId: string) => {
  const ids: string[] = [];
  for (let n = 0; n < POSTS; n++) {
    const input = { communityId, kind: 'DISCUSSION' as const, title: `Post ${n}`, body: 'x'.repeat(100) };
    const { data } = await ann.ask(PublishPostDocument, { input });
    ids.push(data.publishPost?.post?.id ?? expect.fail('not published'));
  }
  return ids;
};

/** What a client received until it had as many things as were published. */
const received = async <T>(items: AsyncIterable<T>, idOf: (item: T) => string | null | undefined) => {
  const ids: string[] = [];
  for await (const item of items) {
    const id = idOf(item);
    if (id) ids.push(id);
    if (ids.length >= POSTS) break;
  }
  return ids;
};

type Delivered = NonNullable<PostPublishedSubscription['postPublished']>;
const postIn = ({ post }: Delivered) => post?.id;

test('a typed query answers with its data and the place at which it is true', async () => {
  const { data, position } = await ask(direct, ViewerDocument, {});
  expect(data.viewer?.id).toEqual(expect.any(String));
  const leaving = new AbortController();
  const next = events(direct, { after: position, types: ['CommunityFounded'], signal: leaving.signal }).next();
  const communityId = await found('after-the-query');
  expect((await next).value?.data).toMatchObject({ communityId });
  leaving.abort();
});

test('what the server refuses is an error with its code', async () => {
  const nobody = { url: service.url, token: async () => 'nobody' };
  await expect(ask(nobody, ViewerDocument, {})).rejects.toThrow('UNAUTHENTICATED');
  const { signal } = new AbortController();
  await expect(events(nobody, { signal }).next()).rejects.toThrow('UNAUTHENTICATED');
  const variables = { communityId: 'nowhere' };
  await expect(sse.subscribe(nobody, PostPublishedDocument, variables, { signal }).next()).rejects.toThrow(
    'UNAUTHENTICATED',
  );
  await expect(sse.subscribe(direct, PostPublishedDocument, variables, { signal }).next()).rejects.toThrow('NOT_FOUND');
});

test('a client of server-sent events receives exactly the log, whenever its connections are cut', async () => {
  const communityId = await found('by-sse');
  const { position } = await ask(direct, ViewerDocument, {});
  const leaving = new AbortController();
  const following = received(
    sse.subscribe<Delivered, { communityId: string; after?: string | null }>(
      server,
      PostPublishedDocument,
      { communityId, after: position },
      { signal: leaving.signal, pauseMs: 5 },
    ),
    postIn,
  );
  const before = network.cuts();
  const published = await publishAll(communityId);
  expect(await following).toEqual(published);
  leaving.abort();
  expect(network.cuts()).toBeGreaterThan(before);
});

test('a client of WebSockets receives exactly the log, whenever its connections are cut', async () => {
  const communityId = await found('by-websocket');
  const { position } = await ask(direct, ViewerDocument, {});
  const client = connect(server, 5);
  const following = new Promise<string[]>((resolve, reject) => {
    const ids: string[] = [];
    const next = ({ data }: { data?: PostPublishedSubscription | null }) => {
      const id = data?.postPublished?.post?.id;
      if (id && ids.push(id) === POSTS) resolve(ids);
    };
    const asked = { query: String(PostPublishedDocument), variables: { communityId, after: position } };
    client.subscribe<PostPublishedSubscription>(asked, { next, error: reject, complete: () => reject('complete') });
  });
  const before = network.cuts();
  const published = await publishAll(communityId);
  expect(await following).toEqual(published);
  await client.dispose();
  expect(network.cuts()).toBeGreaterThan(before);
});

test('a client of /events receives exactly the log, whenever its connections are cut', async () => {
  const communityId = await found('by-events');
  const { position } = await ask(direct, ViewerDocument, {});
  const leaving = new AbortController();
  const following = received(
    events(server, { after: position, types: ['PostPublished'], signal: leaving.signal, pauseMs: 5 }),
    ({ subject }) => subject,
  );
  const before = network.cuts();
  const published = await publishAll(communityId);
  expect(await following).toEqual(published);
  leaving.abort();
  expect(network.cuts()).toBeGreaterThan(before);
});

test('a receiver of webhooks takes what is signed, once, and is sent again what it could not take care of', async () => {
  const communityId = await found('by-webhook');
  const taken: (string | undefined)[] = [];
  let failures = 1;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { data } = await ann.query(
    'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret errors { message } } }',
    { input: { url, types: ['PostPublished'], communityId } },
  );
  const { secret } = (data as { createWebhook: { secret: string } }).createWebhook;
  const isTaken = new Promise<void>((resolve) => {
    const receiver = webhookReceiver(secret, async ({ subject }) => {
      if (failures-- > 0) throw new Error('Not now.');
      taken.push(subject);
      resolve();
    });
    server.on('request', (request, response) => receiver.emit('request', request, response));
  });
  const input = { communityId, kind: 'DISCUSSION' as const, title: 'Hooked', body: 'x' };
  const post = (await ann.ask(PublishPostDocument, { input })).data.publishPost?.post;
  await isTaken;
  expect(taken).toEqual([post?.id]);
  const forged = await fetch(url, { method: 'POST', body: '{}', headers: { 'webhook-signature': 'v1,AAAA' } });
  expect([forged.status, taken.length]).toEqual([401, 1]);
  server.close();
  server.closeAllConnections();
});

type Post = { readonly id: string; readonly title: string | null; readonly isRetracted: boolean };

const feed = `query ($id: ID!) {
  node(id: $id) { ... on Community { feed(first: 100) { nodes { id title isRetracted } } } }
}`;
const activity = new TypedDocumentString<
  { communityActivity: { cursor: string; caughtUp: boolean; activity: { post: Post | null } | null } | null },
  { communityId: string; after: string }
>(`subscription ($communityId: ID!, $after: String) {
  communityActivity(communityId: $communityId, after: $after) {
    cursor caughtUp activity { post { id title isRetracted } }
  }
}`);

test('what was fetched and then followed is what is fetched anew, whatever was written in between', async () => {
  const communityId = await found('fetch-then-follow');
  const state = async () => {
    const { data, extensions } = await ann.query(feed, { id: communityId });
    const { nodes } = (data as { node: { feed: { nodes: Post[] } } }).node.feed;
    return { posts: new Map(nodes.map((post) => [post.id, post])), position: extensions?.position ?? '' };
  };
  const writing = write(communityId);
  const fetched = [await state()];
  while (!(await isSettled(writing))) fetched.push(await state());
  const end = await state();
  expect(new Set(fetched.map(({ posts }) => posts.size)).size).toBeGreaterThan(2);

  const every = Math.ceil(fetched.length / ROUNDS);
  for (const { posts, position } of fetched.filter((_, n) => n % every === 0)) {
    for await (const { data } of ann.subscribe(activity, { communityId, after: position })) {
      const { activity: what, caughtUp } = data.communityActivity ?? expect.fail('a fault');
      // What was taken back leaves the feed.
      if (what?.post?.isRetracted) posts.delete(what.post.id);
      else if (what?.post) posts.set(what.post.id, what.post);
      if (caughtUp && !what) break;
    }
    expect(Object.fromEntries(posts)).toEqual(Object.fromEntries(end.posts));
  }
});

/** Publishes, changes and takes back. */
const write = async (communityId: string) => {
  const ids: string[] = [];
  for (let n = 0; n < POSTS / 2; n++) {
    const input = { communityId, kind: 'DISCUSSION' as const, title: `Post ${n}`, body: 'x' };
    const { data } = await ann.ask(PublishPostDocument, { input });
    ids.push(data.publishPost?.post?.id ?? expect.fail('not published'));
    if (n % 3 === 1)
      await ann.ask(EditPostDocument, { input: { postId: ids[n - 1] ?? '', title: `New ${n}`, body: 'y' } });
    if (n % 4 === 3) await ann.ask(RetractPostDocument, { input: { postId: ids[n - 2] ?? '' } });
  }
};

const isSettled = (work: Promise<unknown>) =>
  Promise.race([work.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))]);
