import {
  countLatestIn,
  countLatestInEach,
  type FeedItemRow,
  feeds,
  LATEST,
  latestIn,
  latestInEach,
} from '../projections/feeds.ts';
import type { Page, Paged } from '../projections/page.ts';
import type { PostWithTotals } from '../projections/posts/queries.ts';
import { builder } from './builder.ts';
import { type Connection, pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, pageOf } from './cursor.ts';
import { ownMemberships } from './sight.ts';
import { Community, PostConnection } from './types.ts';

const LATEST_FIRST: ListOrder = { name: 'feed', parts: ['time', 'position'] };

/** What a page of a feed shows: its items found in the feed alone, their posts loaded by id. */
const toPosts = async (
  page: Page,
  paged: Paged<FeedItemRow>,
  count: () => Promise<number>,
  context: Context,
): Promise<Connection<PostWithTotals>> => {
  const loaded = await context.loaders.post().loadMany(paged.rows.map(({ postId }) => postId));
  const known = new Map(loaded.flatMap((post) => (post && !(post instanceof Error) ? [[post.id, post]] : [])));
  return toConnection({
    order: LATEST_FIRST,
    page,
    paged,
    place: (item: FeedItemRow) => LATEST.columns.map((column) => item[column]),
    node: ({ postId }) => known.get(postId) ?? null,
    count,
  });
};

builder.queryField('feed', (t) =>
  t.field({
    type: PostConnection,
    nullable: true,
    authScopes: { may: 'posts:read' },
    description: "The viewer's home feed: the posts of all communities that the viewer joined, latest first.",
    args: pageArguments(t.arg),
    resolve: async (_, args, context) => {
      const joined = (await ownMemberships(context)).filter(({ status }) => status === 'JOINED');
      const own = joined.map(({ communityId }) => communityId);
      const page = pageOf(LATEST_FIRST, args);
      const db = context.read.from(feeds);
      return toPosts(page, await latestIn(db, own, page), () => countLatestIn(db, own), context);
    },
  }),
);

builder.objectField(Community, 'feed', (t) =>
  t.field({
    type: PostConnection,
    description: 'What is new in it: its posts, latest first.',
    args: pageArguments(t.arg),
    resolve: async ({ id }, args, context) => {
      const page = pageOf(LATEST_FIRST, args);
      const db = context.read.from(feeds);
      const load = (ids: readonly string[]) => latestInEach(db, ids, page);
      const count = (ids: readonly string[]) => countLatestInEach(db, ids);
      const { each } = context.loaders;
      const paged = await each(`feed ${JSON.stringify(args)}`, load).load(id);
      return toPosts(page, paged, () => each('feed count', count).load(id), context);
    },
  }),
);
