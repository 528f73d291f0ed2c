import { sql } from 'kysely';
import { type Db, instant, within } from '../scope.ts';
import { contributions, interactions, joined, reactions } from './facts.ts';
import { type Asked, countCell, figure, rateCell, type Statistic } from './statistic.ts';

/**
 * Whom a figure is about: of the organisation, members registered or with a contribution before the end of the window; of a community,
 * members who belonged to it at some time of the window or contributed in it.
 */
export const population = (db: Db, { scope, window }: Asked) => {
  if ('communityId' in scope)
    return sql`
      select "memberId" from (${joined(db, scope, { from: null, to: window.to })}) as one where "leftAt" is null or "leftAt" > ${instant(window.from)}
      union select "memberId" from (${contributions(db, scope, window)}) as one`;
  const registered = db
    .selectFrom('people')
    .select('id')
    .where('kind', '=', 'MEMBER')
    .where('registeredAt', '<', instant(window.to));
  return sql`
    select id as "memberId" from (${registered}) as one
    union select "memberId" from (${contributions(db, scope, { from: null, to: window.to })}) as one`;
};

export const populationOf = async (db: Db, asked: Asked): Promise<number> => {
  const { rows } = await sql<{ members: number }>`
    select count(*)::int as members from (${population(db, asked)}) as member`.execute(db);
  return rows[0]?.members ?? 0;
};

type Levels = {
  readonly creator: number;
  readonly commenter: number;
  readonly reactor: number;
  readonly absent: number;
};

const levels: Statistic = {
  key: 'participation.levels',
  version: 1,
  definition:
    'Each member of the population in the first class that fits, by the window: `creator` published a post, `commenter` contributed otherwise, `reactor` reacted, `reader` read (null until readings are recorded), `absent`. (Nielsen 2006.)',
  compute: async (db, asked) => {
    const { scope, window } = asked;
    const { rows } = await sql<Levels>`
      with wrote as (
        select "memberId", bool_or(kind = 'POST') as created from (${contributions(db, scope, window)}) as one group by "memberId"
      ), reacted as (
        select distinct "memberId" from (${reactions(db, scope, window)}) as one
      )
      select count(*) filter (where created)::int as creator,
             count(*) filter (where not created)::int as commenter,
             count(*) filter (where created is null and reacted."memberId" is not null)::int as reactor,
             count(*) filter (where created is null and reacted."memberId" is null)::int as absent
        from (${population(db, asked)}) as member
        left join wrote using ("memberId")
        left join reacted using ("memberId")`.execute(db);
    const { creator = 0, commenter = 0, reactor = 0, absent = 0 } = rows[0] ?? {};
    const counts = { creator, commenter, reactor, reader: null, absent };
    return figure(null, { cells: Object.entries(counts).map(([key, value]) => countCell(key, value)) });
  },
  counted: (db, { scope, window }) => sql`select position, stream from (${contributions(db, scope, window)}) as one`,
};

/** Who came to the scope in the window: joined the community, or registered. */
const arrivals = (db: Db, { scope, window }: Asked) =>
  'communityId' in scope
    ? sql`select distinct "memberId" from (${joined(db, scope, window)}) as one`
    : sql`select id as "memberId" from (${db
        .selectFrom('people')
        .select('id')
        .where('kind', '=', 'MEMBER')
        .where('registeredAt', '>=', instant(window.from))
        .where('registeredAt', '<', instant(window.to))}) as one`;

const LADDER = ['joined', 'interacted', 'contributed', 'third', 'role'] as const;

/** Who ever held a role in the scope before the end of the window. */
const held = (db: Db, { scope, window: { to } }: Asked) =>
  db
    .selectFrom('roles')
    .select('memberId')
    .distinct()
    .where(() => within(scope))
    .where('startedAt', '<', instant(to));

const conversion: Statistic = {
  key: 'conversion',
  version: 2,
  definition:
    'Of the members who joined the community in the window (of the organisation: registered), those who went on before its end, each step only with all before it: `joined`, `interacted`, `contributed`, `third` (a third contribution within 30 days of the first), `role` (held a role). (CHAOSS Conversion Rate.)',
  compute: async (db, asked) => {
    const { scope, window } = asked;
    const span = { from: null, to: window.to };
    const { rows } = await sql<Record<(typeof LADDER)[number], number>>`
      with arrived as (${arrivals(db, asked)}), acted as (
        select distinct "memberId" from (${interactions(db, scope, span)}) as one
      ), said as (
        select "memberId", (array_agg(at order by at, position))[3] - min(at) <= interval '720 hours' as third
          from (${contributions(db, scope, span)}) as one join arrived using ("memberId")
         group by "memberId"
      )
      select count(*)::int as joined,
             count(acted."memberId")::int as interacted,
             count(said."memberId")::int as contributed,
             count(*) filter (where third)::int as third,
             count(held."memberId") filter (where third)::int as role
        from arrived
        left join acted using ("memberId")
        left join said using ("memberId")
        left join (${held(db, asked)}) as held using ("memberId")`.execute(db);
    const cohort = rows[0]?.joined ?? 0;
    return figure(null, { cells: LADDER.map((step) => rateCell(step, rows[0]?.[step] ?? 0, cohort)) });
  },
  counted: (db, { scope, window }) => sql`
    select position, stream from (${contributions(db, scope, { from: null, to: window.to })}) as one
     where "memberId" in (${arrivals(db, { scope, window, until: window.to })})`,
};

export const participation: readonly Statistic[] = [levels, conversion];
