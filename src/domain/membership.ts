import { z } from 'zod';
import { at, defineAggregate, defineCommand, type Principal } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { assertActive, assertOpen, type Community, community, facilitatorsOf, isInvolved } from './community.ts';
import { id } from './words.ts';

export const pair = { communityId: id, memberId: id };

const member = ({ memberId }: { memberId: string }) => memberId;

// Events. These names and shapes are a file format: add, never edit.
export const membershipEvents = defineEvents({
  InvitationSent: { version: 1, data: z.strictObject({ ...pair, invitedBy: id }) },
  MemberJoined: {
    version: 1,
    data: z.strictObject({ ...pair, via: z.enum(['OPEN', 'INVITATION', 'REQUEST', 'FOUNDING', 'IMPORT']) }),
  },
  MemberLeft: { version: 1, data: z.strictObject(pair) },
  InvitationDeclined: {
    version: 1,
    data: z.strictObject(pair),
    personal: z.strictObject({ reason: z.string().nullable() }),
    subject: member,
  },
  MembershipRequested: {
    version: 1,
    data: z.strictObject(pair),
    personal: z.strictObject({ message: z.string().nullable() }),
    subject: member,
  },
  MembershipRequestWithdrawn: { version: 1, data: z.strictObject(pair) },
  MembershipRefused: {
    version: 1,
    data: z.strictObject(pair),
    personal: z.strictObject({ reason: z.string().nullable() }),
    subject: member,
  },
  ExpectationsAcknowledged: { version: 1, data: z.strictObject({ ...pair, version: z.int() }) },
});

export type Membership = {
  readonly status: 'none' | 'invited' | 'requested' | 'joined' | 'left';
  /** Which version of the community's expectations the member has read; 0 for none. */
  readonly acknowledged: number;
};

/** A stream for each pair of community and member, so that no stream grows with a community's size. */
export const membership = defineAggregate<Membership>()({
  category: 'membership',
  events: membershipEvents,
  initial: { status: 'none', acknowledged: 0 },
  evolve: {
    InvitationSent: (state) => ({ ...state, status: 'invited' }),
    InvitationDeclined: (state) => ({ ...state, status: 'none' }),
    MembershipRequested: (state) => ({ ...state, status: 'requested' }),
    MembershipRequestWithdrawn: (state) => ({ ...state, status: 'none' }),
    MembershipRefused: (state) => ({ ...state, status: 'none' }),
    MemberJoined: () => ({ status: 'joined', acknowledged: 0 }),
    MemberLeft: () => ({ status: 'left', acknowledged: 0 }),
    ExpectationsAcknowledged: (state, { version }) => ({ ...state, acknowledged: version }),
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
    const { community } = needs;
    const isAsked = status === 'invited' || isInvolved(community, actor);
    if (!isAsked) {
      assertVisible(community, membership, actor);
      assertOpen(community);
      if (community.joinPolicy === 'ON_REQUEST')
        throw new Rejection('REQUEST_NEEDED', 'This community lets in who asks: request membership.');
      if (community.joinPolicy === 'BY_INVITATION')
        throw new Rejection('INVITATION_NEEDED', 'This community is joined by invitation: ask one of its members.');
    }
    assertOpen(community);
    const via = isAsked ? ('INVITATION' as const) : ('OPEN' as const);
    return [{ type: 'MemberJoined', data: { communityId, memberId: actor.memberId, via } }];
  },
});

/** Ends a membership, or takes back the request for one. */
export const leaveCommunity = defineCommand({
  type: 'LeaveCommunity',
  input: z.strictObject({ communityId: id }),
  aggregate: membership,
  id: ({ communityId }, { actor }) => membershipId(communityId, actor.memberId),
  needs: ({ communityId }) => ({ community: at(community, communityId) }),
  decide: ({ communityId }, { status }, { actor, needs }) => {
    const pair = { communityId, memberId: actor.memberId };
    const [facilitator, ...others] = facilitatorsOf(needs.community);
    const isLast = others.length === 0 && facilitator?.memberId === actor.memberId;
    if (status === 'joined' && isLast && needs.community.status !== 'archived')
      throw new Rejection('LAST_FACILITATOR', 'A community must have a facilitator: assign a successor, then leave.');
    if (status === 'requested') return [{ type: 'MembershipRequestWithdrawn', data: pair }];
    return status === 'joined' ? [{ type: 'MemberLeft', data: pair }] : [];
  },
});

/** A private community, with all that stands in it, is there for its members alone; one that is forming for nobody yet. */
export const isVisible = (where: Community, who: Membership) =>
  who.status === 'joined' || (where.visibility === 'PUBLIC' && where.status !== 'forming');

/** The rule of every contribution: only members of an active community take part in it. */
export const assertMember = (where: Community, who: Membership) => {
  assertVisible(where, who);
  assertActive(where);
  assertJoined(who);
};

/** What an author changes is said to the community again, and needs the membership; taking it back does not. */
export const assertJoined = ({ status }: Membership) => {
  if (status !== 'joined') throw new Rejection('NOT_A_MEMBER', 'Join this community first.');
};

/** For those outside, a private community gives the same answer as one that is not there. */
export const assertVisible = (where: Community, who: Membership, actor?: Principal) => {
  if (!isVisible(where, who) && !(actor && isInvolved(where, actor)))
    throw new Rejection('COMMUNITY_NOT_FOUND', 'There is no such community.');
};
