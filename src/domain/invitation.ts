import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertActsByItself } from './by-itself.ts';
import { assertActive, community, holds } from './community.ts';
import { assertRegistered, member } from './member.ts';
import { assertMember, membership, membershipId, pair } from './membership.ts';
import { id, reason } from './words.ts';

/** Whatever brings people in, an invitation is all that it can give: joining stays the act of who is invited. */
export const inviteMember = defineCommand({
  type: 'InviteMember',
  input: z.strictObject(pair),
  aggregate: membership,
  id: ({ communityId, memberId }) => membershipId(communityId, memberId),
  needs: ({ communityId, memberId }, { actor }) => ({
    community: at(community, communityId),
    own: at(membership, membershipId(communityId, actor.memberId)),
    invited: at(member, memberId),
  }),
  decide: ({ communityId, memberId }, { status }, { needs, actor }) => {
    assertMember(needs.community, needs.own);
    assertRegistered(needs.invited);
    if (status === 'joined' || status === 'invited') return [];
    return [{ type: 'InvitationSent', data: { communityId, memberId, invitedBy: actor.memberId } }];
  },
});

/** For the process: who holds a role where one joins by invitation is invited; a role makes nobody a member. */
export const inviteHolder = defineCommand({
  type: 'InviteHolder',
  input: z.strictObject({ ...pair, invitedBy: id }),
  aggregate: membership,
  id: ({ communityId, memberId }) => membershipId(communityId, memberId),
  needs: ({ communityId }) => ({ community: at(community, communityId) }),
  decide: (input, { status }, { actor, needs: { community } }) => {
    assertActsByItself(actor, ', when somebody is given a role');
    const isClosed = community.visibility === 'PRIVATE' || community.joinPolicy === 'BY_INVITATION';
    if (!isClosed || !holds(community, input.memberId) || status === 'joined' || status === 'invited') return [];
    return [{ type: 'InvitationSent', data: input }];
  },
});

export const answerInvitation = defineCommand({
  type: 'AnswerInvitation',
  input: z.strictObject({ communityId: id, accept: z.boolean(), reason: reason.nullable().default(null) }),
  aggregate: membership,
  id: ({ communityId }, { actor }) => membershipId(communityId, actor.memberId),
  needs: ({ communityId }) => ({ community: at(community, communityId) }),
  decide: ({ communityId, accept, reason }, { status }, { needs, actor }) => {
    const pair = { communityId, memberId: actor.memberId };
    if (accept && status === 'joined') return [];
    if (status !== 'invited')
      throw new Rejection('INVITATION_NOT_FOUND', 'There is no invitation to this community that waits for an answer.');
    if (!accept) return [{ type: 'InvitationDeclined', data: pair, personal: { reason } }];
    assertActive(needs.community);
    return [{ type: 'MemberJoined', data: { ...pair, via: 'INVITATION' as const } }];
  },
});
