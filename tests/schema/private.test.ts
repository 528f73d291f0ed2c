import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  FoundCommunityDocument,
  InviteMemberDocument,
  JoinCommunityDocument,
  LeaveCommunityDocument,
  PublishCommentDocument,
  PublishPostDocument,
  ViewerDocument,
} from '../support/operations/typed/graphql.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

const SECRET = 'planted-secret';

let service: Service;
let ann: Asker;
let bob: Asker;
let stranger: Asker;
let analyst: Asker;
let communityId: string;
let postId: string;
let commentId: string;

beforeAll(async () => {
  // Every door at once is more than one operation may cost.
  service = await openService({ PALABRE_LIMITS: 'off' });
  [ann, bob, stranger] = await Promise.all([service.as('ann'), service.as('bob'), service.as('stranger')]);
  analyst = await service.as('analyst', ['analyst']);
  const { data } = await ann.ask(FoundCommunityDocument, {
    input: { name: SECRET, slug: SECRET, description: SECRET, visibility: 'PRIVATE', joinPolicy: 'BY_INVITATION' },
  });
  communityId = data.foundCommunity?.community?.id ?? '';
  const { data: posted } = await ann.ask(PublishPostDocument, {
    input: { communityId, kind: 'QUESTION', title: SECRET, body: SECRET },
  });
  postId = posted.publishPost?.post?.id ?? '';
  const { data: said } = await ann.ask(PublishCommentDocument, { input: { postId, body: SECRET } });
  commentId = said.publishComment?.comment?.id ?? '';
});
afterAll(() => service.close());

const DOORS = `query ($id: ID!, $post: ID!, $comment: ID!, $ann: String!) {
  bySlug: community(slug: "${SECRET}") { ...all }
  byId: community(id: $id) { ...all }
  node(id: $id) { id ...all }
  nodes(ids: [$id, $post, $comment]) { id ... on Post { title body } ... on Comment { body post { title } } }
  communities(filter: { includeArchived: true }) { totalCount nodes { ...all } }
  invitations { nodes { ...all } }
  feed { totalCount nodes { title body } }
  member(handle: $ann) { communities { totalCount nodes { ...all } } }
  viewer { communities { nodes { ...all } } }
  organisation { totals { communities topics messagesAll } ...figures }
}
fragment all on Community {
  name slug description feed { nodes { title } } posts { nodes { title comments { nodes { body } } } }
  engagement(from: "2020-01-01T00:00:00Z", to: "2040-01-01T00:00:00Z") { messages }
}
fragment figures on Organisation {
  engagement(from: "2020-01-01T00:00:00Z", to: "2040-01-01T00:00:00Z") { messages topContributors { messages } }
  engagementSeries(from: "2020-01-01T00:00:00Z", to: "2040-01-01T00:00:00Z", bucket: MONTH) { figures { messages } }
}`;

const knock = (asker: Asker) => asker.query(DOORS, { id: communityId, post: postId, comment: commentId, ann: 'ann' });

/** What is read a second time is known already: both ways are doors. */
test('a private community is reachable through no door of a stranger', async () => {
  for (const _ of ['first', 'again']) {
    const { data, errors } = await knock(stranger);
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toContain(SECRET);
    expect(data).toMatchObject({
      bySlug: null,
      byId: null,
      node: null,
      nodes: [null, null, null],
      communities: { totalCount: 0 },
      member: { communities: { totalCount: 0 } },
      organisation: { totals: { communities: 0, topics: 0, messagesAll: 0 }, engagement: { messages: 0 } },
    });
  }
});

