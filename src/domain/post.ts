import { z } from 'zod';
import { at, defineAggregate, defineCommand, type Principal } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { type EarlyAccess, earlyAccess, isClosed, isClosedTo } from './audience.ts';
import { assertOpen, type Community, community } from './community.ts';
import { assertJoined, isVisible, type Membership, membership, membershipId } from './membership.ts';
import { type Promised, promised } from './promise-terms.ts';
import { type AuthorKind, authorKind, body, id, type PostKind, postKind, title } from './words.ts';

const place = { postId: id, communityId: id };
const written = { ...place, authorId: id };
const personal = z.strictObject({ title: z.string(), body: z.string() });
const author = (data: { authorId: string }) => data.authorId;

// Events. These names and shapes are a file format: add, never edit.
export const postEvents = defineEvents({
  PostPublished: {
    version: 1,
    data: z.strictObject({
      ...written,
      authorKind,
      kind: postKind,
      /** A question carries what was promised to its asker. */
      promise: promised.optional(),
      /** Stands where it is for an audience first. */
      earlyAccess: earlyAccess.optional(),
      /** It was a draft, whose id it has. */
      fromDraft: z.literal(true).optional(),
    }),
    personal,
    subject: author,
  },
  PostEdited: { version: 1, data: z.strictObject(written), personal, subject: author },
  PostRetracted: {
    version: 1,
    /** Where it had an early access: CLOSED says that it was not open to everybody, and never will be. */
    data: z.strictObject({ ...written, earlyAccess: z.enum(['CLOSED', 'OPENED']).optional() }),
  },
  /** From here on the post is there for everybody; to those outside its audience this tells what its publication told the others. */
  EarlyAccessOpened: {
    version: 1,
    data: z.strictObject({ ...written, authorKind, kind: postKind, publishedAt: z.string(), earlyAccess }),
  },
  EarlyAccessMoved: { version: 1, data: z.strictObject({ ...place, opensAt: z.string(), movedBy: id }) },
  EarlyAccessWithdrawn: { version: 1, data: z.strictObject({ ...place, withdrawnBy: id }) },
  /** An archive says that this topic was marked as resolved. */
  PostMarkedResolved: { version: 1, data: z.strictObject(place) },
  AnswerAccepted: { version: 1, data: z.strictObject({ ...place, commentId: id, answerAuthorId: id, acceptedBy: id }) },
  /** `acceptanceId` is the event with which it was accepted. */
  AnswerUnaccepted: { version: 1, data: z.strictObject({ ...place, commentId: id, acceptanceId: id.optional() }) },
  QuestionReopened: {
    version: 1,
    data: z.strictObject({ ...place, reopenedBy: id }),
    personal: z.strictObject({ reason: z.string() }),
    subject: ({ reopenedBy }: { reopenedBy: string }) => reopenedBy,
  },
  MarkedDuplicate: { version: 1, data: z.strictObject({ ...place, ofPostId: id, markedBy: id }) },
  DuplicateUnmarked: { version: 1, data: z.strictObject({ ...place, ofPostId: id, unmarkedBy: id }) },
});

export type Post = {
  readonly status: 'none' | 'published' | 'retracted';
  readonly kind: PostKind;
  readonly communityId: string;
  readonly authorId: string;
  readonly authorKind: AuthorKind;
  readonly publishedAt: string;
  /** Null where it was for everybody from the beginning. */
  readonly earlyAccess: EarlyAccess | null;
  readonly acceptedAnswerId: string | null;
  /** The event with which it was accepted. */
  readonly acceptanceId: string | null;
  readonly isMarkedResolved: boolean;
  readonly duplicateOf: string | null;
  /** What was promised to whoever asked; null for anything else. */
  readonly promise: Promised | null;
};

export const post = defineAggregate<Post>()({
  category: 'post',
  events: postEvents,
  initial: {
    status: 'none',
    kind: 'DISCUSSION',
    communityId: '',
    authorId: '',
    authorKind: 'MEMBER',
    publishedAt: '',
    earlyAccess: null,
    acceptedAnswerId: null,
    acceptanceId: null,
    isMarkedResolved: false,
    duplicateOf: null,
    promise: null,
  },
  evolve: {
    PostPublished: (state, { kind, communityId, authorId, authorKind, promise, earlyAccess }, { occurredAt }) => ({
      ...state,
      status: 'published',
      kind,
      communityId,
      authorId,
      authorKind,
      publishedAt: occurredAt,
      earlyAccess: earlyAccess ? { ...earlyAccess, status: 'CLOSED' } : null,
      promise: promise ?? null,
    }),
    EarlyAccessOpened: (state) => became(state, 'OPENED'),
    EarlyAccessMoved: (state, { opensAt }) => ({
      ...state,
      earlyAccess: state.earlyAccess && { ...state.earlyAccess, opensAt },
    }),
    EarlyAccessWithdrawn: (state) => became(state, 'WITHDRAWN'),
    PostEdited: (state) => state,
    PostRetracted: (state) => ({ ...state, status: 'retracted' }),
    PostMarkedResolved: (state) => ({ ...state, isMarkedResolved: true }),
    AnswerAccepted: (state, { commentId }, { id }) => ({ ...state, acceptedAnswerId: commentId, acceptanceId: id }),
    AnswerUnaccepted: (state) => ({ ...state, acceptedAnswerId: null, acceptanceId: null }),
    QuestionReopened: (state) => ({ ...state, isMarkedResolved: false, duplicateOf: null }),
    MarkedDuplicate: (state, { ofPostId }) => ({ ...state, duplicateOf: ofPostId }),
    DuplicateUnmarked: (state) => ({ ...state, duplicateOf: null }),
  },
});

const became = (state: Post, status: EarlyAccess['status']): Post => ({
  ...state,
  earlyAccess: state.earlyAccess && { ...state.earlyAccess, status },
});

/** Somebody said that it is answered: an accepted answer, or the mark of an archive. */
export const isAnswered = ({ acceptedAnswerId, isMarkedResolved }: Post) =>
  acceptedAnswerId !== null || isMarkedResolved;

/** The community of a post, and the actor's place in it. */
export const placeOf = (_: unknown, { state: { communityId }, actor }: { state: Post; actor: Principal }) =>
  placeIn(communityId, actor);

export const placeIn = (communityId: string, { memberId }: Pick<Principal, 'memberId'>) => ({
  community: at(community, communityId),
  membership: at(membership, membershipId(communityId, memberId)),
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
    assertJoined(needs.membership);
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
    const { communityId, authorId, earlyAccess } = state;
    const was = earlyAccess && { earlyAccess: isClosed(state) ? ('CLOSED' as const) : ('OPENED' as const) };
    return [{ type: 'PostRetracted', data: { postId, communityId, authorId, ...was } }];
  },
});

type Place = { readonly community: Community; readonly membership: Membership };

/**
 * Only a post that the actor may see can be said anything about: one in a private community, or in early access, is not there for
 * others.
 */
export const assertPublished = (state: Post, actor: Principal, { community, membership }: Place) => {
  const isThere = state.authorId === actor.memberId || actor.isAdmin || isVisible(community, membership);
  if (state.status === 'none' || !isThere || isClosedTo(state, community, actor))
    throw new Rejection('POST_NOT_FOUND', 'There is no such post.');
  if (state.status === 'retracted') throw new Rejection('POST_RETRACTED', 'Its author took this post back.');
};

const assertAuthor = (state: Post, actor: Principal, place: Place) => {
  assertPublished(state, actor, place);
  if (state.authorId !== actor.memberId) throw new Rejection('NOT_ALLOWED', 'Only its author may do this.');
};
