import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  AcceptAnswerDocument,
  AddReactionDocument,
  EditPostDocument,
  FoundCommunityDocument,
  HomeFeedDocument,
  JoinCommunityDocument,
  PublishCommentDocument,
  PublishPostDocument,
  RenameCommunityDocument,
  RetractPostDocument,
  ThreadDocument,
  ViewerDocument,
} from '../support/operations/typed/graphql.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let ann: Asker;
let bob: Asker;

beforeAll(async () => {
  service = await openService();
  [ann, bob] = await Promise.all([service.as('ann'), service.as('bob')]);
});
afterAll(() => service.close());

const found = async (asker: Asker, slug: string, visibility: 'PUBLIC' | 'PRIVATE' = 'PUBLIC') => {
  const { data } = await asker.ask(FoundCommunityDocument, { input: { name: slug, slug, visibility } });
  return data.foundCommunity?.community ?? expect.fail('not founded');
};

const publish = async (
  asker: Asker,
  communityId: string,
  title: string,
  kind: 'QUESTION' | 'DISCUSSION' = 'DISCUSSION',
) => {
  const { data } = await asker.ask(PublishPostDocument, {
    input: { communityId, kind, title, body: `About ${title}` },
  });
  return data.publishPost?.post ?? expect.fail('not published');
};

test('a newcomer is a member at the first request', async () => {
  const { data } = await (await service.as('newcomer')).ask(ViewerDocument, {});
  expect(data.viewer).toMatchObject({ handle: 'newcomer', name: 'newcomer', isErased: false });
  expect(data.viewerRoles).toEqual(['MEMBER']);
});

test('found, join, ask, answer, accept, react, edit, retract: each own write is in its answer and in the next query', async () => {
  const garden = await found(ann, 'garden');
  expect(garden).toMatchObject({ memberCount: 1, founder: { handle: 'ann' }, viewerMembership: { status: 'JOINED' } });

  const joined = await bob.ask(JoinCommunityDocument, { input: { communityId: garden.id } });
  expect(joined.data.joinCommunity?.community).toEqual({ memberCount: 2, viewerMembership: { status: 'JOINED' } });

  const question = await publish(ann, garden.id, 'Why do leaves fall?', 'QUESTION');
  expect(question).toMatchObject({ title: 'Why do leaves fall?', commentCount: 0, author: { name: 'ann' } });
  const feed = await bob.ask(HomeFeedDocument, {});
  expect(feed.data.feed?.edges.map(({ node }) => node.id)).toEqual([question.id]);

  const answered = await bob.ask(PublishCommentDocument, {
    input: { postId: question.id, kind: 'ANSWER', body: 'To save water.' },
  });
  const answer = answered.data.publishComment?.comment ?? expect.fail('not answered');
  expect(answer).toMatchObject({ kind: 'ANSWER', depth: 1, post: { commentCount: 1, answerCount: 1 } });

  const accepted = await ann.ask(AcceptAnswerDocument, { input: { postId: question.id, commentId: answer.id } });
  expect(accepted.data.acceptAnswer?.post).toEqual({
    isResolved: true,
    acceptedAnswer: { id: answer.id, isAccepted: true },
  });

  const reacted = await bob.ask(AddReactionDocument, { input: { targetId: question.id, kind: 'tada' } });
  expect(reacted.data.addReaction?.target).toEqual({
    reactionCount: 1,
    reactions: [{ kind: 'tada', count: 1, viewerReacted: true }],
  });

  const input = { postId: question.id, title: 'Why do leaves turn?', body: 'In autumn.' };
  const edited = await ann.ask(EditPostDocument, { input: { ...input, expectedRevision: accepted.data ? 1 : 0 } });
  expect(edited.data.editPost?.post).toMatchObject({ title: 'Why do leaves turn?', editedAt: expect.any(String) });

  const retracted = await ann.ask(RetractPostDocument, { input: { postId: question.id } });
  expect(retracted.data.retractPost?.post).toMatchObject({
    title: null,
    body: null,
    isRetracted: true,
    isErased: false,
  });
  const thread = await bob.ask(ThreadDocument, { id: question.id });
  expect(thread.data.node).toMatchObject({ isRetracted: true, comments: { nodes: [{ id: answer.id }] } });
  expect((await bob.ask(HomeFeedDocument, {})).data.feed?.edges).toEqual([]);
});

test('a rule that says no is an error in the payload, with its code and its place in the input', async () => {
  const garden = await found(ann, 'rules');
  const outside = await bob.ask(PublishPostDocument, {
    input: { communityId: garden.id, kind: 'DISCUSSION', title: 'Hello', body: 'Hello' },
  });
  expect(outside.data.publishPost).toMatchObject({ post: null, errors: [{ code: 'NOT_A_MEMBER' }], position: null });
  const empty = await ann.ask(PublishPostDocument, {
    input: { communityId: garden.id, kind: 'DISCUSSION', title: ' ', body: '' },
  });
  expect(empty.data.publishPost?.errors).toEqual([
    { code: 'INVALID_INPUT', path: ['title'] },
    { code: 'INVALID_INPUT', path: ['body'] },
  ]);
  const taken = await bob.ask(FoundCommunityDocument, { input: { name: 'Rules', slug: 'rules' } });
  expect(taken.data.foundCommunity?.errors).toEqual([
    { code: 'SLUG_TAKEN', message: expect.any(String), path: ['slug'] },
  ]);
  const nowhere = await ann.ask(JoinCommunityDocument, { input: { communityId: 'no id at all' } });
  expect(nowhere.data.joinCommunity?.errors).toEqual([{ code: 'COMMUNITY_NOT_FOUND' }]);
});

