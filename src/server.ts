import { buildSchema, type GraphQLSchema } from 'graphql';
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
import { START } from './core/position.ts';
import { createGraphiql } from './server/graphiql.ts';
import { createGraphqlDoor } from './server/graphql.ts';
import { listenHttp } from './server/http.ts';

const schema: GraphQLSchema = buildSchema('type Query { hello: String }');

/** The running server, and in demo mode a token that may do everything. */
export type RunningServer = { readonly url: string; readonly token: string | null; close(): Promise<void> };

export const openServer = async (app: App): Promise<RunningServer> => {
  const { config, logger } = app;
  const demo = config.isDemo ? await openDemoIssuer(config.dataDir) : null;
  const token = demo && (await readyToken(app, demo));
  const streams = new AbortController();
  const graphql = createGraphqlDoor({
    schema,
    identity: createIdentity(verifyOf(app, demo), app.people, config),
    logger,
    graphiql: token ? await createGraphiql(token) : null,
    contextOf: () => ({}),
    positionOf: () => null,
  });
  const server = await listenHttp({
    ...config.http,
    logger,
    graphql: (request, response, facts) => graphql.handle(request, response, facts),
    health: async () => ({ ready: true, head: Number((await app.log.head()).position), projections: [] }),
    endStreams: () => streams.abort(),
  });
  return { url: server.url, token, close: server.close };
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
