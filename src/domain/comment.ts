import { z } from 'zod';
import { at, defineAggregate, defineCommand, type Principal } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { isClosed } from './audience.ts';
import { assertOpen, type Community } from './community.ts';
import { assertJoined, assertMember, isVisible, type Membership } from './membership.ts';
import { assertPublished, type Post, placeIn, post } from './post.ts';
import { authorKind, body, id } from './words.ts';

export const commentKind = z.enum(['COMMENT', 'ANSWER']);
export type CommentKind = z.infer<typeof commentKind>;

/** A comment on a post has depth 1; deeper threads than this are no longer read. */
export const MAX_DEPTH = 3;

const written = { commentId: id, postId: id, communityId: id, authorId: id };
const inEarlyAccess = z.literal(true).optional();
const personal = z.strictObject({ body: z.string() });
const author = (data: { authorId: string }) => data.authorId;

// Events. These names and shapes are a file format: add, never edit.
export const commentEvents = defineEvents({
  CommentPublished: {
    version: 1,
    data: z.strictObject({
      ...written,
      authorKind,
      kind: commentKind,
      /** The comment replied to; null for a reply to the post itself. */
      parentId: id.nullable(),
      depth: z.int(),
      postAuthorId: id,
      /** Whose contribution this replies to: the parent's author, or the post's. */
      replyToMemberId: id,
      /** Stands where this is what a promise asks for: a member's response to somebody else's question. */
      respondsToPromise: z.literal(true).optional(),
      /** Stands where the post was not open to everybody when this was said. */
      inEarlyAccess,
    }),
    personal,
    subject: author,
  },
  CommentEdited: { version: 1, data: z.strictObject(written), personal, subject: author },
  CommentRetracted: { version: 1, data: z.strictObject({ ...written, kind: commentKind, inEarlyAccess }) },
});

export type Comment = {
  readonly status: 'none' | 'published' | 'retracted';
  readonly kind: CommentKind;
  readonly postId: string;
  readonly communityId: string;
  readonly authorId: string;
  readonly depth: number;
};

export const comment = defineAggregate<Comment>()({
  category: 'comment',
  events: commentEvents,
  initial: { status: 'none', kind: 'COMMENT', postId: '', communityId: '', authorId: '', depth: 0 },
  evolve: {
    CommentPublished: (_, { kind, postId, communityId, authorId, depth }) => ({
      status: 'published',
      kind,
      postId,
      communityId,
      authorId,
      depth,
    }),
    CommentEdited: (state) => state,
    CommentRetracted: (state) => ({ ...state, status: 'retracted' }),
  },
});

export const publishComment = defineCommand({
  type: 'PublishComment',
  input: z.strictObject({
    postId: id,
    parentId: id.nullable().default(null),
    kind: commentKind.default('COMMENT'),
    body,
  }),
  aggregate: comment,
  creates: true,
  id: (_, { newId }) => newId,
  needs: ({ postId, parentId }) => ({ post: at(post, postId), parent: parentId ? at(comment, parentId) : null }),
  within: ({ post }, actor) => placeIn(post.communityId, actor),
  decide: ({ postId, parentId, kind, body }, _state, { id, actor, needs }) => {
    const { post, parent } = needs;
    assertPublished(post, actor, needs);
    assertMember(needs.community, needs.membership);
    if (kind === 'ANSWER' && post.kind !== 'QUESTION')
      throw new Rejection('NOT_A_QUESTION', 'Only a question is answered.', ['kind']);
    if (kind === 'ANSWER' && parentId)
      throw new Rejection('ANSWER_REPLIES_TO_POST', 'An answer replies to the question itself.', ['parentId']);
    if (parent && (parent.status !== 'published' || parent.postId !== postId))
      throw new Rejection('COMMENT_NOT_FOUND', 'There is no such comment on this post.', ['parentId']);
    const writer = authorKind.parse(actor.kind);
    const responds = post.promise !== null && writer === 'MEMBER' && post.authorId !== actor.memberId;
    const depth = (parent?.depth ?? 0) + 1;
    if (depth > MAX_DEPTH)
      throw new Rejection('THREAD_TOO_DEEP', `A thread has at most ${MAX_DEPTH} levels.`, ['parentId']);
    return [
      {
        type: 'CommentPublished',
        data: {
          commentId: id,
          postId,
          communityId: post.communityId,
          authorId: actor.memberId,
          authorKind: writer,
          kind,
          parentId,
          depth,
          postAuthorId: post.authorId,
          replyToMemberId: parent?.authorId ?? post.authorId,
          ...(responds && { respondsToPromise: true as const }),
          ...early(post),
        },
        personal: { body },
      },
    ];
  },
});

const commentId = id;

export const editComment = defineCommand({
  type: 'EditComment',
  input: z.strictObject({ commentId, body }),
  aggregate: comment,
  id: ({ commentId }) => commentId,
  needs: (_, { state, actor }) => placeIn(state.communityId, actor),
  decide: ({ commentId, body }, state, { actor, needs }) => {
    assertAuthor(state, actor, needs);
    assertOpen(needs.community);
    assertJoined(needs.membership);
    return [{ type: 'CommentEdited', data: { commentId, ...whose(state) }, personal: { body } }];
  },
});

export const retractComment = defineCommand({
  type: 'RetractComment',
  input: z.strictObject({ commentId }),
  aggregate: comment,
  id: ({ commentId }) => commentId,
  needs: (_, { state, actor }) => ({ post: at(post, state.postId), ...placeIn(state.communityId, actor) }),
  decide: ({ commentId }, state, { actor, needs }) => {
    if (state.status === 'retracted' && state.authorId === actor.memberId) return [];
    assertAuthor(state, actor, needs);
    return [{ type: 'CommentRetracted', data: { commentId, ...whose(state), kind: state.kind, ...early(needs.post) } }];
  },
});

const early = (post: Post) => isClosed(post) && { inEarlyAccess: true as const };

const whose = ({ postId, communityId, authorId }: Comment) => ({ postId, communityId, authorId });

type Place = { readonly community: Community; readonly membership: Membership };

const assertAuthor = (state: Comment, { memberId }: Principal, { community, membership }: Place) => {
  const isAuthor = state.authorId === memberId;
  if (state.status === 'none' || !(isAuthor || isVisible(community, membership)))
    throw new Rejection('COMMENT_NOT_FOUND', 'There is no such comment.');
  if (state.status === 'retracted') throw new Rejection('COMMENT_RETRACTED', 'Its author took this comment back.');
  if (!isAuthor) throw new Rejection('NOT_ALLOWED', 'Only its author may do this.');
};
