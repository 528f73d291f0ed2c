import { afterAll, beforeAll, expect, test } from 'vitest';
import { localId } from '../../schema/global-id.ts';
import {
  AssignRoleDocument,
  EarlyListsDocument,
  EarlyPostDocument,
  FoundCommunityDocument,
  JoinCommunityDocument,
  PostPublishedDocument,
  type PostPublishedSubscription,
  PublishCommentDocument,
  PublishEarlyDocument,
  PublishPostDocument,
  RetractPostDocument,
  ViewerDocument,
  WithdrawEarlyAccessDocument,
} from '../support/operations/typed/graphql.ts';
import { type Answer, type Asker, openService, type Service } from '../support/service.ts';

// An announcement that experts and one member by name have before the others. Bob is an expert, Carl is named, Dora is outside.
let service: Service;
let ann: Asker;
let bob: Asker;
let carl: Asker;
let dora: Asker;
let communityId: string;
let carlId: string;

const idOf = async (asker: Asker) => (await asker.ask(ViewerDocument, {})).data.viewer?.id ?? expect.fail('nobody');

beforeAll(async () => {
  service = await openService({ PALABRE_LIMITS: 'off' });
  [ann, bob, carl, dora] = await Promise.all([
    service.as('ann'),
    service.as('bob'),
    service.as('carl'),
    service.as('dora'),
  ]);
  const { data } = await ann.ask(FoundCommunityDocument, { input: { name: 'Greenhouse', slug: 'greenhouse' } });
  communityId = data.foundCommunity?.community?.id ?? expect.fail('not founded');
  for (const member of [bob, carl, dora]) await member.ask(JoinCommunityDocument, { input: { communityId } });
  carlId = await idOf(carl);
  const role = { communityId, memberId: await idOf(bob), role: 'EXPERT', reason: 'Knows glass.' } as const;
  expect((await ann.ask(AssignRoleDocument, { input: role })).data.assignRole?.errors).toEqual([]);
});
afterAll(() => service.close());

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const HOUR = 3_600;

const publishEarly = async (opensAt: string, who = ann) => {
  const earlyAccess = { opensAt, audience: { roles: ['EXPERT' as const], memberIds: [carlId] } };
  const { data } = await who.ask(PublishEarlyDocument, {
    input: { communityId, kind: 'ANNOUNCEMENT', title: 'It is of glass', body: 'You see it first.', earlyAccess },
  });
  return data.publishPost?.post ?? expect.fail('not published');
};
const publish = async (title: string) => {
  const { data } = await ann.ask(PublishPostDocument, {
    input: { communityId, kind: 'DISCUSSION', title, body: title },
  });
  return data.publishPost?.post?.id ?? expect.fail('not published');
};
const show = async (asker: Asker, id: string) => (await asker.ask(EarlyPostDocument, { id })).data.node;
const lists = async (asker: Asker) => {
  const { data } = await asker.ask(EarlyListsDocument, { communityId });
  const idsIn = (list: { nodes: readonly { id: string }[] } | null | undefined) =>
    list?.nodes.map(({ id }) => id) ?? [];
  const { community } = data;
  const [home, feed, posts] = [idsIn(data.feed), idsIn(community?.feed), idsIn(community?.posts)];
  // Whatever is listed for somebody is counted for them, and nothing else.
  const totals = [data.feed?.totalCount, community?.feed.totalCount, community?.posts.totalCount];
  expect(totals).toEqual([home.length, feed.length, posts.length]);
  return { home, feed, posts, counts: [community?.postCount, ...totals] };
};

type Delivery = Answer<PostPublishedSubscription>;

/** The next post that a subscriber is told of. */
const told = async (deliveries: AsyncGenerator<Delivery>) => {
  for (;;) {
    const { value } = await deliveries.next();
    const post = (value as Delivery).data.postPublished?.post;
    if (post) return post.id;
  }
};
const following = async (asker: Asker, after?: string) => {
  const deliveries = asker.subscribe(PostPublishedDocument, { communityId, after: after ?? null });
  await deliveries.next();
  return deliveries;
};

