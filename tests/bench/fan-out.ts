import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { globalId } from '../../schema/global-id.ts';
import { deploy } from './support/deployment.ts';
import { openConnection, postRequest } from './support/http-connection.ts';
import { printLine, say } from './support/line.ts';
import { assertTrue, percentile, rounded } from './support/measures.ts';
import { communityId, fillOrganisation, memberId, type Plan } from './support/organisation.ts';
import { openSse } from './support/sse-connection.ts';

// One community, a thousand listeners, each somebody else: from sending a post to each of them having it, commit included; and what
// a delivery costs the server, next to one that does nothing but store and write.

const LISTENERS = 1_000;
const PER_SECOND = 10;
const WARM_UP = 3 * PER_SECOND;
const MEASURED = 15 * PER_SECOND;
const PATIENCE_MS = 10_000;
const PLAN: Plan = {
  communities: 10,
  members: LISTENERS,
  memberships: 1,
  postsEach: 10,
  yardstickPosts: 10,
  commentsPerPost: 2,
  reactionsPerPost: 1,
};

const SUBSCRIPTION = `
  subscription Posts($communityId: ID!) {
    postPublished(communityId: $communityId) { cursor post { id title author { name } } }
  }`;
const MUTATION = 'mutation Publish($input: PublishPostInput!) { publishPost(input: $input) { post { id } } }';

type Target = {
  readonly url: URL;
  readonly cpuMs: () => number;
  readonly tokens: readonly string[];
  readonly community: string;
};

const measure = async ({ url, cpuMs, tokens, community }: Target) => {
  const total = WARM_UP + MEASURED;
  const sentAt = new Float64Array(total);
  const latencies: number[] = [];
  const places = new Int32Array(LISTENERS);
  let delivered = 0;
  const connections = [];
  for (const [listener, token] of tokens.entries()) {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const body = { query: SUBSCRIPTION, variables: { communityId: community } };
    const connection = openSse(url, postRequest(url, headers, body), (data) => {
      const arrived = performance.now();
      const title = /"title":"Post (\d+)"/.exec(data)?.[1];
      // A mark says how far the subscription is, and brings nothing.
      if (title === undefined) return;
      assertTrue(Number(title) === places[listener], `Listener ${listener} got post ${title}: ${data.slice(0, 200)}`);
      places[listener] = Number(title) + 1;
      delivered += 1;
      if (Number(title) >= WARM_UP) latencies.push(arrived - (sentAt[Number(title)] ?? 0));
    });
    await connection.open;
    connections.push(connection);
  }
  await sleep(1_000);
  const author = openConnection(url);
  const headers = { authorization: `Bearer ${tokens[0]}` };
  const began = performance.now();
  let cpuBefore = 0;
  for (let n = 0; n < total; n++) {
    const wait = began + (n * 1_000) / PER_SECOND - performance.now();
    if (wait > 0) await sleep(wait);
    if (n === WARM_UP) cpuBefore = cpuMs();
    const input = { communityId: community, kind: 'DISCUSSION', title: `Post ${n}`, body: `This is post ${n}.` };
    const request = postRequest(url, headers, { query: MUTATION, variables: { input } });
    sentAt[n] = performance.now();
    const { body } = await author.send(request);
    assertTrue(Boolean(JSON.parse(body.toString()).data?.publishPost?.post), `Post ${n} failed: ${body}`);
  }
  for (const end = Date.now() + PATIENCE_MS; delivered < total * LISTENERS && Date.now() < end; ) await sleep(50);
  const cpu = cpuMs() - cpuBefore;
  assertTrue(delivered === total * LISTENERS, `${total * LISTENERS - delivered} deliveries were lost.`);
  for (const { close } of connections) close();
  author.close();
  return {
    p50Ms: rounded(percentile(latencies, 0.5)),
    p99Ms: rounded(percentile(latencies, 0.99)),
    serverCpuUsEach: rounded((cpu * 1_000) / (MEASURED * LISTENERS), 1),
  };
};

const MS_PER_TICK = 10;
const cpuMsOf = (pid: number): number => {
  const [, facts = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user = 0, system = 0] = facts.split(' ').slice(11, 13).map(Number);
  return (user + system) * MS_PER_TICK;
};

await using deployment = await deploy();
say('fan-out: filling');
await deployment.withApp((app) => fillOrganisation(app, PLAN));
const tokens: string[] = [];
// Members of community 0 first: the first of them is the author.
for (let n = 0; n < LISTENERS; n++) tokens.push(await deployment.token(memberId(n)));
const community = globalId('Community', communityId(0));
const server = await deployment.startServer();
const bare = fork(fileURLToPath(new URL('./support/bare-sse.ts', import.meta.url)), [deployment.connectionString], {
  execArgv: ['--import', 'tsx'],
});
try {
  const [port] = await once(bare, 'message');
  const bareUrl = new URL(`http://127.0.0.1:${port}/`);
  say('fan-out: measuring the bare server');
  const reference = await measure({ url: bareUrl, cpuMs: () => cpuMsOf(bare.pid ?? 0), tokens, community });
  say('fan-out: measuring');
  const own = await measure({ url: server.graphql, cpuMs: server.cpuMs, tokens, community });
  await printLine('fan-out', deployment.connectionString, {
    listeners: LISTENERS,
    eventsPerSecond: PER_SECOND,
    ...own,
    bare: reference,
    reach: { p99Ms: 80, serverCpuUsEach: 35 },
  });
} finally {
  bare.kill();
  await server.stop();
}
