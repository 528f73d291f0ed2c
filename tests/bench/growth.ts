import { randomUUID } from 'node:crypto';
import type { AppendRequest } from '../../src/core/event-log.ts';
import { derivedId } from '../../src/core/ids.ts';
import { COMMUNITY_PAGE } from './support/community-page.ts';
import { type BenchServer, type Deployment, deploy } from './support/deployment.ts';
import { openConnection, postRequest } from './support/http-connection.ts';
import { printLine, say } from './support/line.ts';
import { type LoadGenerator, startLoadGenerator } from './support/load.ts';
import { assertTrue, median, percentile, rounded } from './support/measures.ts';
import { communityId, ENDS_AT, fillOrganisation, memberId, type Plan, slugOf } from './support/organisation.ts';

// The same questions about the same community, in a small log and in a large one: nothing may cost more for what others wrote. Nor
// may an append or, event by event, a rebuild.

const YARDSTICK = { memberships: 5, yardstickPosts: 800, commentsPerPost: 3, reactionsPerPost: 2 };
/** `PALABRE_BENCH_EVENTS=2000000` measures a log of about so many events next to one of 100 k. */
const ASKED = Number(process.env.PALABRE_BENCH_EVENTS ?? 0);
const EVENTS_A_POST = 1 + YARDSTICK.commentsPerPost + YARDSTICK.reactionsPerPost;
const SMALL: Plan = { ...YARDSTICK, communities: 50, members: 500, postsEach: ASKED ? 310 : 142 };
const LARGE: Plan = {
  ...YARDSTICK,
  communities: 200,
  members: 5_000,
  postsEach: ASKED ? Math.floor(ASKED / 200 / EVENTS_A_POST) : 808,
};
const ROUNDS = 5;
const ROUND_SECONDS = 2;
const APPENDS = 1_000;
const REACH = ASKED ? { p50: 1.3, rebuild: 1.5 } : { p50: 1.5, rebuild: 1.5 };

const HOME_FEED = `
  query HomeFeed {
    feed(first: 20) {
      edges {
        cursor
        node { id title publishedAt author { name } community { name } commentCount reactionCount }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`;

const ENGAGEMENT = `
  query Engagement($slug: String!, $from: DateTime!, $to: DateTime!) {
    community(slug: $slug) {
      engagement(from: $from, to: $to) {
        messages activeMembers newContributors topics topicsStarted topicsReplied replied24hShare
        firstReplyP50Seconds gini top10PctShare
        topContributors(first: 10) { rank messages member { handle } }
        throughPosition
      }
    }
  }`;

const questions = {
  communityPage: { query: COMMUNITY_PAGE, variables: { slug: slugOf(0) } },
  homeFeed: { query: HOME_FEED, variables: {} },
  engagement28Days: {
    query: ENGAGEMENT,
    variables: {
      slug: slugOf(0),
      from: new Date(ENDS_AT - 28 * 86_400_000).toISOString(),
      to: new Date(ENDS_AT).toISOString(),
    },
  },
};
type Question = keyof typeof questions;
const names = Object.keys(questions) as Question[];

/** What an append and a rebuild cost in this log; nothing else runs meanwhile. */
const costsOf = (deployment: Deployment, events: number) =>
  deployment.withApp(async ({ log, readModels }) => {
    const latencies: number[] = [];
    for (let n = 0; n < APPENDS; n++) {
      const id = randomUUID();
      const sent = performance.now();
      const [outcome] = await log.append([appendOf(id)]);
      latencies.push(performance.now() - sent);
      assertTrue(outcome?.status === 'appended', `The log did not take an event: ${outcome?.status}`);
    }
    const began = performance.now();
    assertTrue((await readModels.rebuild(readModels.names)).size === 0, 'A read model could not be rebuilt.');
    const rebuilt = events / ((performance.now() - began) / 1_000);
    return { appendP50Ms: rounded(percentile(latencies, 0.5)), rebuiltPerSecond: Math.round(rebuilt) };
  });

/** Somebody who joined nothing: no figure of anybody changes. */
const appendOf = (id: string): AppendRequest => {
  const ids = { commandId: id, correlationId: id, causationId: id };
  const metadata = { ...ids, actor: 'system', occurredAt: new Date(ENDS_AT).toISOString(), inputHash: 'bench' };
  const data = { communityId: communityId(1), memberId: id };
  const event = { id: derivedId('bench event', id), type: 'MemberLeft', version: 1, data };
  return {
    commandId: id,
    inputHash: 'bench',
    stream: `membership-${communityId(1)}-${id}`,
    expected: 'none',
    events: [{ ...event, metadata: { ...metadata, source: 'SEED' } }],
  };
};

