import { setTimeout as sleep } from 'node:timers/promises';
import { globalId } from '../../schema/global-id.ts';
import { decodeCursor } from '../../src/core/position.ts';
import { deploy } from './support/deployment.ts';
import { type HttpConnection, openConnection, postRequest } from './support/http-connection.ts';
import { printLine, say } from './support/line.ts';
import { assertTrue, percentile, rounded } from './support/measures.ts';
import { communityId, fillOrganisation, memberId, type Plan } from './support/organisation.ts';
import { openSse, type SseConnection } from './support/sse-connection.ts';

// A mutation is sent, its event is stored, projected and pushed: how long until each subscriber of the community has it?

const COMMUNITIES = 50;
const SUBSCRIBERS_EACH = 20;
const PER_SECOND = 100;
const WARM_UP = 5 * PER_SECOND;
const MEASURED = 20 * PER_SECOND;
const PATIENCE_MS = 10_000;
const PLAN: Plan = {
  communities: COMMUNITIES,
  members: 1_000,
  memberships: 2,
  postsEach: 10,
  yardstickPosts: 10,
  commentsPerPost: 2,
  reactionsPerPost: 1,
};

const SUBSCRIPTION = `
  subscription Posts($communityId: ID!) {
    postPublished(communityId: $communityId) { cursor post { id title publishedAt author { name } } }
  }`;
const MUTATION = `
  mutation Publish($input: PublishPostInput!) {
    publishPost(input: $input) { post { id } errors { message code } position }
  }`;

/** What one subscriber got, in the order of arrival: the numbers in the titles, and the places in the log. */
type Subscriber = {
  readonly community: number;
  readonly got: number[];
  readonly cursors: string[];
  readonly connection: SseConnection;
};

await using deployment = await deploy();
say('live: filling');
const identity = await deployment.withApp(async (app) => {
  await fillOrganisation(app, PLAN);
  return app.log.identity;
});
const server = await deployment.startServer();

const TOTAL = WARM_UP + MEASURED;
const sentAt = new Float64Array(TOTAL);
const answeredAfter: number[] = [];
const latencies: number[] = [];
let delivered = 0;
let over = false;

/** Everybody in a community is somebody else, with a token of their own. */
const subscribe = async (community: number, place: number): Promise<Subscriber> => {
  const token = await deployment.token(memberId(community + place * COMMUNITIES));
  const request = postRequest(
    server.graphql,
    { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    { query: SUBSCRIPTION, variables: { communityId: globalId('Community', communityId(community)) } },
  );
  const got: number[] = [];
  const cursors: string[] = [];
  const connection = openSse(server.graphql, request, (data) => {
    const arrived = performance.now();
    const delivery = JSON.parse(data).data?.postPublished;
    assertTrue(Boolean(delivery), `A subscriber got something else: ${data.slice(0, 300)}`);
    const { post } = delivery;
    // A mark says how far the subscription is, and brings nothing.
    if (post === null) return;
    const n = Number(post.title.slice('Post '.length));
    if (n >= WARM_UP) latencies.push(arrived - (sentAt[n] ?? 0));
    got.push(n);
    cursors.push(delivery.cursor);
    delivered += 1;
  });
  await connection.open;
  connection.lost.then((why) => {
    if (!over) throw new Error(`A subscriber was lost. ${why}`);
  });
  return { community, got, cursors, connection };
};

/** Authors publish in turn, one post every so many milliseconds, whether the last one is answered or not. */
const publish = async (authors: readonly string[]) => {
  const idle: HttpConnection[] = [];
  const answers: Promise<void>[] = [];
  const send = async (n: number) => {
    const community = n % COMMUNITIES;
    const input = {
      communityId: globalId('Community', communityId(community)),
      kind: 'DISCUSSION',
      title: `Post ${n}`,
      body: `This is post ${n}, which everybody who listens should have in no time.`,
    };
    // The one that rested longest, so that none rests until the server gives it up.
    const connection = idle.shift() ?? openConnection(server.graphql);
    const headers = { authorization: `Bearer ${authors[community]}` };
    const request = postRequest(server.graphql, headers, { query: MUTATION, variables: { input } });
    sentAt[n] = performance.now();
    const { body } = await connection.send(request);
    if (n >= WARM_UP) answeredAfter.push(performance.now() - (sentAt[n] ?? 0));
    idle.push(connection);
    assertTrue(Boolean(JSON.parse(body.toString()).data?.publishPost?.post), `Post ${n} failed: ${body}`);
  };
  const began = performance.now();
  for (let n = 0; n < TOTAL; n++) {
    const wait = began + (n * 1000) / PER_SECOND - performance.now();
    if (wait > 0) await sleep(wait);
    answers.push(send(n));
  }
  await Promise.all(answers);
  for (const connection of idle) connection.close();
  return (TOTAL * 1000) / (performance.now() - began);
};

/** Nothing is lost, nothing comes twice, everything in the order of the log. */
const assertWhole = ({ community, got, cursors }: Subscriber) => {
  const wanted = Array.from({ length: TOTAL / COMMUNITIES }, (_, k) => community + k * COMMUNITIES);
  const missing = wanted.filter((n) => !got.includes(n));
  assertTrue(missing.length === 0, `A subscriber of community ${community} misses posts ${missing.join(' ')}.`);
  assertTrue(got.length === wanted.length, `A subscriber of community ${community} got posts twice: ${got.join(' ')}`);
  const positions = cursors.map((cursor) => decodeCursor(identity, cursor).position);
  assertTrue(
    positions.every((position, k) => k === 0 || position > (positions[k - 1] ?? 0n)),
    `A subscriber of community ${community} got posts in another order than the log's: ${positions.join(' ')}`,
  );
};

try {
  const authors = await Promise.all(Array.from({ length: COMMUNITIES }, (_, n) => deployment.token(memberId(n))));
  const subscribers: Subscriber[] = [];
  for (let community = 0; community < COMMUNITIES; community++)
    for (let place = 0; place < SUBSCRIBERS_EACH; place++) subscribers.push(await subscribe(community, place));
  say('live: measuring');
  const [cpuBefore, began] = [server.cpuMs(), performance.now()];
  const perSecond = await publish(authors);
  const serverCpuShare = (server.cpuMs() - cpuBefore) / (performance.now() - began);
  for (const deadline = Date.now() + PATIENCE_MS; delivered < TOTAL * SUBSCRIBERS_EACH && Date.now() < deadline; )
    await sleep(50);
  for (const subscriber of subscribers) assertWhole(subscriber);
  for (const { connection } of subscribers) connection.close();
  await printLine('live', deployment.connectionString, {
    communities: COMMUNITIES,
    subscribers: subscribers.length,
    eventsPerSecond: rounded(perSecond, 1),
    deliveries: latencies.length,
    p50Ms: rounded(percentile(latencies, 0.5)),
    p99Ms: rounded(percentile(latencies, 0.99)),
    mutationP50Ms: rounded(percentile(answeredAfter, 0.5)),
    mutationP99Ms: rounded(percentile(answeredAfter, 0.99)),
    serverCpuShare: rounded(serverCpuShare),
    reach: { p50Ms: 15, p99Ms: 20 },
  });
} finally {
  over = true;
  await server.stop();
}
