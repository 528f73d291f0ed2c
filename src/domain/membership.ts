import { z } from 'zod';
import { at, defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { assertOpen, type Community, community } from './community.ts';
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
  decide: ({ communityId }, membership, { needs, actor }) => {
    const { status } = membership;
    if (status === 'joined') return [];
    if (status !== 'invited') {
      assertVisible(needs.community, membership);
      assertOpen(needs.community);
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

/** A private community, with all that stands in it, is there for its members alone. */
export const isVisible = (where: Community, who: Membership) =>
  who.status === 'joined' || where.visibility === 'PUBLIC';

/** The rule of every contribution: only members of an open community take part in it. */
export const assertMember = (where: Community, who: Membership) => {
  assertVisible(where, who);
  assertOpen(where);
  if (who.status !== 'joined') throw new Rejection('NOT_A_MEMBER', 'Join this community first.');
};

/** For those outside, a private community gives the same answer as one that is not there. */
const assertVisible = (where: Community, who: Membership) => {
  if (!isVisible(where, who)) throw new Rejection('COMMUNITY_NOT_FOUND', 'There is no such community.');
};
