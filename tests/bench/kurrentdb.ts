import { randomUUID } from 'node:crypto';
import { jsonEvent, KurrentDBClient, streamNameFilter } from '@kurrent/kurrentdb-client';
import { openKurrentLog } from '../../src/adapters/kurrentdb-log/index.ts';
import { readKurrentUrl } from '../../src/config/kurrentdb.ts';
import type { EventMetadata } from '../../src/core/event.ts';
import { type Cursor, START } from '../../src/core/position.ts';
import { figuresOf, type Round, writeFor } from './support/callers.ts';
import { deploy } from './support/deployment.ts';
import { printLine, say } from './support/line.ts';
import { assertTrue, median, percentile, rounded } from './support/measures.ts';

// The log on a real KurrentDB (TEST_KURRENTDB_URL), through its port, next to the bare client on the same server: appends to new
// streams, reading everything as a rebuild does, and from a mutation to a GraphQL subscriber.

const CALLERS = [1, 32, 128];
// Many short rounds in turn: whatever else the machine does then falls on both alike.
const ROUNDS = 40;
const WARM_UP_MS = 500;
const ROUND_MS = 250;
const READ_EVENTS = 50_000;
const POSTS = 100;

const url = process.env.TEST_KURRENTDB_URL;
if (!url) {
  say('kurrentdb: skipped, for TEST_KURRENTDB_URL names no server.');
  process.stdout.write(`${JSON.stringify({ bench: 'kurrentdb', skipped: 'TEST_KURRENTDB_URL is not set' })}\n`);
  process.exit(0);
}

const namespace = `bench-${randomUUID().slice(0, 8)}`;
const settings = (of: string) => {
  const read = readKurrentUrl(url, of);
  if ('fault' in read) throw new Error(`TEST_KURRENTDB_URL ${read.fault}.`);
  return read.settings;
};
const log = await openKurrentLog(settings(namespace));
const bare = KurrentDBClient.connectionString(settings(namespace).connectionString);
const barePrefix = `${namespace}-bare.`;

const authorId = randomUUID();
const body = 'Shall we meet under the tree? '.repeat(20);
const data = { postId: randomUUID(), communityId: randomUUID(), authorId, kind: 'DISCUSSION', body };
const metadata: EventMetadata = {
  actor: authorId,
  occurredAt: '2026-02-03T04:05:06.789Z',
  commandId: randomUUID(),
  inputHash: 'a'.repeat(64),
  correlationId: randomUUID(),
  causationId: randomUUID(),
  source: 'NATIVE',
};

let acknowledged = new Map<bigint, string>();
const appendOne = async (id: string) => {
  const events = [{ id, type: 'PostPublished', version: 1, data, metadata: { ...metadata, commandId: id } }];
  const { inputHash } = metadata;
  const [outcome] = await log.append([{ commandId: id, inputHash, stream: `post-${id}`, expected: 'none', events }]);
  if (outcome?.status !== 'appended') throw new Error(`The log did not take an event: ${JSON.stringify(outcome)}`);
  acknowledged.set(outcome.last.position, id);
};
const appendBare = async (id: string) => {
  const event = jsonEvent({ id, type: 'PostPublished', data, metadata: { ...metadata, commandId: id } });
  await bare.appendToStream(`${barePrefix}post-${id}`, event, { streamState: 'no_stream' });
};

type Measured = Round & { readonly seconds: number; readonly cpuUs: number };
const measure = async (callers: number, write: (id: string) => Promise<void>): Promise<Measured> => {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const round = await writeFor(ROUND_MS, callers, write);
  const { user, system } = process.cpuUsage(before);
  return { ...round, seconds: (performance.now() - began) / 1_000, cpuUs: user + system };
};
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
const appendsOf = (rounds: readonly Measured[]) => sum(rounds.map(({ latencies }) => latencies.length));
const rateOf = (rounds: readonly Measured[]) => appendsOf(rounds) / sum(rounds.map(({ seconds }) => seconds));
/** What the client's process spends on one append. */
const cpuOf = (rounds: readonly Measured[]) => Math.round(sum(rounds.map(({ cpuUs }) => cpuUs)) / appendsOf(rounds));

