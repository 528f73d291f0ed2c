import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertActive, assertSteers, community } from './community.ts';
import { assertVisible, membership, membershipId, pair } from './membership.ts';
import { id, reason } from './words.ts';

/** Asks to be let in, where a facilitator answers. */
export const requestMembership = defineCommand({
  type: 'RequestMembership',
  input: z.strictObject({ communityId: id, message: reason.nullable().default(null) }),
  aggregate: membership,
  id: ({ communityId }, { actor }) => membershipId(communityId, actor.memberId),
  needs: ({ communityId }) => ({ community: at(community, communityId) }),
  decide: ({ communityId, message }, state, { needs, actor }) => {
    assertVisible(needs.community, state, actor);
    assertActive(needs.community);
    if (state.status === 'joined' || state.status === 'requested') return [];
    if (state.status === 'invited')
      throw new Rejection('INVITED_ALREADY', 'You are invited to this community: answer the invitation.');
    const { joinPolicy } = needs.community;
    if (joinPolicy === 'OPEN') throw new Rejection('REQUEST_NOT_NEEDED', 'This community is open: join it.');
    if (joinPolicy === 'BY_INVITATION')
      throw new Rejection('INVITATION_NEEDED', 'This community is joined by invitation: ask one of its members.');
    return [{ type: 'MembershipRequested', data: { communityId, memberId: actor.memberId }, personal: { message } }];
  },
});

/** Lets in who asked for it, or says no and why. Those who steer the community answer. */
export const answerMembershipRequest = defineCommand({
  type: 'AnswerMembershipRequest',
  input: z.strictObject({ ...pair, accept: z.boolean(), reason: reason.nullable().default(null) }),
  aggregate: membership,
  id: ({ communityId, memberId }) => membershipId(communityId, memberId),
  needs: ({ communityId }) => ({ community: at(community, communityId) }),
  decide: ({ communityId, memberId, accept, reason }, { status }, { needs, actor }) => {
    assertSteers(needs.community, actor);
    assertActive(needs.community);
    if (accept && status === 'joined') return [];
    if (status !== 'requested')
      throw new Rejection('REQUEST_NOT_FOUND', 'This member has no request that waits for an answer.', ['memberId']);
    const pair = { communityId, memberId };
    if (accept) return [{ type: 'MemberJoined', data: { ...pair, via: 'REQUEST' as const } }];
    return [{ type: 'MembershipRefused', data: pair, personal: { reason } }];
  },
});
