import type { AppendOutcome } from '../../core/event-log.ts';
import type { Fragment } from './batch.ts';

/** An append that waits for its outcome. */
export type Ticket = {
  readonly stream: string;
  readonly fragment: Fragment;
  readonly bytes: number;
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
  let events = 0;
  let bytes = 0;
  let looked = 0;
  for (const ticket of queue) {
    events += ticket.fragment.events.length;
    bytes += ticket.bytes;
    const full = batch.length > 0 && (events > MAX_EVENTS || bytes > MAX_BYTES || batch.length === MAX_APPENDS);
    if (full || looked === MAX_LOOKED_AT) break;
    looked += 1;
    if (streams.has(ticket.stream) || calls.has(ticket.call)) {
      streams.add(ticket.stream);
      calls.add(ticket.call);
      waiting.push(ticket);
      events -= ticket.fragment.events.length;
      bytes -= ticket.bytes;
    } else {
      streams.add(ticket.stream);
      batch.push(ticket);
    }
  }
  queue.splice(0, looked, ...waiting);
  return batch;
};
