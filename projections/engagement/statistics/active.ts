import { sql } from 'kysely';
import { rounded } from '../share.ts';
import { contributions, interactions } from './facts.ts';
import { type Asked, daysBefore, figure, type Statistic } from './statistic.ts';

/** Members active in the days before the end of the window. */
const activeIn = (key: string, days: number, words: string): Statistic => {
  const span = ({ window: { to } }: Asked) => ({ from: daysBefore(to, days), to });
  return {
    key,
    version: 1,
    definition: `Members with at least one contribution or reaction in the ${words} before the end of the window.`,
    compute: async (db, asked) => {
      const { rows } = await sql<{ members: number }>`
        select count(distinct "memberId")::int as members from (${interactions(db, asked.scope, span(asked))}) as one`.execute(
        db,
      );
      return figure(rows[0]?.members ?? 0);
    },
    counted: (db, asked) => sql`
      select distinct on ("memberId") position, stream from (${interactions(db, asked.scope, span(asked))}) as one
       order by "memberId", at, position`,
  };
};

/** The calendar days (UTC) that lie wholly in the window, and the 27 before them that their months begin in. */
const daysOf = ({ window: { from }, until }: Asked) => {
  const first = Math.ceil(from.getTime() / DAY_MS);
  const last = Math.floor(until.getTime() / DAY_MS) - 1;
  return { first, last, read: { from: new Date((first - MONTH + 1) * DAY_MS), to: new Date((last + 1) * DAY_MS) } };
};
const DAY_MS = 86_400_000;
const MONTH = 28;

const stickiness: Statistic = {
  key: 'stickiness',
  version: 1,
  definition:
    'For each day (UTC) wholly in the window: members active on it ÷ members active in the 28 days that end with it; the mean over the days whose divisor is not 0. Null when there is none. (After Discourse.)',
  compute: async (db, asked) => {
    const { first, last, read } = daysOf(asked);
    if (last < first) return figure(null);
    // A member active on a day counts in the months that end on it and the 27 days after it. Overlaps of a member's days are cut off,
    // so that each member is one step up and one step down for every unbroken run.
    const { rows } = await sql<{ day: number; active: number; step: number }>`
      with active as (
        select distinct "memberId", floor(extract(epoch from at) / 86400)::int as day
          from (${interactions(db, asked.scope, read)}) as one
      ), runs as (
        select day, greatest(day, lag(day) over (partition by "memberId" order by day) + ${MONTH}::int) as begins from active
      )
      select day, sum(active)::int as active, sum(step)::int as step
        from (select day, 1 as active, 0 as step from active
              union all select begins, 0, 1 from runs where begins < day + ${MONTH}::int
              union all select day + ${MONTH}::int, 0, -1 from runs where begins < day + ${MONTH}::int) as change
       group by day`.execute(db);
    const byDay = new Map(rows.map((row) => [row.day, row]));
    let [month, sum, days] = [0, 0, 0];
    for (let day = first - MONTH + 1; day <= last; day++) {
      month += byDay.get(day)?.step ?? 0;
      if (day < first || month === 0) continue;
      sum += (byDay.get(day)?.active ?? 0) / month;
      days += 1;
    }
    return figure(days === 0 ? null : rounded(sum / days));
  },
  counted: (db, asked) =>
    sql`select position, stream from (${contributions(db, asked.scope, daysOf(asked).read)}) as one`,
};

export const active: readonly Statistic[] = [
  activeIn('active.daily', 1, '24 hours'),
  activeIn('active.weekly', 7, '7 days'),
  activeIn('active.monthly', 28, '28 days'),
  stickiness,
];
