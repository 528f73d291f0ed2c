import { type Kysely, sql } from 'kysely';
import type { KeptRows } from '../../src/core/kept-rows.ts';
import type { Eyes } from '../audience.ts';
import {
  COUNTED_TO,
  countEach,
  inSpan,
  isFirst,
  type Order,
  onPage,
  type Page,
  type Paged,
  paged,
  pageOfEach,
  type Span,
} from '../page.ts';
import { oneOf, prepared } from '../prepared.ts';
import { closedButFor } from './early-access.ts';
import { posts } from './index.ts';
import type { PostRow, PostsRows, PostTotals } from './tables.ts';

type Db = Kysely<PostsRows>;

/** A post with what a list shows beside it. */
export type PostWithTotals = PostRow & PostTotals;

export const BY_PUBLICATION = ['publishedAt', 'position'] as const;
const LATEST: Order = { columns: BY_PUBLICATION, direction: 'desc' };

/** Which posts; all conditions given hold. */
export type PostCondition = { readonly kind?: string | undefined; readonly published?: Span | undefined };

export const postsByIds = prepared((db: Db, ids: readonly string[]) =>
  withTotals(db).where(oneOf('posts.id', ids)),
) as (db: Db, ids: readonly string[]) => Promise<PostWithTotals[]>;

const firstPostsIn = prepared((db: Db, communityId: string, limit: number) =>
  withTotals(db)
    .where('communityId', '=', communityId)
    .where('retractedAt', 'is', null)
    .where('closedTo', 'is', null)
    .orderBy('publishedAt', 'desc')
    .orderBy('position', 'desc')
    .limit(limit),
) as (db: Db, communityId: string, limit: number) => Promise<PostWithTotals[]>;

export const keptPosts: KeptRows<PostWithTotals> = {
  projection: posts,
  forgottenWith: { posts: 'key', post_totals: 'key' },
  max: 10_000,
  keyOf: ({ id }) => id,
  load: postsByIds,
};

/** The posts of a community that are for everybody; a retracted one is left out. */
export const postsIn = async (db: Db, communityId: string, by: Order, page: Page, condition: PostCondition) => {
  if (isLatest(by, page, condition)) return paged(await firstPostsIn(db, communityId, page.size + 1), page);
  const query = withTotals(db)
    .where('communityId', '=', communityId)
    .where(() => meets(condition));
  return paged((await onPage(query, by, page).execute()) as PostWithTotals[], page);
};

/** The same page of the posts of several communities. */
export const postsInEach = (
  db: Db,
  communityIds: readonly string[],
  by: Order,
  page: Page,
  condition: PostCondition,
) => {
  const query = withTotals(db)
    .where(sql<boolean>`posts."communityId" = owner.id`)
    .where(() => meets(condition));
  return pageOfEach(db, communityIds, onPage(query, by, page), page) as Promise<
    ReadonlyMap<string, Paged<PostWithTotals>>
  >;
};

/** The same page of what is not for everybody in these communities, but for these eyes. */
export const closedPostsInEach = (
  db: Db,
  communityIds: readonly string[],
  by: Order,
  page: Page,
  condition: PostCondition,
  eyes: Eyes,
) => {
  const query = withTotals(db)
    .where(sql<boolean>`posts."communityId" = owner.id`)
    .where(() => closedButFor(eyes))
    .where(() => stands(condition));
  return pageOfEach(db, communityIds, onPage(query, by, page), page) as Promise<
    ReadonlyMap<string, Paged<PostWithTotals>>
  >;
};

type FirstPage = Paged<PostWithTotals> & { readonly communityId: string };

const FIRST_PAGE: Page = { size: 20 };

/** Whether a page is the one that is asked for more often than all others, and so is kept. */
export const isKeptPage = (by: Order, page: Page, condition: PostCondition): boolean =>
  isLatest(by, page, condition) && page.size === FIRST_PAGE.size;

const isLatest = (by: Order, page: Page, { kind, published }: PostCondition): boolean =>
  by.direction === 'desc' && isFirst(page) && !kind && !published;

/** The first page of each community's posts that are for everybody. Whatever is said anywhere may be in one of them. */
export const keptFirstPosts: KeptRows<FirstPage> = {
  projection: posts,
  forgottenWith: { posts: 'any', post_totals: 'any' },
  max: 1_000,
  keyOf: ({ communityId }) => communityId,
  load: async (db: Db, communityIds) => {
    const [only, ...others] = communityIds;
    if (only !== undefined && others.length === 0)
      return [{ communityId: only, ...paged(await firstPostsIn(db, only, FIRST_PAGE.size + 1), FIRST_PAGE) }];
    const pages = await postsInEach(db, communityIds, LATEST, FIRST_PAGE, {});
    return [...pages].map(([communityId, page]) => ({ communityId, ...page }));
  },
};

/** How many posts are for everybody, or for these eyes: what walking the list gives. */
export const countPostsInEach = (
  db: Db,
  communityIds: readonly string[],
  condition: PostCondition,
  eyes: Eyes | null,
) => {
  const few = db
    .selectFrom('posts')
    .select(sql`1`.as('one'))
    .where(sql<boolean>`"communityId" = owner.id`)
    .where(() =>
      eyes ? sql<boolean>`("closedTo" is null or ${closedButFor(eyes)})` : sql<boolean>`"closedTo" is null`,
    )
    .where(() => stands(condition))
    .limit(COUNTED_TO);
  return countEach(db, communityIds, few);
};

const meets = (condition: PostCondition) => sql<boolean>`"closedTo" is null and ${stands(condition)}`;

const stands = ({ kind, published }: PostCondition) =>
  sql<boolean>`"retractedAt" is null ${kind === undefined ? sql`` : sql`and kind = ${kind}`} and ${inSpan('publishedAt', published)}`;

// Left joins on primary keys, a row each: counters live apart from the long rows that they belong to.
const withTotals = (db: Db) =>
  db
    .selectFrom('posts')
    .leftJoin('post_totals as totals', 'totals.postId', 'posts.id')
    .selectAll('posts')
    .select([
      sql<bigint>`coalesce(totals.comments, 0)`.as('comments'),
      sql<bigint>`coalesce(totals.answers, 0)`.as('answers'),
      sql<bigint>`coalesce(totals.reactions, 0)`.as('reactions'),
      'totals.activityAt',
    ]);
