import type { EventFacts } from '../src/core/event.ts';
import {
  boolean,
  defineProjection,
  entity,
  first,
  integer,
  last,
  nullable,
  operationsOn,
  position,
  sealed,
  tally,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import type { PromiseEnding } from '../src/domain/promise.ts';
import { type TargetName, targetName } from '../src/domain/promise-terms.ts';

export const tables = {
  /** What was promised, and what the transitions say of it. */
  promises: entity({
    key: { postId: uuid },
    columns: {
      communityId: uuid,
      askedAt: timestamp,
      position,
      policyVersion: integer,
      calendarVersion: nullable(integer),
      isTighter: boolean,
      responseOriginalDueAt: timestamp,
      responseDueAt: timestamp,
      responseImminentAt: nullable(timestamp),
      responseBreachedAt: nullable(timestamp),
      resolutionOriginalDueAt: nullable(timestamp),
      resolutionDueAt: nullable(timestamp),
      resolutionImminentAt: nullable(timestamp),
      resolutionBreachedAt: nullable(timestamp),
    },
    indexes: [
      '"communityId", "responseDueAt", position',
      '"communityId", "responseDueAt", position where "responseBreachedAt" is not null',
    ],
  }),
  // What keeps a promise is a fact of another stream, judged by when it happened: no withdrawal takes it back.
  /** Responses of other members than the asker. */
  responses: tally({ key: { postId: uuid }, tuples: { first: first({ commentId: uuid, memberId: uuid }) } }),
  /** What was asked for more time: open, agreed upon, declined, or withdrawn when another one took its place. */
  renegotiations: entity({
    key: { id: uuid },
    columns: {
      postId: uuid,
      target: text,
      dueAt: timestamp,
      proposedBy: uuid,
      proposedAt: timestamp,
      reason: nullable(sealed),
      status: text,
      decidedAt: nullable(timestamp),
      declined: nullable(sealed),
      position,
    },
    indexes: ['"postId", position'],
  }),
  acceptances: tally({
    key: { postId: uuid },
    tuples: { first: first({ commentId: uuid, acceptedBy: uuid }), undone: last({ commentId: uuid }) },
  }),
  /** Comments and answers that were taken back. */
  withdrawals: tally({ key: { commentId: uuid }, tuples: { withdrawn: first({}) } }),
  /** What ended a target, though nobody responded. */
  closings: tally({ key: { postId: uuid, target: text }, tuples: { closed: first({ cause: text }) } }),
  /** Archived communities: what was open in them is owed no longer. */
  archivals: entity({ key: { communityId: uuid }, columns: { at: timestamp, position } }),
  /** What each community promises now. */
  policies: entity({
    key: { communityId: uuid },
    columns: {
      policyVersion: integer,
      firstResponseSeconds: integer,
      resolutionSeconds: nullable(integer),
      newcomerFirstResponseSeconds: nullable(integer),
      warnPercent: integer,
    },
  }),
  /** Its hours and holidays are JSON: they are read whole. */
  calendars: entity({
    key: { communityId: uuid },
    columns: { calendarVersion: integer, timeZone: text, weeklyHours: text, holidays: text },
  }),
  transitions: entity({
    key: { id: uuid },
    columns: { postId: uuid, communityId: uuid, target: text, status: text, at: timestamp, position },
    indexes: ['"postId", at, position'],
  }),
};

const { put, patch, keep, remove, sweep } = operationsOn(tables);

type Turn = { readonly postId: string; readonly communityId: string; readonly target: TargetName };
type When = { readonly id: string; readonly occurredAt: string; readonly position: bigint };

export type PromiseStatus = 'PENDING' | 'IMMINENT_BREACH' | 'BREACHING' | 'BREACHED' | 'ACHIEVED' | 'CANCELLED';

/** What each kind of transition makes of a target. */
export const statusAfter = {
  BreachBecameImminent: 'IMMINENT_BREACH',
  PromiseBreached: 'BREACHING',
  PromiseKept: 'ACHIEVED',
  PromiseFulfilledLate: 'BREACHED',
  PromiseCancelled: 'CANCELLED',
  PromiseLapsed: 'BREACHED',
  PromiseRenegotiated: 'PENDING',
  PromiseRestored: 'PENDING',
} as const satisfies Partial<Record<keyof DomainEvents, PromiseStatus>>;

const became = ({ postId, communityId, target }: Turn, { id, occurredAt, position }: When, status: PromiseStatus) =>
  put('transitions', { id, postId, communityId, target, status, at: occurredAt, position });

const ended = (
  { postId, target, cause = 'RETRACTED' }: Turn & { readonly cause?: PromiseEnding | undefined },
  event: EventFacts,
) => keep('closings', { postId, target }, 'closed', event, { cause });

/** At most one proposal of a question is open. */
const decide = (postId: string, status: 'AGREED' | 'WITHDRAWN', { occurredAt }: EventFacts) =>
  sweep('renegotiations', { postId, status: 'OPEN' }, { status, decidedAt: occurredAt });

/** Promises to whoever asked, and what became of them. */
export const promises = defineProjection<DomainEvents>()({
  name: 'promises',
  version: 2,
  tables,
  on: {
    ResponsePromiseDeclared: ({ declaredBy: _, ...policy }) => [put('policies', policy)],
    WorkingCalendarDefined: ({ communityId, calendarVersion, timeZone, weeklyHours, holidays }) => [
      put('calendars', {
        communityId,
        calendarVersion,
        timeZone,
        weeklyHours: JSON.stringify(weeklyHours),
        holidays: JSON.stringify(holidays),
      }),
    ],

    PostPublished: ({ postId, communityId, promise }, { occurredAt, position }) =>
      promise
        ? [
            put('promises', {
              postId,
              communityId,
              askedAt: occurredAt,
              position,
              policyVersion: promise.policyVersion,
              calendarVersion: promise.calendarVersion,
              isTighter: promise.isTighter,
              responseOriginalDueAt: promise.firstResponse.dueAt,
              responseDueAt: promise.firstResponse.dueAt,
              resolutionOriginalDueAt: promise.resolution?.dueAt ?? null,
              resolutionDueAt: promise.resolution?.dueAt ?? null,
            }),
          ]
        : [],
    CommentPublished: ({ postId, commentId, authorId, respondsToPromise }, event) =>
      respondsToPromise ? [keep('responses', { postId }, 'first', event, { commentId, memberId: authorId })] : [],
    CommentRetracted: ({ commentId }, event) => [keep('withdrawals', { commentId }, 'withdrawn', event, {})],
    AnswerAccepted: ({ postId, commentId, acceptedBy }, event) => [
      keep('acceptances', { postId }, 'first', event, { commentId, acceptedBy }),
    ],
    AnswerUnaccepted: ({ postId, commentId }, event) => [
      keep('acceptances', { postId }, 'undone', event, { commentId }),
    ],
    PostRetracted: ({ postId }, event) =>
      targetName.options.map((target) => keep('closings', { postId, target }, 'closed', event, { cause: 'RETRACTED' })),
    CommunityArchived: ({ communityId }, { occurredAt, position }) => [
      put('archivals', { communityId, at: occurredAt, position }),
    ],
    CommunityReopened: ({ communityId }) => [remove('archivals', { communityId })],

    BreachBecameImminent: (turn, event) => [
      patch('promises', { postId: turn.postId }, only(turn, 'ImminentAt', event.occurredAt)),
      became(turn, event, statusAfter.BreachBecameImminent),
    ],
    PromiseBreached: (turn, event) => [
      patch('promises', { postId: turn.postId }, only(turn, 'BreachedAt', event.occurredAt)),
      became(turn, event, statusAfter.PromiseBreached),
    ],
    PromiseKept: (turn, event) => [became(turn, event, statusAfter.PromiseKept)],
    PromiseFulfilledLate: (turn, event) => [became(turn, event, statusAfter.PromiseFulfilledLate)],
    PromiseCancelled: (turn, event) => [ended(turn, event), became(turn, event, statusAfter.PromiseCancelled)],
    PromiseLapsed: (turn, event) => [ended(turn, event), became(turn, event, statusAfter.PromiseLapsed)],
    PromiseRestored: (turn, event) => [
      remove('closings', { postId: turn.postId, target: turn.target }),
      patch(
        'promises',
        { postId: turn.postId },
        { ...only(turn, 'ImminentAt', null), ...only(turn, 'BreachedAt', null) },
      ),
      became(turn, event, statusAfter.PromiseRestored),
    ],
    RenegotiationProposed: ({ postId, target, proposedDueAt, proposedBy, proposalId, sealed }, event) => [
      decide(postId, 'WITHDRAWN', event),
      put('renegotiations', {
        id: proposalId ?? event.id,
        postId,
        target,
        dueAt: proposedDueAt,
        proposedBy,
        proposedAt: event.occurredAt,
        reason: sealed,
        status: 'OPEN',
        position: event.position,
      }),
    ],
    RenegotiationDeclined: ({ proposalId, sealed }, { occurredAt }) => [
      patch('renegotiations', { id: proposalId }, { status: 'DECLINED', decidedAt: occurredAt, declined: sealed }),
    ],
    PromiseRenegotiated: (turn, event) => [
      patch(
        'promises',
        { postId: turn.postId },
        { ...only(turn, 'DueAt', turn.dueAt), ...only(turn, 'ImminentAt', null) },
      ),
      decide(turn.postId, 'AGREED', event),
      became(turn, event, statusAfter.PromiseRenegotiated),
    ],
  },
});

/** A change of one target's column. */
function only(turn: Turn, column: 'DueAt', value: string): { responseDueAt?: string; resolutionDueAt?: string };
function only(
  turn: Turn,
  column: 'ImminentAt' | 'BreachedAt',
  value: string | null,
): {
  responseImminentAt?: string | null;
  resolutionImminentAt?: string | null;
  responseBreachedAt?: string | null;
  resolutionBreachedAt?: string | null;
};
function only({ target }: Turn, column: string, value: string | null) {
  return { [`${target === 'FIRST_RESPONSE' ? 'response' : 'resolution'}${column}`]: value };
}
