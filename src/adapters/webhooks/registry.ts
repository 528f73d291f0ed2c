import type { Pool, PoolClient } from 'pg';
import { freshId } from '../../core/ids.ts';
import type { DeliveryRow, WebhookRegistry, WebhookRow } from '../../core/webhooks.ts';
import type { Vault } from '../keys/vault.ts';
import { countOf, type NumberedList, pageOf } from '../operations/numbered.ts';
import { known, once } from '../operations/once.ts';
import { DELIVERY, WEBHOOK } from './rows.ts';

/** Webhooks and their deliveries, in the schema `operations`. */
export const webhookRegistry = (pool: Pool, vault: Vault): WebhookRegistry => {
  const keepSecret = (client: PoolClient, webhookId: string, secret: string) =>
    client.query('insert into operations.webhook_secrets (id, webhook_id, sealed) values ($1, $2, $3)', [
      freshId(),
      webhookId,
      vault.close(`webhook ${webhookId}`, secret),
    ]);

  const ofOwner = (ownerId: string | null): NumberedList => ({
    select: WEBHOOK,
    from: 'operations.webhooks w',
    where: '($1::uuid is null or w.owner_id = $1)',
    values: [ownerId],
  });
  const ofWebhook = (webhookId: string): NumberedList => ({
    select: DELIVERY,
    from: 'operations.deliveries d',
    where: 'd.webhook_id = $1',
    values: [webhookId],
  });

  return {
    create: (command, { id, memberId, kind, roles, scopes, keyId, url, types, communityId, cursor }, secret) =>
      once(pool, command, async (client) => {
        await client.query(
          `insert into operations.webhooks
             (id, owner_id, owner_kind, roles, scopes, key_id, url, types, community_id, position, event_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
          [id, memberId, kind, roles, scopes, keyId, url, types, communityId, cursor.position, cursor.eventId],
        );
        await keepSecret(client, id, secret);
      }),

    rotate: (command, webhookId, secret, graceSeconds) =>
      once(pool, command, async (client) => {
        await client.query(
          `update operations.webhook_secrets set expires_at = clock_timestamp() + make_interval(secs => $2)
            where webhook_id = $1 and expires_at is null`,
          [webhookId, graceSeconds],
        );
        await keepSecret(client, webhookId, secret);
      }),

    enable: (command, webhookId, { memberId, kind, roles, scopes, keyId }) =>
      once(pool, command, async (client) => {
        await client.query(
          `update operations.webhooks
              set owner_kind = $3, roles = $4, scopes = $5, key_id = $6, state = 'ACTIVE', reason = null,
                  state_since = now(), failing_since = null, paused_until = null
            where id = $1 and owner_id = $2`,
          [webhookId, memberId, kind, roles, scopes, keyId],
        );
        await client.query(
          "update operations.deliveries set due_at = now() where webhook_id = $1 and state = 'PENDING' and due_at > now()",
          [webhookId],
        );
      }),

    remove: (command, webhookId) =>
      once(pool, command, (client) => client.query('delete from operations.webhooks where id = $1', [webhookId])),

    replayDelivery: (command, deliveryId) =>
      once(pool, command, (client) =>
        client.query(
          `update operations.deliveries set state = 'PENDING', attempts = 0, due_at = now(), settled_at = null
            where id = $1`,
          [deliveryId],
        ),
      ),

    replayRange: (command, webhookId, after, until) =>
      once(pool, command, (client) =>
        client.query(
          `insert into operations.webhook_replays (id, webhook_id, position, event_id, until)
           values ($1, $2, $3, $4, $5)`,
          [freshId(), webhookId, after.position, after.eventId, until],
        ),
      ),

    known: (command) => known(pool, command),
    find: async (id) =>
      (await pool.query<WebhookRow>(`select ${WEBHOOK} from operations.webhooks w where id = $1`, [id])).rows[0] ??
      null,
    list: (ownerId, page) => pageOf(pool, ofOwner(ownerId), page),
    count: (ownerId) => countOf(pool, ofOwner(ownerId)),

    findDelivery: async (id) =>
      (await pool.query<DeliveryRow>(`select ${DELIVERY} from operations.deliveries d where id = $1`, [id])).rows[0] ??
      null,
    deliveries: (webhookId, page) => pageOf(pool, ofWebhook(webhookId), page),
    countDeliveries: (webhookId) => countOf(pool, ofWebhook(webhookId)),

    totals: async () => {
      const { rows } = await pool.query<{ state: keyof typeof NONE; count: bigint }>(
        `select state, count(*) from operations.webhooks group by state
          union all
         select state, count(*) from operations.deliveries group by state`,
      );
      return { ...NONE, ...Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)])) };
    },

    oldestDue: async () => {
      const { rows } = await pool.query<{ due: Date | null }>(
        `select min(due_at) as due from operations.deliveries join operations.webhooks on webhooks.id = webhook_id
          where deliveries.state = 'PENDING' and webhooks.state = 'ACTIVE' and due_at <= now()`,
      );
      return rows[0]?.due ?? null;
    },
  };
};

const NONE = { ACTIVE: 0, DISABLED: 0, PENDING: 0, DELIVERED: 0, FAILED: 0, WITHHELD: 0 };
