import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { globalId } from '../../schema/global-id.ts';
import { deploy } from './support/deployment.ts';
import { openConnection, postRequest } from './support/http-connection.ts';
import { printLine, say } from './support/line.ts';
import { assertTrue, median, rounded } from './support/measures.ts';
import { communityId, fillOrganisation, memberId, type Plan } from './support/organisation.ts';
import { openSse } from './support/sse-connection.ts';

// The memory of a server process with a long log behind it, a thousand subscribers and a hundred appends a second, for minutes: it
// must not grow.

const SECONDS = Number(process.env.PALABRE_BENCH_SECONDS ?? 300);
const EVENTS = Number(process.env.PALABRE_BENCH_EVENTS ?? 1_000_000);
const COMMUNITIES = 200;
const SUBSCRIBERS = 1_000;
const PER_SECOND = 100;
const PLAN: Plan = {
  communities: COMMUNITIES,
  members: 2_000,
  memberships: 2,
  postsEach: Math.floor(EVENTS / COMMUNITIES / 6),
  yardstickPosts: 100,
  commentsPerPost: 3,
  reactionsPerPost: 2,
};
const SUBSCRIPTION = `
  subscription Posts($communityId: ID!) {
    postPublished(communityId: $communityId) { cursor post { id title author { name } } }
  }`;
const MUTATION = 'mutation Publish($input: PublishPostInput!) { publishPost(input: $input) { post { id } } }';

const community = (n: number) => globalId('Community', communityId(n % COMMUNITIES));

await using deployment = await deploy();
say('memory: filling');
const events = await deployment.withApp((app) => fillOrganisation(app, PLAN));
// Built by a process of its own: what it took is not the server's.
const builder = await deployment.startServer();
await builder.stop();
say(`memory: ${events} events are stored and projected`);
const server = await deployment.startServer();
const residentMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1_024;

let delivered = 0;
const connections = [];
for (let n = 0; n < SUBSCRIBERS; n++) {
  const headers = {
    authorization: `Bearer ${await deployment.token(memberId(n))}`,
    accept: 'text/event-stream',
  };
  const body = { query: SUBSCRIPTION, variables: { communityId: community(n) } };
  const connection = openSse(server.graphql, postRequest(server.graphql, headers, body), (data) => {
    if (data.includes('"title"')) delivered += 1;
  });
  await connection.open;
  connections.push(connection);
}
const tokens = await Promise.all(Array.from({ length: COMMUNITIES }, (_, n) => deployment.token(memberId(n))));
const idle: ReturnType<typeof openConnection>[] = [];
const publish = async (n: number) => {
  const connection = idle.shift() ?? openConnection(server.graphql);
  const input = { communityId: community(n), kind: 'DISCUSSION', title: `Post ${n}`, body: `This is post ${n}.` };
  const headers = { authorization: `Bearer ${tokens[n % COMMUNITIES]}` };
  const { body } = await connection.send(
    postRequest(server.graphql, headers, { query: MUTATION, variables: { input } }),
  );
  assertTrue(body.includes('"id"'), `Post ${n} failed: ${body}`);
  idle.push(connection);
};

say('memory: measuring');
const samples: number[] = [];
const answers: Promise<void>[] = [];
const began = performance.now();
for (let n = 0; n < SECONDS * PER_SECOND; n++) {
  const wait = began + (n * 1_000) / PER_SECOND - performance.now();
  if (wait > 0) await sleep(wait);
  answers.push(publish(n));
  if (n % PER_SECOND === 0) samples.push(residentMb());
}
await Promise.all(answers);
const perSecond = (answers.length * 1_000) / (performance.now() - began);
const expected = answers.length * (SUBSCRIBERS / COMMUNITIES);
for (const end = Date.now() + 20_000; delivered < expected && Date.now() < end; ) await sleep(50);
assertTrue(delivered === expected, `${expected - delivered} deliveries were lost.`);
for (const { close } of [...connections, ...idle]) close();
const part = Math.max(1, Math.floor(samples.length / 5));
await printLine('memory', deployment.connectionString, {
  events,
  subscribers: SUBSCRIBERS,
  appendsPerSecond: rounded(perSecond, 1),
  seconds: SECONDS,
  residentMb: {
    largest: rounded(Math.max(...samples), 0),
    firstFifth: rounded(median(samples.slice(0, part)), 0),
    lastFifth: rounded(median(samples.slice(-part)), 0),
  },
  reach: { largest: 400 },
});
await server.stop();
