import { sql } from 'kysely';
import { contributions } from './facts.ts';
import { beginOf, monthsOf } from './months.ts';
import { figure, rateCell, type Statistic } from './statistic.ts';

const nameOf = (month: number) =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

type Row = { readonly cohort: number; readonly month: number; readonly members: number };

export const retention: Statistic = {
  key: 'retention',
  version: 1,
  definition:
    'For each calendar month (UTC) wholly in the window, the members whose first contribution in the scope lies in it; then, of these, the share with a contribution in the k-th month after it, up to the last month that has ended by the end of the window. Cells are `<cohort>/<k>`. (After Mastodon.)',
  compute: async (db, asked) => {
    const { first, last } = monthsOf(asked);
    if (last < first) return figure(null);
    const said = contributions(db, asked.scope, { from: null, to: beginOf(last + 1) });
    const { rows } = await sql<Row>`
      with active as (
        select distinct "memberId",
               (extract(year from at at time zone 'utc') * 12 + extract(month from at at time zone 'utc') - 1)::int as month
          from (${said}) as one
      ), debuts as (
        select "memberId", min(month) as cohort from active group by "memberId" having min(month) >= ${first}::int
      )
      select cohort, month, count(*)::int as members from debuts join active using ("memberId") group by cohort, month`.execute(
      db,
    );
    const members = new Map(rows.map((row) => [`${row.cohort}/${row.month}`, row.members]));
    const cells = [];
    for (let cohort = first; cohort <= last; cohort++) {
      const size = members.get(`${cohort}/${cohort}`) ?? 0;
      if (size === 0) continue;
      for (let month = cohort; month <= last; month++)
        cells.push(rateCell(`${nameOf(cohort)}/${month - cohort}`, members.get(`${cohort}/${month}`) ?? 0, size));
    }
    return figure(null, { cells });
  },
  counted: (db, asked) => {
    const { first, last } = monthsOf(asked);
    const from = beginOf(first);
    const to = last < first ? from : beginOf(last + 1);
    return sql`select position, stream from (${contributions(db, asked.scope, { from, to })}) as one`;
  },
};
