import { z } from 'zod';
import { at, defineCommand, type StreamRef } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertActsByItself } from './by-itself.ts';
import {
  assertFounded,
  assertOpen,
  assertSteers,
  type Community,
  community,
  facilitatorsOf,
  type Role,
} from './community.ts';
import { type roleEnding, roleName } from './community-events.ts';
import { assertRegistered, member } from './member.ts';
import { membership, membershipId } from './membership.ts';
import { mentor, mentorId } from './mentor.ts';
import { id, instant, reason } from './words.ts';

/**
 * Gives somebody a role, for a term or without an end, and says why. Who holds it already gets the new term. A new facilitator
 * succeeds those whose term has passed.
 */
export const assignRole = defineCommand({
  type: 'AssignRole',
  input: z.strictObject({
    communityId: id,
    memberId: id,
    role: roleName,
    until: instant.nullable().default(null),
    reason,
  }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  needs: ({ memberId }) => ({ holder: at(member, memberId) }),
  decide: ({ communityId, memberId, role, until, reason }, state, { actor, now, needs }) => {
    assertSteers(state, actor);
    assertOpen(state);
    assertRegistered(needs.holder);
    if (role === 'MENTOR')
      throw new Rejection('MENTORS_VOLUNTEER', 'Mentors volunteer: ask this member to volunteer as one.', ['role']);
    if (needs.holder.kind === 'SERVICE')
      throw new Rejection('ROLE_NEEDS_A_PERSON', 'A service account speaks, but holds no role.', ['memberId']);
    if (until && Date.parse(until) <= Date.parse(now))
      throw new Rejection('TERM_IN_THE_PAST', 'The end of a term lies ahead.', ['until']);
    const held = heldBy(state, memberId, role);
    if (held && !held.overTerm && sameInstant(held.until, until)) return [];
    const succeeded = role === 'FACILITATOR' ? facilitatorsOf(state).filter((other) => other.overTerm) : [];
    return [
      ...(held ? [ended(communityId, held, 'RENEWED', null)] : []),
      { type: 'RoleAssigned', data: { communityId, memberId, role, until }, personal: { reason } },
      ...succeeded.filter((other) => other !== held).map((other) => ended(communityId, other, 'SUCCEEDED', null)),
    ];
  },
});

/** Ends a role before its term, or one that has none. Its holder gives it up; those who steer the community end it. */
export const endRole = defineCommand({
  type: 'EndRole',
  input: z.strictObject({ communityId: id, memberId: id, role: roleName, reason: reason.nullable().default(null) }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: ({ communityId, memberId, role, reason }, state, { actor }) => {
    const isOwn = memberId === actor.memberId && heldBy(state, memberId, role) !== undefined;
    if (isOwn) assertFounded(state);
    else assertSteers(state, actor);
    assertOpen(state);
    const held = heldBy(state, memberId, role);
    if (!held) throw new Rejection('ROLE_NOT_HELD', 'This member does not hold this role.', ['role']);
    if (isLastFacilitator(state, held))
      throw new Rejection('LAST_FACILITATOR', 'A community has a facilitator: assign a successor first.', ['role']);
    return [ended(communityId, held, isOwn ? 'RESIGNED' : 'ENDED', reason)];
  },
});

/** For the process that watches terms: ends the role, unless it is the last facilitator's, who stays until somebody succeeds. */
export const passRoleTerm = defineCommand({
  type: 'PassRoleTerm',
  input: z.strictObject({ communityId: id, assignmentId: id }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: ({ communityId, assignmentId }, state, { now }) => {
    const held = state.roles.find((one) => one.assignmentId === assignmentId);
    if (!held?.until || held.overTerm || Date.parse(held.until) > Date.parse(now)) return [];
    const { memberId, role } = held;
    if (isLastFacilitator(state, held) && state.status !== 'archived')
      return [{ type: 'RoleTermPassed', data: { communityId, memberId, role, assignmentId } }];
    return [ended(communityId, held, 'TERM', null)];
  },
});

/**
 * For the process: who left a community holds no role in it any more. In one that is private, neither does who is no member and was
 * not invited.
 */
export const endRolesOfOutsiders = defineCommand({
  type: 'EndRolesOfOutsiders',
  input: z.strictObject({ communityId: id, memberId: id.nullable().default(null) }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  needs: ({ communityId }, { state }): Holders =>
    Object.fromEntries(
      state.roles.map(({ memberId }) => [
        `holder ${memberId}` as const,
        at(membership, membershipId(communityId, memberId)),
      ]),
    ),
  decide: ({ communityId, memberId }, state, { actor, needs }) => {
    assertActsByItself(actor, ', when a member leaves');
    const isOutside = (held: Role) => {
      const status = needs[`holder ${held.memberId}`]?.status ?? 'none';
      return status !== 'joined' && (held.memberId === memberId || (memberId === null && status !== 'invited'));
    };
    return state.roles.filter(isOutside).map((held) => ended(communityId, held, 'LEFT', null));
  },
});

type Holders = Readonly<Record<`holder ${string}`, StreamRef<typeof membership>>>;

const MENTOR = 'MENTOR';

/** For the process: whoever volunteers as a mentor holds the role, for as long as they do. */
export const keepMentorRole = defineCommand({
  type: 'KeepMentorRole',
  input: z.strictObject({ communityId: id, memberId: id }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  needs: ({ communityId, memberId }) => ({ mentor: at(mentor, mentorId(communityId, memberId)) }),
  decide: ({ communityId, memberId }, state, { actor, needs }) => {
    assertActsByItself(actor, ', when a member volunteers');
    const held = heldBy(state, memberId, MENTOR);
    if (needs.mentor.isVolunteer === (held !== undefined)) return [];
    if (held) return [ended(communityId, held, 'RESIGNED', null)];
    const data = { communityId, memberId, role: MENTOR, until: null } as const;
    return [{ type: 'RoleAssigned', data, personal: { reason: VOLUNTEERED } }];
  },
});

const VOLUNTEERED = 'Volunteered as a mentor.';

const ended = (
  communityId: string,
  { memberId, role, assignmentId }: Role,
  cause: z.infer<typeof roleEnding>,
  reason: string | null,
) =>
  ({
    type: 'RoleEnded',
    data: { communityId, memberId, role, assignmentId, cause },
    personal: { reason },
  }) as const;

const heldBy = ({ roles }: Community, memberId: string, role: Role['role']) =>
  roles.find((held) => held.memberId === memberId && held.role === role);

const isLastFacilitator = (state: Community, { role }: Role) =>
  role === 'FACILITATOR' && facilitatorsOf(state).length === 1;

const sameInstant = (a: string | null, b: string | null) =>
  a === null || b === null ? a === b : Date.parse(a) === Date.parse(b);
