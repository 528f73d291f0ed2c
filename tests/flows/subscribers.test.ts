import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeCursor } from '../../src/core/position.ts';
import { atLength } from '../support/at-length.ts';
import {
  FoundCommunityDocument,
  PostPublishedDocument,
  type PostPublishedSubscription,
  PublishPostDocument,
} from '../support/operations/typed/graphql.ts';
import { type Answer, type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let ann: Asker;

beforeAll(async () => {
  service = await openService();
  ann = await service.as('ann');
});
afterAll(() => service.close());

const found = async () => {
  const slug = `s-${randomUUID().slice(0, 8)}`;
  const { data } = await ann.ask(FoundCommunityDocument, { input: { name: slug, slug } });
  return data.foundCommunity?.community?.id ?? expect.fail('not founded');
};
const publish = async (communityId: string, title: string, body = title) => {
  const { data } = await ann.ask(PublishPostDocument, { input: { communityId, kind: 'DISCUSSION', title, body } });
  return data.publishPost?.post?.id ?? expect.fail('not published');
};

/** The next so many posts of a subscription, marks left out. */
const posts = async (deliveries: AsyncGenerator<Answer<PostPublishedSubscription>>, count: number) => {
  const ids: string[] = [];
  while (ids.length < count) {
    const { value, done } = await deliveries.next();
    if (done) break;
    const id = value.data.postPublished?.post?.id;
    if (id) ids.push(id);
  }
  return ids;
};

test('a subscriber whose socket is blocked delays nobody, and is given everything when it reads again', async () => {
  const communityId = await found();
  const subscribers = Array.from({ length: 20 }, () => ann.subscribe(PostPublishedDocument, { communityId }));
  for (const deliveries of subscribers) await deliveries.next();
  const [blocked, ...others] = subscribers;
  const published: string[] = [];
  // More than the buffers of a socket and of both its ends hold.
  for (let n = 0; n < 120; n += 1) published.push(await publish(communityId, `Post ${n}`, 'x'.repeat(20_000)));
  for (const given of await Promise.all(others.map((deliveries) => posts(deliveries, 120))))
    expect(given).toEqual(published);
  if (blocked) expect(await posts(blocked, 120)).toEqual(published);
  for (const deliveries of subscribers) await deliveries.return(undefined);
});

test('what was asked for, and what comes after its position, are together what is there now', async () => {
  const page = 'query ($id: ID!) { node(id: $id) { ... on Community { posts(first: 100) { nodes { id } } } } }';
  const ask = async (id: string) => {
    const { data, extensions } = await ann.query(page, { id });
    const { node } = data as { node: { posts: { nodes: { id: string }[] } } };
    return { ids: node.posts.nodes.map((each) => each.id).reverse(), position: extensions?.position ?? '' };
  };
  const drawn = fc.record({ before: fc.nat(3), during: fc.nat(4), after: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(drawn, async ({ before, during, after }) => {
      const communityId = await found();
      for (let n = 0; n < before; n += 1) await publish(communityId, `Before ${n}`);
      const writing = Promise.all(Array.from({ length: during }, (_, n) => publish(communityId, `During ${n}`)));
      const { ids, position } = await ask(communityId);
      for (let n = 0; n < after; n += 1) await publish(communityId, `After ${n}`);
      await writing;
      const now = await ask(communityId);
      const deliveries = ann.subscribe(PostPublishedDocument, { communityId, after: position });
      const more = await posts(deliveries, now.ids.length - ids.length);
      await deliveries.return(undefined);
      expect([...ids, ...more].sort()).toEqual([...now.ids].sort());
    }),
    { numRuns: atLength(8, 200) },
  );
});

test('a cursor of another log, of another incarnation, from the future, or no cursor: each is refused by its name, at every door', async () => {
  const communityId = await found();
  const { identity } = service.app.log;
  const head = await service.app.log.head();
  const refused = {
    CURSOR_OF_ANOTHER_LOG: encodeCursor({ ...identity, logId: randomUUID() }, head),
    CURSOR_OF_OLDER_INCARNATION: encodeCursor({ ...identity, incarnation: identity.incarnation + 1 }, head),
    CURSOR_FROM_THE_FUTURE: encodeCursor(identity, { position: head.position + 1_000n, eventId: randomUUID() }),
    CURSOR_MALFORMED: `${encodeCursor(identity, head).slice(0, -2)}AA`,
  };
  for (const [code, cursor] of Object.entries(refused)) {
    const { value } = await ann.subscribe(PostPublishedDocument, { communityId, after: cursor }).next();
    expect(value?.errors?.[0]?.extensions.code).toBe(code);
    const { errors } = await ann.query('{ __typename }', {}, { 'x-palabre-min-position': cursor });
    expect(errors?.[0]?.extensions.code).toBe(code);
  }
});
