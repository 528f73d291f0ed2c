import type { EventLog } from '../core/event-log.ts';
import type { Execute } from '../core/execute.ts';
import type { Measures } from '../core/measures.ts';
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
