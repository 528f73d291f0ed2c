import { type Kysely, sql } from 'kysely';
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
  type Row,
  type Rows,
  sealed,
  tally,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import type { TargetName, VersionedCalendar } from '../src/domain/promise-terms.ts';
import { COUNTED_TO, countEach, onPage, type Page, type Paged, pageOfEach } from './page.ts';

const tables = {
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
      proposedTarget: nullable(text),
      proposedDueAt: nullable(timestamp),
      proposedBy: nullable(uuid),
      proposedAt: nullable(timestamp),
      reason: nullable(sealed),
      agreedAt: nullable(timestamp),
    },
    indexes: [
      '"communityId", "responseDueAt", position',
      '"communityId", "responseDueAt", position where "responseBreachedAt" is not null',
    ],
  }),
  // What keeps a promise is a fact of another stream, judged by when it happened: no withdrawal takes it back.
  /** Responses of other members than the asker. */
  responses: tally({ key: { postId: uuid }, tuples: { first: first({ commentId: uuid, memberId: uuid }) } }),
  acceptances: tally({
    key: { postId: uuid },
    tuples: { first: first({ commentId: uuid, acceptedBy: uuid }), undone: last({ commentId: uuid }) },
  }),
  /** Comments and answers that were taken back. */
  withdrawals: tally({ key: { commentId: uuid }, tuples: { withdrawn: first({}) } }),
  /** Posts that were taken back. */
  closings: tally({ key: { postId: uuid }, tuples: { closed: first({}) } }),
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

const { put, patch, keep } = operationsOn(tables);

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
} as const satisfies Partial<Record<keyof DomainEvents, PromiseStatus>>;

const became = ({ postId, communityId, target }: Turn, { id, occurredAt, position }: When, status: PromiseStatus) =>
  put('transitions', { id, postId, communityId, target, status, at: occurredAt, position });

