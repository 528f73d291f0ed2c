import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { KeptRows } from '../src/core/kept-rows.ts';
import {
  defineProjection,
  entity,
  nullable,
  operationsOn,
  position,
  type Row,
  type Rows,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import { among, audienceKeys, type EarlyAccessIn, type Eyes, earlyAccessInEach, NOBODY } from './audience.ts';
import {
  COUNTED_TO,
  countEach,
  countOf,
  inSpan,
  merged,
  onPage,
  type Page,
  type Paged,
  paged,
  pageOfEach,
  type Span,
} from './page.ts';

const item = { communityId: uuid, kind: text, publishedAt: timestamp, position };

const tables = {
  // Narrow on purpose: a page is found in the index alone; what an item shows is loaded by its id.
  feed_items: entity({
    key: { postId: uuid },
    /** What was in early access stands here from its opening on, at that time, for all but whom it was for first. */
    columns: { ...item, exceptFor: nullable(text) },
    indexes: ['"communityId", "publishedAt", position', '"communityId", kind, "publishedAt", position'],
  }),
  /** For whom a post is in early access it stands where it was published, also once it is open. */
  early_items: entity({
    key: { postId: uuid },
    columns: { ...item, audience: text },
    indexes: ['"communityId", "publishedAt", position'],
  }),
};

const { put, remove } = operationsOn(tables);

/** What a member reads next: posts of the member's communities, latest first. Each post is one entry for each viewer. */
export const feeds = defineProjection<DomainEvents>()({
  name: 'feeds',
  version: 4,
  tables,
  on: {
    PostPublished: ({ postId, communityId, authorId, kind, earlyAccess }, { occurredAt, position }) => {
      const item = { postId, communityId, kind, publishedAt: occurredAt, position };
      if (!earlyAccess) return [put('feed_items', item)];
      const audience = audienceKeys({ communityId, authorId }, earlyAccess.audience);
      return [put('early_items', { ...item, audience })];
    },
    EarlyAccessOpened: ({ postId, communityId, authorId, kind, earlyAccess }, { occurredAt, position }) => {
      const exceptFor = audienceKeys({ communityId, authorId }, earlyAccess.audience);
      return [put('feed_items', { postId, communityId, kind, publishedAt: occurredAt, position, exceptFor })];
    },
    PostRetracted: ({ postId, earlyAccess }) => [
      ...(earlyAccess === 'CLOSED' ? [] : [remove('feed_items', { postId })]),
      ...(earlyAccess ? [remove('early_items', { postId })] : []),
    ],
  },
});

type Db = Kysely<Rows<typeof tables>>;

const SHOWN = ['postId', 'communityId', 'kind', 'publishedAt', 'position'] as const;
export type FeedItemRow = Pick<Row<typeof tables.feed_items>, (typeof SHOWN)[number]>;

export const LATEST = { columns: ['publishedAt', 'position'], direction: 'desc' } as const;

/** Which items; all conditions given hold. The time is that of the entry. */
export type FeedCondition = { readonly kind?: string | undefined; readonly published?: Span | undefined };

/** Whose feed it is, where early access makes a difference to them; null where it makes none. */
type Whose = Eyes | null;

/** A page of the latest posts of these communities: one short index walk for each, however large the log. */
export const latestIn = async (
  db: Db,
  communityIds: readonly string[],
  page: Page,
  condition: FeedCondition,
  eyes: Whose,
): Promise<Paged<FeedItemRow>> => {
  const latest = async <T extends keyof Rows<typeof tables>>(items: Items<T>) => {
    const all = onPage(
      db
        .selectFrom(sql<{ id: string }>`unnest(${communityIds}::uuid[])`.as<'owner'>(sql`owner(id)`))
        .innerJoinLateral(onPage(items, LATEST, page).as('item'), (join) => join.onTrue())
        .selectAll('item'),
      LATEST,
      { size: page.size, fromEnd: page.fromEnd ?? false },
    );
    return paged((await all.execute()) as FeedItemRow[], page);
  };
  const open = latest(openItems(db, condition, eyes));
  if (!eyes) return open;
  return merged(await Promise.all([open, latest(earlyItems(db, condition, eyes))]), LATEST, page);
};

/** The same page of the latest posts of each of these communities, as everybody has them. */
export const latestInEach = (
  db: Db,
  communityIds: readonly string[],
  page: Page,
  condition: FeedCondition,
  eyes: Whose,
) => pageOfEach(db, communityIds, onPage(openItems(db, condition, eyes), LATEST, page), page);

/** The same page of what these eyes have had before the others. */
export const earlyInEach = (
  db: Db,
  communityIds: readonly string[],
  page: Page,
  condition: FeedCondition,
  eyes: Eyes,
) => pageOfEach(db, communityIds, onPage(earlyItems(db, condition, eyes), LATEST, page), page);

/** How many items walking the lists gives. */
export const countLatestInEach = async (
  db: Db,
  communityIds: readonly string[],
  condition: FeedCondition,
  eyes: Whose,
) => {
  const open = openItems(db, condition, eyes).clearSelect().select(sql`1`.as('one')).limit(COUNTED_TO);
  const counted = await countEach(db, communityIds, open);
  if (!eyes) return counted;
  const early = earlyItems(db, condition, eyes).clearSelect().select(sql`1`.as('one'));
  const more = await countEach(db, communityIds, early.limit(COUNTED_TO));
  return new Map([...counted].map(([id, count]) => [id, Math.min(COUNTED_TO, count + (more.get(id) ?? 0))]));
};

export const countLatestIn = async (db: Db, communityIds: readonly string[], condition: FeedCondition, eyes: Whose) => {
  if (eyes) {
    const counts = await countLatestInEach(db, communityIds, condition, eyes);
    return Math.min(
      COUNTED_TO,
      [...counts.values()].reduce((sum, count) => sum + count, 0),
    );
  }
  const items = db
    .selectFrom('feed_items')
    .where(sql<boolean>`"communityId" = any(${communityIds}::uuid[])`)
    .where(() => meets(condition));
  return countOf(db, items);
};

export const keptEarlyItemsIn: KeptRows<EarlyAccessIn> = {
  projection: feeds,
  forgottenWith: { early_items: 'any' },
  max: 5_000,
  keyOf: ({ id }) => id,
  load: (db: Db, communityIds) => {
    const all = db
      .selectFrom('early_items')
      .select('audience')
      .where(() => sql<boolean>`"communityId" = owner.id`);
    return earlyAccessInEach(db, { all, listed: all }, communityIds);
  },
};

type Items<T extends keyof Rows<typeof tables>> = SelectQueryBuilder<Rows<typeof tables>, T, FeedItemRow>;

/** The items of the community that a row outside names, but for what these eyes have had before. */
const openItems = (db: Db, condition: FeedCondition, eyes: Whose): Items<'feed_items'> =>
  db
    .selectFrom('feed_items')
    .select(SHOWN)
    .where(sql<boolean>`"communityId" = owner.id`)
    .where(() => meets(condition))
    .$if(eyes !== null, (items) =>
      items.where(() => sql<boolean>`("exceptFor" is null or not (${among('exceptFor', eyes ?? NOBODY)}))`),
    );

const earlyItems = (db: Db, condition: FeedCondition, eyes: Eyes): Items<'early_items'> =>
  db
    .selectFrom('early_items')
    .select(SHOWN)
    .where(sql<boolean>`"communityId" = owner.id`)
    .where(() => meets(condition))
    .where(() => among('audience', eyes));

const meets = ({ kind, published }: FeedCondition) =>
  kind === undefined
    ? inSpan('publishedAt', published)
    : sql<boolean>`kind = ${kind} and ${inSpan('publishedAt', published)}`;
