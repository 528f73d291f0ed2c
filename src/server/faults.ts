import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { IdentityProviderUnavailable, Unauthenticated } from '../adapters/identity/index.ts';
import { NotServed } from '../adapters/postgres-tables/reader.ts';
import { OutcomeUnknown } from '../core/execute.ts';
import { CursorError } from '../core/position.ts';
import { Conflict, Rejection } from '../core/rejection.ts';

/** Errors that clients are meant to read, and the HTTP status of those that concern the whole request. */
const PUBLIC: readonly (readonly [new (...parts: never[]) => Error & { readonly code: string }, object?])[] = [
  [Rejection],
  [Conflict],
  [CursorError],
  [OutcomeUnknown],
  [NotServed],
  [Unauthenticated, { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } }],
  [IdentityProviderUnavailable, { status: 503, headers: { 'Retry-After': '5' } }],
];

/** What a client gets to see of an error; null for one that is nobody's business but ours. */
export const publicError = (error: unknown): GraphQLError | null => {
  const original = error instanceof GraphQLError ? error.originalError : error;
  if (error instanceof GraphQLError && (original === undefined || original instanceof GraphQLError)) return error;
  const known = PUBLIC.find(([type]) => original instanceof type);
  if (!known) return null;
  const { code, message } = original as Error & { code: string };
  return located(error, message, { code, ...(known[1] ? { http: known[1] } : {}) });
};

/** All that a client hears of a fault of ours; the log line has the same request id as the answer's `x-request-id`. */
export const internalError = (error: unknown): GraphQLError =>
  located(error, 'Something went wrong here; it was not your request. Tell us the x-request-id if it happens again.', {
    code: 'INTERNAL_SERVER_ERROR',
    unexpected: true,
  });

const located = (error: unknown, message: string, extensions: GraphQLErrorExtensions) => {
  if (!(error instanceof GraphQLError)) return new GraphQLError(message, { extensions });
  const { nodes, source, positions, path } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
};

/**
 * The last look at errors before they leave: each has a code, none suggests names of the schema, none carries
 * the stack of what caused it.
 */
export const finishErrors = (): Plugin => ({
  onResultProcess: ({ result, setResult }) => {
    if (Symbol.asyncIterator in result) return;
    if (Array.isArray(result) || !('errors' in result) || !result.errors?.length) return;
    setResult({ ...result, errors: result.errors.slice(0, MAX_ERRORS).map(finish) });
  },
});

const MAX_ERRORS = 20;

const finish = (error: GraphQLError): GraphQLError => {
  const { originalError: _, code = codeOf(error), http, ...extensions } = error.extensions;
  const { nodes, source, positions, path } = error;
  // What is no GraphQL request at all is a bad request for every client, not only for those that know the newer media type.
  const status = code === 'BAD_REQUEST' ? { status: 400 } : http;
  return new GraphQLError(error.message.replace(/ Did you mean .+\?$/s, ''), {
    nodes,
    source,
    positions,
    path,
    extensions: { code, ...extensions, ...(status ? { http: status } : {}) },
  });
};

const codeOf = ({ message, path }: GraphQLError) =>
  message.startsWith('Syntax Error') ? 'GRAPHQL_PARSE_FAILED' : path ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED';
