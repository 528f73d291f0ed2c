import { type Kysely, sql } from 'kysely';
import type { KeptRows } from '../../src/core/kept-rows.ts';
import { COUNTED_TO, countEach, isFirst, onPage, type Page, type Paged, paged, pageOfEach } from '../page.ts';
import { oneOf, prepared } from '../prepared.ts';
import { posts } from './index.ts';
import type { PostRow, PostsRows, PostTotals } from './tables.ts';

type Db = Kysely<PostsRows>;

/** A post with what a list shows beside it. */
export type PostWithTotals = PostRow & PostTotals;

export const BY_PUBLICATION = { columns: ['publishedAt', 'position'], direction: 'desc' } as const;
export const BY_TIME = { columns: ['publishedAt', 'position'], direction: 'asc' } as const;

export const postsByIds = prepared((db: Db, ids: readonly string[]) =>
  withTotals(db).where(oneOf('posts.id', ids)),
) as (db: Db, ids: readonly string[]) => Promise<PostWithTotals[]>;

const firstPostsIn = prepared((db: Db, communityId: string, limit: number) =>
  withTotals(db)
    .where('communityId', '=', communityId)
    .where('retractedAt', 'is', null)
    .orderBy('publishedAt', 'desc')
    .orderBy('position', 'desc')
    .limit(limit),
);

export const keptPosts: KeptRows<PostWithTotals> = {
  projection: posts,
  forgottenWith: { posts: 'key', post_totals: 'key' },
  max: 10_000,
  keyOf: ({ id }) => id,
  load: postsByIds,
};

/** The posts of a community, latest first; a retracted one is left out. */
export const postsIn = async (db: Db, communityId: string, page: Page, kind?: string) => {
  if (kind === undefined && isFirst(page))
    return paged((await firstPostsIn(db, communityId, page.size + 1)) as PostWithTotals[], page);
  const query = withTotals(db)
    .where('communityId', '=', communityId)
    .where('retractedAt', 'is', null)
    .$if(kind !== undefined, (some) => some.where('kind', '=', kind ?? ''));
  return paged((await onPage(query, BY_PUBLICATION, page).execute()) as PostWithTotals[], page);
};

/** The same page of the posts of several communities. */
export const postsInEach = (db: Db, communityIds: readonly string[], page: Page, kind?: string) => {
  const query = withTotals(db)
    .where(sql<boolean>`posts."communityId" = owner.id`)
    .where('retractedAt', 'is', null)
    .$if(kind !== undefined, (some) => some.where('kind', '=', kind ?? ''));
  return pageOfEach(db, communityIds, onPage(query, BY_PUBLICATION, page), page) as Promise<
    ReadonlyMap<string, Paged<PostWithTotals>>
  >;
};

type FirstPage = Paged<PostWithTotals> & { readonly communityId: string };

export const FIRST_PAGE: Page = { size: 20 };

/** The first page of each community's posts. Whatever is said anywhere may be in one of them. */
export const keptFirstPosts: KeptRows<FirstPage> = {
  projection: posts,
  forgottenWith: { posts: 'any', post_totals: 'any' },
  max: 1_000,
  keyOf: ({ communityId }) => communityId,
  load: async (db: Db, communityIds) => {
    const [only, ...others] = communityIds;
    if (only !== undefined && others.length === 0)
      return [{ communityId: only, ...(await postsIn(db, only, FIRST_PAGE)) }];
    const pages = await postsInEach(db, communityIds, FIRST_PAGE);
    return [...pages].map(([communityId, page]) => ({ communityId, ...page }));
  },
};

export const countPostsInEach = (db: Db, communityIds: readonly string[], kind?: string) => {
  const few = db
    .selectFrom('posts')
    .select(sql`1`.as('one'))
    .where(sql<boolean>`"communityId" = owner.id`)
    .where('retractedAt', 'is', null)
    .$if(kind !== undefined, (some) => some.where('kind', '=', kind ?? ''))
    .limit(COUNTED_TO);
  return countEach(db, communityIds, few);
};

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
