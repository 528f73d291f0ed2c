import type { ExecutionResult } from 'graphql';
import type { FaultCode } from '../core/fault-codes.ts';
import { type Handed, handed, mapped } from '../core/handed.ts';
import { finishError, internalError, publicError, type Telling } from './faults.ts';

/** A result as it is sent: its errors in the form that clients get to see. */
export const finishedResult = (result: ExecutionResult, telling: Telling): ExecutionResult =>
  result.errors?.length ? { ...result, errors: result.errors.map((error) => finishedError(error, telling)) } : result;

/** The last thing that a stream tells: why it ends, and from where to go on. */
export const lastResult = (error: unknown, cursor: string | null, telling: Telling): ExecutionResult => {
  const shown = publicError(error);
  if (!shown) telling.logger.error({ err: error, requestId: telling.requestId }, 'A stream broke off.');
  const told = finishError(shown ?? internalError(error), telling);
  const { extensions } = told;
  Object.assign(extensions, cursor !== null && extensions.cursor === undefined && { cursor });
  return { errors: [finishedError(told, telling)] };
};

/** The same as plain data, where no result of GraphQL is expected. */
export const lastWords = (error: unknown, cursor: string | null, telling: Telling) => {
  const told = lastResult(error, cursor, telling).errors?.[0];
  return { message: told?.message, code: String(told?.extensions.code), ...told?.extensions };
};

/** A status says nothing in the middle of a stream. */
export const finishedError: typeof finishError = (error, telling) => {
  const finished = finishError(error, telling);
  delete finished.extensions.http;
  return finished;
};

/** The cursor of what a subscription delivered, where its client asked for it. */
export const cursorIn = ({ data }: ExecutionResult): string | null => {
  const [payload] = Object.values(data ?? {});
  const { cursor } = (payload ?? {}) as { readonly cursor?: unknown };
  return typeof cursor === 'string' ? cursor : null;
};

/** What reading again may mend: a fault of ours, or of the database for now. */
const UNREAD: ReadonlySet<unknown> = new Set<FaultCode>([
  'INTERNAL_SERVER_ERROR',
  'LOG_UNAVAILABLE',
  'STALE_READ',
  'TIMEOUT',
]);
/** After these a client that comes back goes on. */
const PASSING: ReadonlySet<unknown> = new Set<FaultCode>(['CONSUMER_TOO_SLOW', 'SERVER_STOPPING', 'TOKEN_EXPIRED']);

/** Whether a stream that ends so is to be followed again: then its client must not take the end for a regular one. */
export const isPassing = (error: unknown): boolean => {
  const code = publicError(error)?.extensions.code ?? 'INTERNAL_SERVER_ERROR';
  return PASSING.has(code) || UNREAD.has(code);
};

/** Whether an error is not of the subscription that met it: the others that are open here meet it too. */
export const isOutage = (error: unknown): boolean => OUTAGES.has(publicError(error)?.extensions.code);
const OUTAGES: ReadonlySet<unknown> = new Set<FaultCode>(['LOG_UNAVAILABLE', 'STALE_READ']);

/**
 * Deliveries until one of them lacks something that could not be read. That one is not given: the stream breaks off before it, so
 * that whoever goes on after the last cursor is given it whole.
 */
export const wholeResults = (results: AsyncGenerator<ExecutionResult>): Handed<ExecutionResult> =>
  mapped(handed(results), (result) => {
    const lacking = result.errors?.find(({ extensions }) => UNREAD.has(extensions.code));
    if (lacking) throw lacking;
    return result;
  });
