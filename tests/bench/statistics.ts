import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globalId } from '../../schema/global-id.ts';
import { readZulipArchive } from '../../src/adapters/zulip-archive/index.ts';
import { importZulip } from '../../src/imports/zulip.ts';
import { allEvents } from '../support/importing.ts';
import { archiveFor } from './support/archive.ts';
import { deploy } from './support/deployment.ts';
import { printLine, say } from './support/line.ts';
import { assertTrue, percentile, rounded } from './support/measures.ts';

// Every statistic of the largest community of an archive, over its last year, through the server process over HTTP: one at a time, as
// somebody who opens a page of figures asks for them.

const ROUNDS = 25;
const REACH_MS = 300;
const YEAR = 365 * 86_400_000;

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-archive-'));
await using deployment = await deploy();
const { path, isGiven } = await archiveFor('statistics', folder, 50_000);
say('statistics: filling');
const { communityId, last, events } = await deployment.withApp(async (app) => {
  await importZulip(app, await readZulipArchive(path));
  const all = await allEvents(app.log);
  const messages = new Map<string, number>();
  let newest = 0;
  for (const { type, data, metadata } of all) {
    if (type !== 'PostPublished' && type !== 'CommentPublished') continue;
    const { communityId: id } = data as { communityId: string };
    messages.set(id, (messages.get(id) ?? 0) + 1);
    newest = Math.max(newest, Date.parse(metadata.occurredAt));
  }
  const [[largest = ''] = []] = [...messages].sort(([, a], [, b]) => b - a);
  return { communityId: globalId('Community', largest), last: newest, events: all.length };
});
await rm(folder, { recursive: true, force: true });
const server = await deployment.startServer();
const token = await deployment.token('role:analyst', ['analyst']);

const ask = async <R>(query: string, variables: object = {}): Promise<R> => {
  const response = await fetch(server.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: R; errors?: unknown };
  assertTrue(errors === undefined, JSON.stringify(errors));
  return data;
};

const FIGURE = `query ($id: ID!, $keys: [String!]!, $from: DateTime!, $to: DateTime!) {
  node(id: $id) { ... on Community { statistics(keys: $keys, from: $from, to: $to) {
    value numerator denominator median p90 curve { survival } cells { key value }
  } } }
}`;
const SHOWN = `query ($id: ID!, $keys: [String!]!, $from: DateTime!, $to: DateTime!) {
  node(id: $id) { ... on Community { statistics(keys: $keys, from: $from, to: $to) { numerator events { totalCount } } } }
}`;

type Shown = { node: { statistics: { numerator: number | null; events: { totalCount: number } }[] } };

const window = { from: new Date(last - YEAR).toISOString(), to: new Date(last + 1).toISOString() };
const { statisticCatalogue } = await ask<{ statisticCatalogue: { key: string }[] }>('{ statisticCatalogue { key } }');
const times = new Map<string, number[]>();
for (const { key } of statisticCatalogue) {
  const variables = { id: communityId, keys: [key], ...window };
  // What is counted is what is shown, or no figure is worth its time.
  const { numerator, events: shown } = (await ask<Shown>(SHOWN, variables)).node.statistics[0] ?? {};
  if (numerator != null)
    assertTrue(shown?.totalCount === numerator, `${key} shows ${shown?.totalCount} of ${numerator}.`);
  const first = JSON.stringify(await ask(FIGURE, variables));
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const since = performance.now();
    const answer = await ask(FIGURE, variables);
    taken.push(performance.now() - since);
    assertTrue(JSON.stringify(answer) === first, `${key} is not answered alike.`);
  }
  times.set(key, taken);
}
await server.stop();

const figures = [...times].map(([key, taken]) => ({
  key,
  p50Ms: rounded(percentile(taken, 0.5)),
  p99Ms: rounded(percentile(taken, 0.99)),
}));
const slowest = figures.toSorted((a, b) => b.p99Ms - a.p99Ms);
const all = [...times.values()].flat();
await printLine('statistics', deployment.connectionString, {
  archive: isGiven ? 'given' : 'made up',
  events,
  statistics: figures.length,
  p50Ms: rounded(percentile(all, 0.5)),
  p99Ms: rounded(percentile(all, 0.99)),
  slowest: slowest.slice(0, 3),
  reach: REACH_MS,
  reached: (slowest[0]?.p99Ms ?? Number.NaN) <= REACH_MS,
});
