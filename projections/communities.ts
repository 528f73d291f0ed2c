import { type Kysely, sql } from 'kysely';
import type { EventFacts } from '../src/core/event.ts';
import type { KeptRows } from '../src/core/kept-rows.ts';
import {
  defineProjection,
  entity,
  nullable,
  operationsOn,
  position,
  type Row,
  type Rows,
  sealed,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import { DEFAULT_KINDS, type ReactionKind } from '../src/domain/reaction-kinds.ts';
import { type CommunityTotalsRow, communityTotalsByIds, totals, totalsTables } from './community-totals.ts';
import { countOf, inSpan, type Order, onPage, type Page, paged, type Span } from './page.ts';
import { oneOf, prepared } from './prepared.ts';

const tables = {
  organisation: entity({ key: { id: text }, columns: { name: text, revision: position } }),
  /** What the organisation has decided for all communities, by the decision's name. */
  rules: entity({ key: { name: text }, columns: { value: text } }),
  communities: entity({
    key: { id: uuid },
    columns: {
      name: text,
      slug: text,
      description: text,
      visibility: text,
      joinPolicy: text,
      founderId: nullable(uuid),
      /** FORMING until it is activated, ACTIVE, ARCHIVED. */
      status: text,
      foundedAt: timestamp,
      archivedAt: nullable(timestamp),
      /** When it was last reopened, and why. */
      reopenedAt: nullable(timestamp),
      reopening: nullable(sealed),
      /** The project that it stands on, or stood on until the anchor was lost. */
      projectId: nullable(uuid),
      anchoredAt: nullable(timestamp),
      anchorLostAt: nullable(timestamp),
      revision: position,
    },
    indexes: ['slug', 'name, id', '"foundedAt", id'],
  }),
  ...totalsTables,
};

const { put, patch } = operationsOn(tables);

const ACTIVATION = 'activation';
const REACTION_KINDS = 'reaction kinds';

/** What another read model shows: here it only moves the revision on. */
const touched = ({ communityId }: { readonly communityId: string }, { revision }: EventFacts) => [
  patch('communities', { id: communityId }, { revision: BigInt(revision) }),
];

/** The directory: the organisation's name, and each community as its page shows it. */
export const communities = defineProjection<DomainEvents>()({
  name: 'communities',
  version: 6,
  tables,
  on: {
    OrganisationNamed: ({ name }, { revision }) => [
      put('organisation', { id: 'main', name, revision: BigInt(revision) }),
    ],
    ReactionKindsDeclared: ({ kinds }) => [put('rules', { name: REACTION_KINDS, value: JSON.stringify(kinds) })],
    ActivationRuleSet: ({ rule }) => [put('rules', { name: ACTIVATION, value: rule })],
    CommunityFounded: ({ communityId, status = 'ACTIVE', ...community }, { occurredAt, revision }) => [
      put('communities', { id: communityId, status, ...community, foundedAt: occurredAt, revision: BigInt(revision) }),
    ],
    CommunityActivated: ({ communityId }, { revision }) => [
      patch('communities', { id: communityId }, { status: 'ACTIVE', revision: BigInt(revision) }),
    ],
    CommunityAnchored: ({ communityId, projectId }, { occurredAt, revision }) => [
      patch(
        'communities',
        { id: communityId },
        { projectId, anchoredAt: occurredAt, anchorLostAt: null, revision: BigInt(revision) },
      ),
    ],
    AnchorLost: ({ communityId }, { occurredAt, revision }) => [
      patch('communities', { id: communityId }, { anchorLostAt: occurredAt, revision: BigInt(revision) }),
    ],
    CharterAdopted: touched,
    ObjectiveSet: touched,
    ObjectiveClosed: touched,
    ExpectationStated: touched,
    ExpectationRetired: touched,
    RoleAssigned: touched,
    RoleEnded: touched,
    RoleTermPassed: touched,
    MentoringTopicsSet: touched,
    ReviewOfferTermSet: touched,
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
      patch(
        'communities',
        { id: communityId },
        { status: 'ARCHIVED', archivedAt: occurredAt, revision: BigInt(revision) },
      ),
    ],
    CommunityReopened: ({ communityId, slug, status, sealed }, { occurredAt, revision }) => [
      patch(
        'communities',
        { id: communityId },
        {
          ...{ slug, status, archivedAt: null, revision: BigInt(revision) },
          ...{ reopenedAt: occurredAt, reopening: sealed },
        },
      ),
    ],
    ...totals,
  },
});

