import { GraphQLError } from 'graphql';
import { CursorError } from '../src/core/position.ts';

/**
 * Every code that a top-level error can carry in `extensions.code`, and what it asks of the client. What a rule
 * refuses is not here: that is a `UserError` in a payload.
 */
export const faultCodes = {
  UNAUTHENTICATED: 'No valid token came with the request: get one and send it as "Authorization: Bearer <token>".',
  FORBIDDEN: 'The token is valid, but none of its roles allows this.',
  NOT_FOUND: 'It is not there, or the viewer may not see it.',
  BAD_USER_INPUT: 'An argument has a value that cannot be honoured: the message says which.',
  PAGE_SIZE_OUT_OF_RANGE: 'A page has 1 to 100 items.',
  LIST_TOO_LONG: 'A list in the arguments has more items than it may have.',
  CURSOR_MALFORMED: 'This is not a cursor that Palabre gave out for this list.',
  CURSOR_OF_ANOTHER_LOG: 'The cursor was given out by another deployment.',
  CURSOR_OF_OLDER_INCARNATION: 'The log was restored since the cursor was given out: read again from a fresh position.',
  CURSOR_FROM_THE_FUTURE: 'The cursor is beyond the end of the log: read again from a fresh position.',
  WINDOW_INVALID: 'A window ends after it begins, lasts at most 50 years, and has at most 500 buckets.',
  STALE_READ: 'What was written is stored, but cannot be read yet: read again, do not write again.',
  OUTCOME_UNKNOWN: 'It is not known whether this was stored: repeat it with the same idempotency key.',
  IDENTITY_PROVIDER_UNAVAILABLE: 'No token can be checked at the moment: try again.',
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  INTERNAL_SERVER_ERROR: 'A fault of the server; it is logged under the request id.',
} as const;

export type FaultCode = keyof typeof faultCodes;

/** A top-level error: a fault of the request, of rights or of the server. */
export const fault = (code: FaultCode, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });

/** Runs what may refuse a cursor; its refusal becomes a top-level error with the same code. */
export const withCursorFaults = async <R>(work: () => Promise<R>): Promise<R> => {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CursorError ? fault(error.code, error.message) : error;
  }
};
