import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { shownError } from './faults.ts';
import type { ServingPlugin } from './serving.ts';

/**
 * The reference implementation executes every operation, the first time as any other: what executes faster has to be proven equal to
 * it first. Whatever is thrown on the way is an error of the answer, on every door.
 */
export const executeByReference = (): ServingPlugin => ({
  onExecute: ({ setExecuteFn }) => setExecuteFn(executed as never),
});

const executed = (args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> => {
  try {
    const result = execute(args);
    return 'then' in result ? result.catch(refused) : result;
  } catch (error) {
    return refused(error);
  }
};

const refused = (error: unknown): ExecutionResult => ({ errors: [shownError(error)] });
