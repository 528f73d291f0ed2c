import type { Eyes } from '../projections/audience.ts';
import { merged, type Order, type Page, type Paged } from '../projections/page.ts';
import { posts } from '../projections/posts/index.ts';
import {
  BY_PUBLICATION,
  closedPostsInEach,
  countPostsInEach,
  isKeptPage,
  keptFirstPosts,
  type PostCondition,
  type PostWithTotals,
  postsIn,
  postsInEach,
} from '../projections/posts/queries.ts';
import { Rejection } from '../src/core/rejection.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { pageOf } from './cursor.ts';
import { EarlyAccessInput, earlyAccessIn } from './early-access.ts';
import { globalId } from './global-id.ts';
import { aboutNode, commandField, guarded, idIn, repeatable } from './mutation.ts';
import { DateTimeFilter, orderingOf, placeIn, spanOf } from './ordering.ts';
import { Reactable } from './reaction.ts';
import { textIn } from './sealed.ts';
import { eyesFor, visibleCommunity, visiblePost } from './sight.ts';
import { Comment, Community, Node, Post, PostConnection } from './types.ts';
import { knownCommunity, Written } from './written.ts';

export const PostKind = builder.enumType('PostKind', {
  description: 'What a post is for.',
  values: {
    DISCUSSION: { description: 'Something to talk about.' },
    QUESTION: { description: 'Something to be answered; the asker accepts the answer that helped.' },
    ANNOUNCEMENT: { description: 'Something to be known.' },
  },
});

Post.implement({
  description:
    'A discussion, a question or an announcement in a community. One that was taken back or erased keeps its place and shows no text.',
  interfaces: [Node, Written, Reactable],
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: ({ id }) => globalId('Post', id) }),
    kind: t.field({
      type: PostKind,
      description: 'Whether it is a discussion, a question or an announcement.',
      resolve: ({ kind }) => kind as 'DISCUSSION',
    }),
    title: t.string({
      nullable: true,
      description: 'Its title: 1 to 300 characters. Null once it was taken back or erased.',
      resolve: ({ retractedAt, sealed }, _, context) => (retractedAt ? null : textIn(context, sealed, 'title')),
    }),
    community: t.field({
      type: Community,
      description: 'The community that it stands in.',
      resolve: ({ communityId }, _, context) => knownCommunity(context, communityId),
    }),
    isResolved: t.boolean({
      description: 'Whether an answer is accepted, or an archive says that it is settled.',
      resolve: ({ acceptedAnswerId, markedResolvedAt }) => acceptedAnswerId !== null || markedResolvedAt !== null,
    }),
    acceptedAnswer: t.field({
      type: Comment,
      nullable: true,
      description: 'The answer that helped, as the asker, a facilitator or an expert says.',
      // Whoever sees a post sees what stands under it.
      resolve: async ({ acceptedAnswerId }, _, { loaders }) =>
        acceptedAnswerId === null ? null : ((await loaders.comment().load(acceptedAnswerId)) ?? null),
    }),
    duplicateOf: t.field({
      type: Post,
      nullable: true,
      description: 'The question that was asked before, where this one repeats it.',
      resolve: ({ duplicateOf }, _, context) => (duplicateOf === null ? null : visiblePost(context, duplicateOf)),
    }),
    commentCount: t.int({
      description: 'How many comments and answers stand under it, without those taken back.',
      resolve: ({ comments }) => Number(comments),
    }),
    answerCount: t.int({
      description: 'How many of them are answers.',
      resolve: ({ answers }) => Number(answers),
    }),
    lastActivityAt: t.field({
      type: 'DateTime',
      description: 'When it or something under it was last published.',
      resolve: ({ activityAt, publishedAt }) => activityAt ?? publishedAt,
    }),
  }),
});

export const PostFilter = builder.inputType('PostFilter', {
  description: 'Which posts; all conditions given must hold.',
  fields: (t) => ({
    kind: t.field({ type: PostKind, description: 'Only posts of this kind.' }),
    publishedAt: t.field({ type: DateTimeFilter, description: 'Only posts that were published in this span.' }),
  }),
});

