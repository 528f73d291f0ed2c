import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projections } from '../../projections/index.ts';
import { readExamples, readTabs } from '../../src/examples/index.ts';
import { processes } from '../../src/processes/index.ts';
import { palabre, type Running, run } from '../support/palabre.ts';
import { head, rawClient } from '../support/raw-http.ts';
import { anExport, entriesOf, writeFolder } from '../support/zulip-export.ts';

let dataDir: string;
let server: Running;
let url: string;
let token: string;
const pageOf = async (of: string) => (await fetch(`${of}/graphql`, { headers: { accept: 'text/html' } })).text();
const tokenIn = (page: string) => /Bearer (ey[\w.-]+)/.exec(page)?.[1] ?? null;

const variables = () => ({ PALABRE_DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn' });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'palabre-demo-'));
  server = palabre(['start'], variables());
  url = (await server.until(/GraphQL +(http:\S+)\/graphql/))[1] ?? '';
  await server.until(/npx palabre token/);
  token = tokenIn(await pageOf(url)) ?? expect.fail('no token');
}, 120_000);
afterAll(async () => {
  server.process.kill('SIGINT');
  await server.ended;
  await rm(dataDir, { recursive: true, force: true });
});

const send = (body: object, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(body),
  });

type Funnel = { cells: { key: string; value: number | null }[] };
type Answer = {
  data?: Record<string, unknown>;
  errors?: unknown;
  extensions?: { position?: string };
};
const answerTo = async (body: object, headers = {}) => (await (await send(body, headers)).json()) as Answer;

test('answers to the names of this machine alone, so that no page of somebody else’s becomes one of this server', async () => {
  const { port } = new URL(url);
  const asked = async (host: string, fields: Record<string, string> = {}) => {
    const text = await rawClient(
      url,
      `${head(token, { host, 'content-length': 26, connection: 'close', ...fields })}{"query":"{ __typename }"}`,
    ).closed;
    return [Number(text.slice(9, 12)), text.slice(text.indexOf('\r\n\r\n') + 4)] as const;
  };
  for (const host of [
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.7',
    '0.0.0.0',
  ]) {
    const [status, text] = await asked(host);
    expect([host, status]).toEqual([host, 421]);
    expect(JSON.parse(text)).toEqual({ error: expect.stringContaining('localhost, 127.0.0.1') });
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'x',
      'sec-websocket-version': '13',
    };
    expect((await asked(host, upgrade))[0]).toBe(421);
  }
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, '[::1]', 'palabre.localhost'])
    expect([host, (await asked(host))[0]]).toEqual([host, 200]);
  const page = await rawClient(
    url,
    head(token, { host: 'evil.example', accept: 'text/html', connection: 'close' }, 'GET /graphql HTTP/1.1'),
  ).closed;
  expect(page).not.toContain(token.split('.')[1]);
});

