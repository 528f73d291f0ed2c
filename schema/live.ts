import type { FoldedEvent } from '../src/core/event.ts';
import { may } from '../src/core/scopes.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { type Delivery, followCommunity } from './deliveries.ts';
import { isFirstToldOf } from './event-sight.ts';
import { visibleComment, visiblePost } from './sight.ts';
import { Comment, Post } from './types.ts';

const kinds = {
  PostPublished: 'POST_PUBLISHED',
  PostEdited: 'POST_EDITED',
  PostRetracted: 'POST_RETRACTED',
  AnswerAccepted: 'ANSWER_ACCEPTED',
  AnswerUnaccepted: 'ANSWER_UNACCEPTED',
  EarlyAccessOpened: 'EARLY_ACCESS_OPENED',
  EarlyAccessWithdrawn: 'EARLY_ACCESS_WITHDRAWN',
  CommentPublished: 'COMMENT_PUBLISHED',
  CommentEdited: 'COMMENT_EDITED',
  CommentRetracted: 'COMMENT_RETRACTED',
  AnchorLost: 'ANCHOR_LOST',
} as const;

const ActivityKind = builder.enumType('ActivityKind', {
  description: 'What happened in a community.',
  values: {
    POST_PUBLISHED: { description: 'A post was published.' },
    POST_EDITED: { description: 'Its author changed a post.' },
    POST_RETRACTED: { description: 'Its author took a post back.' },
    ANSWER_ACCEPTED: { description: 'The asker accepted an answer.' },
    ANSWER_UNACCEPTED: { description: 'The asker no longer accepts an answer.' },
    EARLY_ACCESS_OPENED: { description: 'A post that was for an audience first is for everybody.' },
    EARLY_ACCESS_WITHDRAWN: { description: 'A post stays with its audience; told to nobody else.' },
    COMMENT_PUBLISHED: { description: 'A comment or an answer was published.' },
    COMMENT_EDITED: { description: 'Its author changed a comment.' },
    COMMENT_RETRACTED: { description: 'Its author took a comment back.' },
    ANCHOR_LOST: { description: 'The project that the community stood on was closed: it needs another one.' },
  },
});

const idsOf = ({ data }: FoldedEvent) => data as { communityId?: string; postId?: string; commentId?: string };

const Activity = builder.objectRef<FoldedEvent>('Activity').implement({
  description: 'Something that happened in a community.',
  fields: (t) => ({
    kind: t.field({
      type: ActivityKind,
      description: 'What it was that happened.',
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
      description: 'The post that it happened to, as it is now; null where it happened to the community itself.',
      resolve: (event, _, context) => {
        const { postId } = idsOf(event);
        return postId ? visiblePost(context, postId) : null;
      },
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

export const CURSOR = 'Send it as `after` to go on from here: nothing is missed, nothing comes twice.';
export const CAUGHT_UP = 'True when nothing more stood in the log at this moment: from here on it is live.';
export const STARTED_AT =
  'Where this stream began: the place that was given as `after`, or else the end of the log when it began. The same in all its deliveries.';
export const AFTER =
  'Begin after this cursor, or with `start` at the beginning of the log; without it, with what comes from now on.';

/** Each stream has its own, and what is delivered to many at once has none. */
export const startedAt = (_: unknown, __: object, { startedAt }: Context): string => {
  if (!startedAt) throw new Error('A stream says where it starts before it delivers.');
  return startedAt();
};

const CommunityActivity = builder.objectRef<Delivery>('CommunityActivity').implement({
  description: 'What happened in a community, or a mark without anything that tells how far the subscription is.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    caughtUp: t.exposeBoolean('caughtUp', { description: CAUGHT_UP }),
    startedAt: t.field({ type: 'Position', description: STARTED_AT, resolve: startedAt }),
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
    startedAt: t.field({ type: 'Position', description: STARTED_AT, resolve: startedAt }),
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
    description:
      'Posts, comments and accepted answers of a community as they come, imported ones too; and that its project was closed.',
    args: {
      communityId: t.arg.id({ required: true, description: 'The id of the community.' }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: (_, args, context) =>
      followCommunity(context, {
        ...args,
        types: Object.keys(kinds),
        isWanted: ({ event }) => event.type !== 'AnchorLost' || may(context.viewer, 'communities:read'),
      }),
    resolve: (delivery) => delivery,
  }),
);

builder.subscriptionField('postPublished', (t) =>
  t.field({
    type: PostPublication,
    nullable: true,
    authScopes: { may: 'posts:read' },
    description:
      'New posts of a community as they are published; one in early access comes to those outside its audience when it is opened. History that is imported or seeded is not announced.',
    args: {
      communityId: t.arg.id({ required: true, description: 'The id of the community.' }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: (_, args, context) =>
      followCommunity(context, {
        ...args,
        types: ['PostPublished', 'EarlyAccessOpened'],
        isWanted: ({ event }) => event.source === 'NATIVE',
        isNews: isFirstToldOf,
      }),
    resolve: (delivery) => delivery,
  }),
);
