import { setTimeout as sleep } from 'node:timers/promises';
import { type AppendOutcome, NO_REVISION, readOnly } from '../../core/event-log.ts';
import { LOG_CLOSED, LogUnavailable } from '../../core/outage.ts';
import type { Position } from '../../core/position.ts';
import { refusal, type Storable } from '../storable.ts';
import { type Answer, type AttemptTools, attempt } from './attempt.ts';
import { KurrentFault } from './faults.ts';
import type { Reader } from './reader.ts';
import { createRemembered, type Done, type Known, knownAfter, UNKNOWN_STREAM } from './remembered.ts';
import { isTooDeep, type Names, toProposed } from './stored.ts';

export type Appender = {
  append(storable: Storable): Promise<AppendOutcome>;
  /** The log is known to reach to here. */
  onSeen(position: Position): void;
  /** Resolves once everything that was handed over is settled. */
  settled(): Promise<void>;
};

export type AppenderOptions = AttemptTools & {
  readonly reader: Reader;
  readonly names: Names;
  /** False: the log was moved, or is being moved. */
  isOpen(): boolean;
  /** How long an append has waited for the server when it was settled, in milliseconds. */
  readonly onAppend?: ((waitedMs: number) => void) | undefined;
};

const PAUSE = 100;

const UNKNOWN: AppendOutcome = {
  status: 'unknown',
  message: 'KurrentDB gave no definite answer in time: the append may have happened. Repeat the very same request.',
};
const REUSED = refusal('IDEMPOTENCY_KEY_REUSED', 'This command id was used before with another input: use a new one.');

/**
 * Appends, one at a time for each stream. Nothing is ever appended unchecked: what is to go behind whatever stands in a stream
 * is preceded by reading it, and goes exactly behind that.
 */
