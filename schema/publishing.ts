import { drafts } from '../projections/drafts.ts';
import { Rejection } from '../src/core/rejection.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { EarlyAccessInput, earlyAccessIn } from './early-access.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { aboutPost, PostKind, postNow } from './post.ts';
import { visibleComment, visibleCommunity, visibleDraft, visiblePost } from './sight.ts';
import { Comment, Draft, Post } from './types.ts';

const reads = ['posts', 'promises', 'communities', 'memberships', 'members'];
const POST_ID = 'The id of the post.';
const answers = { post: { type: Post, description: 'The post as it is now.', load: postNow } };

type Loaded = { readonly id: string };
const commentOf =
  (which: 'acceptedAnswerId' | 'formerAnswerId') =>
  async ({ id }: Loaded, context: Context) => {
    const post = await visiblePost(context, id);
    const commentId = post?.[which];
    // What is accepted again after it was taken back is the accepted answer, and no former one.
    const isAgain = which === 'formerAnswerId' && commentId === post?.acceptedAnswerId;
    return commentId && !isAgain ? visibleComment(context, commentId) : null;
  };
/** What a change of the accepted answer changes beside the question. */
const answered = {
  ...answers,
  answer: {
    type: Comment,
    description: 'The answer that is accepted now; null where none is.',
    load: commentOf('acceptedAnswerId'),
  },
  formerAnswer: {
    type: Comment,
    description: 'The answer that was accepted before, and is no longer; null where there is none.',
    load: commentOf('formerAnswerId'),
  },
};

commandField({
  command: commands.publishPost,
  description:
    'Publishes a post in a community that the viewer is a member of: what is typed, or a draft of the viewer. The post has the place of the draft: nobody publishes it twice.',
  scope: 'posts:write',
  input: builder.inputType('PublishPostInput', {
    description: 'What `publishPost` asks for.',
    fields: (t) => ({
      communityId: t.id({ description: "Where it shall stand. Needed, except for a draft: it stands in the draft's." }),
      kind: t.field({
        type: PostKind,
        description: 'Whether it is a discussion, a question or an announcement. Needed, except for a draft.',
      }),
      title: t.string({
        description: 'Its title: 1 to 300 characters. Needed, except for a draft: it then goes before what that says.',
      }),
      body: t.string({
        description:
          'Its text: 1 to 40,000 characters. Needed, except for a draft: it then goes before what that says.',
      }),
      draftId: t.id({ description: 'The draft of the viewer that is to be published.' }),
      earlyAccess: t.field({
        type: EarlyAccessInput,
        description: 'Who has it first, and when everybody has it. For everybody at once unless given.',
      }),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ communityId, draftId, kind, title, body, earlyAccess }) => ({
    ...(communityId != null && { communityId: idIn('Community', { communityId }, 'communityId') }),
    ...(draftId != null && { draftId: idIn('Draft', { draftId }, 'draftId') }),
    ...(kind != null && { kind }),
    ...(title != null && { title }),
    ...(body != null && { body }),
    ...(earlyAccess && { earlyAccess: earlyAccessIn(earlyAccess) }),
  }),
  about: {
    isSeen: async ({ communityId }, context) =>
      communityId == null ||
      (await visibleCommunity(context, idIn('Community', { communityId }, 'communityId'))) !== null,
    refusal: () => new Rejection('COMMUNITY_NOT_FOUND', 'There is no such community.', ['communityId']),
  },
  reads: [...reads, drafts.name],
  answers: {
    ...answers,
    draft: {
      type: Draft,
      description: 'The draft that it was, which is none any more; null where it was typed at once.',
      load: ({ id }: Loaded, context: Context) => visibleDraft(context, id),
    },
  },
});

commandField({
  command: commands.editPost,
  description: 'Replaces title and text of a post. For its author.',
  scope: 'posts:write',
  input: builder.inputType('EditPostInput', {
    description: 'What `editPost` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: POST_ID }),
      title: t.string({ required: true, description: 'The new title: 1 to 300 characters.' }),
      body: t.string({ required: true, description: 'The new text: 1 to 40,000 characters.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId'), title: input.title, body: input.body }),
  about: aboutPost,
  reads,
  answers,
});

commandField({
  command: commands.retractPost,
  description: 'Takes a post back: its text is no longer shown, what stands under it stays. For its author.',
  scope: 'posts:write',
  input: builder.inputType('RetractPostInput', {
    description: 'What `retractPost` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: POST_ID }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId') }),
  about: aboutPost,
  reads,
  answers,
});

commandField({
  command: commands.acceptAnswer,
  description:
    'Says which answer helped; another one that was accepted before is no longer. For who asked, facilitators, experts and admins.',
  scope: 'posts:write',
  input: builder.inputType('AcceptAnswerInput', {
    description: 'What `acceptAnswer` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The id of the question.' }),
      commentId: t.id({ required: true, description: 'The id of the comment that answers it.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId'), commentId: idIn('Comment', input, 'commentId') }),
  about: aboutPost,
  reads,
  answers: answered,
});

commandField({
  command: commands.unacceptAnswer,
  description: 'Says that no answer is accepted any more. For who asked, facilitators, experts and admins.',
  scope: 'posts:write',
  input: builder.inputType('UnacceptAnswerInput', {
    description: 'What `unacceptAnswer` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The id of the question.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId') }),
  about: aboutPost,
  reads,
  answers: answered,
});

commandField({
  command: commands.reopenQuestion,
  description:
    'Says that a question is not settled after all, and why: no answer is accepted any more, and it repeats no other. For who asked, facilitators, experts and admins.',
  scope: 'posts:write',
  input: builder.inputType('ReopenQuestionInput', {
    description: 'What `reopenQuestion` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The question to be reopened.' }),
      reason: t.string({ required: true, description: 'Why: 1 to 2,000 characters.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId'), reason: input.reason }),
  about: aboutPost,
  reads,
  answers: answered,
});

commandField({
  command: commands.markDuplicate,
  description:
    'Says that a question was asked before in the same community, and where. For who asked, facilitators, experts and admins.',
  scope: 'posts:write',
  input: builder.inputType('MarkDuplicateInput', {
    description: 'What `markDuplicate` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The question that repeats another.' }),
      ofPostId: t.id({ required: true, description: 'The question that was asked first.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId'), ofPostId: idIn('Post', input, 'ofPostId') }),
  about: aboutPost,
  reads,
  answers,
});

commandField({
  command: commands.unmarkDuplicate,
  description:
    'Takes back that a question was asked before; what it was promised stands again. For who asked, facilitators, experts and admins.',
  scope: 'posts:write',
  input: builder.inputType('UnmarkDuplicateInput', {
    description: 'What `unmarkDuplicate` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The question that repeats no other one after all.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId') }),
  about: aboutPost,
  reads,
  answers,
});
