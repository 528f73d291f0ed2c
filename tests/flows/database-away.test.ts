import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startProxy } from '../adapters/proxy.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

let database: TestDatabase;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let service: Service;
let ann: Asker;
let token: string;

beforeAll(async () => {
  database = await freshDatabase();
  proxy = await startProxy(database.connectionString);
  service = await openService({ DATABASE_URL: proxy.connectionString, PALABRE_METRICS_PORT: '0' });
  ann = await service.as('ann');
  token = await service.token('ann');
  await found('before');
});
afterAll(async () => {
  await service.close();
  await proxy[Symbol.asyncDispose]();
  await database.drop();
});

const FOUND = `mutation ($input: FoundCommunityInput!) {
  foundCommunity(input: $input) { community { id } errors { code } }
}`;
const found = (slug: string) => ann.query(FOUND, { input: { name: slug, slug } });

const SOON = { timeout: 20_000, interval: 50 };
const isWell = () =>
  vi.waitFor(async () => {
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    expect((await ann.query('{ communities { nodes { slug } } }')).errors).toBeUndefined();
  }, SOON);

/** The same over plain HTTP, with the status and the headers. */
const post = (query: string, headers: Record<string, string> = {}) =>
  fetch(service.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ query, variables: { input: { name: 'away', slug: 'away' } } }),
  });

describe('while the database is away', () => {
  const ASKED: readonly (readonly [string, () => Promise<Response>])[] = [
    ['a query', () => post('{ communities { nodes { slug } } }')],
    ['a mutation', () => post(FOUND)],
    [
      'whoever comes for the first time',
      async () => post('{ viewer { id } }', { authorization: `Bearer ${await service.token('new')}` }),
    ],
    ['a machine key', () => post('{ viewer { id } }', { authorization: `Bearer pal_${'a'.repeat(43)}` })],
    ['a cursor', () => post('{ viewer { id } }', { 'x-palabre-min-position': position })],
    [
      'the list of events',
      () => fetch(`${service.url}/events?after=${position}`, { headers: { authorization: `Bearer ${token}` } }),
    ],
  ];
  let position = '';

  test.each(ASKED.map(([name], n) => [name, n] as const))(
    '%s hears LOG_UNAVAILABLE with 503 and when to come again',
    async (_, n) => {
      position = (await ann.query('{ communities { nodes { slug } } }')).extensions?.position ?? '';
      proxy.away();
      try {
        const response = await ASKED[n]?.[1]();
        const text = await response?.text();
        expect(text).toContain('"LOG_UNAVAILABLE"');
        expect(text).not.toMatch(/ECONN|terminated|postgres|INTERNAL_SERVER_ERROR/);
        expect(response?.status).toBe(503);
        expect(response?.headers.get('retry-after')).toMatch(/^\d+$/);
      } finally {
        proxy.back();
        await isWell();
      }
    },
  );

  test('figures stay what they were, and database_up says why', async () => {
    const page = async () => (await fetch(service.metricsUrl ?? '')).text();
    const before = await page();
    expect(before).toMatch(/^palabre_database_up 1$/m);
    expect(before).toMatch(/^palabre_build_info\{version="\d+\.\d+\.\d+",node="[\d.]+"\} 1$/m);
    expect(before).toMatch(/^palabre_database_connections\{pool="reading",state="open"\} \d+$/m);
    expect(before).toMatch(/^palabre_lease_held\{name="communities"\} 1$/m);
    expect(before).toMatch(/^palabre_webhook_oldest_due_seconds 0$/m);
    expect(before).toMatch(/^palabre_process_halted\{process="promises"\} 0$/m);
    proxy.away();
    try {
      const during = await page();
      expect(during).toMatch(/^palabre_database_up 0$/m);
      for (const name of ['projection_lag_events', 'log_head_position', 'webhooks', 'lease_held', 'process_lag_events'])
        expect(during).toMatch(new RegExp(`^palabre_${name}(\\{[^}]*\\})? \\d`, 'm'));
    } finally {
      proxy.back();
      await isWell();
    }
  });

  test('the server is live, not ready, and says why', async () => {
    proxy.away();
    try {
      expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
      const ready = await fetch(`${service.url}/health/ready`);
      expect(await ready.json()).toMatchObject({ status: 'not ready', reason: expect.stringContaining('database') });
      expect(ready.status).toBe(503);
    } finally {
      proxy.back();
      await isWell();
    }
  });
});

test('a database that became read-only refuses at once and for certain, reads go on, and health says why', async () => {
  const operator = new pg.Client({ connectionString: database.connectionString });
  await operator.connect();
  const name = new URL(database.connectionString).pathname.slice(1);
  const set = async (value: 'on' | 'off') => {
    await operator.query(`alter database ${name} set default_transaction_read_only = ${value}`);
    await operator.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
  };
  await set('on');
  const began = performance.now();
  const response = await vi.waitFor(async () => {
    const answer = await post(FOUND);
    expect(await answer.clone().text()).toContain('READ_ONLY');
    // A session that was still writing when the others were ended may have had the last word.
    expect(await (await fetch(`${service.url}/health`)).json()).toMatchObject({
      writable: false,
      reason: expect.stringContaining('read-only'),
    });
    return answer;
  }, SOON);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(response.status).toBe(503);
  expect((await ann.query('{ communities { nodes { slug } } }')).errors).toBeUndefined();
  await operator.query('set default_transaction_read_only = off');
  await set('off');
  await operator.end();
  await vi.waitFor(async () => {
    expect((await found('after')).data).toMatchObject({ foundCommunity: { community: { id: expect.any(String) } } });
  }, SOON);
  expect(await (await fetch(`${service.url}/health`)).json()).toMatchObject({ writable: true });
});

test('whoever wrote when the database fell silent hears OUTCOME_UNKNOWN before the time of an operation is up', {
  timeout: 40_000,
}, async () => {
  await isWell();
  const swallowed = proxy.swallow((data) => data.includes('append-one')).then(proxy.silent);
  const began = performance.now();
  const { errors } = await ann.query(FOUND, { input: { name: 'silent', slug: 'silent' } });
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['OUTCOME_UNKNOWN']);
  await swallowed;
  proxy.back();
  await isWell();
});
