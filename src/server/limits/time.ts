import type { ExecutionResult } from 'graphql';
import type { ServingPlugin } from '../serving.ts';
import { tooMuch } from './refusal.ts';

/**
 * An operation that takes too long is answered without it. What it began is not taken back: a statement of the database
 * ends by its own limit, and a mutation may still be done.
 */
export const limitTime = (milliseconds: number): ServingPlugin => ({
  onExecute: ({ executeFn, setExecuteFn }) => {
    setExecuteFn((args: unknown) => {
      const executing = executeFn(args as never) as ExecutionResult | Promise<ExecutionResult>;
      return 'then' in executing ? orTimeout(executing, milliseconds) : executing;
    });
  },
});

const orTimeout = (executing: Promise<ExecutionResult>, milliseconds: number): Promise<ExecutionResult> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        resolve({
          errors: [
            tooMuch(
              'EXECUTION_MS',
              milliseconds,
              null,
              `The operation took longer than ${milliseconds} ms (limit EXECUTION_MS) and was given up: ask for less. A mutation may still be done: repeat it with the same idempotency key.`,
            ),
          ],
        }),
      milliseconds,
    );
    executing.then(resolve, reject).finally(() => clearTimeout(timer));
  });
