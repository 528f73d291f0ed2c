import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue } from './catalogue.ts';
import { type AnyAggregate, type AnyEmitted, type StreamRef, streamName } from './decider.ts';
import type { EventMetadata, NewEvent, StoredEvent } from './event.ts';
import type { AppendOutcome, AppendRequest, EventLog, Expected } from './event-log.ts';
import { eventIdOf } from './ids.ts';
import { LogReadOnly, LogUnavailable } from './outage.ts';
import type { Cursor } from './position.ts';
import { Rejection } from './rejection.ts';
import type { Sealing } from './sealing.ts';
import type { States } from './states.ts';

/** The append may have happened: repeat the command with the same idempotency key. */
export class OutcomeUnknown extends Error {
  readonly code = 'OUTCOME_UNKNOWN';
  constructor() {
    super('It is not known whether this was stored: repeat it with the same idempotency key.');
    this.name = 'OutcomeUnknown';
  }
}

export type Settled = Extract<AppendOutcome, { status: 'appended' | 'duplicate' }>;
type Conflicted = Extract<AppendOutcome, { status: 'conflict' }>;

/** Stores what a command emits for one stream; answers what the log says of it, or throws. */
export type Append = (
  to: StreamRef<AnyAggregate>,
  expected: Expected,
  emitted: readonly AnyEmitted[],
) => Promise<Settled | Conflicted>;

export type AppendTools = {
  readonly log: EventLog;
  readonly catalogue: Catalogue;
  readonly sealing: Sealing;
  readonly states: States;
  /** How long an append without a definite answer is repeated. */
  readonly patienceMs: number;
};

/** The appends of one command: every event says whose it is and gets an id that a repeat would give it too. */
export const createAppend =
  ({ log, catalogue, sealing, states, patienceMs }: AppendTools, metadata: EventMetadata): Append =>
  async (to, expected, emitted) => {
    await sealing.prepare(emitted.flatMap((event) => catalogue.subject(event) ?? []));
    const { commandId, inputHash } = metadata;
    const stream = streamName(to);
    const events = emitted.map((event, n) =>
      catalogue.write(event, { id: eventIdOf(commandId, stream, n), stream, metadata }),
    );
    const outcome = await settle(log, { commandId, inputHash, stream, expected, events }, patienceMs);
    if (outcome.status === 'appended') states.observe(stored(events, stream, outcome), to.aggregate);
    else states.forget(stream);
    if (outcome.status === 'unknown')
      throw outcome.sent === false ? new LogUnavailable(outcome.message) : new OutcomeUnknown();
    if (outcome.status !== 'refused') return outcome;
    if (outcome.code === 'IDEMPOTENCY_KEY_REUSED') throw reused();
    if (outcome.code === 'READ_ONLY') throw new LogReadOnly(outcome.message);
    throw new Rejection(outcome.code, outcome.message);
  };

const PAUSE_MS = 50;

/** Sends an append until it has a definite answer or patience ends; always the very same request. */
const settle = async (log: EventLog, request: AppendRequest, patienceMs: number): Promise<AppendOutcome> => {
  const deadline = Date.now() + patienceMs;
  let wasSent = false;
  for (;;) {
    const [outcome] = await log.append([request]);
    if (!outcome) throw new Error('The log settled fewer appends than it was given.');
    // What one attempt may have stored is not undone by a later one that cannot be sent, or is refused.
    const { status } = outcome;
    if (wasSent && status === 'refused' && outcome.code === 'READ_ONLY')
      return { status: 'unknown', message: outcome.message };
    if (status !== 'unknown') return outcome;
    wasSent ||= outcome.sent !== false;
    if (Date.now() >= deadline) return wasSent ? { status, message: outcome.message } : outcome;
    await sleep(PAUSE_MS);
  }
};

/** One's own events as they now stand in the log; only what folds of command state look at is exact. */
const stored = (events: readonly NewEvent[], stream: string, { last, revision }: Settled): StoredEvent[] =>
  events.map((event, n) => ({
    ...event,
    stream,
    revision: revision - events.length + 1 + n,
    position: last.position,
    recordedAt: event.metadata.occurredAt,
  }));

/** What a command that was executed before has left in a stream, and what stood there before it. */
export type Repeat = {
  readonly before: readonly StoredEvent[];
  readonly first: Cursor;
  readonly last: Cursor;
  readonly revision: number;
  readonly events: number;
};

/** Finds a command's own events in a stream; rejects the same command id with another input. */
export const findRepeat = async (
  log: EventLog,
  stream: string,
  { commandId, inputHash }: Pick<EventMetadata, 'commandId' | 'inputHash'>,
): Promise<Repeat | null> => {
  const all = await log.readStream(stream);
  const own = all.filter(({ metadata }) => metadata.commandId === commandId);
  const [first, last] = [own[0], own.at(-1)];
  if (!first || !last) return null;
  if (first.metadata.inputHash !== inputHash) throw reused();
  return {
    before: all.filter(({ revision }) => revision < first.revision),
    first: { position: first.position, eventId: first.id },
    last: { position: last.position, eventId: last.id },
    revision: last.revision,
    events: own.length,
  };
};

const reused = () =>
  new Rejection('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used with another input: take a new key.', [
    'idempotencyKey',
  ]);