type GivenFilter = typeof PostFilter.$inferInput | null | undefined;

export const postCondition = (filter: GivenFilter) => ({
  kind: filter?.kind ?? undefined,
  published: spanOf(filter?.publishedAt),
});

const postOrdering = orderingOf(
  'Post',
  'posts',
  { PUBLISHED_AT: { description: 'When they were published.', columns: BY_PUBLICATION, parts: ['time', 'position'] } },
  { field: 'PUBLISHED_AT', direction: 'DESC' },
);

builder.objectField(Community, 'posts', (t) =>
  t.field({
    type: PostConnection,
    authScopes: { may: 'posts:read' },
    description:
      'Its posts, latest first unless ordered otherwise, without those taken back. What is in early access is listed for whom it is, and counted once it is open.',
    args: {
      ...pageArguments(t.arg),
      orderBy: t.arg({ type: postOrdering.input, description: 'Latest first unless given.' }),
      filter: t.arg({ type: PostFilter, description: 'Which of them: all unless given.' }),
    },
    resolve: async ({ id }, args, context) => {
      const { order, by } = postOrdering.choose(args.orderBy, id);
      const page = pageOf(order, args);
      const condition = postCondition(args.filter);
      const db = context.read.from(posts);
      const load = async (ids: readonly string[]): Promise<ReadonlyMap<string, Paged<PostWithTotals>>> => {
        if (isKeptPage(by, page, condition)) return context.read.kept(keptFirstPosts, ids);
        const [only, ...others] = ids;
        return only !== undefined && others.length === 0
          ? new Map([[only, await postsIn(db, only, by, page, condition)]])
          : postsInEach(db, ids, by, page, condition);
      };
      const [open, early] = await Promise.all([
        context.loaders.each(`posts ${JSON.stringify(args)}`, load).load(id),
        context.loaders.earlyAccess().load(id),
      ]);
      const eyes = await eyesFor(context, early);
      const paged = eyes ? await withClosed(context, id, open, { args, by, page, condition, eyes }) : open;
      const count = (ids: readonly string[]) => countPostsInEach(db, ids, condition);
      return toConnection({
        order,
        page,
        paged,
        place: placeIn<PostWithTotals>(by),
        node: (post) => post,
        count: () => context.loaders.each(`post count ${JSON.stringify(args.filter)}`, count).load(id),
      });
    },
  }),
);

type Listed = {
  readonly args: object;
  readonly by: Order;
  readonly page: Page;
  readonly condition: PostCondition;
  readonly eyes: Eyes;
};

/** With the posts in early access that are for the viewer. */
const withClosed = async (
  { loaders, viewer, read }: Context,
  communityId: string,
  open: Paged<PostWithTotals>,
  { args, by, page, condition, eyes }: Listed,
): Promise<Paged<PostWithTotals>> => {
  // Loaders may be shared by several who look: what depends on whose eyes it is says so.
  const whose = eyes.all ? 'all' : viewer?.memberId;
  const load = (ids: readonly string[]) => closedPostsInEach(read.from(posts), ids, by, page, condition, eyes);
  const closed = await loaders.each(`posts closed but for ${whose} ${JSON.stringify(args)}`, load).load(communityId);
  return merged([open, closed], by, page);
};

const reads = ['posts', 'promises', 'communities', 'memberships', 'members'];
const about = aboutNode('Post', 'postId', visiblePost);
const POST_ID = 'The id of the post.';
const postById = ({ id }: { readonly id: string }, context: Context): Promise<PostWithTotals | null> =>
  visiblePost(context, id);
const answers = { post: { type: Post, description: 'The post as it is now.', load: postById } };

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
  reads,
  answers,
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
  about,
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
  about,
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
  about,
  reads,
  answers,
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
  about,
  reads,
  answers,
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
  about,
  reads,
  answers,
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
  about,
  reads,
  answers,
});