export const createAppender = (options: AppenderOptions): Appender => {
  const { reader, names, gate, isOpen, onAppend, patience } = options;
  const remembered = createRemembered();
  const busy = new Map<string, Promise<unknown>>();
  let seen: Position = 0n;

  const onSeen = (position: Position) => {
    if (position > seen) seen = position;
  };

  /** A server that is away for a moment is asked again: nothing is known until it has answered. */
  const patiently = async <R>(read: () => Promise<R>): Promise<R> => {
    for (const began = performance.now(); ; await sleep(PAUSE)) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof LogUnavailable) || performance.now() - began >= patience) throw error;
      }
    }
  };

  /** What stands in a stream, read on from what is remembered of it. */
  const look = async (stream: string, fresh = false): Promise<Known> => {
    const before = (fresh ? undefined : remembered.get(stream)) ?? UNKNOWN_STREAM;
    const known = knownAfter(before, await patiently(() => reader.stream(stream, before.revision + 1)));
    remembered.set(stream, known);
    return known;
  };

  const settle = async (storable: Storable): Promise<AppendOutcome> => {
    const { request, events, bytes } = storable;
    const { stream, commandId, inputHash } = request;
    const proposed = events.map((event) => toProposed(event));

    const repeated = (known: Known): AppendOutcome | undefined => {
      const left = known.commands.get(commandId);
      return left && (left.inputHash === inputHash ? left.outcome : REUSED);
    };
    const wants = ({ revision }: Known): number | null =>
      request.expected === 'any' || (request.expected === 'exists' && revision !== NO_REVISION) ? revision : null;

    let known: Known | undefined = remembered.get(stream);
    const isFixed = request.expected === 'none' || typeof request.expected === 'number';
    let expected: number | null = request.expected === 'none' ? NO_REVISION : null;
    if (typeof request.expected === 'number') expected = request.expected;

    for (;;) {
      const knownAlready = known && repeated(known);
      if (knownAlready) return knownAlready;
      const first = !isFixed && !known ? look(stream) : undefined;
      const release = await gate.enter(bytes, first);
      if (first) {
        known = await first;
        const found = repeated(known);
        expected = wants(known);
        if (found || expected === null) {
          release();
          return found ?? { status: 'conflict', actual: known.revision };
        }
      } else if (!isFixed) {
        expected = known ? wants(known) : null;
        if (expected === null) {
          release();
          // What is remembered may be old: a no is never said from it.
          const now = await look(stream);
          if (wants(now) === null) return repeated(now) ?? { status: 'conflict', actual: now.revision };
          known = now;
          continue;
        }
      }
      const before = seen;
      const sending = { stream: names.of(stream), events: proposed, expected: expected ?? NO_REVISION, bytes, release };
      const answer = await attempt(options, sending);
      const outcome = await settled(answer, storable, sending.expected, before);
      if (outcome) return outcome;
      known = await look(stream);
      const own = repeated(known);
      // Our own first attempt, whose answer was lost, is no repetition.
      if (own && 'first' in own && answer.answer === 'wrong version' && answer.again)
        return { ...own, status: 'appended' };
      if (own) return own;
      if (isFixed || wants(known) === null) return { status: 'conflict', actual: known.revision };
    }
  };

  /** Undefined where the stream has to be read to tell. */
  const settled = async (
    answer: Answer,
    storable: Storable,
    expected: number,
    before: Position,
  ): Promise<AppendOutcome | undefined> => {
    const { stream } = storable.request;
    if (answer.answer === 'unknown') {
      remembered.forget(stream);
      return UNKNOWN;
    }
    if (answer.answer === 'too large')
      return refusal('APPEND_TOO_LARGE', `KurrentDB takes no append of ${storable.bytes} bytes (its max-append-size).`);
    if (answer.answer === 'deleted') throw tampered(stream, 'was deleted for good');
    if (answer.answer === 'wrong version') return undefined;
    if (answer.revision !== expected + storable.events.length) throw tampered(stream, 'was deleted or truncated');
    const { place } = answer;
    // Known again by its ids: it stood there before it was sent, or nobody can tell where.
    if (!place || place.commit <= before) {
      remembered.forget(stream);
      return undefined;
    }
    onSeen(place.commit);
    const outcome = await appended(storable, expected, place.commit);
    remember(storable, expected, outcome);
    return outcome;
  };

  const appended = async ({ request, events }: Storable, expected: number, position: Position): Promise<Done> => {
    const last = { position, eventId: events.at(-1)?.event.id ?? '' };
    let first = last;
    if (events.length > 1) {
      // The server answers the place of the last event alone.
      const [opening] = await patiently(() => reader.stream(request.stream, expected + 1, 1));
      if (!opening) throw tampered(request.stream, 'lacks what was just appended to it');
      first = { position: opening.position, eventId: opening.id };
    }
    return { status: 'appended', first, last, revision: expected + events.length };
  };

  const remember = ({ request }: Storable, expected: number, outcome: Done) => {
    const { stream, commandId, inputHash } = request;
    const known = remembered.get(stream) ?? (expected === NO_REVISION ? UNKNOWN_STREAM : undefined);
    if (known?.revision !== expected) return remembered.forget(stream);
    const commands = new Map(known.commands);
    commands.set(commandId, { inputHash, outcome: { ...outcome, status: 'duplicate' } });
    return remembered.set(stream, { revision: outcome.revision, commands });
  };

  /** A stream's appends one after the other; those of others are not waited for. */
  const inTurn = async (storable: Storable): Promise<AppendOutcome> => {
    const { stream } = storable.request;
    const before = busy.get(stream);
    const began = performance.now();
    const mine = before ? before.then(() => settle(storable)) : settle(storable);
    const over = mine.catch(() => {});
    busy.set(stream, over);
    try {
      return await mine;
    } finally {
      if (busy.get(stream) === over) busy.delete(stream);
      onAppend?.(performance.now() - began);
    }
  };

  return {
    onSeen,
    append: async (storable) => {
      if (!isOpen()) return readOnly(LOG_CLOSED);
      if (storable.events.some(({ data }) => isTooDeep(data)))
        return refusal('NOT_STORABLE', `An event for "${storable.request.stream}" is nested too deep to be stored.`);
      try {
        return await inTurn(storable);
      } catch (error) {
        if (error instanceof KurrentFault) throw error;
        // The stream could not be read: whether anything was appended is not known.
        remembered.forget(storable.request.stream);
        return UNKNOWN;
      }
    },
    settled: async () => {
      while (busy.size > 0) await Promise.allSettled(busy.values());
    },
  };
};

const tampered = (stream: string, how: string) =>
  new KurrentFault(
    `The stream of "${stream}" in KurrentDB ${how} by somebody else. Palabre goes no further with it: restore it from a backup.`,
  );
