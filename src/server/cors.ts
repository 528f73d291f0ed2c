import type { IncomingMessage, ServerResponse } from 'node:http';

/** How each route may be asked. */
const METHODS: Readonly<Record<string, string>> = { '/graphql': 'GET, POST', '/events': 'GET' };
/** What pages may send: who they are, what they ask, and what makes it theirs. */
const REQUEST_HEADERS =
  'authorization, content-type, accept, last-event-id, idempotency-key, x-palabre-csrf, x-palabre-min-position, x-palabre-client, x-request-id, traceparent, tracestate';
/** What pages may read of an answer. */
const ANSWER_HEADERS = 'x-request-id, retry-after, ratelimit, ratelimit-policy, deprecation, www-authenticate';
const PREFLIGHT_SECONDS = 600;

/**
 * Lets pages of the listed origins call, without credentials: a token comes in a header or not at all, never from a browser's
 * store of cookies. Returns whether it was a preflight, which is answered then.
 */
export const answerCors = (
  origins: ReadonlySet<string>,
  route: string,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): boolean => {
  const { origin } = headers;
  if (origins.size > 0) response.setHeader('vary', 'Origin');
  const isAllowed = origin !== undefined && origins.has(origin);
  if (isAllowed) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', ANSWER_HEADERS);
  }
  if (method !== 'OPTIONS') return false;
  if (isAllowed) {
    response.setHeader('access-control-allow-methods', METHODS[route] ?? '');
    response.setHeader('access-control-allow-headers', REQUEST_HEADERS);
    response.setHeader('access-control-max-age', String(PREFLIGHT_SECONDS));
  }
  response.writeHead(204, { allow: `${METHODS[route]}, OPTIONS` });
  response.end();
  return true;
};
