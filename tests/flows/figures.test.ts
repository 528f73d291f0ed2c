import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLogLines } from '../../src/adapters/log-lines.ts';
import { readZulipArchive } from '../../src/adapters/zulip-archive/index.ts';
import { type App, openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { importZulip } from '../../src/imports/zulip.ts';
import { openServer, type RunningServer } from '../../src/server.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';
import {
  type AnsweredStatistic,
  type ExpectedCatalogue,
  keysOf,
  STATISTIC,
  statisticsApart,
} from './expected-catalogue.ts';
import {
  type AnsweredFigures,
  DAY,
  differences,
  EMPTY_WEEK,
  type Expected,
  type ExpectedScope,
  FIGURES,
  weekOf,
} from './expected-figures.ts';

const archives = process.env.PALABRE_ARCHIVES;
const folders = archives
  ? readdirSync(archives)
      .map((name) => join(archives, name))
      .filter((folder) => existsSync(join(folder, 'expected-statistics.json')))
  : [];

test.skipIf(folders.length > 0)('figures are not compared: PALABRE_ARCHIVES names no folder with archives', (context) =>
  context.skip(),
);

describe.each(folders)('the figures of the archive in %s, imported and asked for', (folder) => {
  const expected = JSON.parse(readFileSync(join(folder, 'expected-statistics.json'), 'utf8')) as Expected;
  const first = new Date(String(expected.organisation.all_time.first_message_at));
  const after = new Date(Date.parse(String(expected.organisation.all_time.last_message_at)) + 1);

  let database: TestDatabase;
  let issuer: TestIssuer;
  let app: App;
  let server: RunningServer;
  let token: string;
  /** Each scope by name, as a field that a query begins with. */
  let scopes: readonly [name: string, field: string, ExpectedScope][];

  beforeAll(async () => {
    [database, issuer] = await Promise.all([freshDatabase(), startIssuer()]);
    const config = loadConfig({
      ...issuer.variables,
      DATABASE_URL: database.connectionString,
      PALABRE_MASTER_KEY: 'ab'.repeat(32),
      PORT: '0',
      // Every figure of every scope is asked for at once, right after an import: no frontend does that.
      PALABRE_LIMITS: 'off',
      PALABRE_LIMIT_EXECUTION_MS: '120000',
      PALABRE_LIMIT_STATEMENT_MS: '120000',
    });
    app = await openApp(config, { projections: 'run', logger: openLogLines({ level: 'silent', readable: false }) });
    server = await openServer(app);
    // An analyst is no member by that alone, and so counts nowhere.
    token = await issuer.sign({ sub: 'ann', name: 'Ann', roles: ['analyst'] });
    const { last } = await importZulip(app, await readZulipArchive(archiveIn(folder)));
    expect(await app.readModels.waitFor(app.readModels.names, last, { timeoutMs: 240_000 })).toBe('reached');
    scopes = await scopesOf(expected);
  }, 300_000);
  afterAll(async () => {
    await server?.close();
    await app?.close();
    issuer?.close();
    await database?.drop();
  });

  test('the totals are those of an independent program', async () => {
    const { organisation } = await ask<{ organisation: { totals: Record<string, number> } }>(
      '{ organisation { totals { members membersPosting bots systemBots communities topics messagesAll messages botMessages } } }',
    );
    const { members, members_posting, bots, system_bots, communities, topics, ...said } = expected.totals;
    expect(organisation.totals).toEqual({
      members,
      membersPosting: members_posting,
      bots,
      systemBots: system_bots,
      communities,
      topics,
      messagesAll: said.messages_all,
      messages: said.messages,
      botMessages: said.bot_messages,
    });
  });

  test('all time and the month are, in every scope', async () => {
    const from = new Date(`${expected.month}-01T00:00:00Z`);
    const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1));
    const found: string[] = [];
    for (const [name, field, { all_time, month }] of scopes) {
      const { scope } = await ask<{ scope: { allTime: AnsweredFigures; month: AnsweredFigures } }>(
        `query ($first: DateTime!, $after: DateTime!, $from: DateTime!, $to: DateTime!) {
          scope: ${field} {
            allTime: engagement(from: $first, to: $after) { ...figures }
            month: engagement(from: $from, to: $to) { ...figures }
          }
        }
        fragment figures on EngagementFigures { ${FIGURES} topContributors { rank messages member { handle } } }`,
        { first, after, from, to },
      );
      found.push(...differences(`${name}, all time`, all_time, scope.allTime));
      found.push(...differences(`${name}, ${expected.month}`, month, scope.month));
    }
    expect(found).toEqual([]);
  }, 300_000);

  test('every week is, in every scope, those without a message too', async () => {
    const found: string[] = [];
    for (const [name, field, { weeks }] of scopes) {
      const rows = new Map(weeks.map((row) => [row.week, row]));
      for (let from = mondayOf(first); from < after; ) {
        const to = new Date(Math.min(from.getTime() + 500 * 7 * DAY, mondayOf(after).getTime() + 7 * DAY));
        const { scope } = await ask<{ scope: { points: { from: string; figures: AnsweredFigures }[] } }>(
          `query ($from: DateTime!, $to: DateTime!) {
            scope: ${field} { points: engagementSeries(from: $from, to: $to, bucket: WEEK) { from figures { ${FIGURES} } } }
          }`,
          { from, to },
        );
        for (const point of scope.points) {
          const week = weekOf(new Date(point.from));
          found.push(...differences(`${name}, ${week}`, rows.get(week) ?? EMPTY_WEEK, point.figures));
          rows.delete(week);
        }
        from = to;
      }
      found.push(...[...rows.keys()].map((week) => `${name}: no point for ${week}`));
    }
    expect(found).toEqual([]);
  }, 300_000);

  test('every statistic of the catalogue is, in every scope and window', async () => {
    const file = join(folder, 'expected-catalogue.json');
    const { windows } = JSON.parse(readFileSync(file, 'utf8')) as ExpectedCatalogue;
    const fields = new Map(scopes.map(([name, field]) => [name, field]));
    const found: string[] = [];
    for (const { window, from, to, organisation, communities } of windows)
      for (const wanted of [{ ...organisation, name: 'organisation' }, ...communities]) {
        const { scope } = await ask<{ scope: { statistics: AnsweredStatistic[] } }>(
          `query ($keys: [String!]!, $from: DateTime!, $to: DateTime!) {
            scope: ${fields.get(wanted.name)} { statistics(keys: $keys, from: $from, to: $to) { ${STATISTIC} } }
          }`,
          { keys: keysOf(wanted), from, to },
        );
        found.push(...statisticsApart(`${wanted.name}, ${window}`, wanted, scope.statistics));
      }
    expect(found).toEqual([]);
  }, 300_000);

  test('what a statistic counted is shown, all of it and nothing else', async () => {
    const { statisticCatalogue } = await ask<{ statisticCatalogue: { key: string }[] }>(
      '{ statisticCatalogue { key } }',
    );
    const found: string[] = [];
    for (const [name, field] of scopes.slice(0, 3)) {
      const { scope } = await ask<{ scope: { statistics: Counted[] } }>(
        `query ($keys: [String!]!, $from: DateTime!, $to: DateTime!) {
          scope: ${field} {
            statistics(keys: $keys, from: $from, to: $to) {
              key value numerator events(first: 100) { totalCount nodes { eventId } pageInfo { hasNextPage } }
            }
          }
        }`,
        { keys: statisticCatalogue.map(({ key }) => key), from: first, to: after },
      );
      for (const { key, value, numerator, events } of scope.statistics) {
        const counted = numerator ?? (COUNTS.test(key) ? value : null);
        const { totalCount, nodes, pageInfo } = events;
        if (counted !== null && totalCount !== counted)
          found.push(`${name}, ${key}: ${totalCount} events of ${counted}`);
        if (nodes.length !== Math.min(100, totalCount) || pageInfo.hasNextPage !== totalCount > 100)
          found.push(`${name}, ${key}: a page of ${nodes.length} of ${totalCount}`);
        if (new Set(nodes.map(({ eventId }) => eventId)).size !== nodes.length)
          found.push(`${name}, ${key}: an event twice`);
      }
    }
    expect(found).toEqual([]);
  }, 300_000);

  const ask = async <Data>(query: string, variables: object = {}): Promise<Data> => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
    expect(errors).toBeUndefined();
    return data;
  };

  const scopesOf = async ({ organisation, communities }: Expected) => {
    const slugs = new Map<string, string>();
    for (let after: string | null = null; ; ) {
      const answer: { communities: { nodes: { name: string; slug: string }[]; pageInfo: Page } } = await ask(
        'query ($after: String) { communities(first: 50, after: $after) { nodes { name slug } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      for (const { name, slug } of answer.communities.nodes) slugs.set(name, slug);
      if (!answer.communities.pageInfo.hasNextPage) break;
      after = answer.communities.pageInfo.endCursor;
    }
    return [
      ['organisation', 'organisation', organisation] as const,
      ...communities.map(
        (community) => [community.name, `community(slug: "${slugs.get(community.name)}")`, community] as const,
      ),
    ].map(([name, field, scope]): [string, string, ExpectedScope] => [name, field, scope]);
  };
});

/** Those whose value is a plain count. */
const COUNTS = /^active\.|^contributors\.new$|^promise\.backlog$/;
type Counted = {
  readonly key: string;
  readonly value: number | null;
  readonly numerator: number | null;
  readonly events: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly eventId: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean };
  };
};

type Page = { readonly hasNextPage: boolean; readonly endCursor: string | null };

/** The archive as a whole: one packed file, or the folder that stands for it. */
const archiveIn = (folder: string) => {
  const name = readdirSync(folder, { withFileTypes: true }).find(
    (entry) => entry.isDirectory() || entry.name.endsWith('.tar.gz'),
  )?.name;
  return join(folder, name ?? '');
};

const mondayOf = (at: Date) => {
  const midnight = Math.floor(at.getTime() / DAY) * DAY;
  return new Date(midnight - ((at.getUTCDay() + 6) % 7) * DAY);
};
