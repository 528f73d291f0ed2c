import { encodeCursor } from '../src/core/position.ts';
import type { DeliveryRow } from '../src/core/webhooks.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { globalId } from './global-id.ts';
import { Node, WebhookDelivery } from './types.ts';
import { visibleWebhook } from './webhook.ts';

const State = builder.enumType('WebhookDeliveryState', {
  description: 'What became of an event on its way to a webhook.',
  values: {
    PENDING: { description: 'It is to be sent, for the first time or again: see `dueAt`.' },
    DELIVERED: { description: 'The receiver answered 2xx.' },
    FAILED: { description: 'It was given up: after ten attempts in 76 hours, or because the receiver answered 410.' },
    WITHHELD: { description: 'It was not sent: whoever made the webhook no longer sees what it is about.' },
  },
});

WebhookDelivery.implement({
  description: 'An event on its way to a webhook, with the last attempt.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'What receivers read as `webhook-id`: the same over all attempts and replays.',
      resolve: ({ id }) => globalId('WebhookDelivery', id),
    }),
    eventId: t.exposeString('eventId', { description: 'The event: a UUID, the same on every door.' }),
    type: t.exposeString('type', { description: 'What happened, such as `PostPublished`.' }),
    position: t.field({
      type: 'Position',
      description: 'Where the event stands in the log.',
      resolve: ({ position, eventId }, _, { log }) => encodeCursor(log.identity, { position, eventId }),
    }),
    state: t.field({ type: State, description: 'What became of it.', resolve: ({ state }) => state }),
    attempts: t.exposeInt('attempts', { description: 'How often it was sent, since it was last replayed.' }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was first to be sent.',
      resolve: ({ createdAt }) => createdAt,
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is sent next; null once nothing is to come.',
      resolve: ({ state, dueAt }) => (state === 'PENDING' ? dueAt : null),
    }),
    attemptedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last sent; null when never.',
      resolve: ({ attemptedAt }) => attemptedAt,
    }),
    status: t.exposeInt('status', {
      nullable: true,
      description: 'The HTTP status of the last answer; null when none came.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'What was wrong with the last attempt, for people.',
    }),
    answer: t.exposeString('answer', {
      nullable: true,
      description: 'The first 1,024 bytes of the body of the last answer.',
    }),
    milliseconds: t.exposeInt('milliseconds', {
      nullable: true,
      description: 'How long the last attempt took.',
    }),
  }),
});

/** A delivery of a webhook that the viewer may see. */
export const visibleDelivery = async (context: Context, id: string): Promise<DeliveryRow | null> => {
  const row = await context.webhooks.registry.findDelivery(id);
  return row && (await visibleWebhook(context, row.webhookId)) ? row : null;
};
