import { GraphQLError } from 'graphql';
import type { EventLog } from '../src/core/event-log.ts';
import type { FaultCode } from '../src/core/fault-codes.ts';
import { CursorError, encodeCursor } from '../src/core/position.ts';

/** A top-level error: a fault of the request, of rights or of the server. */
export const fault = (code: FaultCode, message: string, details: object = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...details } });

/** Runs what may refuse a cursor; its refusal becomes a top-level error with the same code, and with a fresh cursor where that helps. */
export const withCursorFaults = async <R>(
  { identity, head }: Pick<EventLog, 'identity' | 'head'>,
  work: () => Promise<R>,
): Promise<R> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    if (error.code === 'CURSOR_MALFORMED') throw fault(error.code, error.message);
    throw fault(error.code, error.message, { cursor: encodeCursor(identity, await head()) });
  }
};
