import { z } from 'zod';
import { at, defineAggregate, defineCommand, type Principal } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { assertOpen, type Community, community } from './community.ts';
import { assertMember, isVisible, type Membership, membership, membershipId } from './membership.ts';
import { authorKind, body, id, title } from './words.ts';

export const postKind = z.enum(['DISCUSSION', 'QUESTION', 'ANNOUNCEMENT']);
export type PostKind = z.infer<typeof postKind>;

const place = { postId: id, communityId: id };
const written = { ...place, authorId: id };
const personal = z.strictObject({ title: z.string(), body: z.string() });
const author = (data: { authorId: string }) => data.authorId;

// Events. These names and shapes are a file format: add, never edit.
export const postEvents = defineEvents({
  PostPublished: {
    version: 1,
    data: z.strictObject({ ...written, authorKind, kind: postKind }),
    personal,
    subject: author,
  },
  PostEdited: { version: 1, data: z.strictObject(written), personal, subject: author },
  PostRetracted: { version: 1, data: z.strictObject(written) },
  /** An archive says that this topic was marked as resolved. */
  PostMarkedResolved: { version: 1, data: z.strictObject(place) },
  AnswerAccepted: { version: 1, data: z.strictObject({ ...place, commentId: id, answerAuthorId: id, acceptedBy: id }) },
  AnswerUnaccepted: { version: 1, data: z.strictObject({ ...place, commentId: id }) },
});

export type Post = {
  readonly status: 'none' | 'published' | 'retracted';
  readonly kind: PostKind;
  readonly communityId: string;
  readonly authorId: string;
  readonly acceptedAnswerId: string | null;
};

export const post = defineAggregate<Post>()({
  category: 'post',
  events: postEvents,
  initial: { status: 'none', kind: 'DISCUSSION', communityId: '', authorId: '', acceptedAnswerId: null },
  evolve: {
    PostPublished: (state, { kind, communityId, authorId }) => ({
      ...state,
      status: 'published',
      kind,
      communityId,
      authorId,
    }),
    PostEdited: (state) => state,
    PostRetracted: (state) => ({ ...state, status: 'retracted' }),
    PostMarkedResolved: (state) => state,
    AnswerAccepted: (state, { commentId }) => ({ ...state, acceptedAnswerId: commentId }),
    AnswerUnaccepted: (state) => ({ ...state, acceptedAnswerId: null }),
  },
});

/** The community of a post, and the actor's place in it. */
export const placeOf = (_: unknown, { state: { communityId }, actor }: { state: Post; actor: Principal }) =>
  placeIn(communityId, actor);

export const placeIn = (communityId: string, { memberId }: Pick<Principal, 'memberId'>) => ({
  community: at(community, communityId),
  membership: at(membership, membershipId(communityId, memberId)),
});

export const publishPost = defineCommand({
  type: 'PublishPost',
  input: z.strictObject({ communityId: id, kind: postKind, title, body }),
  aggregate: post,
  creates: true,
  id: (_, { newId }) => newId,
  needs: ({ communityId }, { actor }) => placeIn(communityId, actor),
  decide: ({ communityId, kind, title, body }, _state, { id, actor, needs }) => {
    assertMember(needs.community, needs.membership);
    return [
      {
        type: 'PostPublished',
        data: { postId: id, communityId, authorId: actor.memberId, authorKind: authorKind.parse(actor.kind), kind },
        personal: { title, body },
      },
    ];
  },
});

const postId = id;

export const editPost = defineCommand({
  type: 'EditPost',
  input: z.strictObject({ postId, title, body }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: placeOf,
  decide: ({ postId, title, body }, state, { actor, needs }) => {
    assertAuthor(state, actor, needs);
    assertOpen(needs.community);
    return [
      {
        type: 'PostEdited',
        data: { postId, communityId: state.communityId, authorId: state.authorId },
        personal: { title, body },
      },
    ];
  },
});

export const retractPost = defineCommand({
  type: 'RetractPost',
  input: z.strictObject({ postId }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: placeOf,
  decide: ({ postId }, state, { actor, needs }) => {
    if (state.status === 'retracted' && state.authorId === actor.memberId) return [];
    assertAuthor(state, actor, needs);
    return [{ type: 'PostRetracted', data: { postId, communityId: state.communityId, authorId: state.authorId } }];
  },
});

type Place = { readonly community: Community; readonly membership: Membership };

/** Only a post that the actor may see can be said anything about: one in a private community is not there for others. */
export const assertPublished = (state: Post, actor: Principal, { community, membership }: Place) => {
  const isThere = state.authorId === actor.memberId || actor.isAdmin || isVisible(community, membership);
  if (state.status === 'none' || !isThere) throw new Rejection('POST_NOT_FOUND', 'There is no such post.');
  if (state.status === 'retracted') throw new Rejection('POST_RETRACTED', 'Its author took this post back.');
};

const assertAuthor = (state: Post, actor: Principal, place: Place) => {
  assertPublished(state, actor, place);
  if (state.authorId !== actor.memberId) throw new Rejection('NOT_ALLOWED', 'Only its author may do this.');
};
