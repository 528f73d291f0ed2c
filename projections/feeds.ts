import { type Kysely, sql } from 'kysely';
import {
  defineProjection,
  entity,
  operationsOn,
  position,
  type Row,
  type Rows,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import { COUNTED_TO, countEach, onPage, type Page, type Paged, paged, pageOfEach } from './page.ts';

const tables = {
  // Narrow on purpose: a page is found in the index alone; what an item shows is loaded by its id.
  feed_items: entity({
    key: { postId: uuid },
    columns: { communityId: uuid, kind: text, publishedAt: timestamp, position },
    indexes: ['"communityId", "publishedAt", position', '"publishedAt", position'],
  }),
};

const { put, remove } = operationsOn(tables);

/** What a member reads next: posts of the member's communities, latest first. */
export const feeds = defineProjection<DomainEvents>()({
  name: 'feeds',
  version: 1,
  tables,
  on: {
    PostPublished: ({ postId, communityId, kind }, { occurredAt, position }) => [
      put('feed_items', { postId, communityId, kind, publishedAt: occurredAt, position }),
    ],
    PostRetracted: ({ postId }) => [remove('feed_items', { postId })],
  },
});

export type FeedItemRow = Row<typeof tables.feed_items>;
type Db = Kysely<Rows<typeof tables>>;

export const LATEST = { columns: ['publishedAt', 'position'], direction: 'desc' } as const;

/** A page of the latest posts of these communities: one short index walk for each, however large the log. */
export const latestIn = async (db: Db, communityIds: readonly string[], page: Page): Promise<Paged<FeedItemRow>> => {
  const items = onPage(
    db.selectFrom('feed_items').selectAll().where(sql<boolean>`"communityId" = own.id`),
    LATEST,
    page,
  );
  const merged = onPage(
    db
      .selectFrom(sql<{ id: string }>`unnest(${communityIds}::uuid[])`.as<'own'>(sql`own(id)`))
      .innerJoinLateral(items.as('item'), (join) => join.onTrue())
      .selectAll('item'),
    LATEST,
    { size: page.size, fromEnd: page.fromEnd ?? false },
  );
  return paged((await merged.execute()) as FeedItemRow[], page);
};

/** The same page of the latest posts of each of these communities. */
export const latestInEach = (db: Db, communityIds: readonly string[], page: Page) => {
  const items = db.selectFrom('feed_items').selectAll().where(sql<boolean>`"communityId" = owner.id`);
  return pageOfEach(db, communityIds, onPage(items, LATEST, page), page);
};

export const countLatestInEach = (db: Db, communityIds: readonly string[]) => {
  const few = db
    .selectFrom('feed_items')
    .select(sql`1`.as('one'))
    .where(sql<boolean>`"communityId" = owner.id`)
    .limit(COUNTED_TO);
  return countEach(db, communityIds, few);
};

export const countLatestIn = async (db: Db, communityIds: readonly string[]) => {
  const few = db
    .selectFrom('feed_items')
    .select(sql`1`.as('one'))
    .where(sql<boolean>`"communityId" = any(${communityIds}::uuid[])`)
    .limit(COUNTED_TO);
  const { count } = await db
    .selectFrom(few.as('few'))
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
};
