import { type Kysely, sql } from 'kysely';
import type { EngagementRows } from './tables.ts';

export type Db = Kysely<EngagementRows>;

/** Whose activity: one community's, or the organisation's without the communities that the asker may not read. */
export type Scope =
  | { readonly communityId: string }
  | { readonly organisation: true; readonly exceptCommunityIds?: readonly string[] };

/** The messages of a scope that count: all that moderation has not hidden. */
export const contributionsIn = (db: Db, scope: Scope) =>
  db
    .selectFrom('contributions')
    .selectAll()
    .where('hiddenAt', 'is', null)
    .where(() => within(scope));

/** The topics of a scope that count. */
export const topicsIn = (db: Db, scope: Scope) =>
  db
    .selectFrom('topics')
    .selectAll()
    .where('hiddenAt', 'is', null)
    .where(() => within(scope));

/** The condition on a table's `communityId` that keeps the scope. */
export const within = (scope: Scope, column = 'communityId') => {
  if ('communityId' in scope) return sql<boolean>`${sql.ref(column)} = ${scope.communityId}::uuid`;
  if (!scope.exceptCommunityIds?.length) return sql<boolean>`true`;
  return sql<boolean>`${sql.ref(column)} <> all(${scope.exceptCommunityIds}::uuid[])`;
};

/** Said in UTC: the driver would say it in the time zone of this process, whose old offsets have odd seconds. */
export const instant = (at: Date) => sql<Date>`${at.toISOString()}::timestamptz`;
