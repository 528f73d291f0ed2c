import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openLogLines } from '../../src/adapters/log-lines.ts';
import { moveLog, verifyLogs } from '../../src/app/log-move.ts';
import type { App } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { encodeCursor, START } from '../../src/core/position.ts';
import { readOn } from '../adapters/appends.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { type KurrentTarget, kurrentTarget } from '../support/kurrentdb/target.ts';
import {
  FoundCommunityDocument,
  JoinCommunityDocument,
  PostPublishedDocument,
  PublishPostDocument,
} from '../support/operations/typed/graphql.ts';
import { type Asker, openService } from '../support/service.ts';

const SOON = { timeout: 60_000, interval: 50 };
const LONG = 240_000;
const POSTS = 8;

let kurrent: KurrentTarget;
let database: TestDatabase;
const silent = openLogLines({ level: 'silent', readable: false });

beforeAll(async () => {
  [kurrent, database] = await Promise.all([kurrentTarget(), freshDatabase()]);
});
afterAll(async () => {
  await kurrent.close();
  await database.drop();
});

const found = async (asker: Asker) => {
  const slug = `s-${randomUUID().slice(0, 8)}`;
  const { data } = await asker.ask(FoundCommunityDocument, { input: { name: slug, slug } });
  return data.foundCommunity?.community?.id ?? expect.fail('not founded');
};
const publish = async (asker: Asker, communityId: string, title: string) => {
  const answer = await asker.ask(PublishPostDocument, {
    input: { communityId, kind: 'DISCUSSION', title, body: title, idempotencyKey: title },
  });
  return {
    id: answer.data.publishPost?.post?.id ?? expect.fail(JSON.stringify(answer)),
    position: answer.data.publishPost?.position ?? expect.fail('no position'),
  };
};

const EVENTS = 'query ($after: String) { events(first: 5, after: $after) { nodes { eventId } } }';
const FOLLOW = 'subscription ($id: ID!, $after: String) { postPublished(communityId: $id, after: $after) { cursor } }';

/** The variables that a command line would have. */
const withNamespace = async <R>(variables: Readonly<Record<string, string>>, run: () => Promise<R>): Promise<R> => {
  for (const name of ['PALABRE_KURRENTDB_NAMESPACE', 'PALABRE_KURRENTDB_INSECURE'])
    vi.stubEnv(name, variables[name] ?? '');
  try {
    return await run();
  } finally {
    vi.unstubAllEnvs();
  }
};

const checksumsOf = async ({ readModels }: App) =>
  (await readModels.verify(readModels.names)).map(({ projection, tables }) => [
    projection,
    tables.map(({ table, rebuilt }) => [table, rebuilt?.rows]),
  ]);

test('two servers on one KurrentDB and one Postgres write and read as one, and the one left goes on', {
  timeout: LONG,
}, async () => {
  const namespace = kurrent.namespace();
  const variables = { ...kurrent.variables(namespace), DATABASE_URL: database.connectionString };
  const one = await openService(variables);
  const two = await openService(variables);
  const [ann, bob] = [await one.as('ann'), await two.as('bob')];
  const communityId = await found(ann);
  await vi.waitFor(async () => {
    const { data } = await bob.ask(JoinCommunityDocument, { input: { communityId } });
    expect(data.joinCommunity?.errors).toEqual([]);
  }, SOON);

  // From a place on: a server that is busy may open a stream later than a post is published.
  const after = encodeCursor(one.app.log.identity, await one.app.log.head());
  const follow = async (asker: Asker, count: number) => {
    const ids: string[] = [];
    for await (const { data } of asker.subscribe(PostPublishedDocument, { communityId, after })) {
      const id = data.postPublished?.post?.id;
      if (id) ids.push(id);
      if (ids.length === count) break;
    }
    return ids;
  };
  const following = [ann, bob].map((asker) => follow(asker, POSTS));
  await vi.waitFor(() => expect([one, two].map(({ streams }) => streams().open)).toEqual([1, 1]), SOON);
  const published: string[] = [];
  for (let n = 0; n < POSTS; n += 1) {
    const [writer, reader] = n % 2 === 0 ? [ann, bob] : [bob, ann];
    const { id, position } = await publish(writer, communityId, `Post ${n}`);
    published.push(id);
    const answer = await reader.query(
      'query ($id: ID!) { node(id: $id) { ... on Post { title } } }',
      { id },
      { 'x-palabre-min-position': position },
    );
    expect(answer).toMatchObject({ data: { node: { title: `Post ${n}` } } });
  }
  expect(await Promise.all(following)).toEqual([published, published]);

  const standing = await two.app.readModels.status();
  await one.close();
  await vi.waitFor(async () => {
    const now = await two.app.readModels.status();
    expect(now.map(({ state, fault }) => ({ state, fault }))).toEqual(
      standing.map(() => ({ state: 'following', fault: null })),
    );
  }, SOON);
  const { id, position } = await publish(bob, communityId, 'After');
  const shown = await bob.query(
    'query ($id: ID!) { node(id: $id) { ... on Post { title } } }',
    { id },
    { 'x-palabre-min-position': position },
  );
  expect(shown).toMatchObject({ data: { node: { title: 'After' } } });
  const proofs = await two.app.readModels.verify(two.app.readModels.names);
  expect(proofs.filter(({ equal }) => !equal)).toEqual([]);
  await two.close();
});

