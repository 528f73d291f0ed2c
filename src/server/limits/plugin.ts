import { type DocumentNode, GraphQLError, NoSchemaIntrospectionCustomRule, parse, validate } from 'graphql';
import type { EdgeSettings } from '../../config/edge.ts';
import type { ServingPlugin } from '../serving.ts';
import type { AdmittedOperation, OperationLimits } from './operation.ts';
import type { Variables } from './plan.ts';
import { tooMuch } from './refusal.ts';

/** What the limits read of an operation's context, and leave there. Whatever door it came through has put `payer` in. */
export type Paying = { readonly payer: string; admitted?: AdmittedOperation };

/** Every operation on its way from text to execution, on whatever door: shape, validation, cost, budget, time. */
export const limitOperations = (
  operations: OperationLimits,
  { limits, introspection }: Pick<EdgeSettings, 'limits' | 'introspection'>,
): ServingPlugin => {
  const parseWithin: typeof parse = (source, options) => {
    try {
      return parse(source, { ...options, maxTokens: limits.TOKENS });
    } catch (error) {
      if (!(error instanceof GraphQLError) || !/more tha[nt] \d+ tokens/.test(error.message)) throw error;
      throw tooMuch('TOKENS', limits.TOKENS, null, `A document has at most ${limits.TOKENS} tokens (limit TOKENS).`);
    }
  };
  const validateBriefly: typeof validate = (schema, document, rules) =>
    validate(schema, document, rules, { maxErrors: limits.VALIDATION_ERRORS });

  /** The refusal of an operation that costs more than it may, or than its payer has. */
  const refusalOf = (args: Executing): GraphQLError | null => {
    const context = args.contextValue as Paying;
    try {
      context.admitted = operations.admit({
        document: args.document,
        operationName: args.operationName,
        variables: args.variableValues as Variables | null | undefined,
        payer: context.payer,
      });
      return null;
    } catch (error) {
      if (error instanceof GraphQLError) return error;
      throw error;
    }
  };

  return {
    onParse: ({ setParseFn }) => setParseFn(parseWithin),
    onValidate: ({ params: { documentAST }, setResult, setValidationFn, addValidationRule }) => {
      const refusal = operations.refuseShape(documentAST);
      if (refusal) setResult([refusal]);
      else setValidationFn(validateBriefly);
      if (introspection === 'off') addValidationRule(NoSchemaIntrospectionCustomRule);
    },
    onExecute: ({ args, setResultAndStopExecution }) => {
      const refusal = refusalOf(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const refusal = refusalOf(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
  };
};

type Executing = {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: unknown;
  readonly contextValue?: unknown;
};
