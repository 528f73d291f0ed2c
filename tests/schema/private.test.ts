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
  service = await openService();
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

/** What is read a second time is compiled: both ways are doors. */
test('a private community is reachable through no door of a stranger', async () => {
  for (const _ of ['interpreted', 'compiled']) {
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
        joinCommunity(input: { communityId: $id }) { errors { code message } }
        renameCommunity(input: { communityId: $id, name: "Mine" }) { errors { code message } }
        archiveCommunity(input: { communityId: $id, expectedRevision: 7 }) { errors { code message } }
        inviteMember(input: { communityId: $id, memberId: $id }) { errors { code message } }
        publishPost(input: { communityId: $id, kind: DISCUSSION, title: "a", body: "b" }) { errors { code message } }
        editPost(input: { postId: $post, title: "a", body: "b" }) { errors { code message } }
        retractPost(input: { postId: $post }) { errors { code message } }
        unacceptAnswer(input: { postId: $post }) { errors { code message } }
        publishComment(input: { postId: $post, body: "b" }) { errors { code message } }
        editComment(input: { commentId: $comment, body: "b" }) { errors { code message } }
        addReaction(input: { targetId: $post, kind: "tada" }) { errors { code message } }
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
