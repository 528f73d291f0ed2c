import { sql } from 'kysely';
import type { Db } from '../scope.ts';
import { contributions, firstReply, invitingPosts } from './facts.ts';
import { type Asked, rate, type Statistic } from './statistic.ts';

/** Inviting posts of the window with the place of their first reply, null for those that have none. */
const invited = (db: Db, { scope, window }: Asked) => sql`
  select topic."openedBy" as "memberId", (${firstReply(db, 'position', window.to)}) as position, (${firstReply(db, 'id', window.to)}) as reply
    from (${invitingPosts(db, scope, window)}) as topic`;

const heardRate: Statistic = {
  key: 'heardRate',
  version: 1,
  definition:
    'Of the members with at least one question or discussion opened in the window, those with at least one that has a first reply before its end.',
  compute: async (db, asked) => {
    const { rows } = await sql<{ heard: number; spoke: number }>`
      select count(distinct "memberId")::int as spoke, count(distinct "memberId") filter (where position is not null)::int as heard
        from (${invited(db, asked)}) as post`.execute(db);
    return rate(rows[0]?.heard ?? 0, rows[0]?.spoke ?? 0);
  },
  counted: (db, asked) => sql`
    select distinct on ("memberId") position, 'comment-' || reply as stream
      from (${invited(db, asked)}) as post where position is not null
     order by "memberId", position`,
};

/** One row for each ordered pair of members of whom one commented on something of the other's: the first such comment. */
const edges = (db: Db, { scope, window }: Asked) => {
  const topics = db.selectFrom('topics').select('id').where('hiddenAt', 'is', null);
  const members = db.selectFrom('people').select('id').where('kind', '=', 'MEMBER');
  return sql`
    select distinct on ("memberId", "replyToMemberId") "memberId" as a, "replyToMemberId" as b, position, stream
      from (${contributions(db, scope, window)}) as one
     where kind <> 'POST' and "retractedAt" is null and "replyToMemberId" <> "memberId"
       and exists (${topics.where(sql<boolean>`topics.id = one."postId"`)})
       and exists (${members.where(sql<boolean>`people.id = one."replyToMemberId"`)})
     order by "memberId", "replyToMemberId", at, position`;
};

const reciprocity: Statistic = {
  key: 'reciprocity',
  version: 1,
  definition:
    "Of the ordered pairs of members (a, b) of whom a commented in the window on something of b's, those whose reverse is such a pair too.",
  compute: async (db, asked) => {
    const { rows } = await sql<{ mutual: number; all: number }>`
      with edges as materialized (${edges(db, asked)})
      select count(*)::int as all, count(*) filter (where (b, a) in (select a, b from edges))::int as mutual from edges`.execute(
      db,
    );
    return rate(rows[0]?.mutual ?? 0, rows[0]?.all ?? 0);
  },
  counted: (db, asked) => sql`
    with edges as materialized (${edges(db, asked)})
    select position, stream from edges where (b, a) in (select a, b from edges)`,
};

export const dialogue: readonly Statistic[] = [heardRate, reciprocity];
