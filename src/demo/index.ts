import type { Catalogue } from '../core/catalogue.ts';
import { streamName } from '../core/decider.ts';
import type { EventLog } from '../core/event-log.ts';
import { createExecute } from '../core/execute.ts';
import { START } from '../core/position.ts';
import type { Sealing } from '../core/sealing.ts';
import { abandonment, claims } from '../domain/claim.ts';
import { HISTORY, planDemo } from './plan.ts';
import { correlationOf, type Planned } from './script.ts';
import { inOrderOfTime, wavesOf } from './waves.ts';

export { DEMO_MEMBER_HANDLE } from './people.ts';

/** Where a demo organisation is written: the parts of the application that it needs. */
export type DemoTools = { readonly log: EventLog; readonly catalogue: Catalogue; readonly sealing: Sealing };

export type DemoOptions = {
  readonly seed?: number;
  /** The moment at which the history ends. A history that was begun before keeps its own. */
  readonly anchor?: Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
};

/**
 * `made`: the organisation is whole now; `present`: it was whole already; `interrupted`: the next call goes on;
 * `foreign`: the log holds something else, and nothing was written.
 */
export type DemoOutcome = {
  readonly status: 'made' | 'present' | 'interrupted' | 'foreign';
  readonly commands: number;
};

const WAVE = 100;

/** Fills an empty log with the demo organisation, or goes on with one that was interrupted. */
export const seedDemo = async (
  { log, catalogue, sealing }: DemoTools,
  { seed = 1, anchor = new Date(), signal, onProgress }: DemoOptions = {},
): Promise<DemoOutcome> => {
  const begun = await beginningOf(log, seed);
  if (begun === 'foreign') return { status: 'foreign', commands: 0 };
  const planned = planDemo(seed, begun === 'empty' ? anchor.getTime() : begun + HISTORY);
  if (begun !== 'empty' && (await isWhole(log, planned))) return { status: 'present', commands: planned.length };

  const ordered = inOrderOfTime(log);
  const execute = createExecute({ log: ordered.log, catalogue, sealing, claims: { aggregates: claims, abandonment } });
  const options = { source: 'SEED', correlationId: correlationOf(seed) } as const;
  let done = 0;
  for (const wave of wavesOf(planned, WAVE)) {
    if (signal?.aborted) return { status: 'interrupted', commands: done };
    await ordered.run(
      wave.map(({ command, input, actor, key, at }) => () => {
        const occurredAt = new Date(at).toISOString();
        return execute(command, input as never, { ...options, actor, idempotencyKey: key, occurredAt });
      }),
    );
    done += wave.length;
    onProgress?.({ done, total: planned.length });
  }
  return { status: 'made', commands: done };
};

/** When the history in this log begins, if it is this demo organisation's. */
const beginningOf = async (log: EventLog, seed: number): Promise<number | 'empty' | 'foreign'> => {
  const { events } = await log.readAll({ after: START, limit: 1 });
  const [first] = events;
  if (!first) return 'empty';
  return first.metadata.correlationId === correlationOf(seed) ? Date.parse(first.metadata.occurredAt) : 'foreign';
};

/** Everything is written in order, so the last command tells of all. */
const isWhole = async (log: EventLog, planned: readonly Planned[]) => {
  const last = planned.at(-1);
  if (!last) return true;
  const stream = streamName({ aggregate: last.command.aggregate, id: last.writes });
  const at = new Date(last.at).toISOString();
  return (await log.readStream(stream)).some(({ metadata }) => metadata.occurredAt === at);
};
