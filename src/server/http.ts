import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../adapters/log-lines.ts';
import { answerHealth, type Health } from './health.ts';
import { requestIdOf, withRequestId } from './request-id.ts';

export type HttpOptions = {
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
  readonly graphql: (request: IncomingMessage, response: ServerResponse, facts: { requestId: string }) => unknown;
  readonly health: () => Promise<Health>;
  /** Ends what would stay open for ever: subscriptions. */
  readonly endStreams: () => void;
};

export type HttpServer = {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  /** Takes no more requests, ends streams, lets the others finish for a moment. Calling again waits for the first call. */
  close(): Promise<void>;
};

/** A sender that trickles its request keeps a connection for seconds, not minutes. Answers may take as long as they need. */
const TIME_LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
};
const GRACE_MS = 5_000;

/** Serves `/graphql` and `/health` once it listens. Throws when the address cannot be had. */
export const listenHttp = async (options: HttpOptions): Promise<HttpServer> => {
  let closing: Promise<void> | undefined;
  const server = createServer({ ...TIME_LIMITS, maxHeaderSize: 16 * 1024 }, (request, response) => {
    if (closing) response.setHeader('connection', 'close');
    answer(options, request, response).catch((error: unknown) => {
      options.logger.error({ err: error }, 'A request could not be answered.');
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: 'Something went wrong here; it was not your request.' });
    });
  });
  server.maxConnections = 2_000;
  await listen(server, options.host, options.port);
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () => (closing ??= stop(server, options.endStreams)),
  };
};

const answer = async (options: HttpOptions, request: IncomingMessage, response: ServerResponse) => {
  const requestId = requestIdOf(request);
  response.setHeader('x-request-id', requestId);
  response.setHeader('x-content-type-options', 'nosniff');
  // The query of an address may carry variables of an operation: neither is looked at nor logged.
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const route = path === '/graphql' ? path : path.startsWith('/health') ? '/health' : 'other';
  logWhenDone(options.logger, request, response, { requestId, route });

  if (route === '/graphql') {
    response.setHeader('cache-control', 'no-store');
    await withRequestId(requestId, () => options.graphql(request, response, { requestId }));
    return;
  }
  const healthy = request.method === 'GET' ? await answerHealth(path, options.health) : undefined;
  if (healthy) sendJson(response, healthy.status, healthy.body);
  else sendJson(response, 404, { error: 'There is nothing here: GraphQL is at /graphql, health at /health.' });
};

const logWhenDone = (
  logger: Logger,
  { method }: IncomingMessage,
  response: ServerResponse,
  facts: { requestId: string; route: string },
) => {
  const began = performance.now();
  response.once('close', () => {
    const details = { ...facts, method, status: response.statusCode, ms: Math.round(performance.now() - began) };
    if (facts.route === '/health') logger.debug(details, 'request');
    else logger.info(details, 'request');
  });
};

const sendJson = (response: ServerResponse, status: number, body: object) => {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
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

const stop = async (server: Server, endStreams: () => void) => {
  const closed = new Promise((resolve) => server.close(resolve));
  endStreams();
  // A connection that was busy when we began to stop becomes idle later, and nobody else looks for it.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(force);
};
