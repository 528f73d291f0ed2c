import { activationRule, communities } from '../projections/communities.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { steered } from './steering.ts';
import { Organisation } from './types.ts';

const ActivationRule = builder.enumType('ActivationRule', {
  description: 'What a community needs before members take part in it.',
  values: {
    STRICT: {
      description:
        'It is forming when founded, until it has a charter, an open project, an objective, an expectation, a promise, a facilitator and a sponsor, and is activated.',
    },
    RELAXED: { description: 'Nothing: it is active as soon as it is founded.' },
  },
});

builder.objectField(Organisation, 'activationRule', (t) =>
  t.field({
    type: ActivationRule,
    description: 'What communities need before members take part in them; RELAXED until an admin sets it.',
    resolve: async (_, __, { read }) => (await activationRule(read.from(communities))) as 'STRICT' | 'RELAXED',
  }),
);

commandField({
  command: commands.setActivationRule,
  description: 'Says what communities founded from now on need before members take part in them. For admins.',
  scope: 'organisation:write',
  input: builder.inputType('SetActivationRuleInput', {
    description: 'What `setActivationRule` asks for.',
    fields: (t) => ({
      rule: t.field({ type: ActivationRule, required: true, description: 'What communities need from now on.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ rule }) => ({ rule }),
  reads: [communities.name],
  answers: {
    organisation: {
      type: Organisation,
      description: 'The organisation with its rule.',
      load: async () => ({ isOrganisation: true }) as const,
    },
  },
});

commandField({
  command: commands.activateCommunity,
  description:
    'Lets members take part in a community that is forming. Under a strict rule the refusal lists all that is missing, an error for each. For its facilitators and admins.',
  scope: 'communities:write',
  input: builder.inputType('ActivateCommunityInput', {
    description: 'What `activateCommunity` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ communityId: idIn('Community', input, 'communityId') }),
  ...steered,
});