type Side = { readonly events: number; readonly server: BenchServer; readonly request: (name: Question) => Buffer };

const open = async (deployment: Deployment, plan: Plan): Promise<Side> => {
  const events = await deployment.withApp((app) => fillOrganisation(app, plan));
  say(`growth: ${events} events are stored; the read models are built`);
  const server = await deployment.startServer();
  // A member of the yardstick and of four communities that grow with the log.
  const headers = { authorization: `Bearer ${await deployment.token(memberId(0))}` };
  return { events, server, request: (name) => postRequest(server.graphql, headers, questions[name]) };
};

const ask = async ({ server, request }: Side, name: Question) => {
  const connection = openConnection(server.graphql);
  const { status, body } = await connection.send(request(name));
  connection.close();
  const answer = JSON.parse(body.toString());
  assertTrue(status === 200 && !answer.errors, `${name} is not answered: ${body.toString().slice(0, 500)}`);
  return answer.data;
};

/** The yardstick says the same in both; the feed of each is a full page. */
const assertAlike = async (small: Side, large: Side) => {
  const engagement = async (side: Side) => {
    const { throughPosition: _, ...figures } = (await ask(side, 'engagement28Days')).community.engagement;
    return JSON.stringify({
      ...figures,
      topContributors: figures.topContributors.map(({ messages }: { messages: number }) => messages),
    });
  };
  assertTrue(
    (await ask(small, 'communityPage')).community.posts.nodes.length === 20,
    'The yardstick has no full page.',
  );
  for (const side of [small, large])
    assertTrue((await ask(side, 'homeFeed')).feed.edges.length === 20, 'The home feed has no full page.');
  const [one, other] = [await engagement(small), await engagement(large)];
  assertTrue(JSON.parse(one).messages > 100, `The yardstick is too quiet: ${one}`);
  assertTrue(JSON.parse(one).messages === JSON.parse(other).messages, `The yardsticks differ: ${one} ${other}`);
};

const p50Of = async (generator: LoadGenerator, side: Side, name: Question): Promise<number> => {
  const requests = [side.request(name).toString('base64')];
  const result = await generator.run({
    url: side.server.graphql.href,
    requests,
    connections: 1,
    seconds: ROUND_SECONDS,
  });
  assertTrue(result.failures === 0, `${name} failed: ${result.firstFailure}`);
  return percentile(result.latencies, 0.5);
};

const measure = async (generator: LoadGenerator, small: Side, large: Side, name: Question) => {
  const rounds: { small: number; large: number }[] = [];
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++)
    rounds.push({ small: await p50Of(generator, small, name), large: await p50Of(generator, large, name) });
  const counted = rounds.slice(1);
  return {
    smallP50Ms: rounded(median(counted.map((round) => round.small))),
    largeP50Ms: rounded(median(counted.map((round) => round.large))),
    ratio: rounded(median(counted.map((round) => round.large / round.small))),
  };
};

/** With the servers stopped: append and rebuild have the machine for themselves. */
const costs = async (small: Side, large: Side) => {
  await Promise.all([small.server.stop(), large.server.stop()]);
  const [one, other] = [
    await costsOf(smallDeployment, small.events),
    await costsOf(largeDeployment, large.events),
  ] as const;
  return {
    append: {
      smallP50Ms: one.appendP50Ms,
      largeP50Ms: other.appendP50Ms,
      ratio: rounded(other.appendP50Ms / one.appendP50Ms),
    },
    rebuild: {
      smallPerSecond: one.rebuiltPerSecond,
      largePerSecond: other.rebuiltPerSecond,
      ratio: rounded(one.rebuiltPerSecond / other.rebuiltPerSecond),
    },
  };
};

await using smallDeployment = await deploy();
await using largeDeployment = await deploy();
const generator = startLoadGenerator();
try {
  const small = await open(smallDeployment, SMALL);
  const large = await open(largeDeployment, LARGE);
  await assertAlike(small, large);
  say('growth: measuring');
  const figures: Partial<Record<Question, Awaited<ReturnType<typeof measure>>>> = {};
  for (const name of names) figures[name] = await measure(generator, small, large, name);
  await printLine('growth', largeDeployment.connectionString, {
    smallEvents: small.events,
    largeEvents: large.events,
    ...figures,
    reach: REACH,
    ...(await costs(small, large)),
  });
} finally {
  generator.stop();
}
