import { sql } from 'kysely';
import { type Db, instant, type OpenScope, topicsIn } from './scope.ts';
import type { Window } from './window.ts';

/** The topics opened in one window, and how soon others replied to those of members, whenever that was. */
export type TopicCounts = {
  readonly bucket: number;
  readonly topics: number;
  readonly topicsStarted: number;
  readonly topicsResolved: number;
  readonly topicsReplied: number;
  readonly topicsReplied24h: number;
  readonly topicsReplied72h: number;
  /** Median and 90th percentile of the times to first reply, in seconds, by linear interpolation. */
  readonly firstReplySeconds: readonly [p50: number, p90: number] | null;
};

/**
 * Counts the topics of a scope opened in each of these adjoining windows, in one statement. `bucket` is the window's
 * number from 1; windows in which no topic was opened have no row.
 */
export const topicsOpenedIn = async (
  db: Db,
  scope: OpenScope,
  edges: readonly string[],
  { from, to }: Window,
): Promise<readonly TopicCounts[]> => {
  const opened = topicsIn(db, scope).where('openedAt', '>=', instant(from)).where('openedAt', '<', instant(to));
  // One short walk in the index of what can be a first reply; it begins behind the opening message.
  const firstReply = db
    .selectFrom('contributions')
    .select('at')
    .where(sql<boolean>`"postId" = topic.id`)
    .where(sql<boolean>`"answersOpener"`)
    .where('retractedAt', 'is', null)
    .where('hiddenAt', 'is', null)
    .where(sql<boolean>`(at, position) > (topic."openedAt", topic.position)`)
    .orderBy('at')
    .orderBy('position')
    .limit(1);

  const { rows } = await sql<TopicCounts>`
    with opened as materialized (
      select width_bucket("openedAt", ${edges}::timestamptz[]) as bucket,
             "openerKind" = 'MEMBER' as "byMember",
             "markedResolvedAt" is not null or "acceptedAnswerId" is not null as resolved,
             case when "openerKind" = 'MEMBER'
                  then extract(epoch from ${firstReply} - "openedAt")::float8 end as wait
        from ${opened} as topic
    )
    select bucket,
           count(*)::int as topics,
           count(*) filter (where "byMember")::int as "topicsStarted",
           count(*) filter (where resolved)::int as "topicsResolved",
           count(wait)::int as "topicsReplied",
           count(*) filter (where wait <= 86400)::int as "topicsReplied24h",
           count(*) filter (where wait <= 259200)::int as "topicsReplied72h",
           percentile_cont(array[0.5, 0.9]) within group (order by wait) as "firstReplySeconds"
      from opened
     group by bucket
     order by bucket`.execute(db);
  return rows;
};
