import { afterAll, beforeAll } from 'vitest';
import { type FakeKurrent, startFakeKurrent } from '../support/kurrentdb/fake.ts';
import { kurrentRules } from './kurrentdb-rules.ts';

let fake: FakeKurrent;
beforeAll(async () => {
  fake = await startFakeKurrent();
});
afterAll(() => fake[Symbol.asyncDispose]());

kurrentRules('the fake KurrentDB', async () => fake.connectionString());