/** Promises to whoever asked, and what became of them. */
export const promises = defineProjection<DomainEvents>()({
  name: 'promises',
  version: 1,
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
    PostRetracted: ({ postId }, event) => [keep('closings', { postId }, 'closed', event, {})],

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
    PromiseCancelled: (turn, event) => [became(turn, event, statusAfter.PromiseCancelled)],
    PromiseLapsed: (turn, event) => [became(turn, event, statusAfter.PromiseLapsed)],
    RenegotiationProposed: ({ postId, target, proposedDueAt, proposedBy, sealed }, { occurredAt }) => [
      patch(
        'promises',
        { postId },
        { proposedTarget: target, proposedDueAt, proposedBy, proposedAt: occurredAt, reason: sealed, agreedAt: null },
      ),
    ],
    PromiseRenegotiated: (turn, event) => [
      patch(
        'promises',
        { postId: turn.postId },
        { ...only(turn, 'DueAt', turn.dueAt), ...only(turn, 'ImminentAt', null), agreedAt: event.occurredAt },
      ),
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

type Db = Kysely<Rows<typeof tables>>;

/** A promise with the facts that keep or end it. */
export type PromiseRow = Row<typeof tables.promises> & {
  readonly responseStatus: PromiseStatus;
  readonly respondedAt: Date | null;
  readonly responseWithdrawnAt: Date | null;
  readonly resolutionStatus: PromiseStatus;
  readonly resolvedAt: Date | null;
  /** When its acceptance was last taken back. */
  readonly unresolvedAt: Date | null;
};
export type TransitionRow = Row<typeof tables.transitions>;

/** What a community promises, and the hours that it counts in. */
export type PromiseTermsRow = {
  readonly policy: Row<typeof tables.policies> | null;
  readonly calendar: VersionedCalendar | null;
};

export const termsOf = async (
  db: Db,
  communityIds: readonly string[],
): Promise<ReadonlyMap<string, PromiseTermsRow>> => {
  const [policies, calendars] = await Promise.all([
    db.selectFrom('policies').selectAll().where('communityId', 'in', communityIds).execute(),
    db.selectFrom('calendars').selectAll().where('communityId', 'in', communityIds).execute(),
  ]);
  return new Map(
    communityIds.map((id) => {
      const calendar = calendars.find(({ communityId }) => communityId === id);
      const policy = policies.find(({ communityId }) => communityId === id) ?? null;
      return [id, { policy, calendar: calendar ? calendarIn(calendar) : null }];
    }),
  );
};

const calendarIn = ({ weeklyHours, holidays, ...calendar }: Row<typeof tables.calendars>): VersionedCalendar => ({
  ...calendar,
  weeklyHours: JSON.parse(weeklyHours),
  holidays: JSON.parse(holidays),
});

export const promisesOf = (db: Db, postIds: readonly string[]) =>
  judged(db).where('promises.postId', 'in', postIds).execute() as Promise<PromiseRow[]>;

export const transitionsOf = (db: Db, postIds: readonly string[]): Promise<TransitionRow[]> =>
  db.selectFrom('transitions').selectAll().where('postId', 'in', postIds).orderBy('at').orderBy('position').execute();

export const BY_DUE_TIME = { columns: ['responseDueAt', 'position'], direction: 'asc' } as const;

/** The promises of several communities, the earliest due time first. */
export const promisesInEach = (db: Db, communityIds: readonly string[], page: Page, status?: PromiseStatus) => {
  const list = onPage(inEach(db, status), BY_DUE_TIME, page);
  return pageOfEach(db, communityIds, list, page) as Promise<ReadonlyMap<string, Paged<PromiseRow>>>;
};

export const countPromisesInEach = (db: Db, communityIds: readonly string[], status?: PromiseStatus) =>
  countEach(db, communityIds, inEach(db, status).clearSelect().select(sql`1`.as('one')).limit(COUNTED_TO));

/** Of each owner, those of a status. What was breached has an index of its own: what is breaching is looked for there. */
const inEach = (db: Db, status?: PromiseStatus) =>
  judged(db)
    .where(sql<boolean>`promises."communityId" = owner.id`)
    .$if(status === 'BREACHING', (some) => some.where('responseBreachedAt', 'is not', null))
    .$if(status !== undefined, (some) => some.where(sql<boolean>`${RESPONSE_STATUS} = ${status}`));

/**
 * What a target is, by when things happened and never by a clock: it is breaching once the breach was written down, and kept
 * whenever a response is dated in time, also one that came to the log after the breach.
 */
const statusSql = (target: 'response' | 'resolution', fulfilledAt: string) => {
  const column = (name: string) => sql.ref(`promises.${target}${name}`);
  const at = sql.ref(fulfilledAt);
  const closed = sql.ref('closings.closedAt');
  return sql<PromiseStatus>`case
    when ${at} <= ${column('DueAt')} then 'ACHIEVED'
    when ${closed} <= ${column('DueAt')} then 'CANCELLED'
    when ${at} is not null or ${closed} is not null then 'BREACHED'
    when ${column('BreachedAt')} is not null then 'BREACHING'
    when ${column('ImminentAt')} is not null then 'IMMINENT_BREACH'
    else 'PENDING' end`;
};
const RESPONSE_STATUS = statusSql('response', 'responses.firstAt');
const RESOLUTION_STATUS = statusSql('resolution', 'acceptances.firstAt');

const judged = (db: Db) =>
  db
    .selectFrom('promises')
    .leftJoin('responses', 'responses.postId', 'promises.postId')
    .leftJoin('acceptances', 'acceptances.postId', 'promises.postId')
    .leftJoin('closings', 'closings.postId', 'promises.postId')
    .leftJoin('withdrawals', 'withdrawals.commentId', 'responses.firstCommentId')
    .selectAll('promises')
    .select([
      RESPONSE_STATUS.as('responseStatus'),
      'responses.firstAt as respondedAt',
      'withdrawals.withdrawnAt as responseWithdrawnAt',
      RESOLUTION_STATUS.as('resolutionStatus'),
      'acceptances.firstAt as resolvedAt',
      'acceptances.undoneAt as unresolvedAt',
    ]);
