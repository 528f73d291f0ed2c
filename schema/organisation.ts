import { communities, organisationName } from '../projections/communities.ts';
import { NO_REVISION } from '../src/core/event-log.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { globalId } from './global-id.ts';
import { commandField, guarded, repeatable } from './mutation.ts';
import { Node, Organisation } from './types.ts';

Organisation.implement({
  description: 'The one organisation that this deployment serves.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'Opaque and permanent: the identity of the log.',
      resolve: (_, __, { log }) => globalId('Organisation', log.identity.logId),
    }),
    name: t.string({
      nullable: true,
      description: 'How the organisation is called; null until an admin names it.',
      resolve: async (_, __, { read }) => (await organisationName(read.from(communities)))?.name ?? null,
    }),
    revision: t.int({
      description:
        'Which state of its name this is, -1 before the first: send it as `expectedRevision` when you change it.',
      resolve: async (_, __, { read }) =>
        Number((await organisationName(read.from(communities)))?.revision ?? NO_REVISION),
    }),
  }),
});

builder.queryField('organisation', (t) =>
  t.field({
    type: Organisation,
    nullable: true,
    authScopes: { may: 'organisation:read' },
    description: 'The organisation, with the figures of all its communities.',
    resolve: () => ({ isOrganisation: true }) as const,
  }),
);

commandField({
  command: commands.nameOrganisation,
  description: 'Names the organisation. For admins.',
  scope: 'organisation:write',
  input: builder.inputType('NameOrganisationInput', {
    description: 'What `nameOrganisation` asks for.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'The name: 1 to 120 characters.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ name }) => ({ name }),
  reads: ['communities'],
  answers: {
    organisation: {
      type: Organisation,
      description: 'The organisation with its name.',
      load: async () => ({ isOrganisation: true }) as const,
    },
  },
});
