import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { EVENT_SCHEMAS } from '../../schema/cloud-event.ts';
import type { Logger } from '../adapters/log-lines.ts';
import type { EdgeSettings } from '../config/edge.ts';
import type { Limits } from '../config/limits.ts';
import type { Measures } from '../core/measures.ts';
import type { Tracing } from '../core/tracing.ts';
import { compressed } from './compressed.ts';
import { answerCors } from './cors.ts';
import { answerHealth, type Health } from './health.ts';
import { isOwnHost, NOT_THIS_HOST } from './hosts.ts';
import { requestIdOf } from './request-id.ts';
import { turnAway } from './turn-away.ts';

export type HttpOptions = {
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
  readonly edge: Pick<EdgeSettings, 'limits' | 'corsOrigins'>;
  /** Whether it answers to names of this machine alone. */
  readonly isForThisMachine: boolean;
  readonly measures: Measures;
  readonly tracing: Tracing;
  readonly graphql: (request: IncomingMessage, response: ServerResponse, facts: RequestFacts) => unknown;
  readonly events: (request: IncomingMessage, response: ServerResponse, facts: RequestFacts) => unknown;
  /** The JSON Schema of the data of events of a type. */
  readonly eventSchema: (type: string) => object | null;
  /** All types of events that anybody can be told of. */
  readonly eventIndex: () => object;
  readonly health: () => Promise<Health>;
  /** Connections that ask for another protocol: WebSockets. */
  readonly upgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
  /** Tells what would stay open for ever to end. */
  readonly endStreams: () => void;
  /** Cuts off what did not. */
  readonly cutStreams: () => void;
};

/** What is known of a request; its ending has an outcome once there is one: the code of the first error. */
export type RequestFacts = { readonly requestId: string; readonly ending: { outcome?: string } };

export type HttpServer = {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  /** Takes no more requests, ends streams, lets the others finish for a moment. Calling again waits for the first call. */
  close(): Promise<void>;
};

/** A sender that trickles its request keeps a connection for seconds, not minutes. Answers may take as long as they need. */
const socketLimits = (limits: Limits) => ({
  headersTimeout: limits.HEAD_MS,
  requestTimeout: limits.REQUEST_MS,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: limits.KEEP_ALIVE_MS,
  maxHeaderSize: limits.HEAD_BYTES,
});
const GRACE_MS = 5_000;