export type CommunityRow = Row<typeof tables.communities>;
type Db = Kysely<Rows<typeof tables>>;

/**
 * Whose eyes: members see active public communities and their own, those that are forming only where they have a part in them
 * (`involved`); analysts and admins see all.
 */
export type Sight =
  | { readonly all: true }
  | {
      readonly all: false;
      readonly own: readonly string[];
      readonly involved: readonly string[];
      readonly memberId: string | null;
    };

export const organisationName = (db: Db) =>
  db.selectFrom('organisation').select(['name', 'revision']).executeTakeFirst();

/** STRICT or RELAXED: what communities need before members take part in them. */
export const activationRule = async (db: Db) => {
  const set = db.selectFrom('rules').select('value').where('name', '=', ACTIVATION);
  return (await set.executeTakeFirst())?.value ?? 'RELAXED';
};

/** With what members react, in the order in which it is offered. */
export const offeredReactions = async (db: Db): Promise<readonly ReactionKind[]> => {
  const declared = db.selectFrom('rules').select('value').where('name', '=', REACTION_KINDS);
  const row = await declared.executeTakeFirst();
  return row ? JSON.parse(row.value) : DEFAULT_KINDS;
};

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

export const keptCommunityTotals: KeptRows<CommunityTotalsRow> = {
  projection: communities,
  forgottenWith: { community_totals: 'key', early_totals: 'key' },
  max: 5_000,
  keyOf: ({ communityId }) => communityId,
  load: communityTotalsByIds,
};

/** Which communities; all conditions given hold. */
export type CommunityCondition = {
  readonly archived?: boolean;
  readonly visibility?: string | undefined;
  readonly joinPolicy?: string | undefined;
  readonly founded?: Span | undefined;
};

/** Communities that these eyes see; archived ones only when asked for. */
export const visibleCommunities = async (
  db: Db,
  sight: Sight,
  by: Order,
  page: Page,
  condition: CommunityCondition,
) => {
  const query = visible(db, sight, condition).selectAll();
  return paged(await onPage(query, by, page).execute(), page);
};

export const countVisibleCommunities = (db: Db, sight: Sight, condition: CommunityCondition) =>
  countOf(db, visible(db, sight, condition));

/** The communities that not every member may read: private ones, and those that are forming. */
export const closedCommunityIds = async (db: Db) => {
  const closed = db
    .selectFrom('communities')
    .select('id')
    .where((eb) => eb.or([eb('visibility', '=', 'PRIVATE'), eb('status', '=', 'FORMING')]));
  return (await closed.execute()).map(({ id }) => id);
};

const visible = (db: Db, sight: Sight, { archived, visibility, joinPolicy, founded }: CommunityCondition) => {
  const all = db
    .selectFrom('communities')
    .where(() => inSpan('foundedAt', founded))
    .$if(!archived, (query) => query.where('archivedAt', 'is', null))
    .$if(visibility !== undefined, (query) => query.where('visibility', '=', visibility ?? ''))
    .$if(joinPolicy !== undefined, (query) => query.where('joinPolicy', '=', joinPolicy ?? ''));
  if (sight.all) return all;
  const among = (ids: readonly string[]) => sql<boolean>`id = any(${ids}::uuid[])`;
  return all.where((eb) =>
    eb.or([
      eb.and([eb('status', '<>', 'FORMING'), eb.or([eb('visibility', '=', 'PUBLIC'), among(sight.own)])]),
      among(sight.involved),
      eb.and([eb('status', '=', 'FORMING'), eb('founderId', '=', sight.memberId)]),
    ]),
  );
};
