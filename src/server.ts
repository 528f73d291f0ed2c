import { createContext, type Request } from '../schema/context.ts';
import { eventIndex, eventSchemaOf } from '../schema/event-schema.ts';
import { fault, withCursorFaults } from '../schema/fault.ts';
import { schema } from '../schema/index.ts';
import {
  createIdentity,
  createMachineIdentity,
  createVerify,
  DEMO_AUDIENCE,
  DEMO_ISSUER,
  DEMO_MAX_SECONDS,
  type DemoIssuer,
  openDemoIssuer,
  providerKeys,
} from './adapters/identity/index.ts';
import type { App } from './app.ts';
import { isLoopback } from './config/limits.ts';
import { createLive } from './core/live.ts';
import { type Cursor, decodeCursor, encodeCursor, START } from './core/position.ts';
import { openRefusalAccount } from './core/refusals.ts';
import type { Viewer } from './core/viewer.ts';
import { createAudit } from './server/audit.ts';
import { startDeliveries } from './server/deliveries.ts';
import { createEventsDoor } from './server/events.ts';
import { createGraphiql } from './server/graphiql.ts';
import { createGraphqlDoor } from './server/graphql.ts';
import { healthOf } from './server/health.ts';
import { listenHttp } from './server/http.ts';
import { createOperationLimits } from './server/limits/operation.ts';
import { createStrangers } from './server/limits/strangers.ts';
import { listenMetrics } from './server/metrics.ts';
import { createStreams, type StreamFigures } from './server/streams.ts';
import { openTrustedDocuments } from './server/trusted-documents.ts';
import { createWebSocketDoor } from './server/websocket.ts';

/** The running server, and in demo mode a token that may do everything. */
export type RunningServer = {
  readonly url: string;
  readonly metricsUrl: string | null;
  readonly token: string | null;
  /** What is open on the live doors. */
  streams(): StreamFigures;
  close(): Promise<void>;
};

export const openServer = async (app: App): Promise<RunningServer> => {
  const { config, logger } = app;
  const demo = config.isDemo ? await openDemoIssuer(config.dataDir) : null;
  const ready = async () => demo && readyToken(app, demo);
  const token = await ready();
  const { limits } = config.edge;
  /** Known once it listens; nobody asks before. */
  let publicUrl = config.edge.publicUrl ?? '';
  const live = createLive({
    ...app,
    waitFor: app.readModels.waitFor,
    heartbeatMs: limits.HEARTBEAT_MS,
  });
  const { operations } = app;
  const identity = createIdentity(verifyOf(app, demo), app.people, config, {
    viewer: createMachineIdentity(operations.keys, operations.principals, (error) =>
      logger.warn({ err: error }, 'The use of a machine key could not be noted.'),
    ),
    tell: operations.standings.tell,
  });
  const streams = createStreams(limits, identity.viewer);
  const open = { streams, silenceMs: limits.SILENCE_MS, logger };
  const account = openRefusalAccount(operations.refusals, (error) =>
    logger.warn({ err: error }, 'Refusals could not be written down.'),
  );
  // The same for every door: nobody gets more by coming through another one.
  const guard = {
    operations: createOperationLimits(schema, limits),
    strangers: createStrangers(limits),
    audit: createAudit(logger, account.note),
  };
  const graphql = createGraphqlDoor({
    schema,
    admit: (headers) => identity.viewer(headers.get('authorization')),
    ready: (headers) => waitForMinimum(app, headers.get('x-palabre-min-position')),
    logger,
    measures: app.measures,
    edge: config.edge,
    trusted: await openTrustedDocuments(config.edge.trustedDocuments),
    graphiql: config.edge.graphiql ? await createGraphiql(async () => ((await holdsDemo(app)) ? ready() : null)) : null,
    streams: open,
    ...guard,
    contextOf: ({ requestId, viewer, request }) =>
      createContext(
        requestOf(app, { requestId, viewer, idempotencyKey: idempotencyKeyOf(request?.headers), live, publicUrl }),
      ),
    positionOf: ({ read }) => positionOf(app, read?.position() ?? null),
  });
  const events = createEventsDoor({
    ...open,
    ...guard,
    hasBudget: Number.isFinite(limits.BUDGET),
    admit: async ({ headers }, requestId) => {
      const viewer = await identity.viewer(headers.authorization);
      const request = requestOf(app, {
        requestId,
        viewer,
        idempotencyKey: null,
        live,
        publicUrl,
      });
      return { ...createContext(request), viewer };
    },
  });
  const sockets = createWebSocketDoor({
    limits,
    streams,
    logger,
    ...guard,
    origins: config.edge.corsOrigins,
    admit: identity.viewer,
    prepare: graphql.prepare,
  });
  app.measures.show('subscribers', () => [{ labels: {}, value: streams.figures().open }]);
  app.measures.show('subscribers_too_slow_total', () => [{ labels: {}, value: streams.figures().tooSlow }]);
  const metrics = await metricsOf(app);
  const server = await listenHttp({
    ...config.http,
    logger,
    edge: config.edge,
    isForThisMachine: config.isDemo && isLoopback(config.http.host),
    measures: app.measures,
    tracing: app.tracing,
    graphql: (request, response, facts) => graphql.handle(request, response, facts),
    events,
    eventSchema: (type) => eventSchemaOf(publicUrl, type),
    eventIndex: () => eventIndex(publicUrl),
    health: () => healthOf(app),
    upgrade: sockets.upgrade,
    endStreams: () => {
      streams.endAll();
      sockets.close();
    },
    cutStreams: sockets.terminate,
  });
  publicUrl ||= server.url;
  const deliveries = startDeliveries(app, publicUrl);
  const close = async () => {
    await Promise.all([server.close(), deliveries.stop()]);
    await account.close();
    await metrics?.close();
  };
  return { url: server.url, metricsUrl: metrics?.url ?? null, token, streams: streams.figures, close };
};

