import { z } from 'zod';
import { defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { name } from './words.ts';

// Events. These names and shapes are a file format: add, never edit.
export const organisationEvents = defineEvents({
  OrganisationNamed: { version: 1, data: z.strictObject({ name: z.string() }) },
});

/** One deployment serves one organisation: its stream has a fixed id. */
export const ORGANISATION_ID = 'main';

export type Organisation = { readonly name: string | null };

export const organisation = defineAggregate<Organisation>()({
  category: 'organisation',
  events: organisationEvents,
  initial: { name: null },
  evolve: { OrganisationNamed: (_, data) => ({ name: data.name }) },
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
