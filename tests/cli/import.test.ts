import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { palabre, type Running, run } from '../support/palabre.ts';
import { aMessage, anExport, entriesOf, writeTarball } from '../support/zulip-export.ts';

let root: string;
let variables: NodeJS.ProcessEnv;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabre-import-cli-'));
  variables = { PALABRE_DATA_DIR: join(root, 'data'), PORT: '0', LOG_LEVEL: 'warn' };
});
afterAll(() => rm(root, { recursive: true, force: true }));

const archive = (name: string, entries = entriesOf(anExport())) => writeTarball(join(root, `${name}.tar.gz`), entries);

const startedServer = async (): Promise<{ server: Running; url: string; token: string }> => {
  const server = palabre(['start', '--no-demo'], variables);
  const [, url = ''] = await server.until(/GraphQL +(http:\S+)\/graphql/);
  const { stdout } = await run(['token', '--role', 'admin'], variables);
  const token = stdout.trim().split('\n').at(-1) ?? '';
  return { server, url, token };
};

describe('palabre import zulip', { timeout: 120_000 }, () => {
  test('imports beside a running server, whose next answer has it', async () => {
    const { server, url, token } = await startedServer();
    const imported = await run(['import', 'zulip', await archive('whole')], variables);
    expect(imported).toMatchObject({ code: 0 });
    expect(imported.stdout).toMatch(/^Acacia: \d+ events in/);
    expect(imported.stdout).toMatch(/posts +2 +0\n/);
    expect(imported.stdout).toMatch(/1 +inboxes +private conversations are not imported/);
    expect(imported.stderr).toContain('Storing: 3 of 3 messages');

    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ community(slug: "general") { name } }' }),
    });
    expect(await response.json()).toMatchObject({ data: { community: { name: 'general' } } });
    server.process.kill('SIGTERM');
    await server.ended;
  });

  test('imports alone, and the same archive again appends nothing', async () => {
    const again = await run(['import', 'zulip', await archive('whole')], variables);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/^Acacia: 0 events in/);
    expect(again.stdout).toMatch(/posts +0 +2\n/);
  });

  test('of a newer export with a broken file imports nothing, says where it is broken, and leaves what was there', async () => {
    const newer = anExport();
    newer.files.push([aMessage(1004, 101, 'Lunch', 'Tomorrow?', 300)]);
    const entries = entriesOf(newer).map((entry) =>
      entry.path.endsWith('000003.json') ? { ...entry, body: '{"zerver_message": [{"id": 1004,}]}' } : entry,
    );
    const broken = await run(['import', 'zulip', await archive('broken', entries)], variables);
    expect(broken).toMatchObject({ code: 1, stdout: '' });
    expect(broken.stderr).toContain('palabre: messages-000003.json: broken JSON at line 1, column 33 (byte 32).');
    expect(broken.stderr).not.toContain(' at async ');
    const whole = await run(['import', 'zulip', await archive('newer', entriesOf(newer))], variables);
    expect(whole.stdout).toMatch(/^Acacia: 1 events in/);
  });

  test('lets no name of an archive steer the terminal', async () => {
    const hostile = anExport();
    hostile.realm['\u001b[2Jzerver_evil'] = [{ id: 1 }];
    const { stdout } = await run(['import', 'zulip', await archive('hostile', entriesOf(hostile))], variables);
    expect(stdout).toContain('zerver_evil');
    expect(stdout).not.toContain('\u001b');
  });

  test('without an archive is wrong use', async () => {
    expect(await run(['import', 'zulip'], variables)).toMatchObject({ code: 2 });
    expect(await run(['import', 'slack', 'x'], variables)).toMatchObject({ code: 2 });
    expect(await run(['import', 'zulip', join(root, 'nowhere')], variables)).toMatchObject({ code: 1 });
  });
});
