import { randomUUID } from 'node:crypto';
import { startFakeKurrent } from './fake.ts';

/** A KurrentDB for tests: the one that TEST_KURRENTDB_URL names, else the fake. Each log has a namespace of its own. */
export type KurrentTarget = {
  readonly url: string;
  namespace(): string;
  /** What names a log on it in the environment. */
  variables(namespace: string): Readonly<Record<string, string>>;
  close(): Promise<void>;
};

export const kurrentTarget = async (): Promise<KurrentTarget> => {
  const given = process.env.TEST_KURRENTDB_URL;
  const fake = given ? undefined : await startFakeKurrent();
  const url = given ?? fake?.connectionString() ?? '';
  return {
    url,
    namespace: () => `test-${randomUUID().slice(0, 8)}`,
    variables: (namespace) => ({
      KURRENTDB_URL: url,
      PALABRE_KURRENTDB_NAMESPACE: namespace,
      PALABRE_KURRENTDB_INSECURE: '1',
    }),
    close: async () => fake?.[Symbol.asyncDispose](),
  };
};
