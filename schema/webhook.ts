import { may } from '../src/core/scopes.ts';
import type { WebhookRow } from '../src/core/webhooks.ts';
import { builder } from './builder.ts';
import { pageArguments } from './connection.ts';
import type { Context } from './context.ts';
import { globalId, localId } from './global-id.ts';
import { knownMember } from './member.ts';
import { numberedConnection } from './numbered.ts';
import { NOBODY } from './operation.ts';
import { visibleCommunity } from './sight.ts';
import { Community, Member, Node, Webhook, WebhookConnection, WebhookDeliveryConnection } from './types.ts';

const State = builder.enumType('WebhookState', {
  description: 'Whether a webhook is sent events.',
  values: {
    ACTIVE: { description: 'Events are sent as they come.' },
    DISABLED: { description: 'Nothing is sent; `reason` says why. Nothing is lost: `enableWebhook` goes on.' },
  },
});

const Reason = builder.enumType('WebhookDisabledReason', {
  description: 'Why a webhook was disabled.',
  values: {
    GONE: { description: 'The receiver answered 410: it wants no more.' },
    FAILING: { description: 'For five days no attempt succeeded.' },
    RIGHTS_LOST: {
      description:
        'Whoever made it may not go on: the machine key that it was made with has ended, or the roles were taken away.',
    },
  },
});

Webhook.implement({
  description:
    'An address to which events are sent, signed, as whoever made it may see them. At least once, in no order: the position is in each event.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: ({ id }) => globalId('Webhook', id) }),
    url: t.exposeString('url', { description: 'Where events are sent: https, at most 2,048 characters.' }),
    types: t.field({
      type: ['String'],
      nullable: true,
      description: 'The types of events that are sent; null for all that its maker is told of.',
      resolve: ({ types }) => types,
    }),
    community: t.field({
      type: Community,
      nullable: true,
      description: 'The community whose events are sent; null for all, and for one that the viewer does not see.',
      resolve: ({ communityId }, _, context) => (communityId ? visibleCommunity(context, communityId) : null),
    }),
    owner: t.field({
      type: Member,
      description: 'Who made it, and as whom it sees events.',
      resolve: ({ memberId }, _, context) => knownMember(context, memberId),
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ createdAt }) => createdAt }),
    state: t.field({ type: State, description: 'Whether events are sent.', resolve: ({ state }) => state }),
    reason: t.field({
      type: Reason,
      nullable: true,
      description: 'Why it was disabled; null while it is active.',
      resolve: ({ reason }) => reason,
    }),
    stateSince: t.field({
      type: 'DateTime',
      description: 'Since when it is in this state.',
      resolve: ({ stateSince }) => stateSince,
    }),
    failingSince: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when no attempt has succeeded; null while the last one did.',
      resolve: ({ failingSince }) => failingSince,
    }),
    deliveries: t.field({
      type: WebhookDeliveryConnection,
      authScopes: { may: 'webhooks:admin' },
      description: 'What was sent and is to be sent, newest first. Kept for 30 days after the last attempt.',
      args: pageArguments(t.arg),
      resolve: ({ id }, args, { webhooks }) =>
        numberedConnection('deliveries', id, args, {
          list: (page) => webhooks.registry.deliveries(id, page),
          count: () => webhooks.registry.countDeliveries(id),
        }),
    }),
  }),
});

/** A webhook that the viewer may see: one's own, or any for an admin. */
export const visibleWebhook = async ({ viewer, webhooks }: Context, id: string): Promise<WebhookRow | null> => {
  if (!may(viewer, 'webhooks:admin')) return null;
  const row = await webhooks.registry.find(id);
  return row && (row.memberId === viewer?.memberId || viewer?.roles.has('ADMIN')) ? row : null;
};

builder.queryField('webhook', (t) =>
  t.field({
    type: Webhook,
    nullable: true,
    authScopes: { may: 'webhooks:admin' },
    description: 'A webhook by id: one of the viewer, or anybody’s for an admin. Null when there is none.',
    args: { id: t.arg.id({ required: true, description: 'The id, as it was given out.' }) },
    resolve: (_, { id }, context) => {
      const local = localId('Webhook', id);
      return local === null ? null : visibleWebhook(context, local);
    },
  }),
);

builder.queryField('webhooks', (t) =>
  t.field({
    type: WebhookConnection,
    nullable: true,
    authScopes: { may: 'webhooks:admin' },
    description: 'The webhooks of the viewer, or of everybody for an admin, newest first.',
    args: pageArguments(t.arg),
    resolve: (_, args, { viewer, log, webhooks: { registry } }) => {
      const owner = viewer?.roles.has('ADMIN') ? null : (viewer?.memberId ?? NOBODY);
      return numberedConnection('webhooks', log.identity.logId, args, {
        list: (page) => registry.list(owner, page),
        count: () => registry.count(owner),
      });
    },
  }),
);
