import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Logger } from '../adapters/log-lines.ts';
import type { EdgeSettings } from '../config/edge.ts';
import type { Measures } from '../core/measures.ts';
import type { Viewer } from '../core/viewer.ts';
import { checkAccept, keepFromCaches, refuseStreamsAsJson } from './accept.ts';
import { type Audit, auditResults } from './audit.ts';
import { tellDeprecations } from './deprecations.ts';
import { createDirect } from './direct.ts';
import { executeByReference } from './execution.ts';
import { finishErrors, finishResults, shownError } from './faults.ts';
import { readGetParameters } from './get-parameters.ts';
import type { GraphiqlPage } from './graphiql.ts';
import { type GraphqlStreams, streamSubscriptions } from './graphql-sse.ts';
import type { RequestFacts } from './http.ts';
import { readJsonBodies } from './json-body.ts';
import { createEntrance, documentText, type HeaderReader, letIn } from './let-in.ts';
import type { OperationLimits } from './limits/operation.ts';
import { limitOperations, type Paying } from './limits/plugin.ts';
import { limitResponse } from './limits/response.ts';
import type { Strangers } from './limits/strangers.ts';
import { limitTime } from './limits/time.ts';
import type { Serving, ServingPlugin } from './serving.ts';
import { shareExecutions } from './shared-execution.ts';
import { prepareOperations } from './socket-operations.ts';
import { createTell, settled, tellResults } from './tell.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** A request with its asker: what `contextOf` makes a resolver's context of. */
export type Asked = RequestFacts & { readonly viewer: Viewer; readonly request?: Request };

export type GraphqlDoor<Context extends object> = {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly measures: Measures;
  readonly edge: EdgeSettings;
  readonly trusted: TrustedDocuments;
  readonly graphiql: GraphiqlPage | null;
  readonly streams: GraphqlStreams;
  readonly operations: OperationLimits;
  readonly strangers: Strangers;
  readonly audit: Audit;
  /** Who asks. Throws what the client is to hear. */
  admit(headers: HeaderReader): Promise<Viewer>;
  /** Waits until everything that the headers ask for is so. Throws what the client is to hear. */
  ready(headers: HeaderReader): Promise<void>;
  contextOf(asked: Asked): Context;
  /** `extensions.position` of an answer; of one that never came to be executed, too. */
  positionOf(context: Partial<Context>): string | null;
};

export const createGraphqlDoor = <Context extends object>(door: GraphqlDoor<Context>) => {
  const { schema, logger, graphiql, edge, trusted, operations } = door;
  const { limits } = edge;
  const enter = createEntrance(door);
  const tell = createTell(operations, door, door.positionOf as (context: object) => string | null);
  const finish = finishErrors(limits, logger);
  const yoga = createYoga<Serving, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    // `readJsonBodies` counts.
    maxRequestBodySize: false,
    extraParamNames: ['documentId'],
    logging: false,
    graphiql: graphiql ? () => graphiql.options() : false,
    ...(graphiql ? { renderGraphiQL: graphiql.render } : {}),
    maskedErrors: { maskError: shownError },
    context: ({ requestId, ending, viewer, request }) => {
      if (!viewer) throw new Error('Nobody is let in before it is known who asks.');
      return door.contextOf({ requestId, ending, viewer, request });
    },
    plugins: [
      checkAccept(),
      readJsonBodies(limits.BODY_BYTES),
      readGetParameters(trusted),
      letIn(enter),
      limitOperations(operations, edge),
      tellResults(tell),
      executeByReference(),
      tellDeprecations(schema, logger),
      shareExecutions(),
      // After what executes, since it waits for it.
      limitTime(limits.EXECUTION_MS),
      finishResults(finish),
      auditResults(door.audit),
      streamSubscriptions(door.streams),
      refuseStreamsAsJson(),
      limitResponse(limits.RESPONSE_BYTES),
      keepFromCaches(),
    ] satisfies ServingPlugin[],
  });
  return {
    handle: createDirect({
      limits,
      enter,
      tell,
      finish,
      audit: door.audit,
      getEnveloped: (serving) => yoga.getEnveloped(serving),
      whole: yoga.handle,
    }),
    /** For operations that come another way than by a request of their own. */
    prepare: prepareOperations({
      logger,
      getEnveloped: (serving) => yoga.getEnveloped(serving),
      textOf: (asking) => documentText(door, asking),
      refused: (payer) => void operations.refused(payer),
      extensionsOf: (context, result) => ({
        position: door.positionOf(context as Context),
        cost: settled(operations, context as Paying, result),
      }),
    }),
  };
};
