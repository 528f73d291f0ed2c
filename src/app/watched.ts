import type { Pool } from 'pg';
import type { EventLog } from '../core/event-log.ts';
import type { Execute } from '../core/execute.ts';
import type { Measures } from '../core/measures.ts';
import type { Processes } from '../core/processes.ts';
import type { ProjectionStatus, ReadModels } from '../core/read-models.ts';
import { standsStill } from '../core/status.ts';
import type { Tracing } from '../core/tracing.ts';
import type { WebhookRegistry, WebhookState } from '../core/webhooks.ts';

// The parts as they are, with somebody who watches what goes through them.

export const watchedLog = (log: EventLog, measures: Measures, tracing: Tracing): EventLog => ({
  ...log,
  append: (requests) =>
    tracing.span('append', { appends: requests.length }, async () => {
      const outcomes = await log.append(requests);
      for (const outcome of outcomes) {
        measures.count('appends_total', { outcome: outcome.status });
        if (outcome.status === 'appended') tracing.appended(outcome.last.position);
      }
      return outcomes;
    }),
});

export const watchedExecute =
  (execute: Execute, tracing: Tracing): Execute =>
  (command, input, options) =>
    tracing.span(`execute ${command.type}`, { command: command.type }, () => execute(command, input, options));

export const watchReadModels = (readModels: ReadModels, measures: Measures, tracing: Tracing) => {
  readModels.onAdvance(({ projection, cursor }) => tracing.applied(projection, cursor.position));
  const shown = (valueOfOne: (status: ProjectionStatus) => number | null) => async () =>
    (await readModels.status()).flatMap((status) => {
      const value = valueOfOne(status);
      return value === null ? [] : [{ labels: { projection: status.name }, value }];
    });
  measures.show(
    'projection_lag_events',
    shown(({ lagEvents }) => lagEvents),
  );
  measures.show(
    'projection_lag_seconds',
    shown(({ lagSeconds }) => lagSeconds),
  );
  measures.show(
    'projection_halted',
    shown((status) => Number(standsStill(status))),
  );
};

/** What the log tells of each batch that it commits. */
export const batchesInto = (measures: Measures) => (waitedMs: readonly number[]) => {
  measures.observe('append_batch_size', waitedMs.length, {});
  for (const ms of waitedMs) measures.observe('append_wait_seconds', ms / 1_000, {});
};

const WEBHOOK_STATES: readonly string[] = ['ACTIVE', 'DISABLED'] satisfies WebhookState[];

export const watchWebhooks = ({ totals }: Pick<WebhookRegistry, 'totals'>, measures: Measures) => {
  const shown = (ofWebhooks: boolean) => async () =>
    Object.entries(await totals())
      .filter(([state]) => WEBHOOK_STATES.includes(state) === ofWebhooks)
      .map(([state, value]) => ({ labels: { state }, value }));
  measures.show('webhooks', shown(true));
  measures.show('webhook_deliveries', shown(false));
};

export type WatchedDatabase = {
  readonly log: Pick<EventLog, 'head'>;
  readonly processes: Pick<Processes, 'status'>;
  readonly readModels: Pick<ReadModels, 'names' | 'recordedAt' | 'status'>;
  readonly pools: Readonly<Record<string, Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount' | 'query'>>>;
  readonly oldestDue: () => Promise<Date | null>;
};

/** What operators are warned by: `docs` of the deployment say which figure means what. */
export const watchDatabase = (
  { log, processes, readModels, pools, oldestDue }: WatchedDatabase,
  version: string,
  measures: Measures,
) => {
  const one = (value: number) => [{ labels: {}, value }];
  measures.show('build_info', () => [{ labels: { version, node: process.versions.node }, value: 1 }]);
  measures.show('database_up', async () => {
    const answers = await Object.values(pools)[0]
      ?.query('select 1')
      .then(
        () => true,
        () => false,
      );
    return one(Number(answers ?? false));
  });
  measures.show('database_connections', () =>
    Object.entries(pools).flatMap(([pool, { totalCount, idleCount, waitingCount }]) => [
      { labels: { pool, state: 'open' }, value: totalCount },
      { labels: { pool, state: 'idle' }, value: idleCount },
      { labels: { pool, state: 'waiting' }, value: waitingCount },
    ]),
  );
  measures.show('log_head_position', async () => one(Number((await log.head()).position)));
  measures.show('log_last_event_age_seconds', () => {
    const times = readModels.names.flatMap((name) => Date.parse(readModels.recordedAt(name) ?? '') || []);
    return times.length === 0 ? [] : one(Math.max(0, (Date.now() - Math.max(...times)) / 1_000));
  });
  measures.show('process_lag_events', async () =>
    (await processes.status()).flatMap(({ name, lagEvents }) =>
      lagEvents === null ? [] : [{ labels: { process: name }, value: lagEvents }],
    ),
  );
  measures.show('process_halted', async () =>
    (await processes.status()).map(({ name, state }) => ({
      labels: { process: name },
      value: Number(state === 'halted'),
    })),
  );
  measures.show('lease_held', async () =>
    [...(await readModels.status()), ...(await processes.status())].map(({ name, owner }) => ({
      labels: { name },
      value: Number(owner !== null),
    })),
  );
  measures.show('webhook_oldest_due_seconds', async () => {
    const due = await oldestDue();
    return one(due === null ? 0 : Math.max(0, (Date.now() - due.getTime()) / 1_000));
  });
};
