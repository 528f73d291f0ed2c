import { type ExecutionResult, GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import { IdentityProviderUnavailable, Unauthenticated } from '../adapters/identity/index.ts';
import type { Logger } from '../adapters/log-lines.ts';
import { NotServed } from '../adapters/postgres-tables/reader.ts';
import type { Limits } from '../config/limits.ts';
import { OutcomeUnknown } from '../core/execute.ts';
import type { FaultCode } from '../core/fault-codes.ts';
import { LogReadOnly, LogUnavailable, StatementTooSlow } from '../core/outage.ts';
import { CursorError } from '../core/position.ts';
import { Conflict, Rejection } from '../core/rejection.ts';
import type { ServingPlugin } from './serving.ts';

/** An outage of ours: the same request may be sent again in a while. */
const LATER = { status: 503, headers: { 'Retry-After': '5' } };

/** Errors that clients are meant to read, and the HTTP status of those that concern the whole request. */
const PUBLIC: readonly (readonly [new (...parts: never[]) => Error & { readonly code: string }, object?])[] = [
  [Rejection],
  [Conflict],
  [CursorError],
  [OutcomeUnknown],
  [LogReadOnly, LATER],
  [StatementTooSlow, { status: 503 }],
  [NotServed],
  [Unauthenticated, { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } }],
  [IdentityProviderUnavailable, LATER],
];

const NO_LOG = 'The log gives no answer, and this needs it: try again in a while.';

/** The code of an error that may have none: what is not made here need not have extensions at all. */
export const codeIn = ({ extensions }: { readonly extensions?: GraphQLErrorExtensions }): string | null =>
  extensions?.code === undefined ? null : String(extensions.code);

/** What a client gets to see of an error; null for one that is nobody's business but ours. */
export const publicError = (error: unknown): GraphQLError | null => {
  const original = error instanceof GraphQLError ? error.originalError : error;
  if (error instanceof GraphQLError && (original === undefined || original instanceof GraphQLError))
    return isOfOurs(error) ? null : error;
  // Where the log stands is nobody's business but the operator's, who reads it in /health and in the log lines.
  if (original instanceof LogUnavailable) return located(error, NO_LOG, { code: 'LOG_UNAVAILABLE', http: LATER });
  const known = PUBLIC.find(([type]) => original instanceof type);
  if (!known) return null;
  const { code, message } = original as Error & { code: string };
  const http = original instanceof Unauthenticated && !original.sentToken ? NO_TOKEN : known[1];
  return located(error, message, { code, ...(http ? { http } : {}) });
};

const NO_TOKEN = { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } };

/**
 * What the executor says of a value that does not fit its type in an answer: null where null is not allowed, a number that is none. Of
 * arguments it says the same in the middle of an answer, and those are the client's.
 */
const isOfOurs = ({ path, extensions, message }: GraphQLError): boolean =>
  path !== undefined && extensions.code === undefined && !ABOUT_A_VALUE.test(message);

/** All that a client hears of a fault of ours; the log line has the request id of the answer. */
export const internalError = (error: unknown): GraphQLError =>
  located(error, 'Something went wrong here; it was not your request. Tell us the request id if it happens again.', {
    code: 'INTERNAL_SERVER_ERROR',
    unexpected: true,
  });

/** What a client gets to see of whatever went wrong; where the request is not known, `finishError` logs why. */
export const shownError = (error: unknown): GraphQLError => publicError(error) ?? maskedError(error);

const maskedError = (error: unknown): GraphQLError => {
  const masked = internalError(error);
  causes.set(masked, (error as { originalError?: unknown }).originalError ?? error);
  return masked;
};
const causes = new WeakMap<GraphQLError, unknown>();

/** A result whose errors tell clients what they are meant to read, and no more. */
export const maskedResult = (result: ExecutionResult): ExecutionResult =>
  result.errors ? { ...result, errors: result.errors.map(shownError) } : result;

const located = (error: unknown, message: string, extensions: GraphQLErrorExtensions) => {
  if (!(error instanceof GraphQLError)) return new GraphQLError(message, { extensions });
  const { nodes, source, positions, path } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
};

