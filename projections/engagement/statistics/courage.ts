import { sql } from 'kysely';
import { contributionsIn, type Db, instant, topicsIn, within } from '../scope.ts';
import { share } from '../share.ts';
import { contributions, firstReply } from './facts.ts';
import { beginOf, monthsOf } from './months.ts';
import { type Asked, figure, type Statistic } from './statistic.ts';
import { type Group, suppressed } from './suppression.ts';

const STEPS = ['begun', 'reviewAsked', 'published', 'repliedInTime', 'contributedAgain'] as const;

/** What is not open takes whole months that have ended, so that nobody counts it from one day to the next. */
const ended = (asked: Asked): Asked => {
  const { first, last } = monthsOf(asked);
  const [from, to] = last < first ? [asked.window.to, asked.window.to] : [beginOf(first), beginOf(last + 1)];
  return { ...asked, window: { from, to } };
};

/**
 * Drafts that were begun in the window by somebody who had not contributed yet, with how many steps each has taken, every step only
 * with those before it; and the contribution that came last.
 */
const funnel = (db: Db, { scope, window: { from, to } }: Asked) => {
  const begun = db
    .selectFrom('drafts')
    .selectAll()
    .where(() => within(scope))
    .where('memberKind', '=', 'MEMBER')
    .where('begunAt', '>=', instant(from))
    .where('begunAt', '<', instant(to));
  const said = contributions(db, scope, { from: null, to });
  const agreed = db
    .selectFrom('renegotiations')
    .select('dueAt')
    .where(sql<boolean>`"postId" = draft.id`)
    .where('target', '=', 'FIRST_RESPONSE')
    .where('at', '<', instant(to))
    .orderBy('at', 'desc')
    .orderBy('position', 'desc')
    .limit(1);
  const promised = db.selectFrom('promises').select('dueAt').where(sql<boolean>`"postId" = draft.id`);
  return sql`
    select "memberId", again.position, again.stream,
           case when "reviewedAt" is null or "reviewedAt" >= ${instant(to)} then 1
                when topic.id is null then 2
                when reply.at is null or due.at is null or reply.at > due.at then 3
                when again.position is null then 4
                else 5 end as steps
      from (${begun}) as draft
      left join (${topicsIn(db, scope).where('openedAt', '<', instant(to))}) as topic on topic.id = draft.id
      left join lateral (${firstReply(db, 'at', to)}) as reply on true
      left join lateral (select coalesce((${agreed}), (${promised})) as at) as due on true
      left join lateral (
        select said.position, said.stream from (${said}) as said
         where said."memberId" = draft."memberId" and (said.at, said.position) > (topic."openedAt", topic.position)
           and said.at <= topic."openedAt" + interval '7776000 seconds'
         order by said.at, said.position limit 1) as again on true
     where not exists (
       select from (${contributionsIn(db, scope)}) as before
        where before."memberId" = draft."memberId" and (before.at, before.position) < (draft."begunAt", draft.position))`;
};

export const courage: Statistic = {
  key: 'courage.funnel',
  version: 1,
  definition:
    'Drafts begun in the window by members who had not contributed to the scope before: `begun`; then, each only with the ones before: `reviewAsked`; `published`; `repliedInTime`, a first reply of another member by the promised time, where one was promised; `contributedAgain`, within 90 days of publication. All before the end of the window, of which only the whole calendar months (UTC) that have ended are looked at. Cells about 1 to 4 people are withheld, and the next smallest with them.',
  compute: async (db, asked) => {
    const { rows } = await sql<{ step: number; drafts: number; people: number }>`
      select step, count(*)::int as drafts, count(distinct "memberId")::int as people
        from (${funnel(db, ended(asked))}) as draft cross join lateral generate_series(1, steps) as step
       group by step`.execute(db);
    const cells = suppressed(
      STEPS.map((key, n): Group => {
        const { drafts = 0, people = 0 } = rows.find(({ step }) => step === n + 1) ?? {};
        return { key, value: drafts, people };
      }),
    );
    const [denominator, numerator] = [cells[0]?.value ?? null, cells.at(-1)?.value ?? null];
    const isSuppressed = denominator === null || numerator === null;
    const value = isSuppressed ? null : share(numerator, denominator);
    return figure(value, { numerator, denominator, cells, ...(isSuppressed && { suppressed: true }) });
  },
  // What is shown is what came last, in the open: no draft is an event that anybody sees.
  counted: (db, asked) => sql`select position, stream from (${funnel(db, ended(asked))}) as draft where steps = 5`,
};
