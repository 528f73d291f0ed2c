import { randomUUID } from 'node:crypto';
import type { EventMetadata, NewEvent, StoredEvent } from '../../src/core/event.ts';
import type { AppendRequest, EventLog, Expected, LogBatch, LogFilter } from '../../src/core/event-log.ts';
import type { Cursor } from '../../src/core/position.ts';

export const metadata: EventMetadata = {
  actor: 'system',
  occurredAt: '2026-02-03T04:05:06.789Z',
  commandId: '6f1c8a52-4a0e-4f6e-9a3b-0d5b8f3f2d11',
  inputHash: 'b2f5ff47436671b6e533d8dc3614845d',
  correlationId: '6f1c8a52-4a0e-4f6e-9a3b-0d5b8f3f2d11',
  causationId: '6f1c8a52-4a0e-4f6e-9a3b-0d5b8f3f2d11',
  source: 'NATIVE',
};

export const event = (data: object = {}, type = 'LampLit'): NewEvent => ({
  id: randomUUID(),
  type,
  version: 1,
  data,
  metadata,
});

export const events = (count: number, type = 'LampLit') => Array.from({ length: count }, (_, n) => event({ n }, type));

export const newStream = () => `lamp-${randomUUID()}`;

/** An append of one event to a new stream, but for what is said. */
export const anAppend = (said: Partial<AppendRequest> = {}): AppendRequest => ({
  commandId: randomUUID(),
  inputHash: 'hash of the input',
  stream: newStream(),
  expected: 'any',
  events: [event()],
  ...said,
});

/** An append whose events say whose they are, as those of commands do: a repeat is found by that. */
export const aCommand = (said: Partial<AppendRequest> = {}): AppendRequest => {
  const request = anAppend(said);
  const { commandId, inputHash } = request;
  return {
    ...request,
    events: request.events.map((each) => ({ ...each, metadata: { ...each.metadata, commandId, inputHash } })),
  };
};

/** Appends events to a stream and answers the one outcome. */
export const append = async (
  log: EventLog,
  stream: string,
  expected: Expected,
  what: readonly NewEvent[] = [event()],
) => {
  const [outcome] = await log.append([anAppend({ stream, expected, events: what })]);
  if (!outcome) throw new Error('An append got no outcome.');
  return outcome;
};

/** All events after a cursor, by pages of so many. */
export const readOn = async (
  log: EventLog,
  after: Cursor,
  limit = 1_000,
  filter?: LogFilter,
): Promise<StoredEvent[]> => {
  const read: StoredEvent[] = [];
  for (let cursor = after; ; ) {
    const batch: LogBatch = await log.readAll({ after: cursor, limit, ...(filter && { filter }) });
    read.push(...batch.events);
    if (batch.caughtUp) return read;
    if (batch.cursor.position <= cursor.position) throw new Error(`Reading stands still at ${cursor.position}.`);
    cursor = batch.cursor;
  }
};

/** What a subscription delivers until `enough` says so. */
export const follow = async (
  log: EventLog,
  options: { after: Cursor; filter?: LogFilter },
  enough: (batches: readonly LogBatch[]) => boolean,
): Promise<LogBatch[]> => {
  const batches: LogBatch[] = [];
  for await (const batch of log.subscribe(options)) {
    batches.push(batch);
    if (enough(batches)) break;
  }
  return batches;
};

export const idsOf = (what: readonly { readonly id: string }[]) => what.map(({ id }) => id);

export const eventsOf = (batches: readonly LogBatch[]) => batches.flatMap((batch) => batch.events);
