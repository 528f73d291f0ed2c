import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openKurrentCopying } from '../../src/adapters/kurrentdb-log/copying.ts';
import { loadConfig } from '../../src/config.ts';
import { START } from '../../src/core/position.ts';
import { freshDatabase } from '../support/database.ts';
import { startIssuer } from '../support/issuer.ts';
import { type KurrentTarget, kurrentTarget } from '../support/kurrentdb/target.ts';
import { FoundCommunityDocument } from '../support/operations/typed/graphql.ts';
import { palabre, run } from '../support/palabre.ts';
import { openService } from '../support/service.ts';

const SOON = { timeout: 60_000, interval: 20 };
const LONG = 240_000;
const KEY = { PALABRE_MASTER_KEY: 'ab'.repeat(32) };

let kurrent: KurrentTarget;
beforeAll(async () => {
  kurrent = await kurrentTarget();
});
afterAll(() => kurrent.close());

const NAME = 'query ($id: ID!) { node(id: $id) { ... on Community { name } } }';

test('a process that holds the read models on a KurrentDB is killed: another one takes them over and shows what it wrote', {
  timeout: LONG,
}, async () => {
  await using database = await freshDatabase();
  const issuer = await startIssuer();
  const variables = {
    ...{ ...KEY, DATABASE_URL: database.connectionString },
    ...kurrent.variables(kurrent.namespace()),
  };
  const holder = palabre(['start', '--no-demo'], { ...variables, ...issuer.variables, PORT: '0', HOST: '127.0.0.1' });
  const [, url = ''] = await holder.until(/(http:\/\/127\.0\.0\.1:\d+)/);
  await vi.waitFor(async () => expect((await fetch(`${url}/health/ready`)).ok).toBe(true), SOON);
  const other = await openService(variables);
  const bob = await other.as('bob');
  const found = async () => {
    const name = `s-${randomUUID().slice(0, 8)}`;
    const answer = await bob.ask(FoundCommunityDocument, { input: { name, slug: name } });
    const { community, position } = answer.data?.foundCommunity ?? expect.fail(JSON.stringify(answer));
    return { id: community?.id ?? '', position: position ?? '', name };
  };
  /** A query that waits for the read models, whoever writes them. */
  const shows = async ({ id, name, position }: Awaited<ReturnType<typeof found>>) =>
    expect(await bob.query(NAME, { id }, { 'x-palabre-min-position': position })).toMatchObject({
      data: { node: { name } },
    });
  await shows(await found());

  holder.process.kill('SIGKILL');
  await holder.ended;
  const written = await found();
  await vi.waitFor(() => shows(written), SOON);
  const proofs = await other.app.readModels.verify(other.app.readModels.names);
  expect(proofs.filter(({ equal }) => !equal)).toEqual([]);
  await other.close();
  issuer.close();
});

test('a move that is killed with -9, while it copies and again while it compares, is run again and ends with both the same', {
  timeout: LONG,
}, async () => {
  await using database = await freshDatabase();
  const variables = { ...kurrent.variables(kurrent.namespace()), ...KEY, DATABASE_URL: database.connectionString };
  const { kurrentdb } = loadConfig(variables);
  const there = await openKurrentCopying(kurrentdb ?? expect.fail('It names no KurrentDB.'));
  const copied = async (limit: number) => (await there.target.readAll({ after: START, limit })).events.length;
  const atHome = { ...variables, KURRENTDB_URL: '' };
  expect(await run(['seed', '--members', '10', '--posts', '100'], atHome)).toMatchObject({ code: 0 });
  const ends = ['--from', database.connectionString, '--to', kurrent.url];
  const kill = async ({ process, ended }: ReturnType<typeof palabre>) => {
    process.kill('SIGKILL');
    expect(await ended).toMatchObject({ code: null });
  };

  const first = palabre(['log', 'copy', ...ends], atHome);
  await vi.waitFor(async () => expect(await copied(50)).toBe(50), { ...SOON, interval: 1 });
  await kill(first);
  expect(await there.state()).toMatchObject({ state: 'filling' });
  expect(await run(['log', 'verify', ...ends], atHome)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('stands in only one of the logs'),
  });
  // Nobody was kept from writing so far.
  expect(await run(['seed', '--members', '10', '--posts', '110'], atHome)).toMatchObject({ code: 0 });

  const second = palabre(['log', 'copy', ...ends], atHome);
  await second.until(/Copying the rest/);
  await kill(second);
  expect(await there.state()).toMatchObject({ state: 'filling' });

  const third = await run(['log', 'copy', ...ends], atHome);
  expect(third).toMatchObject({ code: 0, stdout: expect.stringContaining('as incarnation 2') });
  expect(await run(['log', 'verify', ...ends], atHome)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+ events, the same in both\.\n$/),
  });
  await there.close();
});
