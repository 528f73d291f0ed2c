import type { AppendOutcome } from '../../core/event-log.ts';
import type { Storable } from '../storable.ts';

/** An append that waits for its outcome. */
export type Ticket = {
  readonly storable: Storable;
  /** What was handed over in one call keeps its order in the log. */
  readonly call: object;
  readonly since: number;
  readonly settle: (outcome: AppendOutcome) => void;
};

const MAX_APPENDS = 500;
const MAX_EVENTS = 2_000;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_LOOKED_AT = 4 * MAX_APPENDS;

/**
 * Takes the next batch off the queue: the oldest tickets, one for each stream. A second ticket for a stream waits for the next
 * batch, and what its call handed over after it waits with it. Never empty while the queue is not.
 */
export const takeBatch = (queue: Ticket[]): Ticket[] => {
  const batch: Ticket[] = [];
  const waiting: Ticket[] = [];
  const streams = new Set<string>();
  const calls = new Set<object>();
  let [events, bytes, looked] = [0, 0, 0];
  for (const ticket of queue) {
    const { request, ...stored } = ticket.storable;
    const tooMany = events + stored.events.length > MAX_EVENTS || bytes + stored.bytes > MAX_BYTES;
    if (batch.length === MAX_APPENDS || looked === MAX_LOOKED_AT || (tooMany && batch.length > 0)) break;
    looked += 1;
    if (streams.has(request.stream) || calls.has(ticket.call)) {
      calls.add(ticket.call);
      waiting.push(ticket);
    } else {
      batch.push(ticket);
      events += stored.events.length;
      bytes += stored.bytes;
    }
    streams.add(request.stream);
  }
  queue.splice(0, looked, ...waiting);
  return batch;
};
