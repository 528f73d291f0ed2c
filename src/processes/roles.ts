import { defineProcess, order } from '../core/process.ts';
import type { DomainEvents } from '../domain/index.ts';
import { inviteHolder } from '../domain/invitation.ts';
import { withdrawMentor } from '../domain/mentor.ts';
import { endRolesOfOutsiders, keepMentorRole } from '../domain/role.ts';

/**
 * Keeps roles in step with memberships, and with what mentors volunteer for. A role ends with the membership, wherever that end was told;
 * who holds one in a community that is joined by invitation is invited.
 */
export const roles = defineProcess<DomainEvents>()({
  name: 'roles',
  version: 1,
  sources: ['NATIVE', 'IMPORT'],
  commands: [endRolesOfOutsiders, inviteHolder, keepMentorRole, withdrawMentor],
  reactions: {
    MemberLeft: ({ communityId, memberId }, { occurredAt }) => [
      order(endRolesOfOutsiders, { communityId, memberId }, occurredAt),
    ],
    InvitationDeclined: ({ communityId, memberId }, { occurredAt }) => [
      order(endRolesOfOutsiders, { communityId, memberId }, occurredAt),
    ],
    CommunityAccessChanged: ({ communityId, visibility }, { occurredAt }) =>
      visibility === 'PRIVATE' ? [order(endRolesOfOutsiders, { communityId }, occurredAt)] : [],
    RoleAssigned: ({ communityId, memberId }, { actor, occurredAt }) =>
      UUID.test(actor) ? [order(inviteHolder, { communityId, memberId, invitedBy: actor }, occurredAt)] : [],
    RoleEnded: ({ communityId, memberId, role }, { occurredAt }) =>
      role === 'MENTOR' ? [order(withdrawMentor, { communityId, memberId }, occurredAt)] : [],
    MentorVolunteered: ({ communityId, memberId }, { occurredAt }) => [
      order(keepMentorRole, { communityId, memberId }, occurredAt),
    ],
    MentorWithdrew: ({ communityId, memberId }, { occurredAt }) => [
      order(keepMentorRole, { communityId, memberId }, occurredAt),
    ],
  },
  // Its commands change nothing rather than refuse.
  onRejected: () => null,
});

/** A member; not what acts by itself. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
