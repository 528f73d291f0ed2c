import { createHash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { openLogLines } from '../../../src/adapters/log-lines.ts';
import { openTracing } from '../../../src/adapters/open-telemetry.ts';
import { loadConfig } from '../../../src/config.ts';
import { unmeasured } from '../../../src/core/measures.ts';
import type { Viewer } from '../../../src/core/viewer.ts';
import { createGraphqlDoor } from '../../../src/server/graphql.ts';
import { listenHttp } from '../../../src/server/http.ts';
import { createOperationLimits } from '../../../src/server/limits/operation.ts';
import { createStreams } from '../../../src/server/streams.ts';
import { documentIdIn } from '../../../src/server/trusted-documents.ts';
import { createWebSocketDoor } from '../../../src/server/websocket.ts';
import { eventStream } from '../../flows/clients/event-stream.ts';
import { openSocket } from '../../support/doors.ts';
import type { Generated } from './documents.ts';

const VIEWER: Viewer = {
  memberId: 'm',
  kind: 'MEMBER',
  roles: new Set(),
  scopes: new Set(),
  expiresAt: null,
  keyId: null,
  account: 'm',
  actor: async () => ({ kind: 'MEMBER', memberId: 'm', roles: [] }) as never,
};

/** What an answer says of the operation; ids, cost and position are the door's own. */
export type Answered = { readonly data?: unknown; readonly errors?: readonly object[] };

export type Ask = (request: Generated) => Promise<Answered>;

/** The server's own doors, on real sockets, before another schema. */
export const openDoors = async (schema: GraphQLSchema) => {
  const { edge: configured, http } = loadConfig({ PALABRE_LIMITS: 'off', PORT: '0' });
  const edge = { ...configured, limits: { ...configured.limits, VALIDATION_ERRORS: 100 }, graphiql: false };
  const logger = openLogLines({ level: 'silent', readable: false });
  const documents = new Map<string, string>();
  const streams = createStreams(edge.limits, async () => VIEWER);
  const guard = {
    operations: createOperationLimits(schema, edge.limits),
    strangers: (error: unknown) => error,
    audit: () => {},
  };
  const graphql = createGraphqlDoor({
    ...{ schema, logger, edge, ...guard },
    measures: unmeasured,
    trusted: {
      isById: (asking) => documentIdIn(asking) !== null,
      textOf: (asking) => documents.get(documentIdIn(asking) ?? '') ?? (asking.query as string | undefined),
    },
    graphiql: null,
    streams: { streams, silenceMs: edge.limits.SILENCE_MS, logger },
    admit: async () => VIEWER,
    ready: async () => {},
    contextOf: ({ viewer }) => ({ viewer, done: [] }),
    positionOf: () => null,
  });
  const sockets = createWebSocketDoor({
    ...{ limits: edge.limits, streams, logger, origins: new Set<string>(), ...guard },
    admit: async () => VIEWER,
    prepare: graphql.prepare,
  });
  const server = await listenHttp({
    ...{ ...http, logger, edge, isForThisMachine: false, measures: unmeasured, tracing: openTracing([]) },
    graphql: graphql.handle,
    events: () => {},
    eventSchema: () => null,
    eventIndex: () => ({}),
    health: async () => ({ ready: true, writable: true, projections: [], processes: [] }),
    upgrade: sockets.upgrade,
    endStreams: () => {
      streams.endAll();
      sockets.close();
    },
    cutStreams: sockets.terminate,
  });
  const url = `${server.url}/graphql`;

  const post: Ask = async (request) =>
    (await (
      await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(request),
      })
    ).json()) as Answered;

  const get: Ask = async ({ query, variables, operationName }) => {
    const documentId = `sha256:${createHash('sha256').update(query).digest('hex')}`;
    documents.set(documentId, query);
    const asked = new URLSearchParams({ documentId, variables: JSON.stringify(variables) });
    if (operationName) asked.set('operationName', operationName);
    return (await (await fetch(`${url}?${asked}`, { headers: { accept: 'application/json' } })).json()) as Answered;
  };

  const sse: Ask = async (request) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(request),
    });
    for await (const { event, data } of eventStream(response))
      if (event === 'next') return JSON.parse(data) as Answered;
    throw new Error('Nothing was streamed.');
  };

  const { send, next, close: leave } = openSocket({ url: server.url } as Parameters<typeof openSocket>[0]);
  send({ type: 'connection_init' });
  await next();
  let n = 0;
  /** One socket for all operations: none of them may close it. */
  const socket: Ask = async (request) => {
    n += 1;
    send({ type: 'subscribe', id: String(n), payload: request });
    let answer: Answered | undefined;
    for (;;) {
      const heard = await next();
      if (heard.type === 'next') answer = heard.payload as Answered;
      else if (heard.type === 'error') return { errors: heard.payload as object[] };
      else if (heard.type === 'complete' && answer) return answer;
      else throw new Error(`The socket said ${JSON.stringify(heard)}.`);
    }
  };

  return {
    asks: { POST: post, GET: get, SSE: sse, WebSocket: socket },
    close: async () => {
      leave();
      await server.close();
    },
  };
};
