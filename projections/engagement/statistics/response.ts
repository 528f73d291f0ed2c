import { sql } from 'kysely';
import { type Db, instant } from '../scope.ts';
import { rounded } from '../share.ts';
import { firstReply, invitingPosts } from './facts.ts';
import { type Asked, type Computed, type CurvePoint, figure, rate, type Statistic } from './statistic.ts';

/** How long a number of posts waited: for a reply, or without one for as long as they could be watched. */
export type Wait = { readonly seconds: number; readonly replied: number; readonly posts: number };

/** Inviting posts of the window with their first reply, and how long they waited for it or were watched. */
const waits = (db: Db, { scope, window, until }: Asked) => sql`
  select position, 'post-' || id as stream, reply is not null as replied,
         greatest(0, extract(epoch from coalesce(reply, least("retractedAt", ${instant(until)})) - "openedAt"))::float8 as seconds
    from (select topic.*, (${firstReply(db, 'at', window.to)}) as reply
            from (${invitingPosts(db, scope, window)}) as topic) as post`;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CURVE_AT = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  ...[1, 4, 12].map((hours) => hours * HOUR),
  ...[1, 2, 3, 7, 14, 30, 90].map((days) => days * DAY),
];

/** S is a product of fractions: what a floating point makes of it is compared with room to spare. */
const ROOM = 1e-9;

/**
 * The estimate of Kaplan and Meier (1958): at each duration with replies the share that still waits is multiplied by one minus replies ÷
 * posts that had waited as long, so that unanswered posts count for as long as they were watched. `all`: by duration.
 */
export const survivalOf = (all: readonly Wait[]): Computed => {
  const posts = all.reduce((sum, wait) => sum + wait.posts, 0);
  const replied = all.reduce((sum, wait) => sum + wait.replied, 0);
  if (posts === 0) return figure(null, { numerator: 0, denominator: 0 });
  let [survival, left] = [1, posts];
  const steps: { readonly at: number; readonly survival: number; readonly left: number }[] = [];
  for (const wait of all) {
    if (wait.replied > 0) survival *= 1 - wait.replied / left;
    left -= wait.posts;
    steps.push({ at: wait.seconds, survival, left });
  }
  const reached = (share: number) => steps.find((step) => step.survival <= share + ROOM)?.at ?? null;
  let n = 0;
  const curve: CurvePoint[] = CURVE_AT.map((at) => {
    while (n < steps.length && (steps[n]?.at ?? at) <= at) n += 1;
    const atRisk = all.reduce((sum, wait) => (wait.seconds >= at ? sum + wait.posts : sum), 0);
    return { at, survival: rounded(steps[n - 1]?.survival ?? 1), atRisk };
  });
  return figure(null, {
    numerator: replied,
    denominator: posts,
    median: milliseconds(reached(0.5)),
    p90: milliseconds(reached(0.1)),
    curve,
  });
};

const milliseconds = (seconds: number | null) => (seconds === null ? null : rounded(seconds, 1_000));

const firstTime: Statistic = {
  key: 'response.firstTime',
  version: 1,
  definition:
    'How long the questions and discussions that members opened in the window waited for the first reply of another member, by Kaplan and Meier: those without one count as waiting until the end of the window. Median and p90 in seconds, null when not reached; numerator: replied; denominator: opened. (CHAOSS Time to First Response.)',
  compute: async (db, asked) => {
    const { rows } = await sql<Wait>`
      select seconds, count(*)::int as posts, count(*) filter (where replied)::int as replied
        from (${waits(db, asked)}) as post group by seconds order by seconds`.execute(db);
    return survivalOf(rows);
  },
  counted: (db, asked) => sql`select position, stream from (${waits(db, asked)}) as post where replied`,
};

const repliedRate: Statistic = {
  key: 'response.repliedRate',
  version: 1,
  definition:
    'Of the questions and discussions that members opened in the window, those with a first reply of another member before its end.',
  compute: async (db, asked) => {
    const { rows } = await sql<{ replied: number; posts: number }>`
      select count(*)::int as posts, count(*) filter (where replied)::int as replied from (${waits(db, asked)}) as post`.execute(
      db,
    );
    return rate(rows[0]?.replied ?? 0, rows[0]?.posts ?? 0);
  },
  counted: (db, asked) => sql`select position, stream from (${waits(db, asked)}) as post where replied`,
};

export const response: readonly Statistic[] = [firstTime, repliedRate];
