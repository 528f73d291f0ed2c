import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertOpen, assertSteers, community } from './community.ts';
import { audience, measure } from './community-events.ts';
import { assertMember, membership, membershipId } from './membership.ts';
import { MAX_AT_ONCE } from './objective.ts';
import { id, statement } from './words.ts';

/** What is expected of whom, concretely. Whatever changes makes a new version, which each member is asked to read. */
export const stateExpectation = defineCommand({
  type: 'StateExpectation',
  input: z.strictObject({
    communityId: id,
    behaviour: statement.min(1, 'Say what is expected.').max(500, 'An expectation has at most 500 characters.'),
    audience: audience.default('EVERYBODY'),
    measure: measure.nullable().default(null),
  }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: (input, state, { actor, newId }) => {
    assertSteers(state, actor);
    assertOpen(state);
    if (state.expectations.ids.length >= MAX_AT_ONCE)
      throw new Rejection(
        'TOO_MANY_EXPECTATIONS',
        `A community has at most ${MAX_AT_ONCE} expectations: retire one first.`,
      );
    const version = state.expectations.version + 1;
    return [{ type: 'ExpectationStated', data: { ...input, expectationId: newId, version } }];
  },
});

export const retireExpectation = defineCommand({
  type: 'RetireExpectation',
  input: z.strictObject({ communityId: id, expectationId: id }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: (input, state, { actor }) => {
    assertSteers(state, actor);
    assertOpen(state);
    if (!state.expectations.ids.includes(input.expectationId))
      throw new Rejection('EXPECTATION_NOT_FOUND', 'This community has no such expectation.', ['expectationId']);
    return [{ type: 'ExpectationRetired', data: { ...input, version: state.expectations.version + 1 } }];
  },
});

/** A member has read what is expected. Only of the version that holds now can this be said. */
export const acknowledgeExpectations = defineCommand({
  type: 'AcknowledgeExpectations',
  input: z.strictObject({ communityId: id, version: z.int().min(1) }),
  aggregate: membership,
  id: ({ communityId }, { actor }) => membershipId(communityId, actor.memberId),
  needs: ({ communityId }) => ({ community: at(community, communityId) }),
  decide: ({ communityId, version }, state, { actor, needs }) => {
    assertMember(needs.community, state);
    if (version !== needs.community.expectations.version)
      throw new Rejection(
        'EXPECTATIONS_CHANGED',
        `The expectations are at version ${needs.community.expectations.version}: read them again.`,
        ['version'],
      );
    if (state.acknowledged === version) return [];
    return [{ type: 'ExpectationsAcknowledged', data: { communityId, memberId: actor.memberId, version } }];
  },
});
