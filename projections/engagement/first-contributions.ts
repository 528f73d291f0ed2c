import { sql } from 'kysely';
import { COUNTED_TO, countEach, onPage, type Page, type Paged, pageOfEach } from '../page.ts';
import type { Db } from './scope.ts';
import { firstReply } from './statistics/facts.ts';
import type { EngagementRows } from './tables.ts';

/** A post that was the first thing its author said in its community, and that nobody else has replied to. */
export type FirstContributionRow = { readonly postId: string; readonly at: Date; readonly position: bigint };

export const BY_FIRST_WORD = { columns: ['at', 'position'], direction: 'asc' } as const;

/** The first contributions of several communities that wait for a reply, whoever waits longest first. Imported ones wait no more. */
export const firstContributionsInEach = (db: Db, communityIds: readonly string[], page: Page) =>
  pageOfEach(db, communityIds, onPage(waiting(db), BY_FIRST_WORD, page), page) as Promise<
    ReadonlyMap<string, Paged<FirstContributionRow>>
  >;

export const countFirstContributionsInEach = (db: Db, communityIds: readonly string[]) =>
  countEach(db, communityIds, waiting(db).clearSelect().select(sql`1`.as('one')).limit(COUNTED_TO));

const END_OF_TIME = new Date('9999-12-31T23:59:59.999Z');

const waiting = (db: Db) =>
  db
    .selectFrom(
      sql<FirstContributionRow>`(
        select topic.id as "postId", said."firstAt" as at, said."firstPosition" as position
          from (${db.selectFrom('first_contributions').selectAll()}) as said
          join (${db.selectFrom('topics').selectAll()}) as topic on topic.id = said."firstContributionId"
         where said."communityId" = owner.id and said."firstKind" = 'POST' and not said."firstImported"
           and topic."retractedAt" is null and topic."hiddenAt" is null
           and not exists (select from (${db.selectFrom('closed_posts').selectAll()}) as closed where closed."postId" = topic.id)
           and not exists (${firstReply(db, 'id', END_OF_TIME)}))`.as('waiting'),
    )
    .selectAll('waiting');

/** Whether a post is the first thing that its author said in its community, taken back or not. */
export const isFirstContribution = async (db: Db, postId: string): Promise<boolean> => {
  const { rows } = await sql<{ readonly is: boolean }>`
    select exists (
      select from (${db.selectFrom('topics').selectAll()}) as topic
        join (${db.selectFrom('first_contributions').selectAll()}) as said
          on said."communityId" = topic."communityId" and said."memberId" = topic."openedBy"
       where topic.id = ${postId} and said."firstContributionId" = topic.id) as is`.execute(db);
  return rows[0]?.is ?? false;
};

/** Who was welcomed for these posts. */
export const welcomesOf = (db: Db, postIds: readonly string[]) =>
  db.selectFrom('welcomes').selectAll().where('postId', 'in', postIds).execute();

export type WelcomeRow = EngagementRows['welcomes'];
