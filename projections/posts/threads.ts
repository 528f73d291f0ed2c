import { type Kysely, sql } from 'kysely';
import { onPage, type Page, type Paged } from '../page.ts';
import { BY_TIME } from './queries.ts';
import type { CommentRow, PostsRows } from './tables.ts';

type Db = Kysely<PostsRows>;

/** Which comments: all under a post, or the replies to one comment. */
export type Thread = { readonly postId: string } | { readonly parentId: string };

export type CommentWithTotals = CommentRow & { readonly replies: bigint; readonly reactions: bigint };

export const commentsByIds = (db: Db, ids: readonly string[]) =>
  withTotals(db).where('comments.id', 'in', ids).execute() as Promise<CommentWithTotals[]>;

/** The same page of several threads in one statement, each in order of time. */
export const commentsUnder = async (
  db: Db,
  by: 'postId' | 'parentId',
  ids: readonly string[],
  page: Page,
): Promise<ReadonlyMap<string, Paged<CommentWithTotals>>> => {
  const thread = onPage(withTotals(db).where(sql<boolean>`comments.${sql.ref(by)} = thread.id`), BY_TIME, page);
  const rows = (await db
    .selectFrom(sql<{ id: string }>`unnest(${ids}::uuid[])`.as<'thread'>(sql`thread(id)`))
    .innerJoinLateral(thread.as('comment'), (join) => join.onTrue())
    .selectAll('comment')
    .execute()) as CommentWithTotals[];
  const threads = new Map<string, CommentWithTotals[]>(ids.map((id) => [id, []]));
  for (const row of rows) threads.get(row[by] ?? '')?.push(row);
  return new Map(
    [...threads].map(([id, all]) => {
      const inOrder = all.sort(
        (a, b) => a.publishedAt.getTime() - b.publishedAt.getTime() || (a.position < b.position ? -1 : 1),
      );
      const kept = page.fromEnd ? inOrder.slice(-page.size) : inOrder.slice(0, page.size);
      return [id, { rows: kept, more: all.length > page.size }];
    }),
  );
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
