import type { Pool } from 'pg';
import { derivedId } from '../../core/ids.ts';
import type { DueDelivery, Planned, Source, WebhookQueue, WebhookRow } from '../../core/webhooks.ts';
import type { Vault } from '../keys/vault.ts';
import { forgetCommands } from '../operations/once.ts';
import { inTransaction } from '../postgres-tables/transaction.ts';
import { DELIVERY, WEBHOOK } from './rows.ts';
import { settle } from './settle.ts';

/** A webhook that has so many deliveries waiting gets no more for now: they stand in the log, where nothing is lost. */
const MOST_WAITING = 5_000;

const ACTIVE = `w.state = 'ACTIVE'`;
const HAS_ROOM = `(select count(*) from (
  select from operations.deliveries d where d.webhook_id = w.id and d.state = 'PENDING' limit ${MOST_WAITING}) as waiting
) < ${MOST_WAITING}`;

const SOURCES = `
  select ${WEBHOOK}, null::uuid as "replayId", w.position as at, w.event_id as "atEvent", null::bigint as until
    from operations.webhooks w where ${ACTIVE} and ${HAS_ROOM}
   union all
  select ${WEBHOOK}, r.id, r.position, r.event_id, r.until
    from operations.webhook_replays r join operations.webhooks w on w.id = r.webhook_id
   where ${ACTIVE} and ${HAS_ROOM}`;

// An event that is replayed while it still waits goes on waiting as it did.
const ADD = `
  insert into operations.deliveries as d (id, webhook_id, event_id, type, stream, revision, position)
  select one.* from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::bigint[])
                 as one(id, webhook_id, event_id, type, stream, revision, position)
    join operations.webhooks w on w.id = one.webhook_id
   order by one.position`;
const ADD_NEW = `${ADD} on conflict (id) do nothing`;
const ADD_AGAIN = `${ADD} on conflict (id) do update
  set state = 'PENDING', attempts = 0, due_at = now(), settled_at = null where d.state <> 'PENDING'`;

const MOVE = (table: string) => `
  update operations.${table} as moved set position = one.position, event_id = one.event_id
    from unnest($1::uuid[], $2::bigint[], $3::uuid[]) as one(id, position, event_id)
   where moved.id = one.id and moved.position < one.position`;

// Each webhook has a walk of its own along the index, so that one with much to do takes nothing from the others.
const DUE = `
  select ${DELIVERY} from operations.webhooks w
   cross join lateral (
     select * from operations.deliveries d
      where d.webhook_id = w.id and d.state = 'PENDING' and d.due_at <= now() and d.id <> all($1::uuid[])
      order by d.due_at, d.number limit $2) as d
   where ${ACTIVE} and (w.paused_until is null or w.paused_until <= now())`;

const NEXT = `
  select ceil(extract(epoch from min(greatest(d.due_at, w.paused_until)) - clock_timestamp()) * 1000)::int as "nextMs"
    from operations.webhooks w
   cross join lateral (
     select due_at from operations.deliveries d
      where d.webhook_id = w.id and d.state = 'PENDING' and d.id <> all($1::uuid[]) order by due_at limit 1) as d
   where ${ACTIVE} and greatest(d.due_at, w.paused_until) > now()`;

type SourceRow = WebhookRow & {
  readonly replayId: string | null;
  readonly at: bigint;
  readonly atEvent: string;
  readonly until: bigint | null;
};

