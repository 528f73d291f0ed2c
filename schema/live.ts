import type { FoldedEvent } from '../src/core/event.ts';
import { leavable } from '../src/core/live.ts';
import { decodeCursor, encodeCursor } from '../src/core/position.ts';
import { builder } from './builder.ts';
import { type Context, lookAnew } from './context.ts';
import { fault, withCursorFaults } from './fault.ts';
import { localId } from './global-id.ts';
import { visibleComment, visibleCommunity, visiblePost } from './sight.ts';
import { Comment, Post } from './types.ts';

/** What a subscription delivers: an event, or a mark that tells how far it is. */
type Delivery = { readonly cursor: string; readonly caughtUp: boolean; readonly event: FoldedEvent | null };

const kinds = {
  PostPublished: 'POST_PUBLISHED',
  PostEdited: 'POST_EDITED',
  PostRetracted: 'POST_RETRACTED',
  AnswerAccepted: 'ANSWER_ACCEPTED',
  AnswerUnaccepted: 'ANSWER_UNACCEPTED',
  CommentPublished: 'COMMENT_PUBLISHED',
  CommentEdited: 'COMMENT_EDITED',
  CommentRetracted: 'COMMENT_RETRACTED',
} as const;

const ActivityKind = builder.enumType('ActivityKind', {
  description: 'What happened in a community.',
  values: {
    POST_PUBLISHED: { description: 'A post was published.' },
    POST_EDITED: { description: 'Its author changed a post.' },
    POST_RETRACTED: { description: 'Its author took a post back.' },
    ANSWER_ACCEPTED: { description: 'The asker accepted an answer.' },
    ANSWER_UNACCEPTED: { description: 'The asker no longer accepts an answer.' },
    COMMENT_PUBLISHED: { description: 'A comment or an answer was published.' },
    COMMENT_EDITED: { description: 'Its author changed a comment.' },
    COMMENT_RETRACTED: { description: 'Its author took a comment back.' },
  },
});

const idsOf = ({ data }: FoldedEvent) => data as { communityId?: string; postId?: string; commentId?: string };

const Activity = builder.objectRef<FoldedEvent>('Activity').implement({
  description: 'Something that happened in a community.',
  fields: (t) => ({
    kind: t.field({
      type: ActivityKind,
      description: 'What happened.',
      resolve: ({ type }) => kinds[type as keyof typeof kinds],
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it happened.',
      resolve: ({ occurredAt }) => occurredAt,
    }),
    post: t.field({
      type: Post,
      nullable: true,
      description: 'The post that it happened to, as it is now.',
      resolve: (event, _, context) => visiblePost(context, idsOf(event).postId ?? ''),
    }),
    comment: t.field({
      type: Comment,
      nullable: true,
      description: 'The comment that it happened to, as it is now; null where it happened to the post itself.',
      resolve: (event, _, context) => {
        const { commentId } = idsOf(event);
        return commentId ? visibleComment(context, commentId) : null;
      },
    }),
  }),
});

const CURSOR = 'Send it as `after` to go on from here: nothing is missed, nothing comes twice.';
const CAUGHT_UP = 'True when nothing more stood in the log at this moment: from here on it is live.';

const CommunityActivity = builder.objectRef<Delivery>('CommunityActivity').implement({
  description: 'What happened in a community, or a mark without anything that tells how far the subscription is.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    caughtUp: t.exposeBoolean('caughtUp', { description: CAUGHT_UP }),
    activity: t.field({
      type: Activity,
      nullable: true,
      description: 'What happened; null in a mark.',
      resolve: ({ event }) => event,
    }),
  }),
});

const PostPublication = builder.objectRef<Delivery>('PostPublication').implement({
  description: 'A post that was published, or a mark without one that tells how far the subscription is.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    caughtUp: t.exposeBoolean('caughtUp', { description: CAUGHT_UP }),
    post: t.field({
      type: Post,
      nullable: true,
      description: 'The post; null in a mark.',
      resolve: ({ event }, _, context) => (event ? visiblePost(context, idsOf(event).postId ?? '') : null),
    }),
  }),
});

builder.subscriptionField('communityActivity', (t) =>
  t.field({
    type: CommunityActivity,
    nullable: true,
    authScopes: { may: 'posts:read' },
    description: 'Posts, comments and accepted answers of a community as they come, imported ones too.',
    args: {
      communityId: t.arg.id({ required: true, description: 'The community.' }),
      after: t.arg.string({ description: 'Begin after this cursor; without it, with what comes from now on.' }),
    },
    subscribe: (_, args, context) => follow(context, args, Object.keys(kinds), () => true),
    resolve: (delivery) => delivery,
  }),
);

builder.subscriptionField('postPublished', (t) =>
  t.field({
    type: PostPublication,
    nullable: true,
    authScopes: { may: 'posts:read' },
    description: 'New posts of a community as they are published. History that is imported or seeded is not announced.',
    args: {
      communityId: t.arg.id({ required: true, description: 'The community.' }),
      after: t.arg.string({ description: 'Begin after this cursor; without it, with what comes from now on.' }),
    },
    subscribe: (_, args, context) => follow(context, args, ['PostPublished'], ({ source }) => source === 'NATIVE'),
    resolve: (delivery) => delivery,
  }),
);

type Following = { readonly communityId: string | number; readonly after?: string | null | undefined };

/** Refuses at once what cannot be followed; then delivers until the client leaves. */
const follow = async (
  context: Context,
  { communityId, after }: Following,
  types: readonly string[],
  isWanted: (event: FoldedEvent) => boolean,
) => {
  const { log } = context;
  const id = localId('Community', String(communityId));
  if (!id || !(await visibleCommunity(context, id))) throw notFound();
  const start = await withCursorFaults(async () => {
    if (after == null) return null;
    const cursor = decodeCursor(log.identity, after);
    await log.verify(cursor);
    return cursor;
  });
  return leavable((signal) => deliveries(context, id, isWanted, { after: start, communityId: id, types, signal }));
};

async function* deliveries(
  context: Context,
  communityId: string,
  isWanted: (event: FoldedEvent) => boolean,
  following: Parameters<Context['live']['follow']>[0],
): AsyncGenerator<Delivery> {
  const { live, log } = context;
  for await (const { cursor, caughtUp, event } of live.follow(following)) {
    if (event && !isWanted(event)) continue;
    Object.assign(context, event ? seenAt(event, context) : lookAnew(context));
    // Rights are those of this moment: whoever lost the community hears no more of it.
    if (!(await visibleCommunity(context, communityId))) throw notFound();
    yield { cursor: encodeCursor(log.identity, cursor), caughtUp, event };
  }
}

/** Subscribers who are given an event at about the same time look at the same rows, read once for all of them. */
const seenAt = (event: FoldedEvent, context: Context): Pick<Context, 'read' | 'loaders'> => {
  const known = shared.get(event);
  if (known && performance.now() - known.since < SHARED_MS) return known;
  const { read, loaders } = lookAnew(context);
  const seen = { read, loaders, since: performance.now() };
  shared.set(event, seen);
  return seen;
};

/** Rights are judged on rows that are at most so old. */
const SHARED_MS = 250;
const shared = new WeakMap<FoldedEvent, Pick<Context, 'read' | 'loaders'> & { readonly since: number }>();

const notFound = () => fault('NOT_FOUND', 'There is no such community.');
