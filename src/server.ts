import { createContext, type Request } from '../schema/context.ts';
import { fault, withCursorFaults } from '../schema/fault.ts';
import { schema } from '../schema/index.ts';
import {
  createIdentity,
  createVerify,
  DEMO_AUDIENCE,
  DEMO_ISSUER,
  type DemoIssuer,
  openDemoIssuer,
  providerKeys,
} from './adapters/identity/index.ts';
import type { App } from './app.ts';
import { createLive, type Live } from './core/live.ts';
import { type Cursor, decodeCursor, encodeCursor, START } from './core/position.ts';
import type { Viewer } from './core/viewer.ts';
import { createGraphiql } from './server/graphiql.ts';
import { createGraphqlDoor } from './server/graphql.ts';
import { healthOf } from './server/health.ts';
import { listenHttp } from './server/http.ts';

/** The running server, and in demo mode a token that may do everything. */
export type RunningServer = { readonly url: string; readonly token: string | null; close(): Promise<void> };

export const openServer = async (app: App): Promise<RunningServer> => {
  const { config, logger } = app;
  const demo = config.isDemo ? await openDemoIssuer(config.dataDir) : null;
  const token = demo && (await readyToken(app, demo));
  const streams = new AbortController();
  const live = liveOf(app, streams.signal);
  const identity = createIdentity(verifyOf(app, demo), app.people, config);
  const graphql = createGraphqlDoor({
    schema,
    admit: async (headers) => {
      const viewer = await identity.viewer(headers.get('authorization'));
      await waitForMinimum(app, headers.get('x-palabre-min-position'));
      return viewer;
    },
    logger,
    graphiql: token ? await createGraphiql(token) : null,
    contextOf: ({ requestId, viewer }) => createContext(requestOf(app, requestId, viewer, live)),
    positionOf: ({ read }) => positionOf(app, read.position()),
  });
  const server = await listenHttp({
    ...config.http,
    logger,
    graphql: (request, response, facts) => graphql.handle(request, response, facts),
    health: () => healthOf(app),
    endStreams: () => streams.abort(),
  });
  return { url: server.url, token, close: server.close };
};

/** How new an answer is; of one that read nothing, how new everything is that it could have read. */
const positionOf = ({ log, readModels }: App, read: Cursor | null): string => {
  const least = () => readModels.names.map(readModels.watermark).reduce((a, b) => (b.position < a.position ? b : a));
  return encodeCursor(log.identity, read ?? least());
};

/** What a resolver's context is made of: the running parts, as this viewer may use them. */
const requestOf = (
  { execute, reader, sealing, readModels, log }: App,
  requestId: string,
  viewer: Viewer,
  live: Live,
): Request => ({
  requestId,
  viewer,
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
});

/** What subscribers are given, once the read models show it; it ends with the server. */
const liveOf = ({ log, catalogue, readModels }: App, ending: AbortSignal): Live => {
  const live = createLive({ log, catalogue, projections: SHOWN_LIVE, waitFor: readModels.waitFor });
  return {
    follow: (following) => live.follow({ ...following, signal: AbortSignal.any([following.signal, ending]) }),
  };
};

const SHOWN_LIVE = ['communities', 'members', 'memberships', 'posts'];

/** A client may ask to be shown nothing older than what it knows of. */
const waitForMinimum = async ({ log, readModels }: App, minimum: string | null) => {
  if (!minimum) return;
  const cursor = await withCursorFaults(async () => {
    const asked = decodeCursor(log.identity, minimum);
    await log.verify(asked);
    return asked;
  });
  if ((await readModels.waitFor(readModels.names, cursor)) !== 'reached')
    throw fault('STALE_READ', 'The read models are not level with x-palabre-min-position yet: ask again in a moment.');
};

const verifyOf = ({ config }: App, demo: DemoIssuer | null) => {
  if (config.issuer) return createVerify({ ...config.issuer, key: providerKeys(config.issuer.jwksUrl) });
  if (demo) return createVerify({ issuer: DEMO_ISSUER, audience: DEMO_AUDIENCE, key: demo.key });
  throw new Error('Nobody vouches for people: assertServable comes first.');
};

/** For trying everything out: the first member, with all roles; where there is no member, an admin who becomes one. */
const readyToken = async ({ log }: App, demo: DemoIssuer): Promise<string> => {
  const { events } = await log.readAll({ after: START, limit: 1_000, filter: { types: ['MemberRegistered'] } });
  const memberId = (events[0]?.data as { memberId?: string } | undefined)?.memberId;
  const roles = ['member', 'admin', 'analyst'];
  return demo.sign(
    memberId ? { sub: memberId, roles } : { sub: 'role:admin', name: 'Demo admin', roles: roles.slice(1) },
  );
};
