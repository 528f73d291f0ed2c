import type { ArgBuilder } from '@pothos/core';
import { posts } from '../projections/posts/index.ts';
import { BY_PUBLICATION, type PostWithTotals } from '../projections/posts/queries.ts';
import { type CommentWithTotals, commentsUnder, countCommentsUnder } from '../projections/posts/threads.ts';
import { commands } from '../src/domain/index.ts';
import { builder, type Types } from './builder.ts';
import { type Connection, pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type PageArguments, pageOf } from './cursor.ts';
import { globalId } from './global-id.ts';
import { aboutNode, commandField, guarded, idIn, repeatable } from './mutation.ts';
import { DateTimeFilter, orderingOf, placeIn, spanOf } from './ordering.ts';
import { aboutPost } from './post.ts';
import { Reactable } from './reaction.ts';
import { visibleComment } from './sight.ts';
import { Comment, CommentConnection, Node, Post } from './types.ts';
import { Written } from './written.ts';

const CommentKind = builder.enumType('CommentKind', {
  description: 'What a comment is.',
  values: {
    COMMENT: { description: 'Something said about a post or about another comment.' },
    ANSWER: { description: 'An answer to a question.' },
  },
});

const CommentFilter = builder.inputType('CommentFilter', {
  description: 'Which comments; all conditions given must hold.',
  fields: (t) => ({
    kind: t.field({ type: CommentKind, description: 'Only comments of this kind.' }),
    publishedAt: t.field({ type: DateTimeFilter, description: 'Only comments that were published in this span.' }),
  }),
});

const ordering = orderingOf(
  'Comment',
  'comments',
  { PUBLISHED_AT: { description: 'When they were published.', columns: BY_PUBLICATION, parts: ['time', 'position'] } },
  { field: 'PUBLISHED_AT', direction: 'ASC' },
);

const threadArguments = (t: ArgBuilder<Types>) => ({
  ...pageArguments(t),
  orderBy: t({ type: ordering.input, description: 'The earliest first unless given.' }),
  filter: t({ type: CommentFilter, description: 'Which of them: all unless given.' }),
});

type ThreadArguments = PageArguments & {
  readonly orderBy?: typeof ordering.input.$inferInput | null | undefined;
  readonly filter?: typeof CommentFilter.$inferInput | null | undefined;
};

/** A page of a thread; the same page of several threads is read at once. */
const thread = async (
  under: 'postId' | 'parentId',
  id: string,
  args: ThreadArguments,
  context: Context,
): Promise<Connection<CommentWithTotals>> => {
  const { order, by } = ordering.choose(args.orderBy, id);
  const page = pageOf(order, args);
  const { filter } = args;
  const condition = { kind: filter?.kind ?? undefined, published: spanOf(filter?.publishedAt) };
  const db = context.read.from(posts);
  const load = (ids: readonly string[]) => commentsUnder(db, under, ids, by, page, condition);
  const count = (ids: readonly string[]) => countCommentsUnder(db, under, ids, condition);
  return toConnection({
    order,
    page,
    paged: await context.loaders.each(`comments ${under} ${JSON.stringify(args)}`, load).load(id),
    place: placeIn<CommentWithTotals>(by),
    node: (comment) => comment,
    count: () => context.loaders.each(`comment count ${under} ${JSON.stringify(filter)}`, count).load(id),
  });
};

/** Both are rows of one read model: no comment comes before its post. */
const postAbove = async ({ loaders }: Context, id: string): Promise<PostWithTotals> => {
  const post = await loaders.post().load(id);
  if (!post) throw new Error(`The post ${id} of a comment is missing.`);
  return post;
};