/** Serves `/graphql` and `/health` once it listens. Throws when the address cannot be had. */
export const listenHttp = async (options: HttpOptions): Promise<HttpServer> => {
  const { limits } = options.edge;
  let closing: Promise<void> | undefined;
  const server = createServer(socketLimits(limits), (request, response) => {
    if (closing) response.setHeader('connection', 'close');
    answer(options, request, response).catch((error: unknown) => {
      options.logger.error({ err: error }, 'A request could not be answered.');
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { errors: [{ message: INTERNAL, extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
    });
  });
  server.on('upgrade', (request, socket, head) => {
    // A socket that breaks before it is taken over concerns nobody.
    socket.on('error', () => {});
    toOriginForm(request);
    if (closing) socket.destroy();
    else if (options.isForThisMachine && !isOwnHost(request.headers.host)) turnAway(socket, 421, NOT_THIS_HOST);
    else options.upgrade(request, socket as Socket, head);
  });
  server.maxConnections = limits.CONNECTIONS;
  // Fields beyond are left out, and the one beyond says that there were too many.
  server.maxHeadersCount = limits.HEADERS + 1;
  server.timeout = limits.SILENCE_MS;
  await listen(server, options.host, options.port);
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () => (closing ??= stop(server, options)),
  };
};

const answer = async (options: HttpOptions, request: IncomingMessage, response: ServerResponse) => {
  const requestId = requestIdOf(request);
  toOriginForm(request);
  // Asked as by GET: Node leaves the body out by itself. A stream has nothing but a body.
  const isHead = request.method === 'HEAD';
  if (isHead) Object.assign(request, { method: 'GET' });
  if (isHead && /event-stream/i.test(request.headers.accept ?? '')) request.headers.accept = 'application/json';
  // Node tells when nothing moved: a client that does not take its answer is cut off, one that waits for it is not.
  response.on('timeout', () => {
    if (response.writableLength > 0) response.destroy();
  });
  compressed(request, response);
  response.setHeader('x-request-id', requestId);
  response.setHeader('x-content-type-options', 'nosniff');
  // The query of an address may carry variables of an operation: neither is looked at nor logged.
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const route = ROUTES.has(path) ? path : path.startsWith('/health') ? '/health' : 'other';
  const facts: RequestFacts = { requestId, ending: {} };
  watchWhenDone(options, request, response, route, facts);

  if (request.rawHeaders.length > 2 * options.edge.limits.HEADERS) {
    response.setHeader('connection', 'close');
    sendJson(response, 431, {
      error: `A request has at most ${options.edge.limits.HEADERS} header fields (limit HEADERS).`,
    });
    return;
  }
  const { headers, headersDistinct } = request;
  if (headersDistinct.host?.length !== 1 || !URL.canParse(`http://${headers.host}`)) {
    sendJson(response, 400, { error: 'A request has one Host, which is the name of one.' });
    return;
  }
  if (options.isForThisMachine && !isOwnHost(request.headers.host)) {
    sendJson(response, 421, { error: NOT_THIS_HOST });
    return;
  }
  if (isHead && route === '/events') {
    sendJson(response, 405, { error: 'Events are followed by GET.' }, { allow: 'GET' });
    return;
  }
  if (ROUTES.has(route)) {
    if (answerCors(options.edge.corsOrigins, route, request, response)) return;
    response.setHeader('cache-control', 'no-store');
    const door = route === '/events' ? options.events : options.graphql;
    await options.tracing.request(request.headers, `${request.method} ${route}`, { requestId }, async () =>
      door(request, response, facts),
    );
    return;
  }
  if (request.method === 'GET' && `${path}/` === EVENT_SCHEMAS)
    return sendJson(response, 200, options.eventIndex(), INDEX_HEAD);
  if (request.method === 'GET' && path.startsWith(EVENT_SCHEMAS)) {
    // As public as the documentation: it says what there may be, and nothing of what there is.
    const schema = options.eventSchema(path.slice(EVENT_SCHEMAS.length));
    if (schema) sendJson(response, 200, schema, SCHEMA_HEAD);
    else sendJson(response, 404, { error: 'No event has this type.' });
    return;
  }
  const healthy = request.method === 'GET' ? await answerHealth(path, options.health) : undefined;
  if (healthy) sendJson(response, healthy.status, healthy.body);
  else
    sendJson(response, 404, {
      error: 'There is nothing here: GraphQL is at /graphql, events at /events, health at /health.',
    });
};

const INTERNAL = 'Something went wrong here; it was not your request.';

/** A proxy may send the whole address of what it asks for; then that names the host, whatever the field says (RFC 9112, 3.2.2). */
const toOriginForm = (request: IncomingMessage) => {
  const target = request.url ?? '/';
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return;
  const { host, pathname, search } = new URL(target);
  request.url = `${pathname}${search}`;
  request.headers.host = host;
};

const ROUTES: ReadonlySet<string> = new Set(['/graphql', '/events']);

const watchWhenDone = (
  { logger, measures }: HttpOptions,
  { method }: IncomingMessage,
  response: ServerResponse,
  route: string,
  facts: RequestFacts,
) => {
  const began = performance.now();
  response.once('close', () => {
    const ms = performance.now() - began;
    const outcome = facts.ending.outcome ?? (response.statusCode < 400 ? 'ok' : String(response.statusCode));
    measures.count('requests_total', { route, outcome });
    measures.observe('request_seconds', ms / 1_000, { route });
    const details = {
      requestId: facts.requestId,
      route,
      method,
      status: response.statusCode,
      ms: Math.round(ms),
      outcome,
    };
    if (route === '/health') logger.debug(details, 'request');
    else logger.info(details, 'request');
  });
};

const INDEX_HEAD = {
  'cache-control': 'public, max-age=3600',
  'access-control-allow-origin': '*',
};
const SCHEMA_HEAD = { ...INDEX_HEAD, 'content-type': 'application/schema+json; charset=utf-8' };

const sendJson = (response: ServerResponse, status: number, body: object, head: OutgoingHttpHeaders = {}) => {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...head,
  });
  response.end(text);
};

const listen = (server: Server, host: string, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

const stop = async (server: Server, { endStreams, cutStreams }: HttpOptions) => {
  const closed = new Promise((resolve) => server.close(resolve));
  endStreams();
  // A connection that was busy when we began to stop becomes idle later, and nobody else looks for it.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => {
    cutStreams();
    server.closeAllConnections();
  }, GRACE_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(force);
};
