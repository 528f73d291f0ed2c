import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Logger } from '../adapters/log-lines.ts';
import type { Viewer } from '../core/viewer.ts';
import { compileRepeated, limitTokens } from './compile.ts';
import { finishErrors, internalError, publicError } from './faults.ts';
import type { GraphiqlPage } from './graphiql.ts';
import { readJsonBodies } from './json-body.ts';
import { currentRequestId } from './request-id.ts';

const MAX_BODY_BYTES = 256 * 1024;

/** What the HTTP server says about a request. */
export type RequestFacts = { readonly requestId: string };

/** A request with its asker: what `contextOf` makes a resolver's context of. */
export type Asked = RequestFacts & { readonly viewer: Viewer };

export type GraphqlDoor<Context extends object> = {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly graphiql: GraphiqlPage | null;
  /** Who asks, once everything that the headers ask for is so. Throws what the client is to hear. */
  admit(headers: Headers): Promise<Viewer>;
  contextOf(asked: Asked): Context;
  /** `extensions.position` of an answer. */
  positionOf(context: Context): string | null;
};

type Serving = RequestFacts & { viewer?: Viewer };

export const createGraphqlDoor = <Context extends object>(door: GraphqlDoor<Context>) => {
  const { schema, logger, graphiql } = door;
  return createYoga<RequestFacts, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    // `readJsonBodies` counts.
    maxRequestBodySize: false,
    logging: false,
    graphiql: graphiql ? () => graphiql.options() : false,
    ...(graphiql ? { renderGraphiQL: graphiql.render } : {}),
    maskedErrors: {
      maskError: (error) => {
        const shown = publicError(error);
        if (shown) return shown;
        logger.error({ err: causeOf(error), requestId: currentRequestId() }, 'A request failed.');
        return internalError(error);
      },
    },
    context: (given) => door.contextOf(given as unknown as Asked),
    plugins: [
      readJsonBodies(MAX_BODY_BYTES),
      limitTokens(),
      admit(door),
      tellPosition(door.positionOf),
      compileRepeated(),
      finishErrors(),
    ],
  });
};

const causeOf = (error: unknown) => (error as { originalError?: unknown }).originalError ?? error;

/** Nobody's document is even parsed without a valid token. */
const admit = <Context extends object>({ admit, logger }: GraphqlDoor<Context>): Plugin => ({
  onParams: async ({ request, context, setResult }) => {
    const serving = context as unknown as Serving;
    try {
      serving.viewer = await admit(request.headers);
    } catch (error) {
      const shown = publicError(error);
      if (!shown) logger.error({ err: error, requestId: currentRequestId() }, 'A request could not be admitted.');
      setResult({ errors: [shown ?? internalError(error)] });
    }
  },
});

const tellPosition = <Context extends object>(positionOf: (context: Context) => string | null): Plugin => ({
  onExecutionResult: ({ result, setResult, context }) => {
    // What was refused at the door has no context to ask, and what streams tells its own cursors.
    if (!result || Symbol.asyncIterator in result || !('data' in result)) return;
    const position = positionOf(context as unknown as Context);
    if (position) setResult({ ...result, extensions: { ...result.extensions, position } });
  },
});
