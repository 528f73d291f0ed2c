import type { ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Done } from '../../schema/context.ts';
import type { EdgeSettings } from '../config/edge.ts';
import type { Measures } from '../core/measures.ts';
import { codeIn } from './faults.ts';
import type { Cost, OperationLimits } from './limits/operation.ts';
import type { Paying } from './limits/plugin.ts';
import type { Serving, ServingPlugin } from './serving.ts';

/** Every answer to somebody known tells how new it is, what it cost, and what is left to spend. */
export type Tell = <R extends object>(result: R, context: Serving) => R;

export const createTell =
  (
    operations: OperationLimits,
    { edge, measures }: { readonly edge: EdgeSettings; readonly measures: Measures },
    positionOf: (context: object) => string | null,
  ): Tell =>
  (result, context) => {
    // Who was not let in is told nothing.
    if (!context.viewer) return result;
    const isStream = Symbol.asyncIterator in result;
    const cost = isStream ? (context.admitted?.settle(null, true) ?? null) : settled(operations, context, result);
    if (cost && Number.isFinite(edge.limits.BUDGET)) tellBudget(context.res, cost);
    // What streams tells its own cursors.
    if (isStream || !cost) return result;
    measures.observe('operation_cost', cost.actualQueryCost, {});
    const position = positionOf(context);
    return withDone(
      { ...result, extensions: { ...(result as ExecutionResult).extensions, ...(position && { position }), cost } },
      context.done,
    );
  };

/**
 * An answer with errors tells which mutations were done all the same, and its status is that of an answer: whoever hears of a failure
 * alone would do them again.
 */
export const withDone = <R extends ExecutionResult>(result: R, done: readonly Done[] = []): R =>
  done.length === 0 || !result.errors?.length
    ? result
    : { ...result, errors: result.errors.map(withoutStatus), extensions: { ...result.extensions, done } };

const withoutStatus = (error: GraphQLError): GraphQLError => {
  const { http: _, unexpected: __, ...extensions } = error.extensions ?? {};
  const { message, nodes, source, positions, path, originalError } = error;
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions });
};

export const tellResults = (tell: Tell): ServingPlugin => ({
  onExecutionResult: ({ result, setResult, context }) => {
    if (result) setResult(tell(result, context));
  },
});

/** What an answer did cost, settled with its payer. */
export const settled = (operations: OperationLimits, { admitted, payer }: Paying, result: ExecutionResult): Cost =>
  admitted?.settle(result.data, isTimeout(result)) ?? operations.refused(payer);

const isTimeout = ({ errors }: ExecutionResult) => errors?.some((error) => codeIn(error) === 'TIMEOUT') ?? false;

/** As the draft standard for rate limits has it: a quota, its window, what remains of it, and when it is whole again. */
export const tellBudget = (response: ServerResponse, { throttleStatus }: Cost) => {
  const { maximumAvailable, currentlyAvailable, restoreRate } = throttleStatus;
  const seconds = (points: number) => Math.ceil(points / restoreRate);
  response.setHeader('RateLimit-Policy', `"points";q=${maximumAvailable};w=${seconds(maximumAvailable)}`);
  response.setHeader(
    'RateLimit',
    `"points";r=${currentlyAvailable};t=${seconds(maximumAvailable - currentlyAvailable)}`,
  );
};
