import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { commandField, idIn, repeatable } from './mutation.ts';
import { aboutPost, postNow } from './post.ts';
import { PromiseTargetType } from './promise.ts';
import { Post } from './types.ts';

const reads = ['posts', 'promises', 'communities', 'memberships', 'members'];
const answers = {
  post: {
    type: Post,
    description: 'The question as it is now.',
    load: postNow,
  },
};

commandField({
  command: commands.renegotiatePromise,
  description:
    'Asks whoever asked a question for more time to answer it. The promise changes only when they agree; a member who asked may give the time at once. Not once the time is over.',
  scope: 'posts:write',
  input: builder.inputType('RenegotiatePromiseInput', {
    description: 'What `renegotiatePromise` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The question that was asked.' }),
      target: t.field({ type: PromiseTargetType, description: 'For what: FIRST_RESPONSE unless given.' }),
      dueAt: t.field({ type: 'DateTime', required: true, description: 'Until when; later than what stands.' }),
      reason: t.string({ required: true, description: 'Why: 1 to 2,000 characters.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    postId: idIn('Post', input, 'postId'),
    target: input.target ?? undefined,
    dueAt: input.dueAt.toISOString(),
    reason: input.reason,
  }),
  about: aboutPost,
  reads,
  answers,
});

commandField({
  command: commands.agreeToRenegotiation,
  description: 'Gives the time that was asked for last. For who asked the question.',
  scope: 'posts:write',
  input: builder.inputType('AgreeToRenegotiationInput', {
    description: 'What `agreeToRenegotiation` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The question that was asked.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId') }),
  about: aboutPost,
  reads,
  answers,
});
