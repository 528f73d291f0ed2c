import { concerns, type EarlyAccessIn, type Eyes, isAmong, roleKey } from '../projections/audience.ts';
import type { CommunityRow, Sight } from '../projections/communities.ts';
import type { DraftRow } from '../projections/drafts.ts';
import type { MembershipRow, RoleRow } from '../projections/memberships.ts';
import type { PostAccess } from '../projections/posts/early-access.ts';
import type { PostWithTotals } from '../projections/posts/queries.ts';
import type { CommentWithTotals } from '../projections/posts/threads.ts';
import type { ReviewRow } from '../projections/reviews.ts';
import type { Viewer } from '../src/core/viewer.ts';
import type { Context } from './context.ts';

/** What a judgement asks of a request: who looks, and rows as they are now. */
export type Looking = Pick<Context, 'viewer' | 'loaders'>;

/**
 * Who sees what, decided here for every door. Members see public communities and those that they joined, are invited to or hold a
 * role in, with all that stands in them; one that is forming is seen by its founder and those who hold a role in it. Analysts and
 * admins see all. A post in early access, with all that stands under it, is there for its author and its audience. What is not seen
 * looks like what is not there.
 */
export const seesAll = (viewer: Viewer | null): boolean =>
  viewer !== null && (viewer.roles.has('ADMIN') || viewer.roles.has('ANALYST'));

/** The viewer's memberships, invitations and requests. */
export const ownMemberships = async ({ viewer, loaders }: Looking): Promise<readonly MembershipRow[]> =>
  viewer?.memberId ? loaders.memberships().load(viewer.memberId) : [];

/** Whoever joined or is invited sees a private community; to have asked for it, or to have been there, opens nothing. */
const opens = ({ status }: MembershipRow) => status === 'JOINED' || status === 'INVITED';

/** The communities that the viewer is a member of. */
export const joinedCommunities = async (context: Looking): Promise<readonly string[]> =>
  (await ownMemberships(context)).filter(({ status }) => status === 'JOINED').map(({ communityId }) => communityId);

/** The roles that the viewer holds now. They end with the membership, a moment before the log says it of each. */
export const ownRoles = async (context: Looking): Promise<readonly RoleRow[]> => {
  const { viewer, loaders } = context;
  if (!viewer?.memberId) return [];
  const [roles, memberships] = await Promise.all([loaders.roles().load(viewer.memberId), ownMemberships(context)]);
  const ended = memberships.filter(({ status }) => status === 'LEFT' || status === 'DECLINED');
  return roles.filter(
    (held) => !ended.some((left) => left.communityId === held.communityId && left.position > held.startedPosition),
  );
};

export const sightOf = async (context: Looking): Promise<Sight> => {
  const { viewer } = context;
  if (seesAll(viewer)) return { all: true };
  const [own, roles] = await Promise.all([ownMemberships(context), ownRoles(context)]);
  return {
    all: false,
    own: own.filter(opens).map(({ communityId }) => communityId),
    involved: roles.map(({ communityId }) => communityId),
    memberId: viewer?.memberId ?? null,
  };
};

export const sees = (context: Looking, row: CommunityRow): boolean | Promise<boolean> =>
  isForAll(row) || seesAll(context.viewer) || hasPartIn(context, row);

/** Whether a community is there for everybody. */
export const isForAll = ({ visibility, status }: CommunityRow): boolean =>
  visibility === 'PUBLIC' && status !== 'FORMING';

const hasPartIn = async (context: Looking, { id, status, founderId }: CommunityRow) => {
  const isIn = ({ communityId }: { readonly communityId: string }) => communityId === id;
  if ((await ownRoles(context)).some(isIn)) return true;
  if (status === 'FORMING') return founderId !== null && founderId === context.viewer?.memberId;
  return (await ownMemberships(context)).filter(opens).some(isIn);
};

export const visibleCommunity = async (context: Looking, id: string): Promise<CommunityRow | null> => {
  const row = await context.loaders.community().load(id);
  return row && (await sees(context, row)) ? row : null;
};

