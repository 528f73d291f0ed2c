import { type Kysely, sql } from 'kysely';
import {
  COUNTED_TO,
  countEach,
  inSpan,
  type Order,
  onPage,
  type Page,
  type Paged,
  pageOfEach,
  type Span,
} from '../page.ts';
import type { CommentRow, PostsRows } from './tables.ts';

type Db = Kysely<PostsRows>;

export type CommentWithTotals = CommentRow & {
  readonly replies: bigint;
  readonly reactions: bigint;
  readonly endorsements: bigint;
};

export const commentsByIds = (db: Db, ids: readonly string[]) =>
  withTotals(db).where('comments.id', 'in', ids).execute() as Promise<CommentWithTotals[]>;

/** A thread: all under a post, or the replies to a comment. */
type Thread = 'postId' | 'parentId';

/** Which comments; all conditions given hold. */
export type CommentCondition = {
  readonly kind?: 'COMMENT' | 'ANSWER' | undefined;
  readonly published?: Span | undefined;
};

/** The same page of several threads. */
export const commentsUnder = (
  db: Db,
  thread: Thread,
  ids: readonly string[],
  by: Order,
  page: Page,
  condition: CommentCondition,
) => {
  const query = withTotals(db).where(() => standsUnder(thread, condition));
  return pageOfEach(db, ids, onPage(query, by, page), page) as Promise<ReadonlyMap<string, Paged<CommentWithTotals>>>;
};

/** How many comments these threads list, retracted ones too, each counted to 10,000. */
export const countCommentsUnder = async (
  db: Db,
  thread: Thread,
  ids: readonly string[],
  condition: CommentCondition,
) => {
  const few = db
    .selectFrom('comments')
    .select(sql`1`.as('one'))
    .where(() => standsUnder(thread, condition))
    .limit(COUNTED_TO);
  return countEach(db, ids, few);
};

// The kind stands in the text of the statement: so the planner knows that the index of the answers will do.
const standsUnder = (thread: Thread, { kind, published }: CommentCondition) =>
  sql<boolean>`comments.${sql.ref(thread)} = owner.id
    ${kind === undefined ? sql`` : sql`and kind = ${sql.lit(kind)}`} and ${inSpan('publishedAt', published)}`;

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

/** Who endorsed these answers, the first one first. */
export const endorsementsOf = (db: Db, commentIds: readonly string[]) =>
  db
    .selectFrom('endorsements')
    .selectAll()
    .where('commentId', 'in', commentIds)
    .orderBy('at')
    .orderBy('position')
    .execute();

const withTotals = (db: Db) =>
  db
    .selectFrom('comments')
    .leftJoin('comment_totals as totals', 'totals.commentId', 'comments.id')
    .selectAll('comments')
    .select([
      sql<bigint>`coalesce(totals.replies, 0)`.as('replies'),
      sql<bigint>`coalesce(totals.reactions, 0)`.as('reactions'),
      sql<bigint>`coalesce(totals.endorsements, 0)`.as('endorsements'),
    ]);
