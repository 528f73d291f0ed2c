import { z } from 'zod';
import { defineCommand, type Principal } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertActsByItself } from './by-itself.ts';
import { assertOpen, steers } from './community.ts';
import { assertPublished, type Post, placeOf, post } from './post.ts';
import { id, instant } from './words.ts';

const postId = id;

/** Says that a post stays with its audience: it is never opened, and nobody outside hears that it ever was there. */
export const withdrawEarlyAccess = defineCommand({
  type: 'WithdrawEarlyAccess',
  input: z.strictObject({ postId }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: placeOf,
  decide: ({ postId }, state, { actor, needs }) => {
    const { earlyAccess, communityId } = assertClosed(state, actor, needs);
    if (earlyAccess.status === 'WITHDRAWN') return [];
    return [{ type: 'EarlyAccessWithdrawn', data: { postId, communityId, withdrawnBy: actor.memberId } }];
  },
});

/** Moves the moment at which a post opens to everybody, while it has not. */
export const moveEarlyAccess = defineCommand({
  type: 'MoveEarlyAccess',
  input: z.strictObject({ postId, opensAt: instant }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: placeOf,
  decide: ({ postId, opensAt: given }, state, { actor, now, needs }) => {
    const { earlyAccess, communityId } = assertClosed(state, actor, needs);
    if (earlyAccess.status === 'WITHDRAWN')
      throw new Rejection('EARLY_ACCESS_WITHDRAWN', 'This post stays with its audience: it opens to nobody else.');
    if (Date.parse(given) <= Date.parse(now))
      throw new Rejection('OPENING_IN_THE_PAST', 'A post opens to everybody at a moment that lies ahead.', ['opensAt']);
    const opensAt = new Date(given).toISOString();
    if (earlyAccess.opensAt === opensAt) return [];
    return [{ type: 'EarlyAccessMoved', data: { postId, communityId, opensAt, movedBy: actor.memberId } }];
  },
});

/** The early access that has not opened, for those who decide about it: the author, and those who steer the community. */
const assertClosed = (state: Post, actor: Principal, place: Place) => {
  assertPublished(state, actor, place);
  if (state.authorId !== actor.memberId && !steers(place.community, actor))
    throw new Rejection('NOT_ALLOWED', 'Only its author, a facilitator or an admin may do this.');
  assertOpen(place.community);
  const { earlyAccess, communityId } = state;
  if (!earlyAccess) throw new Rejection('NOT_IN_EARLY_ACCESS', 'This post was for everybody from the beginning.');
  if (earlyAccess.status === 'OPENED')
    throw new Rejection('OPENED_ALREADY', 'This post is open to everybody: its author may take it back.');
  return { earlyAccess, communityId };
};

type Place = Parameters<typeof assertPublished>[2];

/** For the process: the time has come, and the post is for everybody. It opens once; one that was taken back does not. */
export const openEarlyAccess = defineCommand({
  type: 'OpenEarlyAccess',
  input: z.strictObject({ postId, opensAt: z.string().optional() }),
  aggregate: post,
  id: ({ postId }) => postId,
  decide: ({ postId, opensAt }, { earlyAccess, ...state }, { actor }) => {
    assertActsByItself(actor, ', at the time that was set');
    if (state.status !== 'published' || earlyAccess?.status !== 'CLOSED') return [];
    // It was moved since.
    if (opensAt !== undefined && earlyAccess.opensAt !== opensAt) return [];
    const { communityId, authorId, authorKind, kind, publishedAt } = state;
    const { status: _, ...terms } = earlyAccess;
    const post = { postId, communityId, authorId, authorKind, kind, publishedAt };
    return [{ type: 'EarlyAccessOpened', data: { ...post, earlyAccess: terms } }];
  },
});
