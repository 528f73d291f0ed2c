import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gql } from '@apollo/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';
import {
  FoundCommunityDocument,
  PostPublishedDocument,
  type PostPublishedSubscription,
  PublishPostDocument,
} from '../support/operations/typed/graphql.ts';
import { palabre, type Running } from '../support/palabre.ts';
import { apollo } from './clients/apollo.ts';
import { events } from './clients/events.ts';
import * as overSse from './clients/graphql-sse.ts';
import * as overWs from './clients/graphql-ws.ts';
import { ask, type Server } from './clients/query.ts';
import { urql } from './clients/urql.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let issuer: TestIssuer;
let variables: Record<string, string>;
let running: Running;
/** Who writes. */
let ann: Server;
let communityId: string;

const ready = async (): Promise<Running> => {
  const server = palabre(['start', '--no-demo'], variables);
  await server.until(/The server is ready/);
  return server;
};

beforeAll(async () => {
  [database, issuer] = await Promise.all([freshDatabase(), startIssuer()]);
  const port = await freePort();
  variables = {
    ...issuer.variables,
    DATABASE_URL: database.connectionString,
    PALABRE_MASTER_KEY: 'ab'.repeat(32),
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'info',
  };
  running = await ready();
  ann = {
    url: `http://127.0.0.1:${port}`,
    token: () => issuer.sign({ sub: 'ann', name: 'Ann', roles: ['member'] }),
  };
  const { data } = await ask(ann, FoundCommunityDocument, { input: { name: 'Home', slug: 'home' } });
  communityId = data.foundCommunity?.community?.id ?? expect.fail('not founded');
}, 60_000);
afterAll(async () => {
  running.process.kill('SIGTERM');
  await running.ended;
  issuer.close();
  await database.drop();
});

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
};

const publish = async (title: string) => {
  const { data } = await ask(ann, PublishPostDocument, {
    input: { communityId, kind: 'DISCUSSION', title, body: 'x' },
  });
  return data.publishPost?.post?.id ?? expect.fail('not published');
};

/** What the log holds by now. */
const published = async () => {
  const leaving = new AbortController();
  const last = await publish('the last one');
  const ids: string[] = [];
  for await (const { subject } of events(ann, { after: 'start', types: ['PostPublished'], signal: leaving.signal })) {
    ids.push(subject ?? '');
    if (subject === last) break;
  }
  leaving.abort();
  return ids;
};

const query = String(PostPublishedDocument);
type Result = { readonly data?: unknown };
type Following = { readonly ids: string[]; readonly ends: unknown[]; leave(): void };

/** How each of the libraries is used, with its own way to come back. */
const clients: Record<
  string,
  (server: Server, take: (result: Result) => void, end: (why: unknown) => void) => () => void
> = {
  'graphql-ws': (server, next, end) =>
    overWs
      .connect(server, 100)
      .subscribe({ query, variables: { communityId } }, { next, error: end, complete: () => end('complete') }),
  'graphql-sse': (server, next, end) =>
    overSse
      .connect(server, 100)
      .subscribe({ query, variables: { communityId } }, { next, error: end, complete: () => end('complete') }),
  'Apollo Client': (server, next, end) => {
    const following = apollo(overWs.connect(server, 100))
      .subscribe({ query: gql(query), variables: { communityId } })
      .subscribe({ next, error: end, complete: () => end('complete') });
    return () => following.unsubscribe();
  },
  urql: (server, next) => {
    const following = urql(server.url, overWs.connect(server, 100))
      .subscription(query, { communityId })
      .subscribe(next);
    return () => following.unsubscribe();
  },
};

/** Begins to follow with each of them; resolves once each has been told where the present begins. */
const followAll = (token: () => Promise<string>): Promise<Record<string, Following>> => {
  const server = { url: ann.url, token };
  const all = Object.entries(clients).map(
    ([name, follow]) =>
      new Promise<[string, Following]>((resolve) => {
        const ids: string[] = [];
        const ends: unknown[] = [];
        const take = (result: Result) => {
          const { data, ...rest } = result as { data?: PostPublishedSubscription; error?: unknown; errors?: unknown };
          if (rest.errors ?? rest.error) ends.push(rest);
          const id = data?.postPublished?.post?.id;
          if (id) ids.push(id);
          else resolve([name, following]);
        };
        const leave = follow(server, take, (why) => void ends.push(why));
        const following: Following = { ids, ends, leave: () => leave() };
      }),
  );
  return Promise.all(all).then((entries) => Object.fromEntries(entries));
};

const inEach = <T>(all: Record<string, Following>, of: (following: Following) => T) =>
  Object.fromEntries(Object.entries(all).map(([name, following]) => [name, of(following)]));

/** While posts are published, something happens; afterwards each client has been told of each post once, and of no end. */
const survives = async (token: () => Promise<string>, happens: () => Promise<unknown>) => {
  const before = await published();
  const all = await followAll(token);
  let isOver = false;
  const writing = (async () => {
    // What the server did not answer may be stored or not: what was is read in the end.
    for (let n = 0; !isOver; n++) await publish(`post ${n}`).catch(() => pause(20));
  })();
  await expect.poll(() => Math.min(...Object.values(all).map(({ ids }) => ids.length))).toBeGreaterThan(3);
  await happens();
  // Clients wait a moment before they come back: this is what they would lose.
  for (let n = 0; n < 5; n++) await publish(`in between ${n}`);
  isOver = true;
  await writing;
  const told = (await published()).slice(before.length);
  const untilLast = () => inEach(all, ({ ids, ends }) => [ids.at(-1), ...ends]);
  await expect.poll(untilLast, { timeout: 30_000 }).toEqual(inEach(all, () => [told.at(-1)]));
  for (const { leave } of Object.values(all)) leave();
  expect(inEach(all, ({ ids }) => ids)).toEqual(inEach(all, () => told));
};

const stopped = async (signal: 'SIGTERM' | 'SIGKILL') => {
  running.process.kill(signal);
  await running.ended;
  running = await ready();
};
const bob = (ttl?: string) => issuer.sign({ sub: 'bob', name: 'Bob', roles: ['member'] }, ttl);

test('graphql-ws, graphql-sse, Apollo Client and urql miss nothing over a restart, and are told nothing twice', async () => {
  await survives(bob, () => stopped('SIGTERM'));
}, 120_000);

test('nor over a kill -9', async () => {
  await survives(bob, () => stopped('SIGKILL'));
}, 120_000);

test('nor over the end of their token: each comes back with a new one', async () => {
  let tokens = 0;
  const short = () => {
    tokens += 1;
    return bob('2s');
  };
  // Two of each: the first ones, and those that they came back with, which end too.
  await survives(short, () =>
    expect.poll(() => tokens, { timeout: 30_000 }).toBeGreaterThan(3 * Object.keys(clients).length),
  );
}, 120_000);
