import { sql } from 'kysely';
import { type Db, instant, within } from '../scope.ts';
import { contributions } from './facts.ts';
import { type Asked, rate, type Statistic } from './statistic.ts';

/** When members held facilitator or sponsor in the scope, for any part of the window. */
export const leading = (db: Db, { scope, window: { from, to } }: Asked) => {
  const members = db.selectFrom('people').select('id').where('kind', '=', 'MEMBER');
  return db
    .selectFrom('roles')
    .select(['memberId', 'startedAt', 'endedAt'])
    .where(() => within(scope))
    .where('role', 'in', ['FACILITATOR', 'SPONSOR'])
    .where('startedAt', '<', instant(to))
    .where(sql<boolean>`coalesce("endedAt", 'infinity') > greatest("startedAt", ${instant(from)})`)
    .where('memberId', 'in', members);
};

/** What leaders contributed in the window while they were; with whether it replies to somebody else. */
const led = (db: Db, asked: Asked) => {
  const topics = db.selectFrom('topics').select('id').where('hiddenAt', 'is', null);
  return sql`
    select "memberId", at, position, stream,
           coalesce(kind <> 'POST' and "retractedAt" is null and "replyToMemberId" <> "memberId"
                    and exists (${topics.where(sql<boolean>`topics.id = one."postId"`)}), false) as replies
      from (${contributions(db, asked.scope, asked.window)}) as one
     where exists (select from (${leading(db, asked)}) as role
                    where role."memberId" = one."memberId" and one.at >= role."startedAt"
                      and one.at < coalesce(role."endedAt", 'infinity'))`;
};

const LEADERS = 'Leaders are members who were facilitator or sponsor in the scope for any part of the window.';

const presence: Statistic = {
  key: 'leaders.presence',
  version: 1,
  definition: `Of the leaders, those who contributed in the window while they held the role. ${LEADERS}`,
  compute: async (db, asked) => {
    const { rows } = await sql<{ present: number; leaders: number }>`
      select (select count(distinct "memberId")::int from (${led(db, asked)}) as one) as present,
             count(distinct "memberId")::int as leaders
        from (${leading(db, asked)}) as role`.execute(db);
    return rate(rows[0]?.present ?? 0, rows[0]?.leaders ?? 0);
  },
  counted: (db, asked) => sql`
    select distinct on ("memberId") position, stream from (${led(db, asked)}) as one order by "memberId", at, position`,
};

const dialogue: Statistic = {
  key: 'leaders.dialogue',
  version: 1,
  definition: `Of what leaders contributed in the window while they held the role, replies to others that were not taken back. ${LEADERS}`,
  compute: async (db, asked) => {
    const { rows } = await sql<{ replies: number; all: number }>`
      select count(*)::int as all, count(*) filter (where replies)::int as replies from (${led(db, asked)}) as one`.execute(
      db,
    );
    return rate(rows[0]?.replies ?? 0, rows[0]?.all ?? 0);
  },
  counted: (db, asked) => sql`select position, stream from (${led(db, asked)}) as one where replies`,
};

export const leaders: readonly Statistic[] = [presence, dialogue];
