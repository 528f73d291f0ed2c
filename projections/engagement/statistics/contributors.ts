import { sql } from 'kysely';
import type { Db } from '../scope.ts';
import { instant } from '../scope.ts';
import { contributions } from './facts.ts';
import { type Asked, countCell, daysBefore, figure, rate, type Statistic } from './statistic.ts';

/** One row for each member with a contribution in the window who had none before it: their first one. */
const debuts = (db: Db, { scope, window }: Asked) => sql<{ memberId: string }>`
  select distinct on ("memberId") "memberId", at, position, stream
    from (${contributions(db, scope, window)}) as one
   where not exists (${earlierOf(db, { scope, window, until: window.to })})
   order by "memberId", at, position`;

const earlierOf = (db: Db, { scope, window: { from } }: Asked) =>
  contributions(db, scope, { from: null, to: from })
    .where(sql<boolean>`contributions."memberId" = one."memberId"`)
    .limit(1);

const newContributors: Statistic = {
  key: 'contributors.new',
  version: 1,
  definition: 'Members whose first contribution in the scope lies in the window. (CHAOSS New Contributors.)',
  compute: async (db, asked) => {
    const { rows } = await sql<{
      members: number;
    }>`select count(*)::int as members from (${debuts(db, asked)}) as debut`.execute(db);
    return figure(rows[0]?.members ?? 0);
  },
  counted: (db, asked) => sql`select position, stream from (${debuts(db, asked)}) as debut`,
};

const SILENT_DAYS = 90;

/** The last contribution before the end of the window of each member who ever contributed until then. */
const lastSaid = (db: Db, scope: Asked['scope'], to: Date) => sql`
  select distinct on ("memberId") "memberId", at, position, stream
    from (${contributions(db, scope, { from: null, to })}) as one
   order by "memberId", at desc, position desc`;

const inactive: Statistic = {
  key: 'contributors.inactive',
  version: 1,
  definition:
    'Of the members with a contribution before the end of the window, those with none in the 90 days before it. (CHAOSS Inactive Contributors.)',
  compute: async (db, { scope, window: { to } }) => {
    const { rows } = await sql<{ silent: number; all: number }>`
      select count(*)::int as all, count(*) filter (where last < ${instant(daysBefore(to, SILENT_DAYS))})::int as silent
        from (select max(at) as last from (${contributions(db, scope, { from: null, to })}) as one group by "memberId") as member`.execute(
      db,
    );
    return rate(rows[0]?.silent ?? 0, rows[0]?.all ?? 0);
  },
  counted: (db, { scope, window: { to } }) => sql`
    select position, stream from (${lastSaid(db, scope, to)}) as last where at < ${instant(daysBefore(to, SILENT_DAYS))}`,
};

/** The window of the same length that ends where this one begins. */
const before = ({ from, to }: Asked['window']) => ({ from: new Date(2 * from.getTime() - to.getTime()), to: from });

const churn: Statistic = {
  key: 'churn',
  version: 1,
  definition:
    'Of the members with a contribution in the period of the same length just before the window, those with none in the window. `resurrected`: members with a contribution in the window, none in that period, and a first one before it.',
  compute: async (db, { scope, window }) => {
    const period = before(window);
    const { rows } = await sql<{ present: number; gone: number; resurrected: number }>`
      with said as (
        select "memberId",
               bool_or(at >= ${instant(window.from)}) as now,
               bool_or(at >= ${instant(period.from)} and at < ${instant(period.to)}) as then
          from (${contributions(db, scope, { from: period.from, to: window.to })}) as one
         group by "memberId"
      )
      select count(*) filter (where "then")::int as present,
             count(*) filter (where "then" and not now)::int as gone,
             count(*) filter (where now and not "then"
                                and exists (${earlierOf(db, { scope, window: period, until: window.to })}))::int as resurrected
        from said as one`.execute(db);
    const { present = 0, gone = 0, resurrected = 0 } = rows[0] ?? {};
    return rate(gone, present, { cells: [countCell('resurrected', resurrected)] });
  },
  // They count by silence: shown is the last that was heard of them.
  counted: (db, { scope, window }) => sql`
    select position, stream
      from (select distinct on ("memberId") "memberId", at, position, stream
              from (${contributions(db, scope, { from: before(window).from, to: window.to })}) as one
             order by "memberId", at desc, position desc) as last
     where at < ${instant(window.from)}`,
};

export const contributors: readonly Statistic[] = [newContributors, inactive, churn];
