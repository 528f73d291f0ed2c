import { type Kysely, sql } from 'kysely';
import { type Handlers, last, operationsOn, type Rows, sum, tally, uuid } from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import { oneOf, prepared } from './prepared.ts';

/** What other streams count, apart from the community's own row. */
export const totalsTables = {
  community_totals: tally({
    key: { communityId: uuid },
    columns: { members: sum, posts: sum, comments: sum },
    tuples: { activity: last({}) },
  }),
  /** The part of it that stands under a post in early access, which counts from the opening on. */
  early_totals: tally({
    key: { communityId: uuid, postId: uuid },
    columns: { posts: sum, comments: sum, openings: sum },
    tuples: { activity: last({}) },
  }),
};

const { add, keep } = operationsOn(totalsTables);

export const totals: Handlers<DomainEvents> = {
  MemberJoined: ({ communityId }) => [add('community_totals', { communityId }, { members: 1 })],
  MemberLeft: ({ communityId }) => [add('community_totals', { communityId }, { members: -1 })],
  PostPublished: ({ communityId, postId, earlyAccess }, event) => [
    add('community_totals', { communityId }, { posts: 1 }),
    ...(earlyAccess
      ? [
          add('early_totals', { communityId, postId }, { posts: 1 }),
          keep('early_totals', { communityId, postId }, 'activity', event, {}),
        ]
      : [keep('community_totals', { communityId }, 'activity', event, {})]),
  ],
  EarlyAccessOpened: ({ communityId, postId }) => [add('early_totals', { communityId, postId }, { openings: 1 })],
  PostRetracted: ({ communityId, postId, earlyAccess }) => [
    add('community_totals', { communityId }, { posts: -1 }),
    ...(earlyAccess === 'CLOSED' ? [add('early_totals', { communityId, postId }, { posts: -1 })] : []),
  ],
  CommentPublished: ({ communityId, postId, inEarlyAccess }, event) => [
    add('community_totals', { communityId }, { comments: 1 }),
    ...(inEarlyAccess
      ? [
          add('early_totals', { communityId, postId }, { comments: 1 }),
          keep('early_totals', { communityId, postId }, 'activity', event, {}),
        ]
      : [keep('community_totals', { communityId }, 'activity', event, {})]),
  ],
  CommentRetracted: ({ communityId, postId, inEarlyAccess }) => [
    add('community_totals', { communityId }, { comments: -1 }),
    ...(inEarlyAccess ? [add('early_totals', { communityId, postId }, { comments: -1 })] : []),
  ],
};

export type CommunityTotalsRow = {
  readonly communityId: string;
  readonly members: bigint;
  readonly posts: bigint;
  readonly comments: bigint;
  readonly activityAt: Date | null;
};

/** What stands under posts that are not open counts for nobody; once they are, at the times when it happened. */
export const communityTotalsByIds = prepared((db: Kysely<Rows<typeof totalsTables>>, ids: readonly string[]) => {
  const early = db
    .selectFrom('early_totals')
    .select(sql<bigint>`coalesce(sum(posts) filter (where openings = 0), 0)::bigint`.as('posts'))
    .select(sql<bigint>`coalesce(sum(comments) filter (where openings = 0), 0)::bigint`.as('comments'))
    .select(sql<Date | null>`max("activityAt") filter (where openings > 0)`.as('activityAt'))
    .whereRef('early_totals.communityId', '=', 'community_totals.communityId' as never);
  return db
    .selectFrom('community_totals')
    .leftJoinLateral(early.as('early'), (join) => join.onTrue())
    .select(['communityId', 'members'])
    .select(sql<bigint>`community_totals.posts - early.posts`.as('posts'))
    .select(sql<bigint>`community_totals.comments - early.comments`.as('comments'))
    .select(sql<Date | null>`greatest(community_totals."activityAt", early."activityAt")`.as('activityAt'))
    .where(oneOf('communityId', ids));
});
