import { posts } from '../projections/posts/index.ts';
import { endorsementsOf } from '../projections/posts/threads.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { grouped } from './loaders.ts';
import { knownMember } from './member.ts';
import { aboutNode, commandField, idIn, repeatable } from './mutation.ts';
import { visibleComment } from './sight.ts';
import { Comment, Member } from './types.ts';

const MOST = 100;

builder.objectField(Comment, 'endorsementCount', (t) =>
  t.int({
    description: 'How many experts of the community say that it holds.',
    resolve: ({ endorsements }) => Number(endorsements),
  }),
);

builder.objectField(Comment, 'endorsedBy', (t) =>
  t.field({
    type: [Member],
    description: `The experts who say that it holds, the first one first; at most ${MOST}.`,
    resolve: async ({ id, endorsements }, _, context) => {
      if (endorsements === 0n) return [];
      const load = async (ids: readonly string[]) =>
        grouped('commentId', ids, await endorsementsOf(context.read.from(posts), ids));
      const rows = await context.loaders.each('endorsements', load).load(id);
      return rows.slice(0, MOST).map(({ memberId }) => knownMember(context, memberId));
    },
  }),
);

const reads = ['posts', 'communities', 'memberships', 'members'];
const about = aboutNode('Comment', 'commentId', visibleComment);
const answers = {
  comment: {
    type: Comment,
    description: 'The answer as it is now.',
    load: ({ input }: { readonly input: { readonly commentId: string } }, context: Context) =>
      visibleComment(context, idIn('Comment', input, 'commentId')),
  },
};

commandField({
  command: commands.endorseAnswer,
  description: 'Says that an answer holds. For experts of the community, and not for an answer of their own.',
  scope: 'posts:write',
  input: builder.inputType('EndorseAnswerInput', {
    description: 'What `endorseAnswer` asks for.',
    fields: (t) => ({ commentId: t.id({ required: true, description: 'The answer in question.' }), ...repeatable(t) }),
  }),
  toCommand: (input) => ({ commentId: idIn('Comment', input, 'commentId') }),
  about,
  reads,
  answers,
});

commandField({
  command: commands.withdrawEndorsement,
  description: "Takes one's own endorsement of an answer back.",
  scope: 'posts:write',
  input: builder.inputType('WithdrawEndorsementInput', {
    description: 'What `withdrawEndorsement` asks for.',
    fields: (t) => ({ commentId: t.id({ required: true, description: 'The answer in question.' }), ...repeatable(t) }),
  }),
  toCommand: (input) => ({ commentId: idIn('Comment', input, 'commentId') }),
  about,
  reads,
  answers,
});
