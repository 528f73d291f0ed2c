import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Row, Rows } from '../src/core/projection.ts';
import type { PromiseEnding } from '../src/domain/promise.ts';
import type { TargetName, VersionedCalendar } from '../src/domain/promise-terms.ts';
import { COUNTED_TO, countEach, onPage, type Page, type Paged, pageOfEach } from './page.ts';
import type { PromiseStatus, tables } from './promises.ts';

// What is read of promises: what the transitions say, with the facts of other streams that keep or end them.

type Db = Kysely<Rows<typeof tables>>;

/** A promise with the facts that keep or end it. */
export type PromiseRow = Row<typeof tables.promises> & {
  readonly responseStatus: PromiseStatus;
  /** Why it was or is no longer owed; it says something only where the status is CANCELLED or BREACHED without a response. */
  readonly responseEnding: PromiseEnding | null;
  readonly respondedAt: Date | null;
  readonly responseWithdrawnAt: Date | null;
  readonly resolutionStatus: PromiseStatus;
  readonly resolutionEnding: PromiseEnding | null;
  readonly resolvedAt: Date | null;
  /** When they ended without being fulfilled; null while they have not. */
  readonly responseEndedAt: Date | null;
  readonly resolutionEndedAt: Date | null;
  /** When its acceptance was last taken back. */
  readonly unresolvedAt: Date | null;
  /** What was told of it, in the order of time: JSON of `TransitionFact`s, read in one statement with the status that they explain. */
  readonly transitions: string;
};
export type TransitionFact = {
  readonly id: string;
  readonly target: TargetName;
  readonly status: PromiseStatus;
  readonly at: string;
};
export type RenegotiationRow = Row<typeof tables.renegotiations>;

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

export const renegotiationsOf = (db: Db, postIds: readonly string[]): Promise<RenegotiationRow[]> =>
  db.selectFrom('renegotiations').selectAll().where('postId', 'in', postIds).orderBy('position').execute();

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
 * whenever a response is dated in time, also one that came to the log after the breach, unless it had ended before.
 */
const statusSql = (target: 'response' | 'resolution', fulfilledAt: string, endedAt: RawBuilder<Date | null>) => {
  const column = (name: string) => sql.ref(`promises.${target}${name}`);
  const at = sql.ref(fulfilledAt);
  return sql<PromiseStatus>`case
    when ${at} <= ${column('DueAt')} and (${endedAt} is null or ${at} <= ${endedAt}) then 'ACHIEVED'
    when ${endedAt} <= ${column('DueAt')} then 'CANCELLED'
    when ${at} is not null or ${endedAt} is not null then 'BREACHED'
    when ${column('BreachedAt')} is not null then 'BREACHING'
    when ${column('ImminentAt')} is not null then 'IMMINENT_BREACH'
    else 'PENDING' end`;
};

// What was asked before the archiving; the process writes it down a moment later.
const ARCHIVED_AT = sql<Date | null>`case when archivals.position > promises.position then archivals.at end`;
// Who accepts an answer without anybody else's response has found it alone.
const RESPONSE_ENDED_AT = sql<Date | null>`least(response_closings."closedAt", acceptances."firstAt", ${ARCHIVED_AT})`;
const RESOLUTION_ENDED_AT = sql<Date | null>`least(resolution_closings."closedAt", ${ARCHIVED_AT})`;
const RESPONSE_STATUS = statusSql('response', 'responses.firstAt', RESPONSE_ENDED_AT);
const RESOLUTION_STATUS = statusSql('resolution', 'acceptances.firstAt', RESOLUTION_ENDED_AT);

const causeSql = (closing: 'response_closings' | 'resolution_closings') => sql<PromiseEnding | null>`coalesce(
  ${sql.ref(`${closing}.closedCause`)}, case when archivals.position > promises.position then 'ARCHIVED' end)`;

const judged = (db: Db) =>
  db
    .selectFrom('promises')
    .leftJoin('responses', 'responses.postId', 'promises.postId')
    .leftJoin('acceptances', 'acceptances.postId', 'promises.postId')
    .leftJoin('archivals', 'archivals.communityId', 'promises.communityId')
    .leftJoin('closings as response_closings', (join) =>
      join
        .onRef('response_closings.postId', '=', 'promises.postId')
        .on('response_closings.target', '=', 'FIRST_RESPONSE'),
    )
    .leftJoin('closings as resolution_closings', (join) =>
      join
        .onRef('resolution_closings.postId', '=', 'promises.postId')
        .on('resolution_closings.target', '=', 'RESOLUTION'),
    )
    .leftJoin('withdrawals', 'withdrawals.commentId', 'responses.firstCommentId')
    .selectAll('promises')
    .select([
      RESPONSE_STATUS.as('responseStatus'),
      sql<PromiseEnding | null>`coalesce(${causeSql('response_closings')},
        case when acceptances."firstAt" is not null then 'RESOLVED' end)`.as('responseEnding'),
      'responses.firstAt as respondedAt',
      'withdrawals.withdrawnAt as responseWithdrawnAt',
      RESOLUTION_STATUS.as('resolutionStatus'),
      causeSql('resolution_closings').as('resolutionEnding'),
      'acceptances.firstAt as resolvedAt',
      'acceptances.undoneAt as unresolvedAt',
      RESPONSE_ENDED_AT.as('responseEndedAt'),
      RESOLUTION_ENDED_AT.as('resolutionEndedAt'),
      sql<string>`coalesce((
        select json_agg(json_build_object('id', told.id, 'target', told.target, 'status', told.status, 'at', told.at)
                        order by told.at, told.position)
          from (${db.selectFrom('transitions').selectAll()}) as told where told."postId" = promises."postId"), '[]')::text`.as(
        'transitions',
      ),
    ]);
