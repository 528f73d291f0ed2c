import { communities, offeredReactions } from '../projections/communities.ts';
import { commands } from '../src/domain/index.ts';
import type { ReactionKind } from '../src/domain/reaction-kinds.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { PART_ID, partId } from './global-id.ts';
import { commandField, guarded, repeatable } from './mutation.ts';
import { Organisation } from './types.ts';

const Kind = builder.objectRef<ReactionKind>('ReactionKind').implement({
  description: 'With what members react: a picture that means something here.',
  fields: (t) => ({
    id: t.field({ type: 'ID', description: PART_ID, resolve: ({ name }) => partId('ReactionKind', name) }),
    name: t.exposeString('name', { description: 'Its short name, which `addReaction` takes: `thumbs_up`.' }),
    emoji: t.exposeString('emoji', { description: 'The picture, which `addReaction` takes as well: 👍.' }),
    label: t.exposeString('label', { description: 'What it means: 1 to 60 characters.' }),
  }),
});

/** What is offered, read once in a request. */
export const reactionKindsIn = ({ loaders, read }: Context): Promise<readonly ReactionKind[]> =>
  loaders
    .each('reaction kinds', async (ids) => {
      const offered = await offeredReactions(read.from(communities));
      return new Map(ids.map((id) => [id, offered]));
    })
    .load('');

builder.objectField(Organisation, 'reactionKinds', (t) =>
  t.field({
    type: [Kind],
    description: 'With what members react, in the order in which it is offered.',
    resolve: (_, __, context) => reactionKindsIn(context),
  }),
);

const KindInput = builder.inputType('ReactionKindInput', {
  description: 'A kind of reaction that is offered.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its short name: 1 to 64 of a to z, 0 to 9, `_`, `+`, `-`.' }),
    emoji: t.string({ required: true, description: 'The picture: one emoji.' }),
    label: t.string({ required: true, description: 'What it means: 1 to 60 characters.' }),
  }),
});

commandField({
  command: commands.declareReactionKinds,
  description:
    'Says with what members react: all kinds, in the order in which they are offered. What was given before, or came with an archive, is still shown. For admins.',
  scope: 'organisation:write',
  input: builder.inputType('DeclareReactionKindsInput', {
    description: 'What `declareReactionKinds` asks for.',
    fields: (t) => ({
      kinds: t.field({
        type: [KindInput],
        required: true,
        description: 'All kinds: 1 to 50, each name and emoji once.',
      }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ kinds }) => ({ kinds: [...kinds] }),
  reads: [communities.name],
  answers: {
    organisation: {
      type: Organisation,
      description: 'The organisation with what it offers.',
      load: async () => ({ isOrganisation: true }) as const,
    },
  },
});
