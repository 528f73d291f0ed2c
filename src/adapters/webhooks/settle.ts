import type { Pool, PoolClient } from 'pg';
import type { Attempt, DueDelivery, Verdict } from '../../core/webhooks.ts';
import { inTransaction } from '../postgres-tables/transaction.ts';

/** After so long without one success a webhook is disabled. */
const FAILING_FOR = '5 days';

const WRITE = `
  update operations.deliveries
     set state = $2, attempts = attempts + 1, attempted_at = clock_timestamp(), status = $3, error = $4, answer = $5,
         milliseconds = $6, due_at = clock_timestamp() + make_interval(secs => $7::float8 / 1000),
         settled_at = case when $2 = 'PENDING' then null else clock_timestamp() end
   where id = $1 and state = 'PENDING'`;

const RECOVERED = `
  update operations.webhooks set failing_since = null, paused_until = null where id = $1 and failing_since is not null`;

const FAILED = `
  update operations.webhooks
     set failing_since = coalesce(failing_since, now()),
         paused_until = case when $2::float8 > 0
           then greatest(paused_until, clock_timestamp() + make_interval(secs => $2::float8 / 1000)) else paused_until end
   where id = $1`;

const GIVE_UP = `
  update operations.webhooks set state = 'DISABLED', reason = 'FAILING', state_since = now()
   where id = $1 and state = 'ACTIVE' and failing_since <= now() - interval '${FAILING_FOR}'`;

const GONE = `
  update operations.webhooks set state = 'DISABLED', reason = 'GONE', state_since = now()
   where id = $1 and state = 'ACTIVE'`;

// A receiver that is well again need not wait for what stands behind what waits.
const HURRY = `
  update operations.deliveries set due_at = now()
   where webhook_id = $1 and state = 'PENDING' and due_at > now()
     and $2 <= (select count(*) from (
       select from operations.deliveries where webhook_id = $1 and state = 'PENDING' limit $2) as waiting)`;

const STATES = { delivered: 'DELIVERED', retry: 'PENDING', failed: 'FAILED', gone: 'FAILED' } as const;

/** Writes down what came of an attempt, for the delivery and for its webhook. `crowd`: so many waiting are too many. */
export const settle = (pool: Pool, delivery: DueDelivery, attempt: Attempt, verdict: Verdict, crowd: number) =>
  inTransaction(pool, async (client) => {
    const { status, error, answer, milliseconds } = attempt;
    const wait = verdict.kind === 'retry' ? verdict.afterMs : 0;
    await client.query(WRITE, [delivery.id, STATES[verdict.kind], status, error, answer, milliseconds, wait]);
    await follow(client, delivery.webhookId, verdict, crowd);
  });

const follow = async (client: PoolClient, webhookId: string, verdict: Verdict, crowd: number) => {
  if (verdict.kind === 'delivered') {
    const { rowCount } = await client.query(RECOVERED, [webhookId]);
    if (rowCount) await client.query(HURRY, [webhookId, crowd]);
    return;
  }
  if (verdict.kind === 'gone') return client.query(GONE, [webhookId]);
  await client.query(FAILED, [webhookId, verdict.kind === 'retry' ? verdict.pauseMs : 0]);
  return client.query(GIVE_UP, [webhookId]);
};
