import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { EdgeSettings } from '../config/edge.ts';
import type { Measures } from '../core/measures.ts';
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
    const { extensions } = result as ExecutionResult;
    return { ...result, extensions: { ...extensions, ...(position && { position }), cost } };
  };

export const tellResults = (tell: Tell): ServingPlugin => ({
  onExecutionResult: ({ result, setResult, context }) => {
    if (result) setResult(tell(result, context));
  },
});

/** What an answer did cost, settled with its payer. */
export const settled = (operations: OperationLimits, { admitted, payer }: Paying, result: ExecutionResult): Cost =>
  admitted?.settle(result.data, isTimeout(result)) ?? operations.refused(payer);

const isTimeout = ({ errors }: ExecutionResult) =>
  errors?.some(({ extensions }) => extensions.code === 'TIMEOUT') ?? false;

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