const metricsOf = ({ config: { http, edge }, prometheus }: App) =>
  edge.metricsPort !== null && prometheus
    ? listenMetrics({ host: http.host, port: edge.metricsPort, names: edge.metricsHosts, page: prometheus.page })
    : null;

/** How new an answer is; of one that read nothing, how new everything is that it could have read. */
const positionOf = ({ log, readModels }: App, read: Cursor | null): string => {
  const least = () => readModels.names.map(readModels.watermark).reduce((a, b) => (b.position < a.position ? b : a));
  return encodeCursor(log.identity, read ?? least());
};

/** What a resolver's context is made of: the running parts, as this viewer may use them. */
const requestOf = (
  { execute, reader, sealing, readModels, log, operations }: App,
  {
    requestId,
    viewer,
    idempotencyKey,
    live,
    publicUrl,
  }: Pick<Request, 'requestId' | 'idempotencyKey' | 'live' | 'publicUrl'> & { viewer: Viewer },
): Request => ({
  requestId,
  viewer,
  idempotencyKey,
  execute: async (command, input, options) =>
    execute(command, input, {
      ...options,
      actor: await viewer.actor(),
      correlationId: requestId,
    }),
  startReading: reader.request,
  open: sealing.open,
  hash: sealing.hash,
  waitFor: readModels.waitFor,
  log,
  live,
  publicUrl,
  webhooks: { registry: operations.webhooks, commands: operations.webhookCommands },
  refusals: operations.refusals,
  machineKeys: { store: operations.keys, commands: operations.keyCommands },
});

/** A key is plain text, or in quotes as structured headers write it. Operations of a socket have no headers. */
const idempotencyKeyOf = (headers: Headers | undefined): string | null =>
  headers?.get('idempotency-key')?.replace(/^"(.*)"$/, '$1') ?? null;

/** A client may ask to be shown nothing older than what it knows of. */
const waitForMinimum = async ({ log, readModels }: App, minimum: string | null) => {
  if (!minimum) return;
  const cursor = await withCursorFaults(log, async () => {
    const asked = decodeCursor(log.identity, minimum);
    await log.verify(asked);
    return asked;
  });
  if ((await readModels.waitFor(readModels.names, cursor)) !== 'reached')
    throw fault('STALE_READ', 'The read models are not level with x-palabre-min-position yet: ask again in a moment.');
};

const verifyOf = ({ config }: App, demo: DemoIssuer | null) => {
  if (config.issuer) return createVerify({ ...config.issuer, key: providerKeys(config.issuer.jwksUrl) });
  if (demo)
    return createVerify({
      issuer: DEMO_ISSUER,
      audience: DEMO_AUDIENCE,
      key: demo.key,
      tokenType: 'at+jwt',
      maxLifetimeSeconds: DEMO_MAX_SECONDS,
    });
  throw new Error('Nobody vouches for people: assertServable comes first.');
};

/** For trying everything out: the first member, with all roles; where there is no member, an admin who becomes one. */
const readyToken = async ({ log }: App, demo: DemoIssuer): Promise<string> => {
  const { events } = await log.readAll({ after: START, limit: 1_000, filter: { types: ['MemberRegistered'] } });
  const memberId = (events[0]?.data as { memberId?: string } | undefined)?.memberId;
  const roles = ['member', 'admin', 'analyst'];
  const claims = memberId ? { sub: memberId, roles } : { sub: 'role:admin', name: 'Demo admin', roles: roles.slice(1) };
  return demo.sign(claims, A_DAY);
};

const A_DAY = 24 * 60 * 60;

/** Whether nothing is here but what the demo made, or nothing at all: what is somebody's own is given to nobody who has no token. */
const holdsDemo = async ({ log }: App): Promise<boolean> => {
  const { events } = await log.readAll({ after: START, limit: 1 });
  return events.every(({ metadata }) => metadata.source === 'SEED');
};
