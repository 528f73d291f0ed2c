import { z } from 'zod';
import { defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertActsByItself } from './by-itself.ts';
import { assertOpen, steers } from './community.ts';
import { assertPublished, placeOf, post } from './post.ts';
import { id } from './words.ts';

const postId = id;

/** Says that a post stays with its audience: it is never opened, and nobody outside hears that it ever was there. */
export const withdrawEarlyAccess = defineCommand({
  type: 'WithdrawEarlyAccess',
  input: z.strictObject({ postId }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: placeOf,
  decide: ({ postId }, state, { actor, needs }) => {
    assertPublished(state, actor, needs);
    if (state.authorId !== actor.memberId && !steers(needs.community, actor))
      throw new Rejection('NOT_ALLOWED', 'Only its author, a facilitator or an admin may do this.');
    assertOpen(needs.community);
    const { earlyAccess, communityId } = state;
    if (!earlyAccess) throw new Rejection('NOT_IN_EARLY_ACCESS', 'This post was for everybody from the beginning.');
    if (earlyAccess.status === 'OPENED')
      throw new Rejection('OPENED_ALREADY', 'This post is open to everybody: its author may take it back.');
    if (earlyAccess.status === 'WITHDRAWN') return [];
    return [{ type: 'EarlyAccessWithdrawn', data: { postId, communityId, withdrawnBy: actor.memberId } }];
  },
});

/** For the process: the time has come, and the post is for everybody. It opens once; one that was taken back does not. */
export const openEarlyAccess = defineCommand({
  type: 'OpenEarlyAccess',
  input: z.strictObject({ postId }),
  aggregate: post,
  id: ({ postId }) => postId,
  decide: ({ postId }, { earlyAccess, ...state }, { actor }) => {
    assertActsByItself(actor, ', at the time that was set');
    if (state.status !== 'published' || earlyAccess?.status !== 'CLOSED') return [];
    const { communityId, authorId, authorKind, kind, publishedAt } = state;
    const { status: _, ...terms } = earlyAccess;
    const post = { postId, communityId, authorId, authorKind, kind, publishedAt };
    return [{ type: 'EarlyAccessOpened', data: { ...post, earlyAccess: terms } }];
  },
});
