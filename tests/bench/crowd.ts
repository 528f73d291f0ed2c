import { setTimeout as sleep } from 'node:timers/promises';
import { globalId } from '../../schema/global-id.ts';
import { deploy } from './support/deployment.ts';
import { openConnection, postRequest } from './support/http-connection.ts';
import { printLine, say } from './support/line.ts';
import { assertTrue, percentile, rounded } from './support/measures.ts';
import { communityId, fillOrganisation, memberId, type Plan } from './support/organisation.ts';
import { openSse } from './support/sse-connection.ts';

// A crowd listens to one community: what does it cost to hold it, and how long until everybody has what happens?

// A server takes 2,000 connections, the author's among them.
const SUBSCRIBERS = 1_990;
/** A token has a hundred streams at most. */
const TOKENS = 25;
const POSTS = 20;
const PATIENCE_MS = 30_000;
const SETTLE_MS = 3_000;
const PLAN: Plan = {
  communities: 2,
  members: 50,
  memberships: 2,
  postsEach: 10,
  yardstickPosts: 10,
  commentsPerPost: 2,
  reactionsPerPost: 1,
};

const SUBSCRIPTION = `
  subscription Posts($communityId: ID!) {
    postPublished(communityId: $communityId) { cursor post { id title author { name } } }
  }`;
const MUTATION = `
  mutation Publish($input: PublishPostInput!) {
    publishPost(input: $input) { post { id } errors { message code } }
  }`;

await using deployment = await deploy();
say('crowd: filling');
await deployment.withApp((app) => fillOrganisation(app, PLAN));
const server = await deployment.startServer();
const community = globalId('Community', communityId(0));

const arrivals: number[] = [];
let over = false;

const subscribe = async (token: string) => {
  const request = postRequest(
    server.graphql,
    { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    { query: SUBSCRIPTION, variables: { communityId: community } },
  );
  const connection = openSse(server.graphql, request, (data) => {
    if (data.includes('"title"')) arrivals.push(performance.now());
  });
  await connection.open;
  connection.lost.then((why) => {
    if (!over) throw new Error(`A subscriber was lost. ${why}`);
  });
  return connection;
};

try {
  const tokens = await Promise.all(Array.from({ length: TOKENS }, (_, n) => deployment.token(memberId(n))));
  await sleep(SETTLE_MS);
  const before = server.memoryMiB();
  const crowd = [];
  for (let n = 0; n < SUBSCRIBERS; n++) crowd.push(await subscribe(tokens[n % TOKENS] ?? ''));
  await sleep(SETTLE_MS);
  const idle = server.memoryMiB();
  say('crowd: measuring');
  const author = openConnection(server.graphql);
  const latencies: number[] = [];
  let cpuMs = 0;
  for (let n = 0; n < POSTS; n++) {
    const input = { communityId: community, kind: 'DISCUSSION', title: `Post ${n}`, body: 'For everybody.' };
    arrivals.length = 0;
    const [cpu, sent] = [server.cpuMs(), performance.now()];
    const headers = { authorization: `Bearer ${tokens[0]}` };
    const { body } = await author.send(postRequest(server.graphql, headers, { query: MUTATION, variables: { input } }));
    assertTrue(Boolean(JSON.parse(body.toString()).data?.publishPost?.post), `Post ${n} failed: ${body}`);
    for (const end = Date.now() + PATIENCE_MS; arrivals.length < SUBSCRIBERS && Date.now() < end; ) await sleep(10);
    assertTrue(arrivals.length === SUBSCRIBERS, `${arrivals.length} of ${SUBSCRIBERS} have post ${n}.`);
    latencies.push(...arrivals.map((arrived) => arrived - sent));
    cpuMs += server.cpuMs() - cpu;
  }
  over = true;
  author.close();
  for (const connection of crowd) connection.close();
  await printLine('crowd', deployment.connectionString, {
    subscribers: SUBSCRIBERS,
    idleMiB: rounded(idle - before, 1),
    idleKiBEach: rounded(((idle - before) * 1024) / SUBSCRIBERS, 1),
    fanOutP50Ms: rounded(percentile(latencies, 0.5)),
    fanOutP99Ms: rounded(percentile(latencies, 0.99)),
    serverCpuMicrosEach: rounded((cpuMs * 1000) / (POSTS * SUBSCRIBERS), 1),
  });
} finally {
  over = true;
  await server.stop();
}
