import { sql } from 'kysely';
import { contributionsIn, type Db, instant, isOpen, type OpenScope, topicsIn, within } from '../scope.ts';

// The sets that the definitions speak of. Each is a query to stand in a `from`, with `position` and `stream` of the event that made
// the row, so that whatever is counted can be shown.

const streamOf = sql<string>`case kind when 'POST' then 'post-' else 'comment-' end || id`;

/** Posts, comments and answers of members that moderation has not hidden. */
export const contributions = (db: Db, scope: OpenScope, { from, to }: Span) =>
  contributionsIn(db, scope)
    .clearSelect()
    .select(['memberId', 'at', 'position', 'kind', 'id', 'postId', 'retractedAt', 'replyToMemberId'])
    .select(streamOf.as('stream'))
    .where('memberKind', '=', 'MEMBER')
    .where('at', '<', instant(to))
    .$if(from !== null, (query) => query.where('at', '>=', instant(from ?? to)));

/** Contributions and reactions of members. */
export const interactions = (db: Db, scope: OpenScope, span: Span) =>
  contributions(db, scope, span)
    .clearSelect()
    .select(['memberId', 'at', 'position'])
    .select(streamOf.as('stream'))
    .unionAll(reactions(db, scope, span));

/** Reactions of members that were not taken back. */
export const reactions = (db: Db, scope: OpenScope, { from, to }: Span) =>
  db
    .selectFrom('reactions')
    .select(['memberId', 'at', 'position'])
    .select(sql<string>`'reaction-' || "targetId" || '-' || "memberId"`.as('stream'))
    .where(() => within(scope))
    .where(() => isOpen(scope))
    .where('memberKind', '=', 'MEMBER')
    .where('at', '<', instant(to))
    .$if(from !== null, (query) => query.where('at', '>=', instant(from ?? to)));

/** Questions and discussions that members opened: what invites a reply. */
export const invitingPosts = (db: Db, scope: OpenScope, { from, to }: Span) =>
  topicsIn(db, scope)
    .where('openerKind', '=', 'MEMBER')
    .where('kind', 'in', ['QUESTION', 'DISCUSSION'])
    .where('openedAt', '<', instant(to))
    .$if(from !== null, (query) => query.where('openedAt', '>=', instant(from ?? to)));

/**
 * The first reply to the row called `topic`: a message of another member behind the opening one, neither taken back nor hidden, before
 * `to` and before the post itself was taken back. One short walk in an index; `column` is what is wanted of it.
 */
export const firstReply = (db: Db, column: 'at' | 'position' | 'id', to: Date) =>
  db
    .selectFrom('contributions')
    .select(column)
    .where(sql<boolean>`"postId" = topic.id`)
    .where(sql<boolean>`"answersOpener"`)
    .where('retractedAt', 'is', null)
    .where('hiddenAt', 'is', null)
    .where(sql<boolean>`(at, position) > (topic."openedAt", topic.position)`)
    .where(sql<boolean>`(topic."retractedAt" is null or at < topic."retractedAt")`)
    .where('at', '<', instant(to))
    .orderBy('at')
    .orderBy('position')
    .limit(1);

/** Members who joined in a span, each time with when they left again; null for those who have not before its end. */
export const joined = (db: Db, scope: OpenScope, { from, to }: Span) => {
  const changes = db
    .selectFrom('membership_changes')
    .select(['memberId', 'kind', 'at', 'position'])
    .select(sql<string>`'membership-' || "communityId" || '-' || "memberId"`.as('stream'))
    .select(sql<Date | null>`lead(at) over (partition by "communityId", "memberId" order by at, position)`.as('leftAt'))
    .where(() => within(scope))
    .where('at', '<', instant(to));
  return sql`
    select "memberId", at, position, stream, "leftAt" from (${changes}) as change
     where kind = 'JOINED' and at >= ${from === null ? sql`'-infinity'` : instant(from)}`;
};

/** `from` null: from the beginning. `to` is exclusive. */
export type Span = { readonly from: Date | null; readonly to: Date };
