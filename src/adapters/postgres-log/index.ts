import { type EventLog, type LogCapabilities, MAX_APPEND_BYTES, MAX_EVENT_BYTES } from '../../core/event-log.ts';
import { endOfMany } from '../../core/patience.ts';
import { type Database, openPool } from '../postgres.ts';
import { isRefusal, toStorable } from '../storable.ts';
import { subscription } from '../subscription.ts';
import { startAnnouncer } from './announcer.ts';
import { startCommitter } from './committer.ts';
import { startListener } from './listener.ts';
import { type Logger, silent } from './logger.ts';
import { startPruning } from './pruning.ts';
import { createReader, toLogBatch } from './reader.ts';
import { createTail } from './tail.ts';

export type PostgresLogOptions = Database & {
  readonly logger?: Logger;
  /** How long an append may go without an answer before it ends `unknown`, in milliseconds (6,000; at worst half as long again). */
  readonly patience?: number;
  /** Hears how long each append of a batch has waited, in milliseconds. */
  readonly onBatch?: (waitedMs: readonly number[]) => void;
};

const READERS = 6;
/** At worst half as long again, and that is less than an operation may take (EXECUTION_MS): whoever asked hears what is the matter. */
const PATIENCE = 6_000;
const DEFAULT_LIMIT = 1_000;
/** A read that goes without an answer so many times as long as an append may is asked again, on another connection. */
const READS_WAIT = 3;

const capabilities: LogCapabilities = {
  densePositions: true,
  recordedAtMonotonic: true,
  maxEventBytes: MAX_EVENT_BYTES,
  maxAppendBytes: MAX_APPEND_BYTES,
};

/** Opens the log of a database that `migrate` has brought up to date. Several processes may have it open at once. */
export const openPostgresLog = async (options: PostgresLogOptions): Promise<EventLog> => {
  const { logger = silent, patience = PATIENCE, onBatch, ...database } = options;
  const pool = openPool(database, { name: 'log', max: READERS, answerTimeout: READS_WAIT * patience });
  const reader = createReader(pool);
  const identity = await reader.identity().catch(async (cause) => {
    await pool.end();
    throw new Error(`The log cannot be opened: ${cause.message}. Is this database migrated?`, { cause });
  });

  const tail = createTail(reader, logger);
  const announcer = startAnnouncer(database);
  const committer = await startCommitter({
    database,
    logger,
    patience,
    onBatch,
    onCommitted: (head) => {
      tail.hint(head);
      announcer.announce(head);
    },
  });
  const listener = startListener({ database, logger, onHint: tail.hint });
  const pruning = startPruning(pool, logger);
  const closing = endOfMany();

  const readAll: EventLog['readAll'] = async ({ after, limit = DEFAULT_LIMIT, filter }) =>
    filter?.types
      ? reader.filteredPage(after, limit, filter.types)
      : toLogBatch(await reader.page(after, limit), after);

  let closed: Promise<void> | undefined;
  const close = async () => {
    closing.abort();
    pruning.stop();
    await committer.close();
    await Promise.all([tail.close(), announcer.close(), listener.close()]);
    await pool.end();
  };

  return {
    identity,
    capabilities,
    append: async (requests) => {
      const storables = requests.map(toStorable);
      const call = {};
      return Promise.all(
        storables.map((storable) => (isRefusal(storable) ? storable : committer.append(storable, call))),
      );
    },
    whyReadOnly: committer.whyReadOnly,
    readStream: (stream, { from = 0, limit } = {}) => reader.stream(stream, from, limit ?? null),
    readAll,
    head: reader.head,
    verify: reader.verify,
    subscribe: (options) =>
      subscription(
        {
          tail,
          verify: reader.verify,
          read: readAll,
          onTrouble: (error) => logger.warn({ error }, 'The log cannot be read for now; the subscriber waits.'),
          closing: closing.signal,
        },
        options,
      ),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
