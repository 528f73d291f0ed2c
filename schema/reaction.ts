import { posts } from '../projections/posts/index.ts';
import { reactionsBy } from '../projections/posts/threads.ts';
import { Rejection } from '../src/core/rejection.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { emojiNamed } from './emoji.ts';
import { PART_ID, partId, readGlobalId } from './global-id.ts';
import { grouped } from './loaders.ts';
import { commandField, repeatable } from './mutation.ts';
import { reactionKindsIn } from './reaction-kind.ts';
import { visibleComment, visiblePost } from './sight.ts';
import { type ReactionTarget, typeOfNode } from './types.ts';

type ReactionTotal = {
  readonly targetId: string;
  readonly kind: string;
  readonly count: number;
  readonly viewerReacted: boolean;
};

const ReactionGroup = builder.objectRef<ReactionTotal>('ReactionGroup').implement({
  description: 'All reactions of one kind to one thing.',
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: PART_ID,
      resolve: ({ targetId, kind }) => partId('ReactionGroup', targetId, kind),
    }),
    kind: t.exposeString('kind', { description: 'The short name of an emoji, such as `thumbs_up`.' }),
    emoji: t.string({
      nullable: true,
      description: 'The picture, such as 👍; null for a picture of another system that came with an archive.',
      resolve: async ({ kind }, _, context) =>
        (await reactionKindsIn(context)).find(({ name }) => name === kind)?.emoji ?? emojiNamed(kind),
    }),
    isOffered: t.boolean({
      description: 'Whether members may still react so: it is one of `Organisation.reactionKinds`.',
      resolve: async ({ kind }, _, context) => (await reactionKindsIn(context)).some(({ name }) => name === kind),
    }),
    count: t.exposeInt('count', { description: 'How many members reacted so.' }),
    viewerReacted: t.exposeBoolean('viewerReacted', { description: 'Whether the viewer is one of them.' }),
  }),
});

export const Reactable = builder.interfaceRef<ReactionTarget>('Reactable').implement({
  description: 'Something that members react to.',
  resolveType: typeOfNode,
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: () => '' }),
    reactionCount: t.int({
      description: 'How many reactions it has, of all kinds.',
      resolve: ({ reactions }) => Number(reactions),
    }),
    reactions: t.field({
      type: [ReactionGroup],
      description: 'Its reactions by kind, the most frequent first.',
      resolve: ({ id, reactions }, _, context) => (reactions > 0n ? groupsOf(context, id) : []),
    }),
  }),
});

const groupsOf = async (context: Context, id: string): Promise<ReactionTotal[]> => {
  const [totals, own] = await Promise.all([context.loaders.reactionTotals().load(id), ownReactions(context, id)]);
  const ownKinds = new Set(own.map(({ kind }) => kind));
  return totals.map(({ kind, count }) => ({
    targetId: id,
    kind,
    count: Number(count),
    viewerReacted: ownKinds.has(kind),
  }));
};

const ownReactions = async ({ viewer, loaders, read }: Context, id: string) => {
  const memberId = viewer?.memberId;
  if (!memberId) return [];
  const load = async (ids: readonly string[]) =>
    grouped('targetId', ids, await reactionsBy(read.from(posts), memberId, ids));
  return loaders.each(`reactions of ${memberId}`, load).load(id);
};

type ReactionInput = { readonly targetId: string; readonly kind: string };

const noTarget = () => new Rejection('TARGET_NOT_FOUND', 'There is no such post or comment.', ['targetId']);

const targetIn = ({ targetId, kind }: ReactionInput) => {
  const read = readGlobalId(targetId);
  if (read?.type === 'Post') return { targetId: read.id, targetType: 'POST' as const, kind };
  if (read?.type === 'Comment') return { targetId: read.id, targetType: 'COMMENT' as const, kind };
  throw noTarget();
};

const findTarget = async (input: ReactionInput, context: Context): Promise<ReactionTarget | null> => {
  const { targetType, targetId } = targetIn(input);
  return targetType === 'POST' ? visiblePost(context, targetId) : visibleComment(context, targetId);
};

const about = {
  isSeen: async (input: ReactionInput, context: Context) => (await findTarget(input, context)) !== null,
  refusal: noTarget,
};

const reads = ['posts', 'communities', 'memberships'];
const answers = {
  target: {
    type: Reactable,
    description: 'The post or comment with its reactions.',
    load: ({ input }: { readonly input: ReactionInput }, context: Context) => findTarget(input, context),
  },
};

commandField({
  command: commands.addReaction,
  description: 'Adds a reaction of the viewer to a post or comment; the same again changes nothing.',
  scope: 'posts:write',
  input: builder.inputType('AddReactionInput', {
    description: 'What `addReaction` asks for.',
    fields: (t) => ({
      targetId: t.id({ required: true, description: 'The post or comment.' }),
      kind: t.string({
        required: true,
        description: 'One of `Organisation.reactionKinds`: its name, such as `thumbs_up`, or its emoji in any colour.',
      }),
      ...repeatable(t),
    }),
  }),
  toCommand: targetIn,
  about,
  reads,
  answers,
});

commandField({
  command: commands.removeReaction,
  description: 'Takes back a reaction of the viewer; one that is not there changes nothing.',
  scope: 'posts:write',
  input: builder.inputType('RemoveReactionInput', {
    description: 'What `removeReaction` asks for.',
    fields: (t) => ({
      targetId: t.id({ required: true, description: 'The post or comment.' }),
      kind: t.string({ required: true, description: 'The name or the emoji of the reaction.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: targetIn,
  about,
  reads,
  answers,
});
