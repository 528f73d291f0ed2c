import { globalId } from '../../schema/global-id.ts';
import { publishPost } from '../../src/domain/publishing.ts';
import { deploy } from './support/deployment.ts';
import { postRequest } from './support/http-connection.ts';
import { printLine, say } from './support/line.ts';
import { type LoadResult, startLoadGenerator } from './support/load.ts';
import { assertTrue, median, percentile, rounded } from './support/measures.ts';
import { communityId, fillOrganisation, memberId, type Plan } from './support/organisation.ts';

// Two ways in: `execute` in this process (validated, decided, sealed, stored), and a mutation over HTTP whose answer reads its own
// write. What was acknowledged is counted in the log afterwards.

const PLAN: Plan = {
  communities: 50,
  members: 1_000,
  memberships: 2,
  postsEach: 10,
  yardstickPosts: 10,
  commentsPerPost: 2,
  reactionsPerPost: 1,
};
const CALLERS = 128;
const CLIENTS = 32;
const ROUNDS = 5;
const ROUND_MS = 3_000;

const MUTATION = `
  mutation Publish($input: PublishPostInput!) {
    publishPost(input: $input) { post { id title author { name } } position }
  }`;
const TITLE = 'Shall we meet under the tree?';
const BODY = 'Everybody who was there last week says that it was worth it. '.repeat(4).trim();

await using deployment = await deploy();
say('mutation: filling');

/** Command to acknowledged, so many at a time, each caller one after the other. */
const executed = await deployment.withApp(async (app) => {
  await fillOrganisation(app, PLAN);
  const before = (await app.log.head()).position;
  const rounds: LoadResult[] = [];
  let acknowledged = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const latencies: number[] = [];
    const began = performance.now();
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, caller) => {
        const actor = { memberId: memberId(caller), kind: 'MEMBER', isAdmin: false } as const;
        const input = {
          communityId: communityId(caller % PLAN.communities),
          kind: 'DISCUSSION',
          title: TITLE,
          body: BODY,
        } as const;
        while (performance.now() - began < ROUND_MS) {
          const sent = performance.now();
          await app.execute(publishPost, input, { actor });
          latencies.push(performance.now() - sent);
        }
      }),
    );
    acknowledged += latencies.length;
    const perSecond = (latencies.length * 1_000) / (performance.now() - began);
    // The first round warms up.
    if (round > 0) rounds.push({ answers: latencies.length, perSecond, failures: 0, firstFailure: null, latencies });
  }
  const stored = Number((await app.log.head()).position - before);
  assertTrue(stored === acknowledged, `${acknowledged} commands were acknowledged, ${stored} events are stored.`);
  return rounds;
});

const server = await deployment.startServer();
const generator = startLoadGenerator();
try {
  const requests = await Promise.all(
    Array.from({ length: PLAN.communities * 4 }, async (_, n) => {
      const headers = { authorization: `Bearer ${await deployment.token(memberId(n))}` };
      const community = globalId('Community', communityId(n % PLAN.communities));
      const input = { communityId: community, kind: 'DISCUSSION', title: TITLE, body: BODY };
      return postRequest(server.graphql, headers, { query: MUTATION, variables: { input } }).toString('base64');
    }),
  );
  const load = async (): Promise<LoadResult> => {
    const result = await generator.run({
      url: server.graphql.href,
      requests,
      connections: CLIENTS,
      seconds: ROUND_MS / 1_000,
    });
    assertTrue(result.failures === 0, `A mutation failed: ${result.firstFailure}`);
    return result;
  };
  const head = () => deployment.withApp(async ({ log }) => Number((await log.head()).position));
  say('mutation: measuring');
  await load();
  const [before, cpuBefore] = [await head(), server.cpuMs()];
  const rounds: LoadResult[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await load());
  const cpuMs = server.cpuMs() - cpuBefore;
  const answers = rounds.reduce((sum, round) => sum + round.answers, 0);
  const stored = (await head()) - before;
  assertTrue(stored === answers, `${answers} mutations were acknowledged, ${stored} events are stored.`);
  const figuresOf = (results: readonly LoadResult[]) => {
    const latencies = results.flatMap((result) => result.latencies);
    return {
      perSecond: Math.round(median(results.map(({ perSecond }) => perSecond))),
      p50Ms: rounded(percentile(latencies, 0.5)),
      p99Ms: rounded(percentile(latencies, 0.99)),
    };
  };
  await printLine('mutation', deployment.connectionString, {
    execute: { callers: CALLERS, ...figuresOf(executed), reach: { perSecond: 4_000 } },
    http: {
      clients: CLIENTS,
      ...figuresOf(rounds),
      serverCpuMsEach: rounded(cpuMs / answers),
      reach: { p50Ms: 40 },
    },
  });
} finally {
  generator.stop();
  await server.stop();
}