/** Reads everything by a rebuild's pages; what was acknowledged stands there, once, each at its place. */
const readThroughPort = async (limit: number): Promise<number> => {
  let [cursor, read]: [Cursor, number] = [START, 0];
  const began = performance.now();
  for (let caughtUp = false; !caughtUp && read < limit; ) {
    const batch = await log.readAll({ after: cursor, limit: 1_000 });
    for (const { position, id } of batch.events) {
      const expected = acknowledged.get(position);
      assertTrue(expected === id, `Place ${position} holds another event than was acknowledged.`);
    }
    read += batch.events.length;
    ({ cursor, caughtUp } = batch);
  }
  return (read * 1_000) / (performance.now() - began);
};
const readBare = async (limit: number): Promise<number> => {
  let read = 0;
  const began = performance.now();
  const filter = streamNameFilter({ prefixes: [`${namespace}.`] });
  for await (const { event } of bare.readAll({ maxCount: limit, filter })) if (event) read += 1;
  return (read * 1_000) / (performance.now() - began);
};

const levels: object[] = [];
for (const callers of CALLERS) {
  await writeFor(WARM_UP_MS, callers, appendOne);
  await writeFor(WARM_UP_MS, callers, appendBare);
  const rounds: { own: Measured; bare: Measured }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = await measure(callers, round % 2 === 0 ? appendOne : appendBare);
    const second = await measure(callers, round % 2 === 0 ? appendBare : appendOne);
    rounds.push(round % 2 === 0 ? { own: first, bare: second } : { own: second, bare: first });
  }
  const [own, bare] = [rounds.map((each) => each.own), rounds.map((each) => each.bare)];
  levels.push({
    callers,
    ...figuresOf(own),
    cpuUs: cpuOf(own),
    bareClient: { ...figuresOf(bare), cpuUs: cpuOf(bare) },
    ratio: rounded(rateOf(own) / rateOf(bare)),
    medianRatio: rounded(median(rounds.map((each) => each.own.perSecond / each.bare.perSecond))),
    reach: 0.85,
  });
  say(`kurrentdb: ${JSON.stringify(levels.at(-1))}`);
}

const events = Math.min(READ_EVENTS, acknowledged.size);
const reads: { own: number; bare: number }[] = [];
for (let round = 0; round < 3; round += 1)
  reads.push({ own: await readThroughPort(events), bare: await readBare(events) });
const rebuild = {
  events,
  perSecond: Math.round(median(reads.map(({ own }) => own))),
  bareReadAll: Math.round(median(reads.map(({ bare }) => bare))),
  ratio: rounded(median(reads.map(({ own, bare }) => own / bare))),
  reach: 0.6,
};
say(`kurrentdb: ${JSON.stringify(rebuild)}`);
acknowledged = new Map();
await log.close();
await bare.dispose();

const variables = {
  KURRENTDB_URL: url,
  PALABRE_KURRENTDB_NAMESPACE: `${namespace}-live`,
  PALABRE_KURRENTDB_INSECURE: '1',
};
await using deployment = await deploy(variables);
const server = await deployment.startServer();
const headers = {
  Authorization: `Bearer ${await deployment.token('role:admin')}`,
  'Content-Type': 'application/json',
};
type Asked = { data?: Record<string, { community?: { id: string }; post?: { id: string } }>; errors?: object[] };
const ask = async (query: string, variables: object): Promise<Asked> => {
  const response = await fetch(server.graphql, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const answer: Asked = await response.json();
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer;
};
const FOUND = 'mutation ($input: FoundCommunityInput!) { foundCommunity(input: $input) { community { id } } }';
const PUBLISH = 'mutation ($input: PublishPostInput!) { publishPost(input: $input) { post { id } } }';
const FOLLOW = 'subscription ($communityId: ID!) { postPublished(communityId: $communityId) { post { id title } } }';
const founded = await ask(FOUND, { input: { name: 'Bench', slug: 'bench' } });
const communityId = founded.data?.foundCommunity?.community?.id;

const sent = new Map<string, number>();
const latencies: number[] = [];
const following = await fetch(server.graphql, {
  method: 'POST',
  headers: { ...headers, Accept: 'text/event-stream' },
  body: JSON.stringify({ query: FOLLOW, variables: { communityId } }),
});
const heard = (async () => {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of following.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const now = performance.now();
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const title = /"title":"(post \d+)"/.exec(line)?.[1];
      const at = title && sent.get(title);
      if (at) latencies.push(now - at);
    }
    if (latencies.length === POSTS) return;
  }
})();
for (let n = 0; n < POSTS; n += 1) {
  const title = `post ${n}`;
  sent.set(title, performance.now());
  await ask(PUBLISH, { input: { communityId, kind: 'DISCUSSION', title, body: 'x' } });
}
await heard;
assertTrue(latencies.length === POSTS, 'A subscriber was not given every post once.');
const live = { posts: POSTS, p50Ms: rounded(percentile(latencies, 0.5)), p99Ms: rounded(percentile(latencies, 0.99)) };

const eventBytes = Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(metadata));
await printLine('kurrentdb', deployment.connectionString, { eventBytes, levels, rebuild, live });
process.exit(0);
