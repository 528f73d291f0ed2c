import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { type AppendOutcome, readOnly } from '../../core/event-log.ts';
import type { Position } from '../../core/position.ts';
import { type Database, newClient } from '../postgres.ts';
import { sqlState, whyReadOnly } from '../postgres-faults.ts';
import { refusal, type Storable } from '../storable.ts';
import { appendBatch } from './batch.ts';
import type { Logger } from './logger.ts';
import { type Ticket, takeBatch } from './queue.ts';

export type Committer = {
  append(storable: Storable, call: object): Promise<AppendOutcome>;
  /** Why the last batch was refused as a whole; null once one was stored. */
  whyReadOnly(): string | null;
  /** Settles what waits, then lets the connection go. */
  close(): Promise<void>;
};

type Options = {
  readonly database: Database;
  readonly logger: Logger;
  /** Called after each commit with the log's new end. */
  readonly onCommitted: (head: Position) => void;
  /** How long an append may go without an answer before it ends unknown, in milliseconds. */
  readonly patience: number;
  /** Hears how long each append of a batch has waited, in milliseconds, when the batch goes on its way. */
  readonly onBatch?: ((waitedMs: readonly number[]) => void) | undefined;
};

type Settled = readonly [Ticket, AppendOutcome];

const FIRST_PAUSE = 20;
const LAST_PAUSE = 1_000;

// The append function only ever probes indexes. A plan made while the tables were small must do the same when they are large.
const SESSION = `
  set plan_cache_mode = force_generic_plan;
  set enable_seqscan = off;
  set enable_mergejoin = off;
  set jit = off`;

const NOT_SENT: AppendOutcome = {
  status: 'unknown',
  sent: false,
  message: 'The database takes no connection: the append was not sent.',
};

const UNKNOWN: AppendOutcome = {
  status: 'unknown',
  message: 'The database gave no answer in time: the append may have happened. Repeat the very same request.',
};

/**
 * Group commit. One connection, one batch at a time: while a batch goes to disk, the next gathers by itself, so no timer is
 * needed. A batch whose answer was lost is sent again; the command ids make that harmless.
 */
export const startCommitter = async ({
  database,
  logger,
  onCommitted,
  patience,
  onBatch,
}: Options): Promise<Committer> => {
  const queue: Ticket[] = [];
  let work: Promise<void> | undefined;
  let closed = false;
  let client: Client | undefined;
  let troubleSince: number | undefined;
  let refusing: string | null = null;

  const connect = async (): Promise<Client> => {
    const fresh = newClient(database, {
      name: 'append',
      statementTimeout: patience / 2,
      answerTimeout: patience / 2,
    });
    fresh.on('error', () => drop(fresh));
    try {
      await fresh.connect();
      await fresh.query(SESSION);
    } catch (error) {
      drop(fresh);
      throw error;
    }
    client = fresh;
    return fresh;
  };

  const drop = (broken: Client | undefined) => {
    if (client === broken) client = undefined;
    broken?.end().catch(() => {});
  };

  const run = async () => {
    // Whoever was woken by the last batch gets the chance to be in this one.
    await nextTurn();
    let settled: Settled[] = [];
    while (queue.length > 0) {
      const batch = takeBatch(queue);
      onBatch?.(batch.map(({ since }) => performance.now() - since));
      const committing = commit(batch);
      // The next batch is on its way before anybody hears of the last one: client and server work at the same time.
      report(settled);
      settled = await committing;
    }
    work = undefined;
    report(settled);
  };

  const report = (settled: readonly Settled[]) => {
    for (const [ticket, outcome] of settled) ticket.settle(outcome);
  };

  const commit = async (batch: Ticket[]): Promise<Settled[]> => {
    const settled: Settled[] = [];
    let tickets = batch;
    // An attempt whose answer was lost may have been stored: no later refusal makes that undone.
    let isDoubtful = false;
    for (let pause = FIRST_PAUSE; tickets.length > 0; pause = Math.min(2 * pause, LAST_PAUSE)) {
      const began = performance.now();
      let isSent = false;
      try {
        const storables = tickets.map(({ storable }) => storable);
        const session = client ?? (await connect());
        isSent = true;
        const outcomes = await appendBatch(session, storables);
        troubleSince = undefined;
        refusing = null;
        announce(outcomes);
        return settled.concat(tickets.map((ticket, n) => [ticket, outcomes[n] ?? UNKNOWN]));
      } catch (error) {
        if (isAboutData(error)) return settled.concat(await commitApart(tickets, error));
        const why = whyReadOnly(error);
        if (why) {
          refusing = why;
          return settled.concat(
            isDoubtful ? asUnknown(tickets, true) : tickets.map((ticket) => [ticket, readOnly(why)]),
          );
        }
        isDoubtful ||= isSent && !isAboutTime(error);
        logger.warn({ error }, 'An append got no answer; it is sent again.');
        troubleSince ??= began;
        if (!isAboutTime(error)) drop(client);
        settled.push(...asUnknown(tickets.filter(isGivenUp), isDoubtful));
        tickets = tickets.filter((ticket) => !isGivenUp(ticket));
        report(asUnknown(queue.filter(isGivenUp), false));
        queue.splice(0, queue.length, ...queue.filter((ticket) => !isGivenUp(ticket)));
        if (tickets.length > 0) await sleep(pause);
      }
    }
    return settled;
  };

  // Patience counts from the beginning of the trouble: what waits long in a busy queue survives the first failure.
  const isGivenUp = ({ since }: Ticket) =>
    troubleSince !== undefined && performance.now() - Math.max(since, troubleSince) >= patience;

  // An append that the database cannot store fails its whole batch. Halving finds it, and the others go through.
  const commitApart = async (tickets: Ticket[], error: unknown): Promise<Settled[]> => {
    const [guilty, ...others] = tickets;
    if (guilty && others.length === 0)
      return [
        [guilty, refusal('NOT_STORABLE', `The database cannot store this append (its code: ${sqlState(error)}).`)],
      ];
    const middle = Math.ceil(tickets.length / 2);
    const firstHalf = await commit(tickets.slice(0, middle));
    return firstHalf.concat(await commit(tickets.slice(middle)));
  };

  const announce = (outcomes: readonly AppendOutcome[]) => {
    const last = outcomes.findLast((outcome) => outcome.status === 'appended');
    if (last?.status === 'appended') onCommitted(last.last.position);
  };

  await connect();
  return {
    append: (storable, call) => {
      if (closed) return Promise.reject(new Error('This log is closed.'));
      return new Promise((settle) => {
        queue.push({ storable, call, since: performance.now(), settle });
        work ??= run();
      });
    },
    whyReadOnly: () => refusing,
    close: async () => {
      closed = true;
      await work;
      await client?.end();
    },
  };
};

const asUnknown = (tickets: readonly Ticket[], wasSent: boolean): Settled[] =>
  tickets.map((ticket) => [ticket, wasSent ? UNKNOWN : NOT_SENT]);

// Classes 21, 22, 23, 44: the values; 54: too deep or too large. No retry cures them.
const isAboutData = (error: unknown) => /^(?:2[123]|44|54)/.test(sqlState(error) ?? '');

// A lock or statement time-out, a deadlock: rolled back, and the connection is sound.
const isAboutTime = (error: unknown) => /^(?:40|55P03|57014)/.test(sqlState(error) ?? '');
