import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What to send: each connection sends one request after the other, the requests in turn, until the time is over. */
export type Load = {
  readonly url: string;
  /** Whole HTTP requests in base64. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly seconds: number;
};

/** What came back. Any answer that is not a 200, or that says `"errors"`, is a failure. */
export type LoadResult = {
  readonly answers: number;
  readonly perSecond: number;
  readonly failures: number;
  readonly firstFailure: string | null;
  /** In milliseconds, one for each answer. */
  readonly latencies: readonly number[];
};

/** A process of its own that sends requests. */
export type LoadGenerator = { run(load: Load): Promise<LoadResult>; stop(): void };

export const startLoadGenerator = (): LoadGenerator => {
  const generator = fork(fileURLToPath(new URL('./load-generator.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
  });
  return {
    run: async (load) => {
      generator.send(load);
      const [result] = await once(generator, 'message');
      return result as LoadResult;
    },
    stop: () => generator.kill(),
  };
};