Comment.implement({
  description:
    'A comment or an answer under a post. One that was taken back keeps its place, since replies hang on it.',
  interfaces: [Node, Written, Reactable],
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: ({ id }) => globalId('Comment', id) }),
    kind: t.field({
      type: CommentKind,
      description: 'Whether it is a comment or an answer.',
      resolve: ({ kind }) => kind as 'COMMENT',
    }),
    post: t.field({
      type: Post,
      description: 'The post that it stands under.',
      resolve: ({ postId }, _, context) => postAbove(context, postId),
    }),
    parent: t.field({
      type: Comment,
      nullable: true,
      description: 'The comment that it replies to; null for a reply to the post itself.',
      resolve: async ({ parentId }, _, { loaders }) =>
        parentId === null ? null : ((await loaders.comment().load(parentId)) ?? null),
    }),
    depth: t.exposeInt('depth', { description: 'Its level in the thread: 1 right under the post, 3 at most.' }),
    isAccepted: t.boolean({
      description: 'Whether the asker accepted it as the answer.',
      resolve: async ({ id, kind, postId }, _, { loaders }) =>
        kind === 'ANSWER' && (await loaders.post().load(postId))?.acceptedAnswerId === id,
    }),
    replyCount: t.int({ description: 'How many comments reply to it.', resolve: ({ replies }) => Number(replies) }),
    replies: t.field({
      type: CommentConnection,
      description:
        'What replies to it, the earliest first unless ordered otherwise; what was taken back keeps its place.',
      args: threadArguments(t.arg),
      resolve: ({ id }, args, context) => thread('parentId', id, args, context),
    }),
  }),
});

builder.objectField(Post, 'comments', (t) =>
  t.field({
    type: CommentConnection,
    description:
      'All that stands under it at every level, the earliest first unless ordered otherwise; what was taken back keeps its place.',
    args: threadArguments(t.arg),
    resolve: ({ id }, args, context) => thread('postId', id, args, context),
  }),
);

const reads = ['posts', 'communities', 'memberships', 'members'];
const about = aboutNode('Comment', 'commentId', visibleComment);
const answers = {
  comment: {
    type: Comment,
    description: 'The comment as it is now.',
    load: ({ id }: { readonly id: string }, context: Context) => visibleComment(context, id),
  },
};

commandField({
  command: commands.publishComment,
  description:
    'Publishes a comment on a post or an answer to a question, in a community that the viewer is a member of.',
  scope: 'posts:write',
  input: builder.inputType('PublishCommentInput', {
    description: 'What `publishComment` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The id of the post.' }),
      parentId: t.id({ description: 'The comment that it replies to; none for a reply to the post itself.' }),
      kind: t.field({ type: CommentKind, description: 'What it is: COMMENT unless given.' }),
      body: t.string({ required: true, description: 'Its text: 1 to 40,000 characters.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ body, kind, parentId, ...input }) => ({
    postId: idIn('Post', input, 'postId'),
    parentId: parentId == null ? null : idIn('Comment', { parentId }, 'parentId'),
    kind: kind ?? undefined,
    body,
  }),
  about: aboutPost,
  reads,
  answers,
});

commandField({
  command: commands.editComment,
  description: 'Replaces the text of a comment. For its author.',
  scope: 'posts:write',
  input: builder.inputType('EditCommentInput', {
    description: 'What `editComment` asks for.',
    fields: (t) => ({
      commentId: t.id({ required: true, description: 'The id of the comment.' }),
      body: t.string({ required: true, description: 'The new text: 1 to 40,000 characters.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ commentId: idIn('Comment', input, 'commentId'), body: input.body }),
  about,
  reads,
  answers,
});

commandField({
  command: commands.retractComment,
  description: 'Takes a comment back: its text is no longer shown, its place and its replies stay. For its author.',
  scope: 'posts:write',
  input: builder.inputType('RetractCommentInput', {
    description: 'What `retractComment` asks for.',
    fields: (t) => ({
      commentId: t.id({ required: true, description: 'The id of the comment.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ commentId: idIn('Comment', input, 'commentId') }),
  about,
  reads,
  answers,
});
