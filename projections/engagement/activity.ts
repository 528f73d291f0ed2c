import { sql } from 'kysely';
import { contributionsIn, type Db, instant, type OpenScope } from './scope.ts';
import type { Window } from './window.ts';

/** What was said in one window, as counted in the database: integers that no rounding has touched. */
export type ActivityCounts = {
  readonly bucket: number;
  readonly messages: number;
  readonly botMessages: number;
  readonly activeMembers: number;
  readonly newContributors: number;
  readonly firstMessageAt: Date;
  readonly lastMessageAt: Date;
  /** Σ i·xᵢ over the members' message counts x in ascending order, i from 1. */
  readonly rankedSum: number;
  /** Messages of the tenth of the members, rounded up, who wrote most. */
  readonly topTenthMessages: number;
  readonly topMemberIds: readonly string[] | null;
  readonly topMessages: readonly number[] | null;
};

/**
 * Counts the messages of a scope in each of these adjoining windows, in one statement. `bucket` is the window's
 * number from 1; windows in which nobody spoke have no row. `first` contributors are named for each.
 */
export const activityIn = async (
  db: Db,
  scope: OpenScope,
  edges: readonly string[],
  { from, to }: Window,
  first: number,
): Promise<readonly ActivityCounts[]> => {
  const messages = contributionsIn(db, scope).where('at', '>=', instant(from)).where('at', '<', instant(to));
  // A scalar subquery stays what it is, a short look into an index for each member; the planner would turn an
  // `exists` into a join that reads all that was ever said before.
  const earlier = contributionsIn(db, scope)
    .clearSelect()
    .select('at')
    .where('at', '<', instant(from))
    .where(sql<boolean>`"memberId" = debut."memberId"`)
    .limit(1);
  const people = db.selectFrom('people').selectAll();

  const { rows } = await sql<ActivityCounts>`
    with spoken as materialized (
      select width_bucket(at, ${edges}::timestamptz[]) as bucket, "memberId", "memberKind" = 'MEMBER' as "byMember",
             count(*)::int as messages, min(at) as first, max(at) as last
        from ${messages} as message
       group by 1, 2, 3
    ), windows as (
      select bucket,
             coalesce(sum(messages) filter (where "byMember"), 0)::int as messages,
             coalesce(sum(messages) filter (where not "byMember"), 0)::int as "botMessages",
             min(first) as "firstMessageAt",
             max(last) as "lastMessageAt"
        from spoken
       group by bucket
    ), ranked as (
      select bucket, "memberId", messages,
             row_number() over (partition by bucket order by messages desc, person.position, "memberId") as rank,
             count(*) over (partition by bucket) as members
        from spoken
        left join ${people} as person on person.id = "memberId"
       where "byMember"
    ), concentration as (
      select bucket,
             count(*)::int as "activeMembers",
             sum((members - rank + 1) * messages)::float8 as "rankedSum",
             sum(messages) filter (where rank <= (members + 9) / 10)::int as "topTenthMessages",
             array_agg("memberId" order by rank) filter (where rank <= ${first}) as "topMemberIds",
             array_agg(messages order by rank) filter (where rank <= ${first}) as "topMessages"
        from ranked
       group by bucket
    ), newcomers as (
      select width_bucket(debut.at, ${edges}::timestamptz[]) as bucket, count(*)::int as "newContributors"
        from (select "memberId", min(first) as at from spoken where "byMember" group by "memberId") as debut
       where ${earlier} is null
       group by 1
    )
    select windows.*,
           coalesce("activeMembers", 0) as "activeMembers",
           coalesce("newContributors", 0) as "newContributors",
           coalesce("rankedSum", 0) as "rankedSum",
           coalesce("topTenthMessages", 0) as "topTenthMessages",
           "topMemberIds", "topMessages"
      from windows
      left join concentration using (bucket)
      left join newcomers using (bucket)
     order by bucket`.execute(db);
  return rows;
};