/** What tells whether something in early access is for the viewer: the own id, and the roles that the viewer holds now. */
export const eyesOf = async (context: Looking): Promise<Eyes> => {
  if (seesAll(context.viewer)) return { all: true, keys: [] };
  const roles = await ownRoles(context);
  const memberId = context.viewer?.memberId;
  return {
    all: false,
    keys: [...(memberId ? [memberId] : []), ...roles.map((held) => roleKey(held.communityId, held.role))],
  };
};

/** The eyes with which to look, where what is listed is not the same for everybody; null where it is. */
export const eyesFor = async (context: Looking, ...early: readonly EarlyAccessIn[]): Promise<Eyes | null> => {
  if (early.every(({ audiences }) => audiences.length === 0)) return null;
  const eyes = await eyesOf(context);
  return early.some((one) => concerns(one, eyes)) ? eyes : null;
};

type Closable = Pick<PostWithTotals, 'closedTo'>;

/** Whether a post is for the viewer, where the community is. Of most posts nobody has to know who looks. */
export const isOpenTo = (context: Looking, { closedTo }: Closable): boolean | Promise<boolean> =>
  closedTo === null || eyesOf(context).then((eyes) => isAmong(closedTo, eyes));

/** Whether a viewer is told of what happened to a post, or under it, at a place in the log: to those outside it begins with its opening. */
export const isToldOf = async (
  context: Looking,
  { audience, openedPosition }: PostAccess,
  position: bigint,
): Promise<boolean> =>
  audience === null ||
  (openedPosition !== null && position >= openedPosition) ||
  isAmong(audience, await eyesOf(context));

export const visiblePost = async (context: Looking, id: string): Promise<PostWithTotals | null> => {
  const row = await context.loaders.post().load(id);
  if (!row || !(await isOpenTo(context, row))) return null;
  return (await visibleCommunity(context, row.communityId)) ? row : null;
};

export const visibleComment = async (context: Looking, id: string): Promise<CommentWithTotals | null> => {
  const row = await context.loaders.comment().load(id);
  return row && (await visiblePost(context, row.postId)) ? row : null;
};

/** Who keeps a community going: its facilitators, and admins. */
export const facilitates = async (context: Looking, communityId: string): Promise<boolean> =>
  (context.viewer?.roles.has('ADMIN') ?? false) ||
  (await ownRoles(context)).some((held) => held.communityId === communityId && held.role === 'FACILITATOR');

/** Whether the viewer is a member of a community now: what is given for a part taken in it ends with the membership. */
const hasJoined = async (context: Looking, communityId: string): Promise<boolean> =>
  (await joinedCommunities(context)).includes(communityId);

/**
 * What is not published is its author's, and as it was sent the mentor's who reads it for a review, while they are a member: nobody
 * else's, also not of those who see all.
 */
export const visibleDraft = async (context: Looking, id: string): Promise<DraftRow | null> => {
  const row = await context.loaders.draft().load(id);
  const { memberId = null } = context.viewer ?? {};
  if (!row || memberId === null) return null;
  if (row.authorId === memberId) return row;
  if (row.mentorId !== memberId || !(await hasJoined(context, row.communityId))) return null;
  const sent = await context.loaders.sentText().load(id);
  return sent ? { ...row, ...sent } : null;
};

/**
 * That a review is asked for is known to its author, to the mentors who took it or may take it while they are members, and to those
 * who facilitate the community.
 */
export const visibleReview = async (context: Looking, id: string): Promise<ReviewRow | null> => {
  const row = await context.loaders.review().load(id);
  const { memberId = null } = context.viewer ?? {};
  if (!row || memberId === null) return null;
  if (row.authorId === memberId || (await facilitates(context, row.communityId))) return row;
  if (!(await hasJoined(context, row.communityId))) return null;
  if ([row.mentorId, row.offeredTo].includes(memberId)) return row;
  const isFree = row.mentorId === null && row.endedAt === null && row.offeredTo === null;
  return isFree && (await mentors(context, row.communityId)) ? row : null;
};

const mentors = async ({ viewer, loaders }: Looking, communityId: string): Promise<boolean> =>
  (await loaders.mentors().load(communityId)).some(({ memberId }) => memberId === viewer?.memberId);
