import { type RawBuilder, sql } from 'kysely';
import { contributionsIn, type Db, instant, isOpen, within } from '../scope.ts';
import type { Span } from './facts.ts';
import { type Asked, countCell, figure, rate, rateCell, type Statistic } from './statistic.ts';

/**
 * First-response targets of questions that were asked in a span, as they stood at the end of the window: the due time that was agreed
 * upon last, the first reply of another member, also one that was taken back since, and when it was owed no longer.
 */
const targets = (db: Db, { scope, window: { to }, until }: Asked, { from }: Span): RawBuilder<unknown> => {
  const promises = db
    .selectFrom('promises')
    .select(['postId', 'position', 'askedAt', 'warnAt', 'dueAt', 'endedAt'])
    .where(() => within(scope))
    .where(() => isOpen(scope))
    .where('askedAt', '<', instant(to))
    .$if(from !== null, (query) => query.where('askedAt', '>=', instant(from ?? to)));
  // Read in one pass: what was taken back stands in no index.
  const replies = contributionsIn(db, scope)
    .clearSelect()
    .select(['postId', 'at', 'position'])
    .where('answersOpener', '=', true)
    .where('at', '<', instant(to))
    .$if(from !== null, (query) => query.where('at', '>=', instant(from ?? to)));
  const agreed = db
    .selectFrom('renegotiations')
    .select(['warnAt', 'dueAt'])
    .where(sql<boolean>`"postId" = promise."postId"`)
    .where('target', '=', 'FIRST_RESPONSE')
    .where('at', '<', instant(to))
    .orderBy('at', 'desc')
    .orderBy('position', 'desc')
    .limit(1);
  const topics = db.selectFrom('topics').select(['id', 'retractedAt']).where('hiddenAt', 'is', null);
  return sql`
    with promise as materialized (${promises}), answered as (
      select "postId", min(reply.at) as at
        from promise join (${replies}) as reply using ("postId")
       where (reply.at, reply.position) > (promise."askedAt", promise.position)
       group by "postId"
    ), target as (
      select promise."postId", promise.position, promise."askedAt", answered.at as replied,
             least(case when topic."retractedAt" < ${instant(to)} then topic."retractedAt" end,
                   case when promise."endedAt" < ${instant(to)} then promise."endedAt" end) as closed,
             coalesce(agreed."warnAt", promise."warnAt") as warn,
             coalesce(agreed."dueAt", promise."dueAt") as due,
             agreed."dueAt" is not null as renegotiated
        from promise
        join (${topics}) as topic on topic.id = promise."postId"
        left join answered on answered."postId" = promise."postId"
        left join lateral (${agreed}) as agreed on true
    )
    select position, 'post-' || "postId" as stream, "askedAt", renegotiated, least(replied, closed) as "endedAt",
           case when replied <= due and (closed is null or replied <= closed) then 'ACHIEVED'
                when closed <= due then 'CANCELLED'
                when replied is not null or closed is not null then 'BREACHED'
                when due < ${instant(until)} then 'BREACHING'
                when warn < ${instant(until)} then 'IMMINENT_BREACH'
                else 'PENDING' end as status
      from target`;
};

type Kept = {
  readonly kept: number;
  readonly judged: number;
  readonly pending: number;
  readonly imminent: number;
  readonly cancelled: number;
  readonly renegotiated: number;
};

const keptRate: Statistic = {
  key: 'promise.keptRate',
  version: 1,
  definition:
    'Of the first responses promised to questions opened in the window, those that came by their due time: kept ÷ (kept, late, and past due without one). By when the reply was written, never by when that was noticed; equal is kept. `PENDING`, `IMMINENT_BREACH`, `CANCELLED` and `renegotiated` are counts of their own, and in neither part of the rate.',
  compute: async (db, asked) => {
    const { rows } = await sql<Kept>`
      select count(*) filter (where status = 'ACHIEVED' and not renegotiated)::int as kept,
             count(*) filter (where status in ('ACHIEVED', 'BREACHED', 'BREACHING') and not renegotiated)::int as judged,
             count(*) filter (where status = 'PENDING' and not renegotiated)::int as pending,
             count(*) filter (where status = 'IMMINENT_BREACH' and not renegotiated)::int as imminent,
             count(*) filter (where status = 'CANCELLED' and not renegotiated)::int as cancelled,
             count(*) filter (where renegotiated)::int as renegotiated
        from (${targets(db, asked, asked.window)}) as target`.execute(db);
    const { kept = 0, judged = 0, pending = 0, imminent = 0, cancelled = 0, renegotiated = 0 } = rows[0] ?? {};
    return rate(kept, judged, {
      cells: [
        countCell('PENDING', pending),
        countCell('IMMINENT_BREACH', imminent),
        countCell('CANCELLED', cancelled),
        countCell('renegotiated', renegotiated),
      ],
    });
  },
  counted: (db, asked) => sql`
    select position, stream from (${targets(db, asked, asked.window)}) as target
     where status = 'ACHIEVED' and not renegotiated`,
};

const ever = ({ window: { to } }: Asked): Span => ({ from: null, to });

const backlog: Statistic = {
  key: 'promise.backlog',
  version: 1,
  definition:
    'Promised first responses that were open and past due at the end of the window, whenever they were asked for. `opened`: asked for in the window; `closed`: given in it, or no longer owed; `closureRatio`: closed ÷ opened. (CHAOSS Closure Ratio.)',
  compute: async (db, asked) => {
    const { from, to } = asked.window;
    const { rows } = await sql<{ open: number; opened: number; closed: number }>`
      select count(*) filter (where status = 'BREACHING')::int as open,
             count(*) filter (where "askedAt" >= ${instant(from)})::int as opened,
             count(*) filter (where "endedAt" >= ${instant(from)} and "endedAt" < ${instant(to)})::int as closed
        from (${targets(db, asked, ever(asked))}) as target`.execute(db);
    const { open = 0, opened = 0, closed = 0 } = rows[0] ?? {};
    return figure(open, {
      cells: [countCell('opened', opened), countCell('closed', closed), rateCell('closureRatio', closed, opened)],
    });
  },
  counted: (db, asked) =>
    sql`select position, stream from (${targets(db, asked, ever(asked))}) as target where status = 'BREACHING'`,
};

export const promise: readonly Statistic[] = [keptRate, backlog];
