import DataLoader from 'dataloader';
import type { EarlyAccessIn } from '../projections/audience.ts';
import { type CommunityRow, keptCommunities, keptCommunityTotals } from '../projections/communities.ts';
import type { CommunityTotalsRow } from '../projections/community-totals.ts';
import { type DraftRow, drafts, draftsByIds, type SentText, sentTexts } from '../projections/drafts.ts';
import { keptEarlyItemsIn } from '../projections/feeds.ts';
import {
  type ExpectationRow,
  expectationsByIds,
  foundations,
  type ObjectiveRow,
  objectivesByIds,
} from '../projections/foundations.ts';
import { keptMembers, type MemberRow } from '../projections/members.ts';
import { type MembershipRow, memberships, membershipsOf, type RoleRow, rolesOf } from '../projections/memberships.ts';
import { keptAccess, keptEarlyAccessIn, type PostAccess } from '../projections/posts/early-access.ts';
import { posts } from '../projections/posts/index.ts';
import { keptPosts, type PostWithTotals } from '../projections/posts/queries.ts';
import { type CommentWithTotals, commentsByIds, reactionTotalsOf } from '../projections/posts/threads.ts';
import {
  type MilestoneRow,
  milestonesByIds,
  milestonesOf,
  type ProjectRow,
  projects,
  projectsByIds,
} from '../projections/projects.ts';
import { type MentorRow, mentorsOf, type ReviewRow, reviews, reviewsByIds } from '../projections/reviews.ts';
import type { Reading } from './context.ts';

/**
 * What a request loads by id, each kind in one statement a batch. Rows are as they are stored, the same for everybody:
 * whether the viewer may see them is asked in `sight.ts`.
 */
export type Loaders = ReturnType<typeof createLoaders>;

/** How many ids one statement carries at most. */
const MAX_BATCH = 1_000;

export const createLoaders = ({ from, kept }: Pick<Reading, 'from' | 'kept'>) => {
  const paged = new Map<string, DataLoader<string, unknown>>();

  return {
    community: lazy(() => batched<CommunityRow | undefined>((ids) => kept(keptCommunities, ids))),
    communityTotals: lazy(() => batched<CommunityTotalsRow | undefined>((ids) => kept(keptCommunityTotals, ids))),
    member: lazy(() => batched<MemberRow | undefined>((ids) => kept(keptMembers, ids))),
    /** All memberships and invitations of a member. */
    memberships: lazy(() => listsBy<MembershipRow>('memberId', (ids) => membershipsOf(from(memberships), ids))),
    /** The roles that a member holds now. */
    roles: lazy(() => listsBy<RoleRow>('memberId', (ids) => rolesOf(from(memberships), ids))),
    project: lazy(() => rowsById<ProjectRow>((ids) => projectsByIds(from(projects), ids))),
    milestone: lazy(() => rowsById<MilestoneRow>((ids) => milestonesByIds(from(projects), ids))),
    milestones: lazy(() => listsBy<MilestoneRow>('projectId', (ids) => milestonesOf(from(projects), ids))),
    objective: lazy(() => rowsById<ObjectiveRow>((ids) => objectivesByIds(from(foundations), ids))),
    expectation: lazy(() => rowsById<ExpectationRow>((ids) => expectationsByIds(from(foundations), ids))),
    post: lazy(() => batched<PostWithTotals | undefined>((ids) => kept(keptPosts, ids))),
    comment: lazy(() => rowsById<CommentWithTotals>((ids) => commentsByIds(from(posts), ids))),
    /** Which early access a post has, or that it has none. */
    access: lazy(() => batched<PostAccess>((ids) => kept(keptAccess, ids))),
    /** What early access there is in a community, as the posts know, and as the feeds do. */
    earlyAccess: lazy(() => batched<EarlyAccessIn>((ids) => kept(keptEarlyAccessIn, ids))),
    earlyItems: lazy(() => batched<EarlyAccessIn>((ids) => kept(keptEarlyItemsIn, ids))),
    draft: lazy(() => rowsById<DraftRow>((ids) => draftsByIds(from(drafts), ids))),
    sentText: lazy(() => rowsById<SentText>((ids) => sentTexts(from(drafts), ids))),
    review: lazy(() => rowsById<ReviewRow>((ids) => reviewsByIds(from(reviews), ids))),
    /** Who volunteers to review drafts in a community. */
    mentors: lazy(() => listsBy<MentorRow>('communityId', (ids) => mentorsOf(from(reviews), ids))),
    /** How often each kind of reaction was given to a post or comment. */
    reactionTotals: lazy(() => listsBy('targetId', (ids) => reactionTotalsOf(from(posts), ids))),
    /** The loader of what `load` reads for each owner: one for each `name`, which says all that the answer depends on. */
    each: <R>(
      name: string,
      load: (ownerIds: readonly string[]) => Promise<ReadonlyMap<string, R>>,
    ): DataLoader<string, R> => {
      const known = paged.get(name) as DataLoader<string, R> | undefined;
      const loader = known ?? batched(load);
      if (!known) paged.set(name, loader as DataLoader<string, unknown>);
      return loader;
    },
  };
};

/** Most requests need few of the loaders. */
const lazy = <L>(create: () => L): (() => L) => {
  let made: L | undefined;
  return () => {
    made ??= create();
    return made;
  };
};

const batched = <R>(load: (ids: readonly string[]) => Promise<ReadonlyMap<string, R>>) =>
  new DataLoader<string, R>(
    async (ids) => {
      const found = await load(ids);
      return ids.map((id) => found.get(id) as R);
    },
    { maxBatchSize: MAX_BATCH },
  );

const rowsBy = <R extends object>(key: keyof R, load: (ids: readonly string[]) => Promise<readonly R[]>) =>
  batched<R | undefined>(async (ids) => new Map((await load(ids)).map((row) => [String(row[key]), row])));

const rowsById = <R extends { readonly id: string }>(load: (ids: readonly string[]) => Promise<readonly R[]>) =>
  rowsBy<R>('id', load);

const listsBy = <R extends object>(key: keyof R, load: (ids: readonly string[]) => Promise<readonly R[]>) =>
  batched<readonly R[]>(async (ids) => grouped(key, ids, await load(ids)));

/** The rows of each of these ids. */
export const grouped = <R extends object>(key: keyof R, ids: readonly string[], rows: readonly R[]) => {
  const lists = new Map<string, R[]>(ids.map((id) => [id, []]));
  for (const row of rows) lists.get(String(row[key]))?.push(row);
  return lists;
};