/**
 * The last look at errors before they leave, one by one or in a stream: each has a code and the id of its request, none
 * suggests names of the schema, none carries the stack of what caused it.
 */
export type Finish = (result: ExecutionResult, request: { requestId: string; isStream?: boolean }) => ExecutionResult;

export const finishErrors =
  ({ VALIDATION_ERRORS }: Limits, logger: Logger): Finish =>
  (result, { requestId, isStream = false }) => {
    if (!result.errors?.length) return result;
    const isPartial = 'data' in result;
    const told = result.errors
      .slice(0, isPartial ? MAX_ERRORS : VALIDATION_ERRORS)
      .map((error) => finishError(error, { requestId, logger }));
    // What was done has an answer, whatever is the matter with the rest of it.
    if (isPartial || result.extensions?.done !== undefined) return { ...result, errors: told };
    return { ...result, errors: told.map(isStream ? withStreamStatus : withStatus) };
  };

export const finishResults = (finish: Finish): ServingPlugin => ({
  onResultProcess: ({ request, result, setResult, serverContext: { requestId } }) => {
    if (Symbol.asyncIterator in result || Array.isArray(result) || !('errors' in result)) return;
    const isStream = /text\/event-stream/i.test(request.headers.get('accept') ?? '');
    setResult(finish(result, { requestId, isStream }));
  },
});

/** What was refused as a whole has a status that says so, for clients that know the newer media type. */
const withStatus = (error: GraphQLError): GraphQLError => {
  const { code, http, unexpected } = error.extensions;
  if (!http && !unexpected) error.extensions.http = { status: statusOf(code), spec: true };
  return error;
};

/** A stream that cannot begin for now is no stream that ended: its client comes back by itself only after a status that says so. */
const withStreamStatus = (error: GraphQLError): GraphQLError => {
  const { code, http } = error.extensions;
  if (!http && code === 'STALE_READ')
    error.extensions.http = { status: statusOf(code), headers: { 'Retry-After': '1' } };
  return error;
};

/** The status of a refusal, where the error has none of its own. */
export const statusOf = (code: unknown): number => STATUS[String(code)] ?? 400;
const STATUS: Readonly<Record<string, number>> = {
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CURSOR_OF_OLDER_INCARNATION: 410,
  CURSOR_FROM_THE_FUTURE: 410,
  INTERNAL_SERVER_ERROR: 500,
  STALE_READ: 503,
};

const MAX_ERRORS = 20;
const METHOD_NOT_ALLOWED = 405;

/** Whose error it is. */
export type Telling = { readonly requestId: string; readonly logger: Logger };

export const finishError = (error: GraphQLError, { requestId, logger }: Telling): GraphQLError => {
  const cause = causes.get(error);
  if (causes.delete(error)) logger.error({ err: cause, requestId }, 'A request failed.');
  const { originalError: _, code: given = codeOf(error), http, ...extensions } = error.extensions ?? {};
  const code = http?.status === METHOD_NOT_ALLOWED ? 'METHOD_NOT_ALLOWED' : given;
  const { nodes, source, positions, path } = error;
  // What is no GraphQL request at all is a bad request for every client, not only for those that know the newer media type.
  const status = code === 'BAD_REQUEST' ? { status: 400, ...(http as object | undefined), spec: false } : http;
  return new GraphQLError(error.message.replace(/ Did you mean .+\?$/s, ''), {
    nodes,
    source,
    positions,
    path,
    extensions: { code, requestId, ...extensions, ...(status ? { http: status } : {}) },
  });
};

/** Of errors that the libraries made. Those with a path, and those about variables, come from values that do not fit. */
const codeOf = ({ message, path }: GraphQLError): FaultCode => {
  if (message.startsWith('Syntax Error')) return 'GRAPHQL_PARSE_FAILED';
  return path || ABOUT_A_VALUE.test(message) ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED';
};

const ABOUT_A_VALUE =
  /^(?:Variable "\$\w+" got invalid value|(?:Variable "\$\w+"|Argument "\w+") (?:has invalid value|of (?:required|non-null) type .* (?:was not provided|must not be null|was provided the variable)))/s;
