import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CommunityActivityDocument,
  FoundCommunityDocument,
  InviteMemberDocument,
  JoinCommunityDocument,
  LeaveCommunityDocument,
  PostPublishedDocument,
  type PostPublishedSubscription,
  PublishCommentDocument,
  PublishPostDocument,
  ViewerDocument,
} from '../support/operations/typed/graphql.ts';
import { type Answer, type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let ann: Asker;
let bob: Asker;

beforeAll(async () => {
  service = await openService();
  [ann, bob] = await Promise.all([service.as('ann'), service.as('bob')]);
});
afterAll(() => service.close());

const found = async (slug: string, visibility: 'PUBLIC' | 'PRIVATE' = 'PUBLIC') => {
  const { data } = await ann.ask(FoundCommunityDocument, { input: { name: slug, slug, visibility } });
  return data.foundCommunity?.community?.id ?? expect.fail('not founded');
};

const publish = async (communityId: string, title: string) => {
  const { data } = await ann.ask(PublishPostDocument, {
    input: { communityId, kind: 'DISCUSSION', title, body: title },
  });
  return data.publishPost ?? expect.fail('not published');
};

/** The titles delivered until `count` of them came, and the last cursor; every delivery was checked for its own. */
const titles = async (deliveries: AsyncGenerator<Answer<PostPublishedSubscription>>, count: number) => {
  const seen: (string | null)[] = [];
  let cursor = '';
  for await (const { data } of deliveries) {
    if (!data.postPublished) continue;
    cursor = data.postPublished.cursor;
    if (data.postPublished.post) seen.push(data.postPublished.post.title);
    if (seen.length === count) break;
  }
  return { seen, cursor };
};

test('a subscriber is told where the present begins, and then each post as it is published', async () => {
  const communityId = await found('live');
  const deliveries = bob.subscribe(PostPublishedDocument, { communityId });
  const mark = await deliveries.next();
  expect(mark.value?.data.postPublished).toEqual({ cursor: expect.any(String), caughtUp: true, post: null });
  await publish(communityId, 'One');
  await publish(await found('elsewhere'), 'Not here');
  await publish(communityId, 'Two');
  expect((await titles(deliveries, 2)).seen).toEqual(['One', 'Two']);
});

test('a subscription that goes on from a cursor misses nothing and repeats nothing, wherever it was cut', async () => {
  const communityId = await found('resumed');
  const position = (await publish(communityId, 'Before')).position ?? '';
  const all = Array.from({ length: 12 }, (_, n) => `Post ${n}`);
  const writing = (async () => {
    for (const title of all) await publish(communityId, title);
  })();
  const received: (string | null)[] = [];
  for (let after = position; received.length < all.length; ) {
    const part = await titles(
      bob.subscribe(PostPublishedDocument, { communityId, after }),
      Math.min(5, all.length - received.length),
    );
    received.push(...part.seen);
    after = part.cursor;
  }
  await writing;
  expect(received).toEqual(all);
});

test('comments arrive as activity of the community', async () => {
  const communityId = await found('activity');
  const { post } = await publish(communityId, 'Something');
  const deliveries = bob.subscribe(CommunityActivityDocument, { communityId });
  await deliveries.next();
  await bob.ask(JoinCommunityDocument, { input: { communityId } });
  const { data } = await bob.ask(PublishCommentDocument, { input: { postId: post?.id ?? '', body: 'Indeed' } });
  const { value } = await deliveries.next();
  expect(value?.data.communityActivity?.activity).toEqual({
    kind: 'COMMENT_PUBLISHED',
    post: { id: post?.id },
    comment: { id: data.publishComment?.comment?.id },
  });
  await deliveries.return(undefined);
});

test('whoever leaves a private community hears no more of it', async () => {
  const communityId = await found('left', 'PRIVATE');
  const { data: who } = await bob.ask(ViewerDocument, {});
  const refused = await bob.subscribe(PostPublishedDocument, { communityId }).next();
  expect(refused.value?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');

  await ann.ask(InviteMemberDocument, { input: { communityId, memberId: who.viewer?.id ?? '' } });
  await bob.ask(JoinCommunityDocument, { input: { communityId } });
  const deliveries = bob.subscribe(PostPublishedDocument, { communityId });
  await deliveries.next();
  await publish(communityId, 'Seen');
  expect((await deliveries.next()).value?.data.postPublished?.post?.title).toBe('Seen');
  await bob.ask(LeaveCommunityDocument, { input: { communityId } });
  await publish(communityId, 'Unseen');
  const { value } = await deliveries.next();
  expect(JSON.stringify(value)).not.toContain('Unseen');
  expect(value?.data?.postPublished ?? null).toBeNull();
  expect(value?.errors?.[0]?.extensions.code ?? 'NOT_FOUND').toBe('NOT_FOUND');
});

test.each(['nonsense', ''])('the cursor %j is refused by name', async (after) => {
  const communityId = await found(`cursor-${after.length}`);
  const { value } = await bob.subscribe(PostPublishedDocument, { communityId, after }).next();
  expect(value?.errors?.[0]?.extensions.code).toBe('CURSOR_MALFORMED');
});
