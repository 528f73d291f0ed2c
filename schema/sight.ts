import type { CommunityRow, Sight } from '../projections/communities.ts';
import type { MembershipRow } from '../projections/memberships.ts';
import type { PostWithTotals } from '../projections/posts/queries.ts';
import type { CommentWithTotals } from '../projections/posts/threads.ts';
import type { Viewer } from '../src/core/viewer.ts';
import type { Context } from './context.ts';

/**
 * Who sees what, decided here for every door. Members see public communities and those that they joined or are invited
 * to, with all that stands in them; analysts and admins see all. What is not seen looks like what is not there.
 */
export const seesAll = (viewer: Viewer | null): boolean =>
  viewer !== null && (viewer.roles.has('ADMIN') || viewer.roles.has('ANALYST'));

/** The viewer's memberships and invitations. */
export const ownMemberships = async ({ viewer, loaders }: Context): Promise<readonly MembershipRow[]> =>
  viewer?.memberId ? loaders.memberships().load(viewer.memberId) : [];

export const sightOf = async (context: Context): Promise<Sight> => {
  if (seesAll(context.viewer)) return { all: true };
  const own = await ownMemberships(context);
  return { all: false, own: own.map(({ communityId }) => communityId) };
};

export const sees = (context: Context, { id, visibility }: CommunityRow): boolean | Promise<boolean> =>
  visibility === 'PUBLIC' || seesAll(context.viewer) || isOwn(context, id);

const isOwn = async (context: Context, id: string) =>
  (await ownMemberships(context)).some(({ communityId }) => communityId === id);

export const visibleCommunity = async (context: Context, id: string): Promise<CommunityRow | null> => {
  const row = await context.loaders.community().load(id);
  return row && (await sees(context, row)) ? row : null;
};

export const visiblePost = async (context: Context, id: string): Promise<PostWithTotals | null> => {
  const row = await context.loaders.post().load(id);
  return row && (await visibleCommunity(context, row.communityId)) ? row : null;
};

export const visibleComment = async (context: Context, id: string): Promise<CommentWithTotals | null> => {
  const row = await context.loaders.comment().load(id);
  return row && (await visibleCommunity(context, row.communityId)) ? row : null;
};
