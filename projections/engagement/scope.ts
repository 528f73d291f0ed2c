import { type Kysely, sql } from 'kysely';
import type { EngagementRows } from './tables.ts';

export type Db = Kysely<EngagementRows>;

/** Whose activity: one community's, or the organisation's without the communities that the asker may not read. */
export type Scope =
  | { readonly communityId: string }
  | { readonly organisation: true; readonly exceptCommunityIds?: readonly string[] };

/** A scope without the posts that are not open to everybody: they, and all that stands under them, count in no figure. */
export type OpenScope = Scope & { readonly closedPostIds: readonly string[] };

/** Asked first, and most often answered with nothing: the figures are then found in their indexes alone. */
export const openScope = async (db: Db, scope: Scope): Promise<OpenScope> => {
  const closed = db
    .selectFrom('closed_posts')
    .select('postId')
    .where(() => within(scope));
  return { ...scope, closedPostIds: (await closed.execute()).map(({ postId }) => postId) };
};

/** The condition on a table's column of posts that these are open. */
export const isOpen = ({ closedPostIds }: OpenScope, column = 'postId') =>
  closedPostIds.length === 0
    ? sql<boolean>`true`
    : sql<boolean>`${sql.ref(column)} not in (select unnest(${closedPostIds}::uuid[]))`;

/** The messages of a scope that count: all that are open and that moderation has not hidden. */
export const contributionsIn = (db: Db, scope: OpenScope) =>
  db
    .selectFrom('contributions')
    .selectAll()
    .where('hiddenAt', 'is', null)
    .where(() => within(scope))
    .where(() => isOpen(scope));

/** The topics of a scope that count. */
export const topicsIn = (db: Db, scope: OpenScope) =>
  db
    .selectFrom('topics')
    .selectAll()
    .where('hiddenAt', 'is', null)
    .where(() => within(scope))
    .where(() => isOpen(scope, 'id'));

/** The condition on a table's `communityId` that keeps the scope. */
export const within = (scope: Scope, column = 'communityId') => {
  if ('communityId' in scope) return sql<boolean>`${sql.ref(column)} = ${scope.communityId}::uuid`;
  if (!scope.exceptCommunityIds?.length) return sql<boolean>`true`;
  return sql<boolean>`${sql.ref(column)} <> all(${scope.exceptCommunityIds}::uuid[])`;
};

/** Said in UTC: the driver would say it in the time zone of this process, whose old offsets have odd seconds. */
export const instant = (at: Date) => sql<Date>`${at.toISOString()}::timestamptz`;
