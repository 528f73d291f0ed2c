import { GraphQLError } from 'graphql';
import type { FaultCode } from '../src/core/fault-codes.ts';
import { CursorError } from '../src/core/position.ts';

/** A top-level error: a fault of the request, of rights or of the server. */
export const fault = (code: FaultCode, message: string, details: object = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...details } });

/** Runs what may refuse a cursor; its refusal becomes a top-level error with the same code. */
export const withCursorFaults = async <R>(work: () => Promise<R>): Promise<R> => {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CursorError ? fault(error.code, error.message) : error;
  }
};
