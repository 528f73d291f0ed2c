import { type Kysely, sql } from 'kysely';
import {
  defineProjection,
  entity,
  integer,
  nullable,
  operationsOn,
  position,
  type Row,
  type Rows,
  sum,
  tally,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import { COUNTED_TO, countEach, countOf, onPage, type Page, type Paged, paged, pageOfEach } from './page.ts';

const tables = {
  /** What drafts are reviewed about in a community: JSON, for it is read whole. */
  mentoring_topics: entity({ key: { communityId: uuid }, columns: { topics: text } }),
  /** How long an offer stands, where a community has said so. */
  offer_terms: entity({ key: { communityId: uuid }, columns: { workingDays: integer } }),
  /** Who volunteers, for what and for how many at a time. Their topics are JSON; none means any. */
  mentors: entity({
    key: { communityId: uuid, memberId: uuid },
    columns: { topics: text, load: integer, since: timestamp, position },
    indexes: ['"memberId"'],
  }),
  /** How many reviews wait for a mentor's feedback. */
  mentor_loads: tally({ key: { communityId: uuid, memberId: uuid }, columns: { open: sum } }),
  reviews: entity({
    key: { id: uuid },
    columns: {
      draftId: uuid,
      communityId: uuid,
      authorId: uuid,
      topic: nullable(text),
      /** Who had room for it when it was asked for. */
      offeredTo: nullable(uuid),
      offerDueAt: nullable(timestamp),
      requestedAt: timestamp,
      mentorId: nullable(uuid),
      takenAt: nullable(timestamp),
      answeredAt: nullable(timestamp),
      /** When the draft ended, or was asked about anew. */
      endedAt: nullable(timestamp),
      position,
    },
    indexes: [
      '"communityId", position where "mentorId" is null and "endedAt" is null',
      '"offeredTo", position where "mentorId" is null and "endedAt" is null',
      '"mentorId", position where "answeredAt" is null and "endedAt" is null',
    ],
  }),
  /** Who declined which review: it is not shown to them as one that they may take. */
  declined_reviews: entity({ key: { reviewId: uuid, memberId: uuid }, columns: { at: timestamp } }),
};

const { put, patch, add, remove } = operationsOn(tables);

type Ended = { readonly review: { readonly reviewId: string } | null };
type When = { readonly occurredAt: string };

const ended = ({ review }: Ended, { occurredAt: endedAt }: When) =>
  review ? [patch('reviews', { id: review.reviewId }, { endedAt })] : [];

/** Reviews before publication, and the mentors who take them. What the drafts say is elsewhere. */
export const reviews = defineProjection<DomainEvents>()({
  name: 'reviews',
  version: 2,
  tables,
  on: {
    MentoringTopicsSet: ({ communityId, topics }) => [
      put('mentoring_topics', { communityId, topics: JSON.stringify(topics) }),
    ],
    ReviewOfferTermSet: ({ communityId, workingDays }) => [put('offer_terms', { communityId, workingDays })],
    MentorVolunteered: ({ communityId, memberId, topics, load }, { occurredAt, position }) => [
      put('mentors', { communityId, memberId, topics: JSON.stringify(topics), load, since: occurredAt, position }),
    ],
    MentorOfferChanged: ({ communityId, memberId, topics, load }) => [
      patch('mentors', { communityId, memberId }, { topics: JSON.stringify(topics), load }),
    ],
    MentorWithdrew: (pair) => [remove('mentors', pair)],

    ReviewRequested: ({ reviewId, replaces, ...asked }, { occurredAt, position }) => [
      ...ended({ review: replaces === null ? null : { reviewId: replaces } }, { occurredAt }),
      put('reviews', {
        id: reviewId,
        draftId: asked.draftId,
        communityId: asked.communityId,
        authorId: asked.authorId,
        topic: asked.topic,
        offeredTo: asked.offeredTo,
        offerDueAt: asked.offerDueAt ?? null,
        requestedAt: occurredAt,
        position,
      }),
    ],
    ReviewOffered: ({ reviewId, offeredTo, offerDueAt }) => [
      patch('reviews', { id: reviewId }, { offeredTo, offerDueAt }),
    ],
    ReviewPassedOn: ({ reviewId, mentorId: memberId, cause }, { occurredAt }) => [
      patch('reviews', { id: reviewId }, { offeredTo: null, offerDueAt: null }),
      ...(cause === 'DECLINED' ? [put('declined_reviews', { reviewId, memberId, at: occurredAt })] : []),
    ],
    ReviewTaken: ({ reviewId, mentorId }, { occurredAt }) => [
      patch('reviews', { id: reviewId }, { mentorId, takenAt: occurredAt }),
    ],
    ReviewAccepted: ({ communityId, mentorId: memberId }) => [
      add('mentor_loads', { communityId, memberId }, { open: 1 }),
    ],
    FeedbackGiven: ({ reviewId, communityId, mentorId: memberId }, { occurredAt }) => [
      patch('reviews', { id: reviewId }, { answeredAt: occurredAt }),
      add('mentor_loads', { communityId, memberId }, { open: -1 }),
    ],
    ReviewReleased: ({ communityId, mentorId: memberId }) => [
      add('mentor_loads', { communityId, memberId }, { open: -1 }),
    ],
    DraftDiscarded: ended,
    DraftPublished: ended,
  },
});

type Db = Kysely<Rows<typeof tables>>;
export type ReviewRow = Row<typeof tables.reviews>;
export type MentorRow = {
  readonly communityId: string;
  readonly memberId: string;
  readonly topics: readonly string[];
  readonly load: number;
  readonly open: number;
  readonly since: Date;
};

/** The topics of these communities, each in its own order. */
export const mentoringTopicsOf = async (
  db: Db,
  communityIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const rows = await db.selectFrom('mentoring_topics').selectAll().where('communityId', 'in', communityIds).execute();
  return new Map(rows.map(({ communityId, topics }) => [communityId, JSON.parse(topics)]));
};

/** How many working days an offer stands in these communities, where they have said so. */
export const offerTermsOf = async (db: Db, communityIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const rows = await db.selectFrom('offer_terms').selectAll().where('communityId', 'in', communityIds).execute();
  return new Map(rows.map(({ communityId, workingDays }) => [communityId, workingDays]));
};

/** Who volunteers in these communities, the earliest first. */
export const mentorsOf = async (db: Db, communityIds: readonly string[]): Promise<readonly MentorRow[]> => {
  const rows = await volunteers(db).where('mentors.communityId', 'in', communityIds).orderBy('position').execute();
  return rows.map((row) => ({ ...row, topics: JSON.parse(row.topics), open: Number(row.open) }));
};

const volunteers = (db: Db) =>
  db
    .selectFrom('mentors')
    .leftJoin('mentor_loads', (join) =>
      join
        .onRef('mentor_loads.communityId', '=', 'mentors.communityId')
        .onRef('mentor_loads.memberId', '=', 'mentors.memberId'),
    )
    .selectAll('mentors')
    .select(sql<bigint>`coalesce(mentor_loads.open, 0)`.as('open'));

type Wanted = {
  readonly communityId: string;
  readonly topic: string | null;
  readonly exceptMemberIds: readonly string[];
};

/** Of the mentors of a topic who have room: the one with the least to do, then whoever volunteered first. What is offered counts. */
export const freeMentor = async (db: Db, { communityId, topic, exceptMemberIds }: Wanted): Promise<string | null> => {
  const { rows } = await sql<{ readonly memberId: string }>`
    select "memberId"
      from (select mentor.*, mentor.open + (
                     select count(*) from ${waiting(db)} as review
                      where review."offeredTo" = mentor."memberId" and review."communityId" = mentor."communityId"
                   ) as busy
              from (${volunteers(db)}) as mentor
             where mentor."communityId" = ${communityId} and mentor."memberId" <> all(${exceptMemberIds}::uuid[])
               and ${fits(sql`${topic}::text`)}) as mentor
     where busy < load
     order by busy, since, position
     limit 1`.execute(db);
  return rows[0]?.memberId ?? null;
};

const waiting = (db: Db) =>
  sql`(${db.selectFrom('reviews').selectAll().where('mentorId', 'is', null).where('endedAt', 'is', null)})`;

/** Whether the row called `mentor` is one for this topic. */
const fits = (topic: ReturnType<typeof sql>) =>
  sql<boolean>`(${topic} is null or mentor.topics = '[]' or mentor.topics::jsonb ? ${topic})`;

/** A waiting review as things are now: who it was offered to may have no room any more. */
const asOffered = (db: Db) => {
  const stands = sql`exists (
    select from (${volunteers(db)}) as mentor
     where mentor."communityId" = review."communityId" and mentor."memberId" = review."offeredTo"
       and mentor.open < mentor.load and ${fits(sql`review.topic`)})`;
  return sql<ReviewRow>`(
    select review.id, review."draftId", review."communityId", review."authorId", review.topic, review."requestedAt",
           review."mentorId", review."takenAt", review."answeredAt", review."endedAt", review.position,
           case when review."mentorId" is not null or ${stands} then review."offeredTo" end as "offeredTo",
           case when review."mentorId" is null and ${stands} then review."offerDueAt" end as "offerDueAt"
      from (${db.selectFrom('reviews').selectAll()}) as review)`;
};

export const reviewsByIds = async (db: Db, ids: readonly string[]): Promise<readonly ReviewRow[]> =>
  list(db).where('id', 'in', ids).execute();

const list = (db: Db) => db.selectFrom(asOffered(db).as('reviews')).selectAll('reviews');

export const BY_REQUEST = { columns: ['position'], direction: 'asc' } as const;

/** The reviews of several communities that nobody has taken, whoever waits longest first. */
export const waitingReviewsInEach = (db: Db, communityIds: readonly string[], page: Page) =>
  pageOfEach(db, communityIds, onPage(waitingIn(db), BY_REQUEST, page), page) as Promise<
    ReadonlyMap<string, Paged<ReviewRow>>
  >;

export const countWaitingReviewsInEach = (db: Db, communityIds: readonly string[]) =>
  countEach(db, communityIds, waitingIn(db).clearSelect().select(sql`1`.as('one')).limit(COUNTED_TO));

const waitingIn = (db: Db) =>
  list(db)
    .where(sql<boolean>`reviews."communityId" = owner.id`)
    .where('mentorId', 'is', null)
    .where('endedAt', 'is', null);

/** What waits for somebody as a mentor: what they took, what is offered to them, and what nobody else has room for. */
/** Somebody who reads drafts, in the communities that they are a member of. */
type MentorIn = { readonly memberId: string; readonly in: readonly string[] };

export const reviewsFor = async (db: Db, mentor: MentorIn, page: Page): Promise<Paged<ReviewRow>> =>
  paged(await onPage(forMentor(db, mentor), BY_REQUEST, page).execute(), page);

export const countReviewsFor = (db: Db, mentor: MentorIn) => countOf(db, forMentor(db, mentor));

const forMentor = (db: Db, { memberId, in: communityIds }: MentorIn) => {
  const couldTake = sql<boolean>`exists (
    select from (${db.selectFrom('mentors').selectAll()}) as mentor
     where mentor."communityId" = reviews."communityId" and mentor."memberId" = ${memberId}
       and ${fits(sql`reviews.topic`)})`;
  const declined = db.selectFrom('declined_reviews').select('reviewId').where('memberId', '=', memberId);
  return list(db)
    .where(sql<boolean>`reviews."communityId" = any(${communityIds}::uuid[])`)
    .where('answeredAt', 'is', null)
    .where('endedAt', 'is', null)
    .where(
      sql<boolean>`(reviews."mentorId" = ${memberId} or (reviews."mentorId" is null and reviews."authorId" <> ${memberId}
        and (reviews."offeredTo" = ${memberId} or (reviews."offeredTo" is null and not exists (
          select from (${declined}) as declined where declined."reviewId" = reviews.id)))
        and ${couldTake}))`,
    );
};
