import { sql } from 'kysely';
import { type Db, instant, within } from '../scope.ts';
import { bucketsOf } from '../window.ts';
import { contributions, reactions } from './facts.ts';
import { leading } from './leaders.ts';
import { population } from './participation.ts';
import { type Asked, type Cell, figure, rateCell, type Statistic } from './statistic.ts';

/** What is expected: at least so many of these in every whole week or month. */
type Expected = {
  readonly id: string;
  readonly communityId: string;
  readonly counts: string;
  readonly atLeast: number;
  readonly per: 'WEEK' | 'MONTH';
};

/** What was expected at any time of the window and can be counted, in the order in which it was stated. */
const expectedIn = async (db: Db, { scope, window: { from, to } }: Asked): Promise<readonly Expected[]> => {
  const rows = await db
    .selectFrom('expectations')
    .select(['id', 'communityId', 'counts', 'atLeast', 'per'])
    .where(() => within(scope))
    .where('counts', 'is not', null)
    .where('statedAt', '<', instant(to))
    .where((eb) => eb.or([eb('retiredAt', 'is', null), eb('retiredAt', '>', instant(from))]))
    .orderBy('position')
    .execute();
  return rows as readonly Expected[];
};

/** The instants between the whole weeks or months (UTC) that lie in the window and have ended; fewer than two: there is none. */
const edgesOf = ({ window: { from }, until }: Asked, per: Expected['per']): readonly Date[] => {
  if (until <= from) return [];
  const year = 366 * 86_400_000;
  const edges: Date[] = [];
  // Cut by years, since a series has only so many points.
  for (let at = from; at < until; at = new Date(at.getTime() + year)) {
    const end = new Date(Math.min(at.getTime() + year, until.getTime()));
    edges.push(...bucketsOf({ from: at, to: end }, per).map((bucket) => bucket.from));
  }
  return [...edges, until].filter((edge) => isEdge[per](edge));
};

const isMidnight = (at: Date) => at.getTime() % 86_400_000 === 0;
const isEdge = {
  WEEK: (at: Date) => isMidnight(at) && at.getUTCDay() === 1,
  MONTH: (at: Date) => isMidnight(at) && at.getUTCDate() === 1,
};

const KINDS: Readonly<Record<string, string | undefined>> = { POSTS: 'POST', COMMENTS: 'COMMENT', ANSWERS: 'ANSWER' };

/** Members who did as many in each of the periods. */
const whoMeet = (db: Db, { scope }: Asked, { counts, atLeast }: Expected, edges: readonly Date[]) => {
  const [from, to] = [edges[0], edges.at(-1)] as [Date, Date];
  const kind = KINDS[counts];
  const said = contributions(db, scope, { from, to });
  const done =
    counts === 'REACTIONS' ? reactions(db, scope, { from, to }) : kind ? said.where('kind', '=', kind) : said;
  return sql`
    select "memberId"
      from (select "memberId", width_bucket(at, ${edges.map((edge) => edge.toISOString())}::timestamptz[])
              from (${done}) as one group by 1, 2 having count(*) >= ${atLeast}) as period
     group by "memberId" having count(*) = ${edges.length - 1}`;
};

/** Each is judged in its own community. */
const cellsOf = async (db: Db, asked: Asked, expected: Expected): Promise<readonly Cell[]> => {
  const keys = [`${expected.id}/leaders`, `${expected.id}/members`] as const;
  const edges = edgesOf(asked, expected.per);
  if (edges.length < 2) return keys.map((key) => rateCell(key, 0, 0));
  const { closedPostIds } = asked.scope;
  const own: Asked = { ...asked, scope: { communityId: expected.communityId, closedPostIds } };
  const { rows } = await sql<{ leaders: number; leadersMeet: number; members: number; membersMeet: number }>`
    with meet as materialized (${whoMeet(db, own, expected, edges)}),
         leader as (select distinct "memberId" from (${leading(db, own)}) as role),
         member as (${population(db, own)})
    select (select count(*)::int from leader) as leaders,
           (select count(*)::int from leader join meet using ("memberId")) as "leadersMeet",
           (select count(*)::int from member) as members,
           (select count(*)::int from member join meet using ("memberId")) as "membersMeet"`.execute(db);
  const { leaders = 0, leadersMeet = 0, members = 0, membersMeet = 0 } = rows[0] ?? {};
  return [rateCell(keys[0], leadersMeet, leaders), rateCell(keys[1], membersMeet, members)];
};

export const example: Statistic = {
  key: 'leaders.example',
  version: 1,
  definition:
    'For each expectation of the window that has a measure (at least so many posts, comments, answers, contributions or reactions in every whole ISO week or month, UTC): `<expectationId>/leaders`, the leaders of its community who meet it ÷ its leaders, and `<expectationId>/members`, the same of its population. 0 of 0 where no whole week or month lies in the window.',
  compute: async (db, asked) => {
    const cells: Cell[] = [];
    for (const expected of await expectedIn(db, asked)) cells.push(...(await cellsOf(db, asked, expected)));
    return figure(null, { cells });
  },
  counted: (db, { scope, window }) => sql`select position, stream from (${contributions(db, scope, window)}) as one`,
};
