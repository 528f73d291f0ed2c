import { z } from 'zod';
import { defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { DEFAULT_KINDS, type ReactionKind, reactionKind } from './reaction-kinds.ts';
import { id, name } from './words.ts';

/** STRICT: a community needs what it stands on before members take part in it. RELAXED: it is active once founded. */
export const activationRule = z.enum(['STRICT', 'RELAXED']);

// Events. These names and shapes are a file format: add, never edit.
export const organisationEvents = defineEvents({
  OrganisationNamed: { version: 1, data: z.strictObject({ name: z.string() }) },
  ReactionKindsDeclared: { version: 1, data: z.strictObject({ kinds: z.array(reactionKind), declaredBy: id }) },
  ActivationRuleSet: { version: 1, data: z.strictObject({ rule: activationRule }) },
});

/** One deployment serves one organisation: its stream has a fixed id. */
export const ORGANISATION_ID = 'main';

export type Organisation = {
  readonly name: string | null;
  readonly activationRule: z.infer<typeof activationRule>;
  /** With what members react, in the order in which it is offered. */
  readonly reactionKinds: readonly ReactionKind[];
};

export const organisation = defineAggregate<Organisation>()({
  category: 'organisation',
  events: organisationEvents,
  initial: { name: null, activationRule: 'RELAXED', reactionKinds: DEFAULT_KINDS },
  evolve: {
    OrganisationNamed: (state, { name }) => ({ ...state, name }),
    ReactionKindsDeclared: (state, { kinds }) => ({ ...state, reactionKinds: kinds }),
    ActivationRuleSet: (state, { rule }) => ({ ...state, activationRule: rule }),
  },
});

export const nameOrganisation = defineCommand({
  type: 'NameOrganisation',
  input: z.strictObject({ name }),
  aggregate: organisation,
  id: () => ORGANISATION_ID,
  decide: (input, state, { actor }) => {
    if (!actor.isAdmin) throw new Rejection('NOT_ALLOWED', 'Only an admin names the organisation.');
    if (state.name === input.name) return [];
    return [{ type: 'OrganisationNamed', data: { name: input.name } }];
  },
});

/** Holds for communities founded from then on; those that are there stay as they are. */
export const setActivationRule = defineCommand({
  type: 'SetActivationRule',
  input: z.strictObject({ rule: activationRule }),
  aggregate: organisation,
  id: () => ORGANISATION_ID,
  decide: ({ rule }, state, { actor }) => {
    if (!actor.isAdmin) throw new Rejection('NOT_ALLOWED', 'Only an admin sets what communities need.');
    return state.activationRule === rule ? [] : [{ type: 'ActivationRuleSet', data: { rule } }];
  },
});
