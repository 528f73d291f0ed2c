import { defineProjection } from '../../src/core/projection.ts';
import type { DomainEvents } from '../../src/domain/index.ts';
import { patch, put, remove, tables } from './tables.ts';

/** The facts of every figure. Where an event came from plays no part: imported activity counts like any other. */
export const engagement = defineProjection<DomainEvents>()({
  name: 'engagement',
  version: 1,
  tables,
  on: {
    MemberRegistered: ({ memberId }, { occurredAt, position }) => [
      put('people', { id: memberId, position, kind: 'MEMBER', system: false, registeredAt: occurredAt }),
    ],
    ServiceAccountRegistered: ({ memberId, system }, { occurredAt, position }) => [
      put('people', { id: memberId, position, kind: 'SERVICE', system, registeredAt: occurredAt }),
    ],
    CommunityFounded: ({ communityId }, { position }) => [put('communities', { id: communityId, position })],

    PostPublished: ({ postId, communityId, authorId, authorKind, kind }, { occurredAt, position }) => [
      put('topics', {
        id: postId,
        position,
        communityId,
        openedBy: authorId,
        openerKind: authorKind,
        kind,
        openedAt: occurredAt,
      }),
      put('contributions', {
        id: postId,
        position,
        communityId,
        postId,
        memberId: authorId,
        memberKind: authorKind,
        kind: 'POST',
        at: occurredAt,
        answersOpener: false,
      }),
    ],
    PostRetracted: ({ postId }, { occurredAt }) => [
      patch('topics', { id: postId }, { retractedAt: occurredAt }),
      patch('contributions', { id: postId }, { retractedAt: occurredAt }),
    ],
    PostMarkedResolved: ({ postId }, { occurredAt }) => [
      patch('topics', { id: postId }, { markedResolvedAt: occurredAt }),
    ],
    AnswerAccepted: ({ postId, commentId }) => [patch('topics', { id: postId }, { acceptedAnswerId: commentId })],
    AnswerUnaccepted: ({ postId }) => [patch('topics', { id: postId }, { acceptedAnswerId: null })],

    CommentPublished: (comment, { occurredAt, position }) => [
      put('contributions', {
        id: comment.commentId,
        position,
        communityId: comment.communityId,
        postId: comment.postId,
        memberId: comment.authorId,
        memberKind: comment.authorKind,
        kind: comment.kind,
        at: occurredAt,
        replyToMemberId: comment.replyToMemberId,
        answersOpener: comment.authorKind === 'MEMBER' && comment.authorId !== comment.postAuthorId,
      }),
    ],
    CommentRetracted: ({ commentId }, { occurredAt }) => [
      patch('contributions', { id: commentId }, { retractedAt: occurredAt }),
    ],

    ReactionAdded: ({ targetId, memberId, memberKind, kind, ...reaction }, { occurredAt, position }) => [
      put('reactions', {
        targetId,
        memberId,
        kind,
        position,
        communityId: reaction.communityId,
        postId: reaction.postId,
        memberKind,
        targetAuthorId: reaction.targetAuthorId,
        at: occurredAt,
      }),
    ],
    ReactionRemoved: ({ targetId, memberId, kind }) => [remove('reactions', { targetId, memberId, kind })],
  },
});
