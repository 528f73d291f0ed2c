import { type Kysely, sql } from 'kysely';
import { COUNTED_TO, countEach, onPage, type Page, type Paged, pageOfEach } from '../page.ts';
import { BY_TIME } from './queries.ts';
import type { CommentRow, PostsRows } from './tables.ts';

type Db = Kysely<PostsRows>;

export type CommentWithTotals = CommentRow & { readonly replies: bigint; readonly reactions: bigint };

export const commentsByIds = (db: Db, ids: readonly string[]) =>
  withTotals(db).where('comments.id', 'in', ids).execute() as Promise<CommentWithTotals[]>;

/** The same page of several threads, each in order of time: all under a post, or the replies to a comment. */
export const commentsUnder = (db: Db, by: 'postId' | 'parentId', ids: readonly string[], page: Page) => {
  const thread = withTotals(db).where(sql<boolean>`comments.${sql.ref(by)} = owner.id`);
  return pageOfEach(db, ids, onPage(thread, BY_TIME, page), page) as Promise<
    ReadonlyMap<string, Paged<CommentWithTotals>>
  >;
};

/** How many comments these threads list, retracted ones too, each counted to 10,000. */
export const countCommentsUnder = async (db: Db, by: 'postId' | 'parentId', ids: readonly string[]) => {
  const few = db
    .selectFrom('comments')
    .select(sql`1`.as('one'))
    .where(sql<boolean>`${sql.ref(by)} = owner.id`)
    .limit(COUNTED_TO);
  return countEach(db, ids, few);
};

/** How often each kind of reaction was given to these posts or comments, most first. */
export const reactionTotalsOf = (db: Db, targetIds: readonly string[]) =>
  db
    .selectFrom('reaction_totals')
    .selectAll()
    .where('targetId', 'in', targetIds)
    .where('count', '>', 0n)
    .orderBy('count', 'desc')
    .orderBy('kind')
    .execute();

/** The kinds of reaction that one member gave to these posts or comments. */
export const reactionsBy = (db: Db, memberId: string, targetIds: readonly string[]) =>
  db.selectFrom('reactions').selectAll().where('memberId', '=', memberId).where('targetId', 'in', targetIds).execute();

const withTotals = (db: Db) =>
  db
    .selectFrom('comments')
    .leftJoin('comment_totals as totals', 'totals.commentId', 'comments.id')
    .selectAll('comments')
    .select([
      sql<bigint>`coalesce(totals.replies, 0)`.as('replies'),
      sql<bigint>`coalesce(totals.reactions, 0)`.as('reactions'),
    ]);
