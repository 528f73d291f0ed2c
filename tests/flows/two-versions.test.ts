import { afterEach, expect, test, vi } from 'vitest';
import { projections } from '../../projections/index.ts';
import { openPostgresTables } from '../../src/adapters/postgres-tables/index.ts';
import { createReadModels } from '../../src/core/read-models.ts';
import { openService, type Service } from '../support/service.ts';

const SOON = { timeout: 20_000, interval: 50 };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The read models as the next version of the program has them, beside a running server: one of them has another version. */
const startNext = async ({ app }: Service, name: string) => {
  const store = openPostgresTables(app.database);
  const models = createReadModels({
    log: app.log,
    store,
    read: app.catalogue.read,
    projections: projections.map((one) => (one.name === name ? { ...one, version: one.version + 1 } : one)),
  });
  await models.run();
  let ended: Promise<void> | undefined;
  const end = () => {
    ended ??= models.stop().then(store.close);
    return ended;
  };
  closing.push(end);
  return { end };
};

type Told = {
  readonly status: string;
  readonly reason?: string;
  readonly projections: readonly { readonly name: string; readonly state: string; readonly lagEvents: number }[];
};
const healthOf = async ({ url }: Service) => {
  const response = await fetch(`${url}/health/ready`);
  return { code: response.status, ...((await response.json()) as Told) };
};
const standingOf = async (service: Service, name: string) =>
  (await healthOf(service)).projections.find((one) => one.name === name);

const FOUND = `mutation ($input: FoundCommunityInput!) { foundCommunity(input: $input) { errors { code } } }`;

test('an older server beside a newer one is not ready, says so, and measures its lag from the end of the log', {
  timeout: 60_000,
}, async () => {
  const older = await openService();
  closing.push(older.close);
  const ann = await older.as('ann');
  await ann.query(FOUND, { input: { name: 'before', slug: 'before' } });
  await vi.waitFor(async () => expect(await standingOf(older, 'communities')).toMatchObject({ lagEvents: 0 }), SOON);
  expect(await healthOf(older)).toMatchObject({ code: 200, status: 'ready' });

  await startNext(older, 'communities');
  await vi.waitFor(async () => expect(await healthOf(older)).toMatchObject({ code: 503, status: 'not ready' }), SOON);
  const told = await healthOf(older);
  expect(told.reason).toMatch(/"communities" is served, and this program knows version .*: stop it where a newer one/);
  expect(told.projections.filter(({ state }) => state === 'superseded').map(({ name }) => name)).toEqual([
    'communities',
  ]);

  // What is written now is in what the newer one serves, and not in what this one can read.
  await ann.query(FOUND, { input: { name: 'after', slug: 'after' } });
  await vi.waitFor(async () => {
    const standing = await standingOf(older, 'communities');
    expect(standing).toMatchObject({ state: 'superseded' });
    expect(standing?.lagEvents).toBeGreaterThan(0);
  }, SOON);
  const { data } = await ann.query('{ communities { nodes { slug } } }');
  expect(data).toEqual({ communities: { nodes: [{ slug: 'before' }] } });
});

test('a server of an older version that is started after a newer one is not ready, says how to go back, and is ready then', {
  timeout: 60_000,
}, async () => {
  const first = await openService();
  closing.push(first.close);
  const ann = await first.as('ann');
  await ann.query(FOUND, { input: { name: 'kept', slug: 'kept' } });
  const next = await startNext(first, 'communities');
  await vi.waitFor(async () => expect(await healthOf(first)).toMatchObject({ code: 503 }), SOON);
  await next.end();

  const back = await openService({ DATABASE_URL: first.app.database.connectionString ?? '' });
  closing.push(back.close);
  const told = await healthOf(back);
  expect(told).toMatchObject({ code: 503, status: 'not ready' });
  expect(told.reason).toMatch(/to go back to this version for good, run `palabre projections rebuild communities`/);
  const bob = await back.as('bob');
  expect((await bob.query('{ communities { nodes { slug } } }')).errors).toMatchObject([
    { extensions: { code: 'STALE_READ' } },
  ]);

  expect(await back.app.readModels.rebuild(['communities'])).toEqual(new Map());
  for (const service of [back, first])
    await vi.waitFor(async () => expect(await healthOf(service)).toMatchObject({ code: 200, status: 'ready' }), SOON);
  expect((await bob.query('{ communities { nodes { slug } } }')).data).toEqual({
    communities: { nodes: [{ slug: 'kept' }] },
  });
});
