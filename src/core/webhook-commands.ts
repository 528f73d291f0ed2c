import { createdIdOf } from './ids.ts';
import { type Grant, type Hash, isRepeated, operationOf } from './operations.ts';
import type { Cursor, Position } from './position.ts';
import { Rejection } from './rejection.ts';
import type { WebhookRegistry, WebhookRow } from './webhooks.ts';

/** Who asks, with what it would act as, and the key that makes a repetition the same. */
export type Asking = { readonly grant: Grant; readonly idempotencyKey: string | undefined };

export type CommandTools = {
  readonly registry: WebhookRegistry;
  readonly hash: Hash;
  /** Why events may not be sent to a URL; null when they may. */
  readonly refusalOfUrl: (url: string) => string | null;
  readonly newSecret: () => string;
  /** There is something new to deliver. */
  readonly wake: () => void;
};

/** What was done, and the secret where there is a new one: it is told this once and never again. */
export type Changed = { readonly id: string; readonly secret: string | null; readonly isRepeated: boolean };

export type WebhookCommands = ReturnType<typeof createWebhookCommands>;

/** One principal has so many webhooks at most. */
export const MAX_WEBHOOKS = 20;
/** A secret that was replaced goes on signing for so long. */
export const ROTATION_SECONDS = 24 * 60 * 60;

type NewWebhookInput = {
  readonly url: string;
  readonly types: readonly string[] | null;
  readonly communityId: string | null;
  /** Events after this are sent. */
  readonly cursor: Cursor;
};

type Range = {
  readonly after: Cursor;
  readonly until: Position;
  /** As it was asked, so that a repetition is known also when the log has grown. */
  readonly asked: { readonly after: string | null; readonly until: string | null };
};

export const createWebhookCommands = ({ registry, hash, refusalOfUrl, newSecret, wake }: CommandTools) => {
  const own = async ({ grant }: Asking, webhookId: string): Promise<WebhookRow> => {
    const webhook = await registry.find(webhookId);
    if (webhook?.memberId !== grant.memberId) throw notFound();
    return webhook;
  };
  const commandOf = ({ grant, idempotencyKey }: Asking, type: string, input: object) =>
    operationOf(hash, grant.memberId, type, idempotencyKey, input);

  return {
    async create(asking: Asking, { url, types, communityId, cursor }: NewWebhookInput): Promise<Changed> {
      const command = commandOf(asking, 'CreateWebhook', { url, types, communityId });
      const id = createdIdOf(command.id);
      const refusal = refusalOfUrl(url);
      if (refusal) throw new Rejection('INVALID_INPUT', refusal, ['url']);
      const isThere = (await registry.find(id)) !== null;
      if (!isThere && (await registry.count(asking.grant.memberId)) >= MAX_WEBHOOKS)
        throw new Rejection('LIMIT_REACHED', `You have ${MAX_WEBHOOKS} webhooks, which is the most: delete one first.`);
      const secret = newSecret();
      const repeated = isRepeated(
        await registry.create(command, { ...asking.grant, id, url, types, communityId, cursor }, secret),
      );
      wake();
      return { id, secret: repeated ? null : secret, isRepeated: repeated };
    },

    async rotateSecret(asking: Asking, webhookId: string): Promise<Changed> {
      const { id } = await own(asking, webhookId);
      const secret = newSecret();
      const command = commandOf(asking, 'RotateWebhookSecret', { webhookId });
      const repeated = isRepeated(await registry.rotate(command, id, secret, ROTATION_SECONDS));
      return { id, secret: repeated ? null : secret, isRepeated: repeated };
    },

    async enable(asking: Asking, webhookId: string): Promise<Changed> {
      const { id } = await own(asking, webhookId);
      const repeated = isRepeated(
        await registry.enable(commandOf(asking, 'EnableWebhook', { webhookId }), id, asking.grant),
      );
      wake();
      return { id, secret: null, isRepeated: repeated };
    },

    /** By its owner, or by an admin. */
    async remove(asking: Asking, webhookId: string): Promise<Changed> {
      const command = commandOf(asking, 'DeleteWebhook', { webhookId });
      const webhook = await registry.find(webhookId);
      const isAllowed =
        webhook?.memberId === asking.grant.memberId || (webhook && asking.grant.roles.includes('ADMIN'));
      // A repetition finds nothing any more, and is told that it was done.
      if (!isAllowed && !(webhook === null && asking.idempotencyKey !== undefined)) throw notFound();
      const settled = webhook ? await registry.remove(command, webhookId) : await registry.known(command);
      if (settled === null) throw notFound();
      return { id: webhookId, secret: null, isRepeated: isRepeated(settled) };
    },

    async replayDelivery(asking: Asking, webhookId: string, deliveryId: string): Promise<Changed> {
      const { id } = await own(asking, webhookId);
      const delivery = await registry.findDelivery(deliveryId);
      if (delivery?.webhookId !== id)
        throw new Rejection('DELIVERY_NOT_FOUND', 'This webhook has no such delivery.', ['deliveryId']);
      const command = commandOf(asking, 'ReplayWebhook', { webhookId, deliveryId });
      const repeated = isRepeated(await registry.replayDelivery(command, deliveryId));
      wake();
      return { id, secret: null, isRepeated: repeated };
    },

    /** Everything after a place, up to another. */
    async replayRange(asking: Asking, webhookId: string, { after, until, asked }: Range): Promise<Changed> {
      const { id } = await own(asking, webhookId);
      const command = commandOf(asking, 'ReplayWebhook', { webhookId, ...asked });
      const repeated = isRepeated(await registry.replayRange(command, id, after, until));
      wake();
      return { id, secret: null, isRepeated: repeated };
    },
  };
};

const notFound = () => new Rejection('WEBHOOK_NOT_FOUND', 'You have no such webhook.', ['webhookId']);
