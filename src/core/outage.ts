// What storage says when it cannot do what it is asked. Adapters throw these; none of them says anything of the request itself.

/** The log, or the database that holds what the request needs, gives no answer. Why stands in the message, for operators. */
export class LogUnavailable extends Error {
  readonly code = 'LOG_UNAVAILABLE';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogUnavailable';
  }
}

/** Nothing can be stored for now: nothing was, and nothing is wrong with what was asked. Reads go on. */
export class LogReadOnly extends Error {
  readonly code = 'READ_ONLY';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogReadOnly';
  }
}

/** Why a log that is being moved, or whose database takes no writing, refuses appends. */
export const LOG_CLOSED =
  'Nothing can be written for now: the log is being moved, was moved, or its database is read-only. Try again in a while.';

/** One statement took longer than a statement may. */
export class StatementTooSlow extends Error {
  readonly code = 'TIMEOUT';
  constructor(cause?: unknown) {
    super(
      'The database took longer than one statement may (limit STATEMENT_MS): ask for less, or for a shorter window.',
      { cause },
    );
    this.name = 'StatementTooSlow';
  }
}
