import { z } from 'zod';
import { at, defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { assertOpen, community } from './community.ts';
import { assertRegistered, member } from './member.ts';
import { id } from './words.ts';

const pair = { communityId: id, memberId: id };

// Events. These names and shapes are a file format: add, never edit.
export const membershipEvents = defineEvents({
  InvitationSent: { version: 1, data: z.strictObject({ ...pair, invitedBy: id }) },
  MemberJoined: {
    version: 1,
    data: z.strictObject({ ...pair, via: z.enum(['OPEN', 'INVITATION', 'FOUNDING', 'IMPORT']) }),
  },
  MemberLeft: { version: 1, data: z.strictObject(pair) },
});

export type Membership = { readonly status: 'none' | 'invited' | 'joined' | 'left' };

/** A stream for each pair of community and member, so that no stream grows with a community's size. */
export const membership = defineAggregate<Membership>()({
  category: 'membership',
  events: membershipEvents,
  initial: { status: 'none' },
  evolve: {
    InvitationSent: () => ({ status: 'invited' }),
    MemberJoined: () => ({ status: 'joined' }),
    MemberLeft: () => ({ status: 'left' }),
  },
});

export const membershipId = (communityId: string, memberId: string) => `${communityId}-${memberId}`;

export const joinCommunity = defineCommand({
  type: 'JoinCommunity',
  input: z.strictObject({ communityId: id }),
  aggregate: membership,
  id: ({ communityId }, { actor }) => membershipId(communityId, actor.memberId),
  needs: ({ communityId }) => ({ community: at(community, communityId) }),
  decide: ({ communityId }, { status }, { needs, actor }) => {
    if (status === 'joined') return [];
    if (status !== 'invited') {
      assertVisible(needs.community);
      if (needs.community.joinPolicy !== 'OPEN')
        throw new Rejection('INVITATION_NEEDED', 'This community is joined by invitation: ask one of its members.');
    }
    assertOpen(needs.community);
    const via = status === 'invited' ? ('INVITATION' as const) : ('OPEN' as const);
    return [{ type: 'MemberJoined', data: { communityId, memberId: actor.memberId, via } }];
  },
});

export const leaveCommunity = defineCommand({
  type: 'LeaveCommunity',
  input: z.strictObject({ communityId: id }),
  aggregate: membership,
  id: ({ communityId }, { actor }) => membershipId(communityId, actor.memberId),
  decide: ({ communityId }, { status }, { actor }) =>
    status === 'joined' ? [{ type: 'MemberLeft', data: { communityId, memberId: actor.memberId } }] : [],
});

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

/** A private community does not exist for those outside: same answer as for one that is not there. */
const assertVisible = (state: Parameters<typeof assertOpen>[0]) => {
  if (state.visibility === 'PRIVATE') throw new Rejection('COMMUNITY_NOT_FOUND', 'There is no such community.');
  assertOpen(state);
};

/** The rule of every contribution: only members of an open community take part in it. */
export const assertMember = (where: Parameters<typeof assertOpen>[0], who: Membership) => {
  if (who.status !== 'joined') {
    assertVisible(where);
    throw new Rejection('NOT_A_MEMBER', 'Join this community first.');
  }
  assertOpen(where);
};
