import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Logger } from '../adapters/log-lines.ts';
import { internalError, publicError, shownError } from './faults.ts';
import type { Serving } from './serving.ts';
import { finishedError } from './stream-result.ts';
import { ending } from './streams.ts';
import { withDone } from './tell.ts';
import type { Prepared, SocketOperation } from './websocket.ts';

/** An operation's way from text to execution, as the plugins have paved it. */
export type Enveloped = {
  readonly schema: GraphQLSchema;
  parse(text: string): DocumentNode;
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[];
  contextFactory(): unknown;
  execute(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult>;
  subscribe(args: ExecutionArgs): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult>;
};

export type Paving = {
  readonly logger: Logger;
  getEnveloped(serving: object): Enveloped;
  /** Which document is meant: as for any request. */
  textOf(asking: SubscribePayload): string | undefined;
  /** Whatever is asked has a price, also what is refused. */
  refused(payer: string): void;
  /** What `extensions` of an answer say. */
  extensionsOf(context: object, result: ExecutionResult): object;
};

/** Operations of sockets go the way of all others: the same plugins parse, validate, limit and execute them. */
export const prepareOperations = (paving: Paving) => (operation: SocketOperation) => prepare(paving, operation);

const prepare = async (
  { logger, getEnveloped, textOf, refused, extensionsOf }: Paving,
  { requestId, viewer, req, payload }: SocketOperation,
): Promise<Prepared | readonly GraphQLError[]> => {
  const payer = viewer.account;
  const telling = { requestId, logger };
  try {
    const { schema, parse, validate, contextFactory, execute, subscribe } = getEnveloped({
      requestId,
      viewer,
      req,
      payer,
    });
    const document = parse(textOf(payload) ?? payload.query);
    const { operationName, variables: variableValues } = payload;
    const faults = validate(schema, document);
    const isOne = faults.length > 0 || getOperationAST(document, operationName) !== null;
    const errors = isOne ? faults : [ending('OPERATION_RESOLUTION_FAILURE', WHICH)];
    if (errors.length > 0) {
      refused(payer);
      return errors.map((error) => finishedError(error, telling));
    }
    const contextValue = await contextFactory();
    return {
      args: {
        schema,
        document,
        contextValue,
        ...(operationName && { operationName }),
        variableValues: variableValues ?? {},
      },
      requestId,
      execute: guarded(execute),
      subscribe: guarded(subscribe),
      tell: (result) =>
        withDone(
          { ...result, extensions: { ...result.extensions, ...extensionsOf(contextValue as object, result) } },
          (contextValue as Pick<Serving, 'done'>).done,
        ),
    };
  } catch (error) {
    refused(payer);
    const shown = publicError(error);
    if (!shown) logger.error({ err: error, requestId }, 'An operation of a WebSocket could not be prepared.');
    return [finishedError(shown ?? internalError(error), telling)];
  }
};

/** What is thrown is the operation's answer: the socket has others to carry. */
const guarded =
  <R>(run: (args: ExecutionArgs) => R | Promise<R>) =>
  async (args: ExecutionArgs): Promise<R | ExecutionResult> => {
    try {
      return await run(args);
    } catch (error) {
      return { errors: [shownError(error)] };
    }
  };

const WHICH = 'Could not determine what operation to execute.';
