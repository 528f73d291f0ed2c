import type { EventFacts } from '../../src/core/event.ts';
import { defineProjection } from '../../src/core/projection.ts';
import type { DomainEvents } from '../../src/domain/index.ts';
import { keep, patch, put, remove, tables } from './tables.ts';

type Turn = { readonly postId: string; readonly target: string };
const ended = ({ postId, target }: Turn, { occurredAt }: EventFacts) =>
  target === 'FIRST_RESPONSE' ? [patch('promises', { postId }, { endedAt: occurredAt })] : [];

/** The facts of every figure. Where an event came from plays no part: imported activity counts like any other. */
export const engagement = defineProjection<DomainEvents>()({
  name: 'engagement',
  version: 8,
  tables,
  on: {
    MemberRegistered: ({ memberId }, { occurredAt, position }) => [
      put('people', { id: memberId, position, kind: 'MEMBER', system: false, registeredAt: occurredAt }),
    ],
    ServiceAccountRegistered: ({ memberId, system }, { occurredAt, position }) => [
      put('people', { id: memberId, position, kind: 'SERVICE', system, registeredAt: occurredAt }),
    ],
    CommunityFounded: ({ communityId, founderId }, { id, source, occurredAt, position }) => [
      put('communities', { id: communityId, position }),
      // Whoever founds a community here is its first facilitator; of an archive's channels nobody knows.
      ...(founderId === null || source === 'IMPORT'
        ? []
        : [
            put('roles', {
              assignmentId: id,
              communityId,
              memberId: founderId,
              role: 'FACILITATOR',
              startedAt: occurredAt,
              startedPosition: position,
            }),
          ]),
    ],
    RoleAssigned: ({ communityId, memberId, role }, { id, occurredAt, position }) => [
      put('roles', {
        assignmentId: id,
        communityId,
        memberId,
        role,
        startedAt: occurredAt,
        startedPosition: position,
      }),
    ],
    RoleEnded: ({ assignmentId }, { occurredAt, position }) => [
      patch('roles', { assignmentId }, { endedAt: occurredAt, endedPosition: position }),
    ],
    ExpectationStated: ({ communityId, expectationId, measure }, { occurredAt, position }) => [
      put('expectations', {
        id: expectationId,
        communityId,
        position,
        counts: measure?.of ?? null,
        atLeast: measure?.atLeast ?? null,
        per: measure?.per ?? null,
        statedAt: occurredAt,
      }),
    ],
    ExpectationRetired: ({ expectationId }, { occurredAt }) => [
      patch('expectations', { id: expectationId }, { retiredAt: occurredAt }),
    ],
    MemberJoined: ({ communityId, memberId }, { id, occurredAt, position }) => [
      put('membership_changes', { id, position, communityId, memberId, kind: 'JOINED', at: occurredAt }),
    ],
    MemberLeft: ({ communityId, memberId }, { id, occurredAt, position }) => [
      put('membership_changes', { id, position, communityId, memberId, kind: 'LEFT', at: occurredAt }),
    ],

    PostPublished: ({ postId, communityId, authorId, authorKind, kind, promise, earlyAccess }, event) => [
      put('topics', {
        id: postId,
        position: event.position,
        communityId,
        openedBy: authorId,
        openerKind: authorKind,
        kind,
        openedAt: event.occurredAt,
      }),
      put('contributions', {
        id: postId,
        position: event.position,
        communityId,
        postId,
        memberId: authorId,
        memberKind: authorKind,
        kind: 'POST',
        at: event.occurredAt,
        answersOpener: false,
      }),
      ...firstWord({ communityId, authorId, authorKind, contributionId: postId, kind: 'POST' }, event),
      ...(promise
        ? [
            put('promises', {
              postId,
              position: event.position,
              communityId,
              askedAt: event.occurredAt,
              warnAt: promise.firstResponse.warnAt,
              dueAt: promise.firstResponse.dueAt,
              resolutionWarnAt: promise.resolution?.warnAt ?? null,
              resolutionDueAt: promise.resolution?.dueAt ?? null,
            }),
          ]
        : []),
      ...(earlyAccess ? [put('closed_posts', { postId, communityId })] : []),
    ],
    EarlyAccessOpened: ({ postId }) => [remove('closed_posts', { postId })],
    PostDrafted: ({ draftId, communityId, authorId, authorKind }, { occurredAt, position }) => [
      put('drafts', {
        id: draftId,
        position,
        communityId,
        memberId: authorId,
        memberKind: authorKind,
        begunAt: occurredAt,
      }),
    ],
    ReviewRequested: ({ draftId }, event) => [keep('drafts', { id: draftId }, 'reviewed', event, {})],
    NewcomerWelcomed: (welcome, { occurredAt, position }) => [
      put('welcomes', { ...welcome, position, at: occurredAt }),
    ],
    PromiseRenegotiated: ({ postId, communityId, target, warnAt, dueAt }, { id, occurredAt: at, position }) => [
      put('renegotiations', { id, position, postId, communityId, target, at, warnAt, dueAt }),
    ],
    PromiseCancelled: ended,
    PromiseLapsed: ended,
    PromiseRestored: ({ postId, target }) =>
      target === 'FIRST_RESPONSE' ? [patch('promises', { postId }, { endedAt: null })] : [],
    PostRetracted: ({ postId }, { occurredAt }) => [
      patch('topics', { id: postId }, { retractedAt: occurredAt }),
      patch('contributions', { id: postId }, { retractedAt: occurredAt }),
    ],
    PostMarkedResolved: ({ postId }, { occurredAt }) => [
      patch('topics', { id: postId }, { markedResolvedAt: occurredAt }),
    ],
    AnswerAccepted: (accepted, { id, occurredAt, position }) => [
      patch('topics', { id: accepted.postId }, { acceptedAnswerId: accepted.commentId }),
      put('acceptances', { id, position, ...accepted, at: occurredAt }),
    ],
    AnswerUnaccepted: ({ postId, acceptanceId }, { occurredAt, position }) => [
      patch('topics', { id: postId }, { acceptedAnswerId: null }),
      // Events of the first release do not say which acceptance they end.
      ...(acceptanceId
        ? [patch('acceptances', { id: acceptanceId }, { undoneAt: occurredAt, undonePosition: position })]
        : []),
    ],
    QuestionReopened: ({ postId }) => [patch('topics', { id: postId }, { markedResolvedAt: null })],

    CommentPublished: (comment, event) => [
      put('contributions', {
        id: comment.commentId,
        position: event.position,
        communityId: comment.communityId,
        postId: comment.postId,
        memberId: comment.authorId,
        memberKind: comment.authorKind,
        kind: comment.kind,
        at: event.occurredAt,
        replyToMemberId: comment.replyToMemberId,
        answersOpener: comment.authorKind === 'MEMBER' && comment.authorId !== comment.postAuthorId,
      }),
      ...firstWord({ ...comment, contributionId: comment.commentId }, event),
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

type Word = {
  readonly communityId: string;
  readonly authorId: string;
  readonly authorKind: string;
  readonly contributionId: string;
  readonly kind: string;
};

/** What a member says in a community may be the first thing that they say there. */
const firstWord = ({ communityId, authorId, authorKind, contributionId, kind }: Word, event: EventFacts) => {
  if (authorKind !== 'MEMBER') return [];
  const said = { contributionId, kind, imported: event.source === 'IMPORT' };
  return [keep('first_contributions', { communityId, memberId: authorId }, 'first', event, said)];
};
