import { useGraphQlJit } from '@envelop/graphql-jit';
import {
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLError,
  getOperationAST,
  getVariableValues,
  Kind,
} from 'graphql';
import type { ServingPlugin } from './serving.ts';

/**
 * Operations that come back are compiled once and run as plain code. A document seen for the first time is interpreted, so
 * that clients who write values into their documents do not make us compile each of them. A document with several operations
 * is always interpreted: the compiled form is remembered by document and would answer one operation with another.
 */
export const compileRepeated = (): ServingPlugin => {
  const seen = new WeakSet<DocumentNode>();
  return useGraphQlJit(
    {},
    {
      enableIf: ({ document }) => {
        if (seen.has(document)) return true;
        const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
        if (operations.length === 1) seen.add(document);
        return false;
      },
    },
  ) as ServingPlugin;
};

/** Compiled operations say less about a variable that does not fit than interpreted ones: clients hear the same of both. */
export const explainVariables = (): ServingPlugin => ({
  onExecute: () => ({
    onExecuteDone: ({ args, result, setResult }) => {
      if (isRefusal(result)) setResult({ errors: faultsOf(args) ?? result.errors });
    },
  }),
  onSubscribe: () => ({
    onSubscribeResult: ({ args, result, setResult }) => {
      if (isRefusal(result)) setResult({ errors: faultsOf(args) ?? result.errors });
    },
  }),
});

/** Refused before anything was executed. */
const isRefusal = (result: object): result is { errors: GraphQLError[] } => 'errors' in result && !('data' in result);

const faultsOf = ({ schema, document, operationName, variableValues }: ExecutionArgs): GraphQLError[] | undefined => {
  const operation = getOperationAST(document, operationName);
  const { errors } = getVariableValues(schema, operation?.variableDefinitions ?? [], variableValues ?? {}, {
    maxErrors: MAX_VARIABLE_ERRORS,
  });
  return errors && [...errors];
};

const MAX_VARIABLE_ERRORS = 20;
