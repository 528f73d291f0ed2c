import type { AppendRequest, EventLog } from '../core/event-log.ts';
import { derivedId, eventIdOf } from '../core/ids.ts';
import type { DemoTools } from './index.ts';
import { HISTORY } from './plan.ts';
import { planScale, type ScaleEvent, type ScaleSize } from './scale-plan.ts';

export type ScaleOptions = ScaleSize & {
  /** The moment at which the history ends. One that was begun before keeps its own. */
  readonly anchor?: Date;
  readonly signal?: AbortSignal;
  /** `events` counts those that were stored before as well; `share` is the part of the history that is told. */
  readonly onProgress?: (progress: { readonly events: number; readonly share: number }) => void;
};

export type ScaleOutcome = {
  readonly status: 'made' | 'interrupted';
  /** All events of this organisation in the log, and those of them that this call stored. */
  readonly events: number;
  readonly stored: number;
};

const BATCH = 2_000;

/**
 * Appends an organisation of any size straight to the log, as `source: SEED`, validated and sealed by the catalogue. Told again
 * with the same size and seed it goes on where it stopped, and appends nothing once it is whole.
 */
export const seedScale = async (tools: DemoTools, options: ScaleOptions): Promise<ScaleOutcome> => {
  const { log, sealing } = tools;
  const { members, posts, seed, anchor = new Date(), signal, onProgress } = options;
  const name = derivedId('scale', seed, members, posts);
  const first = `community-${derivedId('scale', seed, members, posts, 'community', 0)}`;
  const [founded] = await log.readStream(first);
  const start = founded ? Date.parse(founded.metadata.occurredAt) : anchor.getTime() - HISTORY;
  const plan = planScale({ members, posts, seed }, start, start + HISTORY, (kind, key) => sealing.hash(kind, key));

  let [events, stored, isBehind] = [0, 0, founded !== undefined];
  let pending: Promise<void> = Promise.resolve();
  for (const batch of inBatches(plan, BATCH)) {
    if (signal?.aborted) break;
    const from = events;
    events += batch.length;
    // Batches are stored in order: where the last event of one is there, all of it is.
    isBehind &&= await isStored(log, name, batch, from);
    if (!isBehind) {
      const requests = await toRequests(tools, name, batch, from);
      await pending;
      pending = appendAll(log, requests);
      pending.catch(() => {});
      stored += batch.length;
    }
    onProgress?.({ events, share: ((batch.at(-1)?.at ?? start) - start) / HISTORY });
  }
  await pending;
  return { status: signal?.aborted ? 'interrupted' : 'made', events, stored };
};

function* inBatches<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const commandIdOf = (name: string, n: number) => derivedId(name, n);

const isStored = async (log: EventLog, name: string, batch: readonly ScaleEvent[], from: number) => {
  const last = batch.at(-1);
  if (!last) return true;
  const id = eventIdOf(commandIdOf(name, from + batch.length - 1), last.stream, 0);
  return (await log.readStream(last.stream)).some((event) => event.id === id);
};

const toRequests = async (
  { catalogue, sealing }: DemoTools,
  name: string,
  batch: readonly ScaleEvent[],
  from: number,
): Promise<AppendRequest[]> => {
  await sealing.prepare(batch.flatMap(({ emitted }) => catalogue.subject(emitted) ?? []));
  const inputHash = sealing.hash('input', name);
  return batch.map(({ at, stream, expected, actor, emitted }, n) => {
    const commandId = commandIdOf(name, from + n);
    const metadata = {
      actor,
      occurredAt: new Date(at).toISOString(),
      commandId,
      inputHash,
      correlationId: name,
      causationId: commandId,
      source: 'SEED',
    } as const;
    const event = catalogue.write(emitted, { id: eventIdOf(commandId, stream, 0), stream, metadata });
    return { commandId, inputHash, stream, expected, events: [event] };
  });
};

const PATIENCE = 5;

/** Stores a batch whole; what got no answer is sent again as it was. */
const appendAll = async (log: EventLog, requests: readonly AppendRequest[]): Promise<void> => {
  let open = requests;
  for (let n = 0; open.length > 0; n++) {
    const outcomes = await log.append(open);
    const unsettled: AppendRequest[] = [];
    for (const [i, outcome] of outcomes.entries()) {
      const request = open[i] as AppendRequest;
      if (outcome.status === 'unknown' && n < PATIENCE) unsettled.push(request);
      else if (outcome.status !== 'appended' && outcome.status !== 'duplicate')
        throw new Error(
          `The stream "${request.stream}" could not be written: ${outcome.status}. Another seed may help.`,
        );
    }
    open = unsettled;
  }
};
