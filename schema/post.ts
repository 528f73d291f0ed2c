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
import { builder } from './builder.ts';
import { pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { pageOf } from './cursor.ts';
import { globalId } from './global-id.ts';
import { aboutNode } from './mutation.ts';
import { DateTimeFilter, orderingOf, placeIn, spanOf } from './ordering.ts';
import { Reactable } from './reaction.ts';
import { textIn } from './sealed.ts';
import { eyesFor, visiblePost } from './sight.ts';
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
      'Its posts, latest first unless ordered otherwise, without those taken back. What is in early access is listed and counted for whom it is.',
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
      const count = (ids: readonly string[]) => countPostsInEach(db, ids, condition, eyes);
      const counted = `post count for ${whose(eyes, context)} ${JSON.stringify(args.filter)}`;
      return toConnection({
        order,
        page,
        paged,
        place: placeIn<PostWithTotals>(by),
        node: (post) => post,
        count: () => context.loaders.each(counted, count).load(id),
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

/** Loaders may be shared by several who look: what depends on whose eyes it is says so. */
const whose = (eyes: Eyes | null, { viewer }: Context) => eyes && (eyes.all ? 'all' : viewer?.memberId);

/** With the posts in early access that are for the viewer. */
const withClosed = async (
  context: Context,
  communityId: string,
  open: Paged<PostWithTotals>,
  { args, by, page, condition, eyes }: Listed,
): Promise<Paged<PostWithTotals>> => {
  const { loaders, read } = context;
  const load = (ids: readonly string[]) => closedPostsInEach(read.from(posts), ids, by, page, condition, eyes);
  const closed = await loaders
    .each(`posts closed but for ${whose(eyes, context)} ${JSON.stringify(args)}`, load)
    .load(communityId);
  return merged([open, closed], by, page);
};

/** What every command on a post is about, and how the post is afterwards. */
export const aboutPost = aboutNode('Post', 'postId', visiblePost);
export const postNow = ({ id }: { readonly id: string }, context: Context): Promise<PostWithTotals | null> =>
  visiblePost(context, id);
