import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { fillBareTables } from './support/bare-tables.ts';
import { COMMUNITY_PAGE } from './support/community-page.ts';
import { deploy } from './support/deployment.ts';
import { openConnection, postRequest } from './support/http-connection.ts';
import { printLine, say } from './support/line.ts';
import { type LoadResult, startLoadGenerator } from './support/load.ts';
import { assertTrue, median, percentile, rounded } from './support/measures.ts';
import { fillOrganisation, memberId, type Plan, slugOf } from './support/organisation.ts';

// A community's page over HTTP, next to a bare server with one SQL statement for the same JSON.

const PLAN: Plan = {
  communities: 200,
  members: 1_000,
  memberships: 4,
  postsEach: 40,
  yardstickPosts: 40,
  commentsPerPost: 3,
  reactionsPerPost: 2,
};
const CONNECTIONS = 16;
const WARM_UP_SECONDS = 5;
const ROUND_SECONDS = 5;
const ROUNDS = 5;

const startBareServer = async (connectionString: string) => {
  const bare = fork(fileURLToPath(new URL('./support/bare-server.ts', import.meta.url)), [connectionString], {
    execArgv: ['--import', 'tsx'],
  });
  const [port] = await once(bare, 'message');
  return { url: new URL(`http://127.0.0.1:${port}/`), stop: () => bare.kill() };
};

await using deployment = await deploy();
say('query: filling');
const events = await deployment.withApp((app) => fillOrganisation(app, PLAN));
await fillBareTables(deployment.connectionString, PLAN);
const server = await deployment.startServer();
const bare = await startBareServer(deployment.connectionString);
const generator = startLoadGenerator();

const headers = { authorization: `Bearer ${await deployment.token(memberId(1))}` };
const requestsTo = (url: URL) =>
  Array.from({ length: PLAN.communities }, (_, n) =>
    postRequest(url, headers, { query: COMMUNITY_PAGE, variables: { slug: slugOf(n) } }),
  );
const ours = requestsTo(server.graphql);
const theirs = requestsTo(bare.url);

/** Both servers say the same of every community, before anything is measured. */
const assertSameAnswers = async () => {
  const [one, other] = [openConnection(server.graphql), openConnection(bare.url)];
  for (const [n, request] of ours.entries()) {
    const own = JSON.parse((await one.send(request)).body.toString());
    const wanted = JSON.parse((await other.send(theirs[n] as Buffer)).body.toString());
    assertTrue(wanted.data.community.posts.nodes.length === 20, `The bare server gives no page of community ${n}.`);
    assertTrue(
      isDeepStrictEqual(own.data, wanted.data),
      `Community ${n} is not answered alike:\n${JSON.stringify(own)}\n${JSON.stringify(wanted)}`,
    );
  }
  one.close();
  other.close();
};

const load = async (url: URL, requests: readonly Buffer[], seconds: number): Promise<LoadResult> => {
  const result = await generator.run({
    url: url.href,
    requests: requests.map((request) => request.toString('base64')),
    connections: CONNECTIONS,
    seconds,
  });
  assertTrue(result.failures === 0, `${result.failures} requests to ${url.href} failed: ${result.firstFailure}`);
  return result;
};

try {
  await assertSameAnswers();
  say('query: measuring');
  await load(server.graphql, ours, WARM_UP_SECONDS);
  await load(bare.url, theirs, WARM_UP_SECONDS);
  const rounds: { own: LoadResult; bare: LoadResult }[] = [];
  const cpuBefore = server.cpuMs();
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({
      own: await load(server.graphql, ours, ROUND_SECONDS),
      bare: await load(bare.url, theirs, ROUND_SECONDS),
    });
  const answers = rounds.reduce((sum, { own }) => sum + own.answers, 0);
  const serverCpuMsEach = (server.cpuMs() - cpuBefore) / answers;
  await assertSameAnswers();
  const figuresOf = (results: readonly LoadResult[]) => {
    const latencies = results.flatMap((result) => result.latencies);
    return {
      perSecond: Math.round(median(results.map(({ perSecond }) => perSecond))),
      p50Ms: rounded(percentile(latencies, 0.5)),
      p99Ms: rounded(percentile(latencies, 0.99)),
    };
  };
  await printLine('query', deployment.connectionString, {
    connections: CONNECTIONS,
    events,
    ...figuresOf(rounds.map(({ own }) => own)),
    serverCpuMsEach: rounded(serverCpuMsEach),
    bare: figuresOf(rounds.map(({ bare }) => bare)),
    ratio: rounded(median(rounds.map(({ own, bare }) => own.perSecond / bare.perSecond))),
    reach: 0.35,
  });
} finally {
  generator.stop();
  bare.stop();
  await server.stop();
}
