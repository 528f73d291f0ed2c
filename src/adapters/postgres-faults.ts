import pg from 'pg';
import { LOG_CLOSED, LogReadOnly, LogUnavailable, StatementTooSlow } from '../core/outage.ts';

/** The server's five-letter code (SQLSTATE) of an error or of what caused it, where it has one. */
export const sqlState = (error: unknown): string | undefined => {
  if (error instanceof pg.DatabaseError) return error.code;
  return error instanceof Error && error.cause !== undefined ? sqlState(error.cause) : undefined;
};

/** Why nothing can be stored, by the server's code. */
const NO_WRITING: Readonly<Record<string, string>> = {
  '25006': LOG_CLOSED,
  '53100':
    'Nothing can be written for now: the disk of the database is full. Its operator must make room; reads go on.',
};

/** Why the server refuses to store anything, in words; undefined for every other error. */
export const whyReadOnly = (error: unknown): string | undefined => NO_WRITING[sqlState(error) ?? ''];

// 57014 is a statement that took too long.
const TOO_SLOW = '57014';
// Connection exceptions, insufficient resources, operator intervention.
const NO_ANSWER = /^(?:08|53|57P)/;
const CONNECTION_CODES = /^(?:ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET)/;
// What the client says itself has no code.
const CONNECTION_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|connection error and is not queryable|Client was closed/;

const isLost = (error: unknown): boolean =>
  error instanceof AggregateError
    ? error.errors.every(isLost)
    : error instanceof Error &&
      (CONNECTION_CODES.test((error as NodeJS.ErrnoException).code ?? '') || CONNECTION_MESSAGES.test(error.message));

/** What an error of the client or the server means for whoever asked: an error of the core where it is about storage, else itself. */
export const storageFault = (error: unknown): unknown => {
  const state = sqlState(error) ?? '';
  if (state === TOO_SLOW) return new StatementTooSlow(error);
  const readOnly = whyReadOnly(error);
  if (readOnly) return new LogReadOnly(readOnly, error);
  if (NO_ANSWER.test(state) || isLost(error))
    return new LogUnavailable(`The database gives no answer: ${wordsOf(error)}.`, error);
  return error;
};

/** An error of several attempts to connect has no message of its own. */
const wordsOf = (error: unknown): string =>
  (error as Error).message || (error as NodeJS.ErrnoException).code || 'no connection';
