import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

// vitest reads the default export of its configuration, and only that.
export default defineConfig({
  // graphql must be one module, however it is imported: its types are compared by identity.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/support/global-setup.ts',
    pool: 'forks',
    // Much of a test is waiting: for a lease, a process that starts, a database that comes back.
    maxWorkers: 4,
    // For what hangs: a machine that is busy with something else is no failure.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
  },
});
