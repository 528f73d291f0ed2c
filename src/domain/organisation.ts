import { z } from 'zod';
import { defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { name } from './words.ts';

/** STRICT: a community needs what it stands on before members take part in it. RELAXED: it is active once founded. */
export const activationRule = z.enum(['STRICT', 'RELAXED']);

// Events. These names and shapes are a file format: add, never edit.
export const organisationEvents = defineEvents({
  OrganisationNamed: { version: 1, data: z.strictObject({ name: z.string() }) },
  ActivationRuleSet: { version: 1, data: z.strictObject({ rule: activationRule }) },
});

/** One deployment serves one organisation: its stream has a fixed id. */
export const ORGANISATION_ID = 'main';

export type Organisation = {
  readonly name: string | null;
  readonly activationRule: z.infer<typeof activationRule>;
};

export const organisation = defineAggregate<Organisation>()({
  category: 'organisation',
  events: organisationEvents,
  initial: { name: null, activationRule: 'RELAXED' },
  evolve: {
    OrganisationNamed: (state, { name }) => ({ ...state, name }),
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