test('a post is for its author and audience first, and for the others from its opening on, by itself', async () => {
  const [atBob, atDora] = [await following(bob), await following(dora)];
  const before = (await ann.ask(EarlyListsDocument, { communityId })).extensions?.position;
  const opensAt = inSeconds(3);
  const early = await publishEarly(opensAt);
  expect(early.earlyAccess).toEqual({
    opensAt,
    openedAt: null,
    withdrawnAt: null,
    audience: { roles: ['EXPERT'], members: [{ handle: 'carl' }] },
  });
  const later = await publish('Said meanwhile');
  expect(await told(atBob)).toBe(early.id);
  expect(await told(atBob)).toBe(later);
  const toldToDora = [await told(atDora), await told(atDora)];
  const opening = await lastOf(early.id);
  expect(opening).toMatchObject({ type: 'EarlyAccessOpened', metadata: { occurredAt: opensAt, actor: 'system' } });
  expect(Date.parse(opening?.recordedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(opensAt));
  // To Dora the post comes with the opening, and what was said meanwhile before it, unless somebody dawdled.
  const wasSaid = ((await lastOf(later))?.position ?? 0n) < (opening?.position ?? 0n);
  const inOrder = wasSaid ? [later, early.id] : [early.id, later];
  expect(toldToDora).toEqual(inOrder);

  for (const who of [ann, bob, carl, dora])
    expect(await show(who, early.id)).toMatchObject({
      title: 'It is of glass',
      publishedAt: early.publishedAt,
      // Whom it was for, its author alone goes on seeing.
      earlyAccess: {
        ...{ opensAt, openedAt: opensAt },
        audience: who === ann ? { roles: ['EXPERT'], members: [{ handle: 'carl' }] } : null,
      },
    });
  // Each has it once: where it was published, or where it was opened.
  for (const who of [ann, bob, carl]) {
    const { home, feed } = await lists(who);
    expect([home, feed]).toEqual([
      [later, early.id],
      [later, early.id],
    ]);
  }
  const { home, feed, posts, counts } = await lists(dora);
  expect([home, feed]).toEqual([inOrder.toReversed(), inOrder.toReversed()]);
  expect(posts).toEqual([later, early.id]);
  expect(counts).toEqual([2, 2, 2, 2]);
  // Who reads up later is told what each was told, once.
  const toldFrom = async (who: Asker) => {
    const again = who.subscribe(PostPublishedDocument, { communityId, after: before ?? null });
    const both = [await told(again), await told(again)];
    await again.return(undefined);
    return both;
  };
  expect(await toldFrom(bob)).toEqual([early.id, later]);
  expect(await toldFrom(dora)).toEqual(inOrder);
});

/** The last event of a post. */
const lastOf = async (id: string) => (await service.app.log.readStream(`post-${localId('Post', id)}`)).at(-1);

test('before the opening it is there, and counted, for nobody outside', async () => {
  const before = await lists(dora);
  const { id: postId } = await publishEarly(inSeconds(HOUR));
  for (const who of [ann, bob, carl]) {
    const seen = await lists(who);
    expect(seen.home[0]).toBe(postId);
    expect(seen.feed[0]).toBe(postId);
    expect(seen.posts[0]).toBe(postId);
    expect(seen.counts).toEqual(before.counts.map((count, n) => Number(count) + (n === 0 ? 0 : 1)));
  }
  const { data } = await bob.ask(PublishCommentDocument, { input: { postId, body: 'How large is it?' } });
  const commentId = data.publishComment?.comment?.id ?? expect.fail('not said');
  expect(await show(carl, postId)).toMatchObject({ commentCount: 1 });
  expect(await lists(dora)).toEqual(before);
  expect(await show(dora, postId)).toBeNull();
  expect(await show(dora, commentId)).toBeNull();
  const refused = await dora.ask(PublishCommentDocument, { input: { postId, body: 'Is it there?' } });
  expect(refused.data.publishComment?.errors).toMatchObject([{ code: 'POST_NOT_FOUND' }]);
});

test('one that is withdrawn stays with its audience, and the others never hear of it', async () => {
  const before = await lists(dora);
  const atDora = await following(dora);
  const { id: postId } = await publishEarly(inSeconds(HOUR));
  const refused = await bob.ask(WithdrawEarlyAccessDocument, { input: { postId } });
  expect(refused.data.withdrawEarlyAccess).toEqual({ post: null, errors: [{ code: 'NOT_ALLOWED', path: null }] });
  const unseen = await dora.ask(WithdrawEarlyAccessDocument, { input: { postId } });
  expect(unseen.data.withdrawEarlyAccess?.errors).toEqual([{ code: 'POST_NOT_FOUND', path: ['postId'] }]);
  const { data } = await ann.ask(WithdrawEarlyAccessDocument, { input: { postId } });
  expect(data.withdrawEarlyAccess).toMatchObject({
    errors: [],
    post: { isRetracted: false, earlyAccess: { openedAt: null, withdrawnAt: expect.any(String) } },
  });
  expect(await show(bob, postId)).toMatchObject({ title: 'It is of glass' });
  expect(await show(dora, postId)).toBeNull();
  const next = await publish('After the withdrawal');
  expect(await told(atDora)).toBe(next);
  expect((await lists(dora)).posts).toEqual([next, ...before.posts]);
  for (const who of [ann, bob, carl]) expect((await lists(who)).posts.slice(0, 2)).toEqual([next, postId]);
});

test('the audience is judged whenever somebody looks: a role that ends closes the post again', async () => {
  const { id: postId } = await publishEarly(inSeconds(HOUR));
  const memberId = await idOf(dora);
  const role = { communityId, memberId, role: 'EXPERT', reason: 'For a day.' } as const;
  await ann.ask(AssignRoleDocument, { input: role });
  expect(await show(dora, postId)).toMatchObject({ title: 'It is of glass' });
  expect((await lists(dora)).posts[0]).toBe(postId);
  await ann.query('mutation ($input: EndRoleInput!) { endRole(input: $input) { errors { code } } }', {
    input: { communityId, memberId, role: 'EXPERT' },
  });
  expect(await show(dora, postId)).toBeNull();
  expect((await lists(dora)).posts).not.toContain(postId);
});

test('one that is taken back before its opening opens for nobody', async () => {
  const { id: postId } = await publishEarly(inSeconds(HOUR));
  const counts = (await lists(dora)).counts;
  await ann.ask(RetractPostDocument, { input: { postId } });
  expect(await show(bob, postId)).toMatchObject({ isRetracted: true, title: null });
  expect(await show(dora, postId)).toBeNull();
  expect((await lists(bob)).home).not.toContain(postId);
  expect((await lists(dora)).counts).toEqual(counts);
});

test('what cannot be is refused by name, at its place', async () => {
  const refusal = async (kind: 'QUESTION' | 'DISCUSSION', opensAt: string, roles: readonly 'EXPERT'[]) => {
    const { data } = await ann.ask(PublishEarlyDocument, {
      input: { communityId, kind, title: 'No', body: 'No', earlyAccess: { opensAt, audience: { roles: [...roles] } } },
    });
    return data.publishPost?.errors;
  };
  expect(await refusal('QUESTION', inSeconds(HOUR), ['EXPERT'])).toEqual([
    { code: 'EARLY_ACCESS_TO_QUESTION', path: ['earlyAccess'] },
  ]);
  expect(await refusal('DISCUSSION', inSeconds(HOUR), [])).toEqual([
    { code: 'AUDIENCE_EMPTY', path: ['earlyAccess', 'audience'] },
  ]);
  expect(await refusal('DISCUSSION', inSeconds(-1), ['EXPERT'])).toEqual([
    { code: 'OPENING_IN_THE_PAST', path: ['earlyAccess', 'opensAt'] },
  ]);
});

test('what was folded event by event is what a rebuild makes of the log', async () => {
  const proofs = await service.app.readModels.verify([...service.app.readModels.names]);
  for (const proof of proofs) expect(proof).toMatchObject({ equal: true });
});