test('a log moves to a KurrentDB and back: every event, everything that knows places of it, and nobody writes to the old one', {
  timeout: LONG,
}, async () => {
  const namespace = kurrent.namespace();
  const home = await freshDatabase();
  const atHome = { DATABASE_URL: home.connectionString };
  const moved = { ...kurrent.variables(namespace), ...atHome };
  const ends = { logger: silent, kurrent: kurrent.url, postgres: home.connectionString };
  const config = loadConfig({ ...moved, PALABRE_MASTER_KEY: 'ab'.repeat(32) });
  const progress: string[] = [];
  const move = (from: string, to: string) =>
    withNamespace(moved, () =>
      moveLog(config, { from, to, logger: silent, onProgress: ({ phase }) => progress.push(phase), grace: 0 }),
    );
  const compare = () =>
    withNamespace(moved, () =>
      verifyLogs(config, { from: ends.postgres, to: ends.kurrent, logger: silent, onEvents: () => {} }),
    );

  const first = await openService(atHome);
  const ann = await first.as('ann');
  const communityId = await found(ann);
  for (let n = 0; n < 3; n += 1) await publish(ann, communityId, `Before ${n}`);
  const before = await readOn(first.app.log, START);
  const stale = encodeCursor(first.app.log.identity, await first.app.log.head());

  expect(await move(ends.postgres, ends.kurrent)).toMatchObject({ events: before.length, incarnation: 2 });
  expect(new Set(progress)).toEqual(
    new Set(['comparing what is there', 'copying', 'copying the rest', 'comparing all']),
  );
  expect(await compare()).toEqual({ events: before.length, difference: null });

  // Whoever still runs on the old log reads, and writes nothing.
  const refused = await ann.query(
    'mutation ($input: PublishPostInput!) { publishPost(input: $input) { post { id } } }',
    {
      input: { communityId, kind: 'DISCUSSION', title: 'Too late', body: 'Too late' },
    },
  );
  expect(refused.errors?.map(({ extensions }) => extensions.code)).toEqual(['READ_ONLY']);
  expect(await ann.query('{ communities(first: 1) { nodes { id } } }')).toMatchObject({
    data: { communities: { nodes: [{ id: communityId }] } },
  });
  await first.close();
  await expect(openService(atHome)).rejects.toThrow(/set KURRENTDB_URL/);

  const second = await openService(moved);
  expect(second.app.log.identity).toEqual({ logId: first.app.log.identity.logId, incarnation: 2 });
  const there = await readOn(second.app.log, START);
  expect(there.map(({ position: _, ...event }) => event)).toEqual(before.map(({ position: _, ...event }) => event));
  expect((await second.app.readModels.status()).map(({ state }) => state)).toEqual(
    second.app.readModels.names.map(() => 'following'),
  );
  const equalAsItWas = await second.app.readModels.verify(second.app.readModels.names);
  expect(equalAsItWas.filter(({ equal }) => !equal)).toEqual([]);
  expect(await second.app.readModels.rebuild(second.app.readModels.names)).toEqual(new Map());

  const bob = await second.as('bob', ['member', 'admin']);
  await bob.query('{ viewer { id } }');
  // Whoever comes with a place of the old life is told, and where to begin now: at every door.
  const refusal = {
    code: 'CURSOR_OF_OLDER_INCARNATION',
    cursor: encodeCursor(second.app.log.identity, await second.app.log.head()),
  };
  const atLeast = await bob.query(
    '{ communities(first: 1) { nodes { id } } }',
    {},
    { 'x-palabre-min-position': stale },
  );
  expect(atLeast.errors?.map(({ extensions }) => extensions)).toMatchObject([refusal]);
  const page = await bob.query(EVENTS, { after: stale });
  expect(page.errors?.map(({ extensions }) => extensions)).toMatchObject([refusal]);
  expect(await bob.query(EVENTS, { after: refusal.cursor })).toMatchObject({ data: { events: { nodes: [] } } });
  const [opening] = [await bob.subscribeTo(FOLLOW, { id: communityId, after: stale }).next()];
  expect(opening.value?.errors?.[0]?.extensions).toMatchObject(refusal);
  await publish(bob, communityId, 'On the other log').catch(() => {});
  await second.as('carl').then((carl) => carl.query('{ viewer { id } }'));
  const more = await readOn(second.app.log, START);
  const checksums = await checksumsOf(second.app);
  await second.close();

  expect(await move(ends.kurrent, ends.postgres)).toMatchObject({ events: more.length, incarnation: 3 });
  const third = await openService(atHome);
  expect(third.app.log.identity.incarnation).toBe(3);
  const back = await readOn(third.app.log, START);
  expect(back.map(({ position: _, ...event }) => event)).toEqual(more.map(({ position: _, ...event }) => event));
  const again = await third.app.readModels.verify(third.app.readModels.names);
  expect(again.filter(({ equal }) => !equal)).toEqual([]);
  expect(await checksumsOf(third.app)).toEqual(checksums);
  // What was done on the other log is known here, too: a repeat is answered, not done again.
  const [last] = more.filter(({ type }) => type === 'CommunityFounded');
  if (!last) throw new Error('Nothing was founded.');
  const repeated = await third.app.log.append([
    { ...last.metadata, stream: last.stream, expected: 'none', events: [last] },
  ]);
  expect(repeated).toMatchObject([{ status: 'duplicate', revision: last.revision }]);
  await third.close();
  await expect(withNamespace(moved, () => openService(moved))).rejects.toThrow(/holds a log of its own/);
  await home.drop();
});
