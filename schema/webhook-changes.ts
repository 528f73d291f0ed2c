import { decodeCursor, placeNamed, START } from '../src/core/position.ts';
import { Rejection } from '../src/core/rejection.ts';
import type { Asking } from '../src/core/webhook-commands.ts';
import { domainEvents, isConfidential } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { bareType } from './cloud-event.ts';
import type { Context } from './context.ts';
import { scopeOfEvent } from './event-sight.ts';
import { withCursorFaults } from './fault.ts';
import { globalId, localId } from './global-id.ts';
import { repeatable } from './mutation.ts';
import { NOBODY, operationField, type PayloadFields } from './operation.ts';
import { visibleCommunity } from './sight.ts';
import { Webhook } from './types.ts';
import { visibleWebhook } from './webhook.ts';

const webhookAnswer = (t: PayloadFields) => ({
  webhook: t.field({
    type: Webhook,
    nullable: true,
    description: 'The webhook as it is now. Null where it was refused.',
    resolve: ({ changed }, _, context) => changed && visibleWebhook(context, changed.id),
  }),
});
const SECRET =
  'Begins with `whsec_`: what signatures are checked with. Shown this once, and never again: null when an earlier mutation with the same key did it.';

const webhookIdIn = ({ webhookId }: { readonly webhookId: string }): string => {
  const id = localId('Webhook', webhookId);
  if (id === null) throw new Rejection('WEBHOOK_NOT_FOUND', 'You have no such webhook.', ['webhookId']);
  return id;
};

operationField({
  name: 'createWebhook',
  description:
    'Registers an address to which events are sent from now on, as far as the viewer sees them. At most 20 for each owner.',
  scope: 'webhooks:admin',
  input: builder.inputType('CreateWebhookInput', {
    description: 'What `createWebhook` asks for.',
    fields: (t) => ({
      url: t.string({
        required: true,
        description:
          'Where to send: https, a public host name, port 443 or above 1023, at most 2,048 characters. It is kept as it is called: the host in small letters, without a port that goes without saying.',
      }),
      types: t.stringList({
        description:
          'Only events of these types, such as `PostPublished` or `io.palabre.PostPublished`: 1 to 100; of all types unless given.',
      }),
      communityId: t.id({ description: 'Only events of this community; of all unless given.' }),
      ...repeatable(t),
    }),
  }),
  secret: SECRET,
  answers: webhookAnswer,
  run: async ({ url, types, communityId }, asking, context) => {
    const wanted = types ? typesIn(types, asking) : null;
    const cursor = await context.log.head();
    const community = communityId == null ? null : await communityIn(context, communityId);
    return context.webhooks.commands.create(asking, {
      url: asCalled(url),
      types: wanted,
      communityId: community,
      cursor,
    });
  },
});

/** An address is stored as it is called, so that nobody reads another one than requests go to. What is no address is refused later. */
const asCalled = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);

const MAX_TYPES = 100;

const typesIn = (names: readonly string[], { grant }: Asking): readonly string[] => {
  const types = names.map(bareType);
  if (types.length === 0 || types.length > MAX_TYPES)
    throw new Rejection('INVALID_INPUT', `Name 1 to ${MAX_TYPES} types, or none for all.`, ['types']);
  for (const type of types) {
    if (!Object.hasOwn(domainEvents, type))
      throw new Rejection('INVALID_INPUT', `No event has the type ${JSON.stringify(type.slice(0, 80))}.`, ['types']);
    if (isConfidential(type)) throw new Rejection('NOT_ALLOWED', `Nobody is told of ${type}.`, ['types']);
    const scope = scopeOfEvent(type);
    if (!grant.scopes.includes(scope) && !grant.scopes.includes('events:read'))
      throw new Rejection('NOT_ALLOWED', `To be told of ${type} takes the scope ${scope}.`, ['types']);
  }
  return [...new Set(types)].sort();
};

