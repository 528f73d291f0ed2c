import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Identity } from '../adapters/identity/index.ts';
import type { Logger } from '../adapters/log-lines.ts';
import type { Viewer } from '../core/viewer.ts';
import { compileRepeated, limitTokens } from './compile.ts';
import { finishErrors, internalError, publicError } from './faults.ts';
import type { GraphiqlPage } from './graphiql.ts';

const MAX_BODY_BYTES = 256 * 1024;

/** What the HTTP server says about a request. */
export type RequestFacts = { readonly requestId: string };

/** A request with its asker: what `contextOf` makes a resolver's context of. */
export type Asked = RequestFacts & { readonly viewer: Viewer };

export type GraphqlDoor<Context extends object> = {
  readonly schema: GraphQLSchema;
  readonly identity: Identity;
  readonly logger: Logger;
  readonly graphiql: GraphiqlPage | null;
  contextOf(asked: Asked): Context | Promise<Context>;
  /** `extensions.position` of an answer. */
  positionOf(context: Context): string | null;
};

export const createGraphqlDoor = <Context extends object>(door: GraphqlDoor<Context>) => {
  const { schema, identity, logger, graphiql } = door;
  return createYoga<RequestFacts, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    logging: false,
    graphiql: graphiql ? () => graphiql.options() : false,
    ...(graphiql ? { renderGraphiQL: graphiql.render } : {}),
    maskedErrors: {
      maskError: (error) => {
        const shown = publicError(error);
        if (shown) return shown;
        logger.error({ err: causeOf(error) }, 'A request failed.');
        return internalError(error, undefined);
      },
    },
    context: (given) => door.contextOf(given as unknown as Asked),
    plugins: [
      limitTokens(),
      authenticate(identity, logger),
      tellPosition(door.positionOf),
      compileRepeated(),
      finishErrors(),
    ],
  });
};

const causeOf = (error: unknown) => (error as { originalError?: unknown }).originalError ?? error;

/** Nobody's document is even parsed without a valid token. */
const authenticate = (identity: Identity, logger: Logger): Plugin => ({
  onParams: async ({ request, context, setResult }) => {
    const asked = context as unknown as { viewer?: Viewer; requestId: string };
    try {
      asked.viewer = await identity.viewer(request.headers.get('authorization'));
    } catch (error) {
      const shown = publicError(error);
      if (!shown) logger.error({ err: error, requestId: asked.requestId }, 'A token could not be looked up.');
      setResult({ errors: [shown ?? internalError(error, asked.requestId)] });
    }
  },
});

const tellPosition = <Context extends object>(positionOf: (context: Context) => string | null): Plugin => ({
  onExecutionResult: ({ result, setResult, context }) => {
    if (!result || Symbol.asyncIterator in result) return;
    const position = positionOf(context as unknown as Context);
    if (position) setResult({ ...result, extensions: { ...result.extensions, position } });
  },
});