test('whoever edits what has changed since hears which revision it has', async () => {
  const garden = await found(ann, 'races');
  const rename = (name: string) =>
    ann.ask(RenameCommunityDocument, { input: { communityId: garden.id, name, expectedRevision: garden.revision } });
  expect((await rename('First')).data.renameCommunity?.community).toEqual({ name: 'First', revision: 1 });
  expect((await rename('Second')).data.renameCommunity).toEqual({
    community: null,
    errors: [{ code: 'REVISION_CONFLICT', path: ['expectedRevision'], actualRevision: 1 }],
  });
});

test('a mutation that is sent twice with one key is done once and answers the same', async () => {
  const { id: communityId } = await found(ann, 'twice');
  const input = { communityId, kind: 'DISCUSSION', title: 'Once', body: 'Once', idempotencyKey: 'k1' } as const;
  const first = await ann.ask(PublishPostDocument, { input });
  const second = await ann.ask(PublishPostDocument, { input });
  expect(second.data).toEqual(first.data);
  const other = await ann.ask(PublishPostDocument, { input: { ...input, title: 'Twice' } });
  expect(other.data.publishPost?.errors).toEqual([{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['idempotencyKey'] }]);
});

test('pages forward and backward visit everything once', async () => {
  const carl = await service.as('carl');
  const { id } = await found(carl, 'pages');
  const titles = Array.from({ length: 23 }, (_, n) => `Post ${n}`);
  for (const title of titles) await publish(carl, id, title);

  const forward: string[] = [];
  for (let after: string | null = null; ; ) {
    const { feed } = (await carl.ask(HomeFeedDocument, { first: 5, after })).data as Pages;
    expect(feed.totalCount).toBe(23);
    expect(feed.pageInfo.hasPreviousPage).toBe(after !== null);
    forward.push(...feed.edges.map(({ node }) => node.title));
    if (!feed.pageInfo.hasNextPage) break;
    after = feed.pageInfo.endCursor;
  }
  expect(forward).toEqual([...titles].reverse());

  const backward: string[] = [];
  for (let before: string | null = null; ; ) {
    const { feed } = (await carl.ask(HomeFeedDocument, { last: 5, before })).data as Pages;
    backward.unshift(...feed.edges.map(({ node }) => node.title));
    if (!feed.pageInfo.hasPreviousPage) break;
    before = feed.pageInfo.startCursor;
  }
  expect(backward).toEqual(forward);
});

type Pages = {
  readonly feed: {
    readonly totalCount: number;
    readonly edges: readonly { readonly node: { readonly title: string } }[];
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly startCursor: string;
      readonly endCursor: string;
    };
  };
};

test.each([
  ['{ communities(first: 0) { totalCount } }', 'PAGE_SIZE_OUT_OF_RANGE'],
  ['{ communities(first: 101) { totalCount } }', 'PAGE_SIZE_OUT_OF_RANGE'],
  ['{ communities(first: 1, last: 1) { totalCount } }', 'PAGE_SIZE_OUT_OF_RANGE'],
  ['{ communities(after: "nonsense") { totalCount } }', 'CURSOR_MALFORMED'],
  ['{ community { id } }', 'BAD_USER_INPUT'],
  ['{ events { nodes { type } } }', 'FORBIDDEN'],
  [
    '{ organisation { engagement(from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z") { messages } } }',
    'WINDOW_INVALID',
  ],
  [`{ nodes(ids: ${JSON.stringify(Array(101).fill('x'))}) { id } }`, 'LIST_TOO_LONG'],
])('%s is refused as %s', async (document, code) => {
  const { errors } = await ann.query(document);
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
});

test('ids that are malformed, unknown or of another type are nobody', async () => {
  const { data, errors } = await ann.query(
    '{ nodes(ids: ["", "x", "AQT_________________________"]) { id } node(id: "AQT") { id } community(slug: "no\\u0000slug") { id } }',
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({ nodes: [null, null, null], node: null, community: null });
});

test('one nested query costs a handful of statements, however many posts there are', async () => {
  const dora = await service.as('dora');
  const { id, slug } = await found(dora, 'statements');
  for (let n = 0; n < 8; n++) {
    const post = await publish(dora, id, `Post ${n}`);
    await dora.ask(PublishCommentDocument, { input: { postId: post.id, body: 'Indeed.' } });
    await dora.ask(AddReactionDocument, { input: { targetId: post.id, kind: 'tada' } });
  }
  const document = `{ community(slug: "${slug}") { name posts(first: 20) { nodes {
    title commentCount reactionCount author { name } community { name } reactions { kind count viewerReacted }
    comments(first: 3) { totalCount nodes { body author { handle } } } } } } }`;
  const first = await dora.query(document);
  const before = service.app.reader.statements();
  const again = await dora.query(document);
  const statements = service.app.reader.statements() - before;
  expect(JSON.stringify(first)).toContain('"viewerReacted":true');
  // Community, posts, members, reaction totals, own reactions, comments and their number.
  expect(statements).toBeLessThanOrEqual(7);
  expect(again.data).toEqual(first.data);
});

test('a destroyed key reads as erased all the way', async () => {
  const eve = await service.as('eve');
  const { id } = await found(eve, 'erasure');
  const post = await publish(eve, id, 'Remember me');
  const [registered] = (await service.app.log.readStream(`post-${await uuidOf(post.id)}`)).map(
    ({ metadata }) => metadata,
  );
  await service.app.sealing.destroy(registered?.actor ?? '');
  const { data } = await ann.ask(ThreadDocument, { id: post.id });
  expect(data.node).toMatchObject({ title: null, body: null, isErased: true, author: { name: null, isErased: true } });
});

const uuidOf = async (globalId: string) =>
  Buffer.from(globalId, 'base64url')
    .toString('hex', 2)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