const communityIn = async (context: Context, globalId: string): Promise<string> => {
  const id = localId('Community', globalId);
  if (id === null || !(await visibleCommunity(context, id)))
    throw new Rejection('COMMUNITY_NOT_FOUND', 'There is no such community.', ['communityId']);
  return id;
};

operationField({
  name: 'rotateWebhookSecret',
  description:
    'Makes a new secret. For 24 hours both sign, so that a receiver can change over without losing anything.',
  scope: 'webhooks:admin',
  input: builder.inputType('RotateWebhookSecretInput', {
    description: 'What `rotateWebhookSecret` asks for.',
    fields: (t) => ({ webhookId: t.id({ required: true, description: 'The id of the webhook.' }), ...repeatable(t) }),
  }),
  secret: SECRET,
  answers: webhookAnswer,
  run: (input, asking, { webhooks }) => webhooks.commands.rotateSecret(asking, webhookIdIn(input)),
});

operationField({
  name: 'enableWebhook',
  description:
    'Lets a disabled webhook go on where it stopped, as the viewer may see now. What was waiting is sent at once.',
  scope: 'webhooks:admin',
  input: builder.inputType('EnableWebhookInput', {
    description: 'What `enableWebhook` asks for.',
    fields: (t) => ({ webhookId: t.id({ required: true, description: 'The id of the webhook.' }), ...repeatable(t) }),
  }),
  answers: webhookAnswer,
  run: (input, asking, { webhooks }) => webhooks.commands.enable(asking, webhookIdIn(input)),
});

operationField({
  name: 'deleteWebhook',
  description: 'Ends a webhook and forgets its deliveries. For its owner, and admins.',
  scope: 'webhooks:admin',
  input: builder.inputType('DeleteWebhookInput', {
    description: 'What `deleteWebhook` asks for.',
    fields: (t) => ({ webhookId: t.id({ required: true, description: 'The id of the webhook.' }), ...repeatable(t) }),
  }),
  answers: (t) => ({
    webhookId: t.field({
      type: 'ID',
      nullable: true,
      description: 'The id of what is gone, for a cache that holds it. Null where it was refused.',
      resolve: ({ changed }) => changed && globalId('Webhook', changed.id),
    }),
  }),
  run: (input, asking, { webhooks }) => webhooks.commands.remove(asking, webhookIdIn(input)),
});

operationField({
  name: 'replayWebhook',
  description:
    'Sends again: one delivery, or every event of a range of the log that the webhook is for. Each keeps its `webhook-id`.',
  scope: 'webhooks:admin',
  input: builder.inputType('ReplayWebhookInput', {
    description: 'What `replayWebhook` asks for: either a delivery, or a range.',
    fields: (t) => ({
      webhookId: t.id({ required: true, description: 'The id of the webhook.' }),
      deliveryId: t.id({ description: 'Only this delivery: its id, which is the `webhook-id` of its requests.' }),
      after: t.field({
        type: 'Position',
        description: 'Events after this place; `start`, or nothing: from the first one.',
      }),
      until: t.field({
        type: 'Position',
        description: 'Events up to this place, with it; to the last one unless given.',
      }),
      ...repeatable(t),
    }),
  }),
  answers: webhookAnswer,
  run: async (input, asking, { webhooks: { commands }, log }) => {
    const id = webhookIdIn(input);
    const { deliveryId, after = null, until = null } = input;
    if ((deliveryId == null) === (after === null && until === null))
      throw new Rejection('INVALID_INPUT', 'Give either a delivery, or a range by `after`, `until`, or both.');
    if (deliveryId != null)
      return commands.replayDelivery(asking, id, localId('WebhookDelivery', deliveryId) ?? NOBODY);
    return withCursorFaults(log, async () => {
      const begin = after === null ? START : placeNamed(log.identity, after);
      if (after !== null) await log.verify(begin);
      const end = until === null ? await log.head() : decodeCursor(log.identity, until);
      if (until !== null) await log.verify(end);
      return commands.replayRange(asking, id, { after: begin, until: end.position, asked: { after, until } });
    });
  },
});
