import { mergeConfig } from 'vitest/config';
import usual from '../../vitest.config.ts';

// One file at a time: all of them are on one server, and some of them stop it.
export default mergeConfig(
  { ...usual, test: { ...usual.test, include: [] } },
  {
    test: {
      include: ['tests/kurrentdb/*.server.ts', 'tests/flows/kurrentdb.test.ts', 'tests/flows/kurrentdb-kills.test.ts'],
      fileParallelism: false,
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  },
);