test('no mutation of a stranger tells it from one that is not there', async () => {
  const nowhere = communityId.replace(/.{6}$/, 'AAAAAA');
  const codes = async (id: string, post: string, comment: string) => {
    const { data, errors } = await stranger.query(
      `mutation ($id: ID!, $post: ID!, $comment: ID!) {
        joinCommunity(input: { communityId: $id }) { position errors { code message path } }
        leaveCommunity(input: { communityId: $id }) { position errors { code message path } }
        renameCommunity(input: { communityId: $id, name: "Mine", slug: "mine" }) { position errors { code message path } }
        describeCommunity(input: { communityId: $id, description: "Mine" }) { position errors { code message path } }
        changeCommunityAccess(input: { communityId: $id, visibility: PUBLIC, joinPolicy: OPEN }) { position errors { code message path } }
        archiveCommunity(input: { communityId: $id, expectedRevision: 7 }) { position errors { code message path } }
        inviteMember(input: { communityId: $id, memberId: $id }) { position errors { code message path } }
        publishPost(input: { communityId: $id, kind: DISCUSSION, title: "a", body: "b" }) { position errors { code message path } }
        editPost(input: { postId: $post, title: "a", body: "b", expectedRevision: 7 }) { position errors { code message path } }
        retractPost(input: { postId: $post }) { position errors { code message path } }
        acceptAnswer(input: { postId: $post, commentId: $comment }) { position errors { code message path } }
        unacceptAnswer(input: { postId: $post }) { position errors { code message path } }
        publishComment(input: { postId: $post, body: "b" }) { position errors { code message path } }
        editComment(input: { commentId: $comment, body: "b" }) { position errors { code message path } }
        retractComment(input: { commentId: $comment }) { position errors { code message path } }
        addReaction(input: { targetId: $post, kind: "tada" }) { position errors { code message path } }
        removeReaction(input: { targetId: $comment, kind: "tada" }) { position errors { code message path } }
      }`,
      { id, post, comment },
    );
    expect(errors).toBeUndefined();
    return data;
  };
  const hidden = await codes(communityId, postId, commentId);
  const absent = await codes(nowhere, postId.replace(/.{6}$/, 'AAAAAA'), commentId.replace(/.{6}$/, 'AAAAAA'));
  expect(hidden).toEqual(absent);
  expect(JSON.stringify(hidden)).not.toContain('NOT_ALLOWED');
});

test('no subscription of a stranger tells it from one that is not there', async () => {
  const heard = async (field: string, id: string) => {
    const document = `subscription ($id: ID!) { ${field}(communityId: $id) { cursor } }`;
    for await (const { data, errors } of stranger.subscribeTo(document, { id }))
      return { data, errors: errors?.map(({ message, path, extensions: { code } }) => ({ message, path, code })) };
    return expect.fail('It ended without a word.');
  };
  for (const field of ['communityActivity', 'postPublished']) {
    const hidden = await heard(field, communityId);
    expect(hidden.errors).toMatchObject([{ code: 'NOT_FOUND', path: [field] }]);
    for (const absent of [communityId.replace(/.{6}$/, 'AAAAAA'), postId, 'no id at all'])
      expect(await heard(field, absent)).toEqual(hidden);
  }
});

test('an analyst sees it, and the figures with it', async () => {
  const { data } = await knock(analyst);
  expect(data).toMatchObject({
    byId: { name: SECRET, posts: { nodes: [{ title: SECRET }] } },
    organisation: { totals: { communities: 1, topics: 1, messagesAll: 2 }, engagement: { messages: 2 } },
  });
});

test('the log shows an analyst what happened, and nothing that a person typed', async () => {
  const { data } = await analyst.query('{ events(first: 100) { nodes { type data } pageInfo { hasNextPage } } }');
  const text = JSON.stringify(
    (data as { events: { nodes: { type: string }[] } }).events.nodes.filter(
      ({ type }) => type.startsWith('Post') || type.startsWith('Comment'),
    ),
  );
  expect(text).toContain('PostPublished');
  expect(text).toContain('"ct"');
  expect(text).not.toContain(SECRET);
});

test('who is invited sees it, joins, and sees it no more after leaving', async () => {
  const { data: who } = await bob.ask(ViewerDocument, {});
  const memberId = who.viewer?.id ?? '';
  const { data: invited } = await ann.ask(InviteMemberDocument, { input: { communityId, memberId } });
  expect(invited.inviteMember).toMatchObject({ member: { handle: 'bob' }, errors: [] });
  expect(JSON.stringify((await knock(bob)).data)).toContain(SECRET);
  const { data: joined } = await bob.ask(JoinCommunityDocument, { input: { communityId } });
  expect(joined.joinCommunity?.community?.viewerMembership).toEqual({ status: 'JOINED' });
  const { data: left } = await bob.ask(LeaveCommunityDocument, { input: { communityId } });
  expect(left.leaveCommunity).toEqual({ community: null, errors: [] });
  expect(JSON.stringify((await knock(bob)).data)).not.toContain(SECRET);
});
