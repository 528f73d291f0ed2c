import { COMMUNITY_PAGE } from './support/community-page.ts';
import { type BenchServer, type Deployment, deploy } from './support/deployment.ts';
import { openConnection, postRequest } from './support/http-connection.ts';
import { printLine, say } from './support/line.ts';
import { type LoadGenerator, startLoadGenerator } from './support/load.ts';
import { assertTrue, median, percentile, rounded } from './support/measures.ts';
import { ENDS_AT, fillOrganisation, memberId, type Plan, slugOf } from './support/organisation.ts';

// The same questions about the same community, in a small log and in a large one: nothing may cost more for what others wrote.

const YARDSTICK = { memberships: 5, yardstickPosts: 800, commentsPerPost: 3, reactionsPerPost: 2 };
const SMALL: Plan = { ...YARDSTICK, communities: 50, members: 500, postsEach: 142 };
const LARGE: Plan = { ...YARDSTICK, communities: 200, members: 5_000, postsEach: 808 };
const ROUNDS = 5;
const ROUND_SECONDS = 2;
const REACH = 1.5;

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
  });
} finally {
  generator.stop();
}
