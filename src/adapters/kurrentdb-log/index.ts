import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AppendOutcome,
  type EventLog,
  type LogCapabilities,
  MAX_APPEND_BYTES,
  MAX_EVENT_BYTES,
} from '../../core/event-log.ts';
import { LOG_CLOSED } from '../../core/outage.ts';
import { endOfMany } from '../../core/patience.ts';
import type { Cursor, LogIdentity } from '../../core/position.ts';
import { type Logger, silent } from '../postgres-log/logger.ts';
import { isRefusal, toStorable } from '../storable.ts';
import { subscription } from '../subscription.ts';
import { createAppender } from './appender.ts';
import { heedOrphans, loadKurrent, probe } from './client.ts';
import { explainStart, isForPeople, KurrentFault, within } from './faults.ts';
import { createGate } from './gate.ts';
import { createIdentity, type LogState, toLogState } from './identity.ts';
import { createReader } from './reader.ts';
import { namesIn } from './stored.ts';
import { createTail } from './tail.ts';

export { KurrentFault } from './faults.ts';

export type KurrentSettings = {
  /** With its secrets; never shown. */
  readonly connectionString: string;
  /** Hosts and ports, without secrets: for people. */
  readonly address: string;
  /** Which streams of the server are this log's. */
  readonly namespace: string;
};

export type KurrentLogOptions = KurrentSettings & {
  readonly logger?: Logger;
  /** Who the log becomes where there is none yet. */
  readonly identity?: LogIdentity;
  /** How long an append may go without a definite answer before it ends `unknown`, in milliseconds. */
  readonly patience?: number;
  /** How long a server that does not answer is waited for at the start, in milliseconds. */
  readonly startPatience?: number;
  /** How often the live subscription is compared with the end of the log, in milliseconds. */
  readonly watch?: number;
  /** Hears how long each append of a call has waited, in milliseconds. */
  readonly onBatch?: ((waitedMs: readonly number[]) => void) | undefined;
};

/** Less than an operation may take (EXECUTION_MS), so that whoever asked hears what is the matter. */
const PATIENCE = 9_000;
const START_PATIENCE = 8_000;
const PAUSE = 250;
const DEFAULT_LIMIT = 1_000;

const capabilities: LogCapabilities = {
  densePositions: false,
  recordedAtMonotonic: false,
  maxEventBytes: MAX_EVENT_BYTES,
  maxAppendBytes: MAX_APPEND_BYTES,
};

/** Opens the log that one organisation keeps on a KurrentDB. Several processes may have it open at once. */
export const openKurrentLog = async (options: KurrentLogOptions): Promise<EventLog> => {
  const { logger = silent, patience = PATIENCE, address, onBatch } = options;
  const names = namesIn(options.namespace);
  const kurrent = await loadKurrent();
  const stopHeeding = heedOrphans(logger);
  // Appends have a client of their own: what goes wrong in their one shared call must not cut the readers off.
  const reading = kurrent.connect(options.connectionString);
  const appending = kurrent.connect(options.connectionString);
  const letGo = async () => {
    await Promise.all([reading.close(), appending.close()]);
    stopHeeding();
  };
  const reader = createReader({ kurrent, connection: reading, names, address, patience });
  const identities = createIdentity({ connection: appending, reader, stream: names.identity, patience });

  let state: LogState;
  let end: Cursor;
  try {
    [state, end] = await patientStart(
      async () => [await identities.found(options.identity), await reader.head()] as const,
      address,
      options.startPatience ?? START_PATIENCE,
      () => probe(reading.client(), kurrent.filter({ prefixes: [names.prefix] })),
    );
  } catch (error) {
    await letGo();
    throw error;
  }
  const { logId, incarnation } = state;

  const appender = createAppender({
    ...{ connection: appending, gate: createGate(), reader, names, logger, address, patience },
    isOpen: () => state.state === 'open',
    onAppend: onBatch && ((ms) => onBatch([ms])),
  });
  // What is known again from here on, and stands before this end, was there before this process.
  appender.onSeen(end.position);
  const tail = createTail({
    ...{ kurrent, connection: reading, reader, names, logger },
    ...(options.watch !== undefined && { watch: options.watch }),
    onSeen: appender.onSeen,
    onIdentity: ({ event }) => {
      state = (event && toLogState(event)) ?? state;
    },
  });
  const closing = endOfMany();

  const readAll: EventLog['readAll'] = async ({ after, limit = DEFAULT_LIMIT, filter }) => {
    const batch = await reader.all(after, limit, filter?.types);
    appender.onSeen(batch.cursor.position);
    return batch;
  };
  const verify: EventLog['verify'] = async (cursor) => {
    if (!tail.knows(cursor)) await reader.verify(cursor);
  };

  const append = async (storables: readonly ReturnType<typeof toStorable>[]): Promise<AppendOutcome[]> => {
    const outcomes: AppendOutcome[] = [];
    // One after the other: what was handed over together keeps its order also where one has to be sent again.
    for (const storable of storables) {
      const before = outcomes.at(-1);
      if (isRefusal(storable)) outcomes.push(storable);
      else outcomes.push(before?.status === 'unknown' ? before : await appender.append(storable));
    }
    return outcomes;
  };

  let closed: Promise<void> | undefined;
  const close = async () => {
    closing.abort();
    await appender.settled();
    await tail.close();
    await letGo();
  };

  return {
    identity: { logId, incarnation },
    capabilities,
    whyReadOnly: () => (state.state === 'open' ? null : LOG_CLOSED),
    append: async (requests) => {
      const storables = requests.map(toStorable);
      if (closing.signal.aborted) throw new Error('This log is closed.');
      return append(storables);
    },
    readStream: (stream, { from = 0, limit } = {}) => reader.stream(stream, from, limit),
    readAll,
    head: reader.head,
    verify,
    subscribe: (wanted) =>
      subscription(
        {
          tail,
          verify,
          read: readAll,
          onTrouble: (error) => logger.warn({ error }, 'The log cannot be read for now; the subscriber waits.'),
          closing: closing.signal,
        },
        wanted,
      ),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};

/** Waits for a server that starts or is away for a moment; tells in words what is wrong with one that stays away. */
const patientStart = async <R>(
  run: () => Promise<R>,
  address: string,
  patience: number,
  ask: () => Promise<unknown>,
): Promise<R> => {
  const until = performance.now() + patience;
  for (;;) {
    const left = until - performance.now();
    try {
      return await within(Math.max(left, PAUSE), run());
    } catch (error) {
      const cause = (error as { cause?: unknown }).cause ?? error;
      if (error instanceof KurrentFault) throw error;
      if (isForPeople(cause) || until - performance.now() <= PAUSE)
        throw new KurrentFault(await explainStart(cause, address, ask), cause);
    }
    await sleep(PAUSE);
  }
};