/** What is to be delivered, and what became of it, in the schema `operations`. */
export const webhookQueue = (pool: Pool, vault: Vault): WebhookQueue => {
  const webhooksOf = async (ids: readonly string[]): Promise<ReadonlyMap<string, WebhookRow>> => {
    if (ids.length === 0) return new Map();
    const { rows } = await pool.query<WebhookRow>(`select ${WEBHOOK} from operations.webhooks w where id = any($1)`, [
      ids,
    ]);
    return new Map(rows.map((row) => [row.id, row]));
  };

  return {
    sources: async () => {
      const { rows } = await pool.query<SourceRow>(SOURCES);
      return rows.map(
        ({ replayId, at, atEvent, until, ...webhook }): Source => ({
          webhook,
          replayId,
          until,
          cursor: { position: at, eventId: atEvent },
        }),
      );
    },

    plan: async (planned) => {
      if (planned.length === 0) return;
      await inTransaction(pool, async (client) => {
        const live = planned.filter(({ source }) => source.replayId === null);
        const replays = planned.filter(({ source }) => source.replayId !== null);
        for (const [statement, all] of [
          [ADD_NEW, live],
          [ADD_AGAIN, replays],
        ] as const)
          if (all.some(({ events }) => events.length > 0)) await client.query(statement, [...deliveriesOf(all)]);
        await client.query(MOVE('webhooks'), placesOf(live));
        await client.query(MOVE('webhook_replays'), placesOf(replays));
        const ended = replays.filter(isEnded).map(({ source }) => source.replayId);
        await client.query('delete from operations.webhook_replays where id = any($1)', [ended]);
      });
    },

    due: async (held, each) => {
      const [{ rows }, next] = await Promise.all([
        pool.query<Omit<DueDelivery, 'webhook'>>(DUE, [held, each]),
        pool.query<{ nextMs: number | null }>(NEXT, [held]),
      ]);
      const webhooks = await webhooksOf([...new Set(rows.map(({ webhookId }) => webhookId))]);
      const due = rows.flatMap((row) => {
        const webhook = webhooks.get(row.webhookId);
        return webhook ? [{ ...row, webhook }] : [];
      });
      return { due, nextMs: next.rows[0]?.nextMs ?? null };
    },

    secrets: async (webhookId) => {
      const { rows } = await pool.query<{ sealed: Buffer }>(
        `select sealed from operations.webhook_secrets
        where webhook_id = $1 and (expires_at is null or expires_at > now()) order by created_at desc`,
        [webhookId],
      );
      return rows.map(({ sealed }) => vault.open(`webhook ${webhookId}`, sealed));
    },

    settle: (delivery, attempt, verdict) => settle(pool, delivery, attempt, verdict, MOST_WAITING),

    withhold: async (deliveryId) => {
      await pool.query(
        "update operations.deliveries set state = 'WITHHELD', settled_at = now() where id = $1 and state = 'PENDING'",
        [deliveryId],
      );
    },

    disable: async (webhookId, reason) => {
      await pool.query(
        `update operations.webhooks set state = 'DISABLED', reason = $2, state_since = now()
        where id = $1 and state = 'ACTIVE'`,
        [webhookId, reason],
      );
    },

    clean: async () => {
      await pool.query(
        "delete from operations.deliveries where state <> 'PENDING' and settled_at < now() - interval '30 days'",
      );
      await pool.query('delete from operations.webhook_secrets where expires_at < now()');
      await forgetCommands(pool);
    },
  };
};

const isEnded = ({ source: { until }, cursor }: Planned) => until !== null && cursor.position >= until;

const placesOf = (planned: readonly Planned[]) => [
  planned.map(({ source }) => source.replayId ?? source.webhook.id),
  planned.map(({ cursor }) => cursor.position),
  planned.map(({ cursor }) => cursor.eventId),
];

const deliveriesOf = (planned: readonly Planned[]): readonly unknown[][] => {
  const byId = new Map(
    planned.flatMap(({ source: { webhook }, events }) =>
      events.map((event) => [derivedId('delivery', webhook.id, event.id), { webhook, event }] as const),
    ),
  );
  const all = [...byId.values()];
  return [
    [...byId.keys()],
    all.map(({ webhook }) => webhook.id),
    all.map(({ event }) => event.id),
    all.map(({ event }) => event.type),
    all.map(({ event }) => event.stream),
    all.map(({ event }) => event.revision),
    all.map(({ event }) => event.position),
  ];
};
