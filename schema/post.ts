import { isFirst, type Paged } from '../projections/page.ts';
import { posts } from '../projections/posts/index.ts';
import {
  BY_PUBLICATION,
  countPostsInEach,
  FIRST_PAGE,
  keptFirstPosts,
  type PostWithTotals,
  postsIn,
  postsInEach,
} from '../projections/posts/queries.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, pageOf } from './cursor.ts';
import { globalId } from './global-id.ts';
import { aboutNode, commandField, guarded, idIn, repeatable } from './mutation.ts';
import { Reactable } from './reaction.ts';
import { textIn } from './sealed.ts';
import { visibleComment, visibleCommunity, visiblePost } from './sight.ts';
import { Comment, Community, Node, Post, PostConnection } from './types.ts';
import { knownCommunity, Written } from './written.ts';

export const PostKind = builder.enumType('PostKind', {
  description: 'What a post is.',
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
    kind: t.field({ type: PostKind, description: 'What it is.', resolve: ({ kind }) => kind as 'DISCUSSION' }),
    title: t.string({
      nullable: true,
      description: 'Its title: 1 to 300 characters. Null once it was taken back or erased.',
      resolve: ({ retractedAt, sealed }, _, context) => (retractedAt ? null : textIn(context, sealed, 'title')),
    }),
    community: t.field({
      type: Community,
      description: 'Where it stands.',
      resolve: ({ communityId }, _, context) => knownCommunity(context, communityId),
    }),
    isResolved: t.boolean({
      description: 'Whether an answer is accepted, or an archive says that it is settled.',
      resolve: ({ acceptedAnswerId, markedResolvedAt }) => acceptedAnswerId !== null || markedResolvedAt !== null,
    }),
    acceptedAnswer: t.field({
      type: Comment,
      nullable: true,
      description: 'The answer that helped, as the asker says.',
      resolve: ({ acceptedAnswerId }, _, context) =>
        acceptedAnswerId === null ? null : visibleComment(context, acceptedAnswerId),
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

const PostFilter = builder.inputType('PostFilter', {
  description: 'Which posts; all conditions given must hold.',
  fields: (t) => ({ kind: t.field({ type: PostKind, description: 'Only posts of this kind.' }) }),
});

const LATEST_POSTS: ListOrder = { name: 'posts', parts: ['time', 'position'] };

builder.objectField(Community, 'posts', (t) =>
  t.field({
    type: PostConnection,
    description: 'Its posts, latest first, without those taken back.',
    args: { ...pageArguments(t.arg), filter: t.arg({ type: PostFilter, description: 'Which of them.' }) },
    resolve: async ({ id }, { filter, ...args }, context) => {
      const page = pageOf(LATEST_POSTS, args);
      const kind = filter?.kind ?? undefined;
      const db = context.read.from(posts);
      const load = async (ids: readonly string[]): Promise<ReadonlyMap<string, Paged<PostWithTotals>>> => {
        if (kind === undefined && isFirst(page) && page.size === FIRST_PAGE.size)
          return context.read.kept(keptFirstPosts, ids);
        const [only, ...others] = ids;
        return only !== undefined && others.length === 0
          ? new Map([[only, await postsIn(db, only, page, kind)]])
          : postsInEach(db, ids, page, kind);
      };
      const paged = await context.loaders.each(`posts ${kind} ${JSON.stringify(args)}`, load).load(id);
      const count = (ids: readonly string[]) => countPostsInEach(db, ids, kind);
      return toConnection({
        order: LATEST_POSTS,
        page,
        paged,
        place: (post) => BY_PUBLICATION.columns.map((column) => post[column]),
        node: (post) => post,
        count: () => context.loaders.each(`post count ${kind}`, count).load(id),
      });
    },
  }),
);

const reads = ['posts', 'communities', 'memberships', 'members'];
const about = aboutNode('Post', 'postId', visiblePost);
const POST_ID = 'The post.';
const postById = ({ id }: { readonly id: string }, context: Context): Promise<PostWithTotals | null> =>
  visiblePost(context, id);
const answers = { post: { type: Post, description: 'The post as it is now.', load: postById } };

commandField({
  command: commands.publishPost,
  description: 'Publishes a post in a community that the viewer is a member of.',
  scope: 'posts:write',
  input: builder.inputType('PublishPostInput', {
    description: 'What `publishPost` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'Where it shall stand.' }),
      kind: t.field({ type: PostKind, required: true, description: 'What it is.' }),
      title: t.string({ required: true, description: 'Its title: 1 to 300 characters.' }),
      body: t.string({ required: true, description: 'Its text: 1 to 40,000 characters.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ kind, title, body, ...input }) => ({
    communityId: idIn('Community', input, 'communityId'),
    kind,
    title,
    body,
  }),
  about: aboutNode('Community', 'communityId', visibleCommunity),
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
    'Says which answer helped; another one that was accepted before is no longer. For who asked, and admins.',
  scope: 'posts:write',
  input: builder.inputType('AcceptAnswerInput', {
    description: 'What `acceptAnswer` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The question.' }),
      commentId: t.id({ required: true, description: 'The answer.' }),
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
  description: 'Says that no answer is accepted any more. For who asked, and admins.',
  scope: 'posts:write',
  input: builder.inputType('UnacceptAnswerInput', {
    description: 'What `unacceptAnswer` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The question.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId') }),
  about,
  reads,
  answers,
});
