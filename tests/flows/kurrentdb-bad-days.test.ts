import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type FakeKurrent, startFakeKurrent } from '../support/kurrentdb/fake.ts';
import { FoundCommunityDocument } from '../support/operations/typed/graphql.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

// A KurrentDB that takes no appends, or stands still as one does whose disk is full.

const SOON = { timeout: 60_000, interval: 50 };
/** What a person waits for a word, and some for a machine that is busy. */
const PATIENCE_MS = 12_000;

let fake: FakeKurrent;
let service: Service;
let ann: Asker;
beforeAll(async () => {
  fake = await startFakeKurrent();
  service = await openService({ KURRENTDB_URL: fake.connectionString() });
  ann = await service.as('ann', ['member', 'admin']);
  await found('first');
  await vi.waitFor(async () => expect(await ann.query(COMMUNITIES)).toMatchObject(SHOWN), SOON);
});
afterAll(async () => {
  await service.close();
  await fake[Symbol.asyncDispose]();
});
afterEach(() => {
  fake.refuse('nobody');
  fake.goOn();
});

const COMMUNITIES = '{ communities(first: 1) { nodes { name } } }';
const SHOWN = { data: { communities: { nodes: [{ name: 'first' }] } } };
const EVENTS = '{ events(first: 1) { nodes { type } } }';

const found = (name: string) => ann.ask(FoundCommunityDocument, { input: { name, slug: name, idempotencyKey: name } });
const codesOf = ({ errors }: { errors?: readonly { extensions: { code: string } }[] }) =>
  errors?.map(({ extensions }) => extensions.code);

/** The mutation is told within its time that nobody knows, or that the log is away, and repeated with its key it happens once. */
const whileItIsAway = async (name: string, others: () => Promise<void>) => {
  const began = performance.now();
  const founding = found(name);
  await others();
  expect(['OUTCOME_UNKNOWN', 'LOG_UNAVAILABLE']).toContain(codesOf(await founding)?.[0]);
  expect(performance.now() - began).toBeLessThan(PATIENCE_MS);
  fake.refuse('nobody');
  fake.goOn();
  expect((await found(name)).data.foundCommunity?.errors).toEqual([]);
  const stored = await service.app.log.readAll({ after: { position: 0n, eventId: '' }, limit: 1_000 });
  expect(stored.events.filter(({ data }) => (data as { name?: string }).name === name)).toHaveLength(1);
};

describe('a KurrentDB', () => {
  test('that takes no appends: who writes is told so in time, and everything that is read goes on', async () => {
    fake.refuse('writers');
    await whileItIsAway('read-only', async () => {
      expect(await ann.query(COMMUNITIES)).toMatchObject(SHOWN);
      expect(await ann.query(EVENTS)).toMatchObject({ data: { events: { nodes: [{}] } } });
    });
  });

  test('that stands still: who needs the log is told so in time, everybody else is answered', async () => {
    fake.hang();
    await whileItIsAway('full', async () => {
      const began = performance.now();
      const events = ann.query(EVENTS);
      const health = fetch(`${service.url}/health/ready`);
      expect(await ann.query(COMMUNITIES)).toMatchObject(SHOWN);
      expect(codesOf(await events)).toEqual(['LOG_UNAVAILABLE']);
      expect((await health).status).toBe(503);
      expect(await (await health).json()).toMatchObject({
        reason: expect.stringContaining('is reached but gives no answer'),
      });
      expect(performance.now() - began).toBeLessThan(PATIENCE_MS);
    });
  });
});
