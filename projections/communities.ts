import { type Kysely, sql } from 'kysely';
import type { KeptRows } from '../src/core/kept-rows.ts';
import {
  defineProjection,
  entity,
  last,
  nullable,
  operationsOn,
  position,
  type Row,
  type Rows,
  sum,
  tally,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import { COUNTED_TO, onPage, type Page, paged } from './page.ts';
import { oneOf, prepared } from './prepared.ts';

const tables = {
  organisation: entity({ key: { id: text }, columns: { name: text } }),
  communities: entity({
    key: { id: uuid },
    columns: {
      name: text,
      slug: text,
      description: text,
      visibility: text,
      joinPolicy: text,
      founderId: nullable(uuid),
      foundedAt: timestamp,
      archivedAt: nullable(timestamp),
      revision: position,
    },
    indexes: ['slug', 'name, id'],
  }),
  // What other streams count, apart from the community's own row.
  community_totals: tally({
    key: { communityId: uuid },
    columns: { members: sum, posts: sum, comments: sum },
    tuples: { activity: last({}) },
  }),
};

const { put, patch, add, keep } = operationsOn(tables);

/** The directory: the organisation's name, and each community as its page shows it. */
export const communities = defineProjection<DomainEvents>()({
  name: 'communities',
  version: 1,
  tables,
  on: {
    OrganisationNamed: ({ name }) => [put('organisation', { id: 'main', name })],
    CommunityFounded: ({ communityId, ...community }, { occurredAt, revision }) => [
      put('communities', { id: communityId, ...community, foundedAt: occurredAt, revision: BigInt(revision) }),
    ],
    CommunityRenamed: ({ communityId, name, slug }, { revision }) => [
      patch('communities', { id: communityId }, { name, slug, revision: BigInt(revision) }),
    ],
    CommunityDescribed: ({ communityId, description }, { revision }) => [
      patch('communities', { id: communityId }, { description, revision: BigInt(revision) }),
    ],
    CommunityAccessChanged: ({ communityId, visibility, joinPolicy }, { revision }) => [
      patch('communities', { id: communityId }, { visibility, joinPolicy, revision: BigInt(revision) }),
    ],
    CommunityArchived: ({ communityId }, { occurredAt, revision }) => [
      patch('communities', { id: communityId }, { archivedAt: occurredAt, revision: BigInt(revision) }),
    ],
    MemberJoined: ({ communityId }) => [add('community_totals', { communityId }, { members: 1 })],
    MemberLeft: ({ communityId }) => [add('community_totals', { communityId }, { members: -1 })],
    PostPublished: ({ communityId }, event) => [
      add('community_totals', { communityId }, { posts: 1 }),
      keep('community_totals', { communityId }, 'activity', event, {}),
    ],
    PostRetracted: ({ communityId }) => [add('community_totals', { communityId }, { posts: -1 })],
    CommentPublished: ({ communityId }, event) => [
      add('community_totals', { communityId }, { comments: 1 }),
      keep('community_totals', { communityId }, 'activity', event, {}),
    ],
    CommentRetracted: ({ communityId }) => [add('community_totals', { communityId }, { comments: -1 })],
  },
});

export type CommunityRow = Row<typeof tables.communities>;
export type CommunityTotalsRow = Row<typeof tables.community_totals>;
type Db = Kysely<Rows<typeof tables>>;

/** Whose eyes: members see public communities and their own, some roles see all. */
export type Sight = { readonly all: true } | { readonly all: false; readonly own: readonly string[] };

export const organisationName = (db: Db) => db.selectFrom('organisation').select('name').executeTakeFirst();

export const communitiesByIds = prepared((db: Db, ids: readonly string[]) =>
  db.selectFrom('communities').selectAll().where(oneOf('id', ids)),
);

export const keptCommunities: KeptRows<CommunityRow> = {
  projection: communities,
  forgottenWith: { communities: 'key' },
  max: 5_000,
  keyOf: ({ id }) => id,
  load: communitiesByIds,
};

const bySlug = prepared((db: Db, slug: string) =>
  db.selectFrom('communities').selectAll().where('slug', '=', slug).orderBy(sql`"archivedAt" is not null`).limit(1),
);

export const communityBySlug = async (db: Db, slug: string) => (await bySlug(db, slug))[0];

/** By slug. Whatever changes in any community may give a slug to another one. */
export const keptSlugs: KeptRows<CommunityRow> = {
  projection: communities,
  forgottenWith: { communities: 'any' },
  max: 5_000,
  keyOf: ({ slug }) => slug,
  load: async (db: Db, slugs) => (await Promise.all(slugs.map((slug) => bySlug(db, slug)))).flat(),
};

export const communityTotalsByIds = prepared((db: Db, ids: readonly string[]) =>
  db.selectFrom('community_totals').selectAll().where(oneOf('communityId', ids)),
);

export const keptCommunityTotals: KeptRows<CommunityTotalsRow> = {
  projection: communities,
  forgottenWith: { community_totals: 'key' },
  max: 5_000,
  keyOf: ({ communityId }) => communityId,
  load: communityTotalsByIds,
};

export const BY_NAME = { columns: ['name', 'id'], direction: 'asc' } as const;

/** Communities that these eyes see, by name; archived ones only when asked for. */
export const visibleCommunities = async (db: Db, sight: Sight, page: Page, { archived = false } = {}) => {
  const query = visible(db, sight, archived).selectAll();
  return paged(await onPage(query, BY_NAME, page).execute(), page);
};

export const countVisibleCommunities = async (db: Db, sight: Sight, { archived = false } = {}) => {
  const few = visible(db, sight, archived).select(sql`1`.as('one')).limit(COUNTED_TO);
  const { count } = await db
    .selectFrom(few.as('few'))
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
};

/** The communities that not every member may read. */
export const privateCommunityIds = async (db: Db) =>
  (await db.selectFrom('communities').select('id').where('visibility', '=', 'PRIVATE').execute()).map(({ id }) => id);

const visible = (db: Db, sight: Sight, archived: boolean) => {
  const all = db.selectFrom('communities').$if(!archived, (query) => query.where('archivedAt', 'is', null));
  if (sight.all) return all;
  return all.where((eb) => eb.or([eb('visibility', '=', 'PUBLIC'), sql<boolean>`id = any(${sight.own}::uuid[])`]));
};
