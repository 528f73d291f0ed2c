import { sql } from 'kysely';
import { contributionsIn, type Db, openScope, topicsIn, within } from './scope.ts';

/** The organisation as a whole, from its first day. */
export type OrganisationTotals = {
  /** Everybody registered, whether they ever posted or not. */
  readonly members: number;
  readonly membersPosting: number;
  /** The organisation's own service accounts. */
  readonly bots: number;
  /** Service accounts of the platform that an archive came from. */
  readonly systemBots: number;
  /** Archived ones too: what was said there still counts. */
  readonly communities: number;
  readonly topics: number;
  /** `messages` of members and `botMessages` together. */
  readonly messagesAll: number;
  readonly messages: number;
  readonly botMessages: number;
};

/** The organisation's totals, without what was said in the communities that the asker may not read. */
export const organisationTotals = async (
  db: Db,
  exceptCommunityIds: readonly string[] = [],
): Promise<OrganisationTotals> => {
  const scope = await openScope(db, { organisation: true, exceptCommunityIds });
  const people = db.selectFrom('people').selectAll();
  const communities = db
    .selectFrom('communities')
    .selectAll()
    .where(() => within(scope, 'id'));
  const theirs = contributionsIn(db, scope).where(sql<boolean>`"memberId" = person.id`);

  const { rows } = await sql<OrganisationTotals>`
    with said as (
      select count(*)::int as "messagesAll",
             count(*) filter (where "memberKind" = 'MEMBER')::int as messages,
             count(*) filter (where "memberKind" <> 'MEMBER')::int as "botMessages"
        from ${contributionsIn(db, scope)} as message
    ), registered as (
      select count(*) filter (where kind = 'MEMBER')::int as members,
             count(*) filter (where kind = 'MEMBER' and exists ${theirs})::int as "membersPosting",
             count(*) filter (where kind = 'SERVICE' and not system)::int as bots,
             count(*) filter (where kind = 'SERVICE' and system)::int as "systemBots"
        from ${people} as person
    )
    select registered.*, said.*,
           (select count(*)::int from ${communities} as community) as communities,
           (select count(*)::int from ${topicsIn(db, scope)} as topic) as topics
      from registered, said`.execute(db);
  const [totals] = rows;
  if (!totals) throw new Error('An aggregate without grouping answered no row.');
  return totals;
};
