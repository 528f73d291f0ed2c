import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { openKurrentLog } from '../../src/adapters/kurrentdb-log/index.ts';
import { atLength } from '../support/at-length.ts';
import { type FakeKurrent, startFakeKurrent } from '../support/kurrentdb/fake.ts';
import { eventLogContract } from './event-log.contract.ts';

let fake: FakeKurrent;
beforeAll(async () => {
  fake = await startFakeKurrent();
});
afterAll(() => fake[Symbol.asyncDispose]());

eventLogContract(
  'the log on KurrentDB',
  async () => {
    const log = await openKurrentLog({
      connectionString: fake.connectionString(),
      address: fake.address(),
      namespace: `test-${randomUUID()}`,
    });
    return { log, close: () => log.close() };
  },
  { seams: atLength(5, 200) },
);
