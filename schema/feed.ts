import type { ArgBuilder } from '@pothos/core';
import {
  countLatestIn,
  countLatestInEach,
  earlyInEach,
  type FeedItemRow,
  feeds,
  LATEST,
  latestIn,
  latestInEach,
} from '../projections/feeds.ts';
import { merged, type Page, type Paged } from '../projections/page.ts';
import type { PostWithTotals } from '../projections/posts/queries.ts';
import { builder, type Types } from './builder.ts';
import { type Connection, pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, pageOf } from './cursor.ts';
import { PostFilter, postCondition } from './post.ts';
import { eyesFor, isOpenTo, ownMemberships } from './sight.ts';
import { Community, PostConnection } from './types.ts';

const latestFirst = (of: string): ListOrder => ({ name: 'feed', of, parts: ['time', 'position'] });

/** What a page of a feed shows: its items found in the feed alone, their posts loaded by id. */
const toPosts = async (
  order: ListOrder,
  page: Page,
  paged: Paged<FeedItemRow>,
  count: () => Promise<number>,
  context: Context,
): Promise<Connection<PostWithTotals>> => {
  const loaded = await context.loaders.post().loadMany(paged.rows.map(({ postId }) => postId));
  const known = new Map<string, PostWithTotals>();
  // The feed may be ahead of the posts: one that is closed there is not shown yet.
  for (const post of loaded)
    if (post && !(post instanceof Error) && (await isOpenTo(context, post))) known.set(post.id, post);
  return toConnection({
    order,
    page,
    paged,
    place: (item: FeedItemRow) => LATEST.columns.map((column) => item[column]),
    node: ({ postId }) => known.get(postId) ?? null,
    count,
  });
};

const NONE: Paged<FeedItemRow> = { rows: [], more: false };

const feedArguments = (t: ArgBuilder<Types>) => ({
  ...pageArguments(t),
  filter: t({ type: PostFilter, description: 'Which of its posts.' }),
});

builder.queryField('feed', (t) =>
  t.field({
    type: PostConnection,
    nullable: true,
    authScopes: { may: 'posts:read' },
    description:
      "The viewer's home feed: the posts of all communities that the viewer joined, latest first. A post that was for an audience first comes to the others at its opening.",
    args: feedArguments(t.arg),
    resolve: async (_, args, context) => {
      const joined = (await ownMemberships(context)).filter(({ status }) => status === 'JOINED');
      const own = joined.map(({ communityId }) => communityId);
      const order = latestFirst(context.viewer?.memberId ?? context.log.identity.logId);
      const page = pageOf(order, args);
      const condition = postCondition(args.filter);
      const db = context.read.from(feeds);
      const early = await Promise.all(own.map((id) => context.loaders.earlyItems().load(id)));
      const eyes = await eyesFor(context, ...early);
      const paged = await latestIn(db, own, page, condition, eyes);
      return toPosts(order, page, paged, () => countLatestIn(db, own, condition, eyes), context);
    },
  }),
);

builder.objectField(Community, 'feed', (t) =>
  t.field({
    type: PostConnection,
    authScopes: { may: 'posts:read' },
    description:
      'What is new in it: its posts, latest first. A post that was for an audience first comes to the others at its opening.',
    args: feedArguments(t.arg),
    resolve: async ({ id }, args, context) => {
      const order = latestFirst(id);
      const page = pageOf(order, args);
      const condition = postCondition(args.filter);
      const db = context.read.from(feeds);
      const { each, earlyItems } = context.loaders;
      const eyes = await eyesFor(context, await earlyItems().load(id));
      // Loaders may be shared by several who look: what depends on whose eyes it is says so.
      const whose = eyes && (eyes.all ? 'all' : context.viewer?.memberId);
      const load = async (ids: readonly string[]) => {
        const open = await latestInEach(db, ids, page, condition, eyes);
        if (!eyes) return open;
        const early = await earlyInEach(db, ids, page, condition, eyes);
        return new Map([...open].map(([id, items]) => [id, merged([items, early.get(id) ?? NONE], LATEST, page)]));
      };
      const count = (ids: readonly string[]) => countLatestInEach(db, ids, condition, eyes);
      const paged = await each(`feed of ${whose} ${JSON.stringify(args)}`, load).load(id);
      const counted = () => each(`feed count of ${whose} ${JSON.stringify(args.filter)}`, count).load(id);
      return toPosts(order, page, paged, counted, context);
    },
  }),
);
