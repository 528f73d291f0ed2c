import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertOpen, assertSteers, type Community, community, holdersOf } from './community.ts';
import { ORGANISATION_ID, organisation } from './organisation.ts';
import { type Project, project } from './project.ts';
import { id } from './words.ts';

/** What a community stands on, under a strict rule, before anybody takes part in it. A refusal names all that is missing. */
export const activateCommunity = defineCommand({
  type: 'ActivateCommunity',
  input: z.strictObject({ communityId: id }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  needs: (_, { state }) => ({
    organisation: at(organisation, ORGANISATION_ID),
    project: state.projectId === null ? null : at(project, state.projectId),
  }),
  decide: ({ communityId }, state, { actor, needs }) => {
    assertSteers(state, actor);
    assertOpen(state);
    if (state.status !== 'forming') return [];
    const [first, ...others] = needs.organisation.activationRule === 'STRICT' ? missingIn(state, needs.project) : [];
    if (first) throw new Rejection(first.code, first.message, [], others);
    return [{ type: 'CommunityActivated', data: { communityId } }];
  },
});

const missingIn = (state: Community, project: Project | null): Rejection[] =>
  [
    state.charter ? null : new Rejection('CHARTER_MISSING', 'It has no charter: adopt one.'),
    project && project.status !== 'closed'
      ? null
      : new Rejection('PROJECT_MISSING', 'It stands on no open project: anchor it on one.'),
    state.objectiveIds.length > 0 ? null : new Rejection('OBJECTIVE_MISSING', 'It has no objective: set one.'),
    state.expectations.ids.length > 0
      ? null
      : new Rejection('EXPECTATION_MISSING', 'It expects nothing of anybody: state an expectation.'),
    state.promise.policy
      ? null
      : new Rejection('PROMISE_MISSING', 'It promises nothing to whoever asks: declare a response promise.'),
    holdersOf(state, 'FACILITATOR').length > 0
      ? null
      : new Rejection('FACILITATOR_MISSING', 'Nobody facilitates it: assign the role.'),
    holdersOf(state, 'SPONSOR').length > 0
      ? null
      : new Rejection('SPONSOR_MISSING', 'Nobody sponsors it: assign the role.'),
  ].filter((missing) => missing !== null);