describe('GraphiQL', () => {
  test('is served whole by this server, with the examples in its tabs and a ready token', async () => {
    const page = await (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).text();
    for (const { query } of await readTabs()) expect(page).toContain(JSON.stringify(query).slice(1, -1));
    const claims = JSON.parse(Buffer.from((tokenIn(page) ?? '').split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ roles: ['member', 'admin', 'analyst'] });
    expect(claims.exp - claims.iat).toBe(24 * 60 * 60);
    expect(page).not.toMatch(/<(script|link)[^>]+(src|href)="?https?:/);
  });

  test('gives a token to nobody where the data are not the demo’s, and says how to get one', async () => {
    const own = { ...variables(), PALABRE_DATA_DIR: await mkdtemp(join(tmpdir(), 'palabre-own-')) };
    const archive = await writeFolder(join(own.PALABRE_DATA_DIR, 'archive'), entriesOf(anExport(), ''));
    expect((await run(['import', 'zulip', archive], own)).code).toBe(0);
    const other = palabre(['start'], own);
    try {
      const at = (await other.until(/GraphQL +(http:\S+)\/graphql/))[1] ?? '';
      const page = await pageOf(at);
      expect(tokenIn(page)).toBeNull();
      expect(page).toContain('npx palabre token --role admin');
    } finally {
      other.process.kill('SIGINT');
      await other.ended;
      await rm(own.PALABRE_DATA_DIR, { recursive: true, force: true });
    }
  }, 180_000);

  test('no token stands in what the server says, where nobody reads it on a terminal', async () => {
    expect(`${server.said.stdout}${server.said.stderr}`).not.toMatch(/ey[\w-]{20,}\./);
  });

  test('its tabs are seen side by side on 1,280 pixels, what belongs together stands together', async () => {
    const titles = (await readTabs()).map(({ query }) => /^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1]);
    expect(titles).toEqual([
      ...['Communities', 'Conversation', 'Publish', 'Live', 'Found', 'Promises', 'AtRisk', 'Courage', 'Engagement'],
    ]);
    // A tab is as wide as its title in letters of 8 pixels, 48 for its edges and the button that closes it; 160 stand beside the tabs.
    expect(titles.reduce((width, title = '') => width + 8 * title.length + 48, 160)).toBeLessThan(1_280);
  });

  test('its Publish publishes each time', async () => {
    const { query, variables } = (await readExamples()).find(({ name }) => name === '3-publish') ?? {};
    const once = async () => {
      const { data } = await answerTo({ query, variables: JSON.parse(variables ?? '{}') });
      const { post } = (data?.publishPost ?? {}) as { post?: { id: string } };
      return post?.id ?? expect.fail();
    };
    expect(await once()).not.toBe(await once());
  });

  test('its examples answer, without an error and with something to see', async () => {
    for (const { name, query, variables } of await readExamples()) {
      if (/^subscription/m.test(query)) continue;
      const { data, errors, extensions } = await answerTo({ query, variables: JSON.parse(variables ?? '{}') });
      expect({ name, errors }).toEqual({ name, errors: undefined });
      // The newest post may well have no comment yet, and says so.
      const text = JSON.stringify(data).replaceAll('"comments":{"totalCount":0,"nodes":[]}', '');
      expect(text, name).not.toMatch(/"(nodes|engagementSeries)":\[\]|"errors":\[\{/);
      expect(text.length, name).toBeGreaterThan(200);
      expect(extensions?.position, name).toEqual(expect.any(String));
    }
  });

  test('its subscription delivers what is published meanwhile', async () => {
    const examples = await readExamples();
    const live = examples.find(({ query }) => /^subscription/m.test(query));
    const publish = examples.find(({ query }) => /publishPost/.test(query));
    const stream = await send(
      { query: live?.query, variables: JSON.parse(live?.variables ?? '{}') },
      { accept: 'text/event-stream' },
    );
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const until = async (pattern: RegExp) => {
      while (!pattern.test(heard)) {
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done) throw new Error(`The stream ended:\n${heard}`);
        heard += value;
      }
    };
    // It shows what has happened by itself, before anybody does anything.
    await until(/"kind":"/);
    await until(/"caughtUp":true/);
    const { input } = JSON.parse(publish?.variables ?? '{}');
    await answerTo({
      query: publish?.query,
      variables: { input: { ...input, title: 'Heard live', idempotencyKey: 'live' } },
    });
    await until(/Heard live/);
    await reader?.cancel();
  });
});

describe('the demo organisation', () => {
  test('shows each writer the own write in the next query', async () => {
    const publish = (await readExamples()).find(({ query }) => /publishPost/.test(query));
    const { input } = JSON.parse(publish?.variables ?? '{}');
    const { data } = await answerTo({
      query: publish?.query,
      variables: { input: { ...input, title: 'Read at once', idempotencyKey: 'own write' } },
    });
    const { position } = (data?.publishPost ?? {}) as { position: string };
    const query = '{ feed(first: 1) { nodes { title } } }';
    const next = await answerTo({ query }, { 'x-palabre-min-position': position });
    expect(next.data).toEqual({ feed: { nodes: [{ title: 'Read at once' }] } });
  });

  test.each([
    ['no position', 'CURSOR_MALFORMED'],
    ['A'.repeat(66), 'CURSOR_MALFORMED'],
  ])('a least position that is none ("%s") is refused by name', async (position, code) => {
    const { errors } = await answerTo({ query: '{ __typename }' }, { 'x-palabre-min-position': position });
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  test('knows of drafts how many dared, and shows a mentor the one that waits', async () => {
    const { query, variables } = (await readExamples()).find(({ name }) => /courage/.test(name)) ?? {};
    const { data } = await answerTo({ query, variables: JSON.parse(variables ?? '{}') });
    expect(data?.reviews).toMatchObject({ totalCount: 1, nodes: [{ status: 'WAITING', topic: 'Oser demander' }] });
    const { statistics } = (data?.organisation ?? {}) as { statistics: [Funnel] };
    expect(statistics[0].cells.map(({ key }) => key)).toEqual([
      ...['begun', 'reviewAsked', 'published', 'repliedInTime', 'contributedAgain'],
    ]);
    expect(statistics[0].cells[0]?.value).toBeGreaterThanOrEqual(7);
  });

  test('goes on by itself: the term of a role and a scheduled question wait for their time', async () => {
    const { code, stdout } = await run(['projections', 'status'], variables());
    expect(code).toBe(0);
    for (const process of ['drafts', 'role_terms'])
      expect(stdout).toMatch(new RegExp(`^\\s*${process}\\s.*\\d{4}-\\d\\d-\\d\\dT`, 'm'));
  });

  test('has a token for each member, alone on the last line', async () => {
    const { code, stdout } = await run(['token', '@ines-valmorin'], variables());
    expect(code).toBe(0);
    token = stdout.trim().split('\n').at(-1) ?? '';
    expect(await answerTo({ query: '{ viewer { handle } }' })).toMatchObject({
      data: { viewer: { handle: 'ines-valmorin' } },
    });
    expect((await run(['token', 'nobody-at-all'], variables())).code).toBe(1);
  });

  test('reading as an analyst makes nobody a member', async () => {
    const query = '{ organisation { totals { members } } }';
    const before = await answerTo({ query });
    token = (await run(['token', '--role', 'analyst'], variables())).stdout.trim();
    expect((await answerTo({ query })).data).toEqual(before.data);
    expect((await answerTo({ query: '{ viewer { id } }' })).data).toEqual({ viewer: null });
  });

  test('its read models are proven equal to the log, beside the running server', async () => {
    const { code, stdout } = await run(['projections', 'verify'], variables());
    const timers = processes.filter((process) => process.timers);
    expect(stdout.match(/ {2}equal: /g)).toHaveLength(projections.length + timers.length);
    expect(code).toBe(0);
  });
});
