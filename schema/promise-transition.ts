import { statusAfter } from '../projections/promises.ts';
import type { FoldedEvent } from '../src/core/event.ts';
import { builder } from './builder.ts';
import { type Delivery, followCommunity } from './deliveries.ts';
import { AFTER, CAUGHT_UP, CURSOR, STARTED_AT, startedAt } from './live.ts';
import { PromiseTransition, type TransitionFacts } from './promise.ts';

const Delivered = builder.objectRef<Delivery>('PromiseTransitionDelivery').implement({
  description: 'What became of a promise, or a mark without anything that tells how far the subscription is.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    caughtUp: t.exposeBoolean('caughtUp', { description: CAUGHT_UP }),
    startedAt: t.field({ type: 'Position', description: STARTED_AT, resolve: startedAt }),
    transition: t.field({
      type: PromiseTransition,
      nullable: true,
      description: 'What became of it; null in a mark.',
      resolve: ({ event }) => event && transitionIn(event),
    }),
  }),
});

const transitionIn = ({ id, type, data, occurredAt }: FoldedEvent): TransitionFacts => {
  const { postId, target } = data as { postId: string; target: string };
  return { id, postId, target, status: statusAfter[type as keyof typeof statusAfter], at: occurredAt };
};

builder.subscriptionField('promiseTransitions', (t) =>
  t.field({
    type: Delivered,
    nullable: true,
    authScopes: { may: 'posts:read' },
    description: 'What becomes of the promises of a community, as it happens.',
    args: {
      communityId: t.arg.id({ required: true, description: 'The community that was asked.' }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: (_, args, context) =>
      followCommunity(context, { ...args, types: Object.keys(statusAfter), isWanted: () => true }),
    resolve: (delivery) => delivery,
  }),
);
