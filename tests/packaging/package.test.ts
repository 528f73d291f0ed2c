import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as tar from 'tar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anExport, entriesOf, writeFolder } from '../support/zulip-export.ts';

// What `npm pack` gives, unpacked into an empty folder with nothing of the repository beside it but its dependencies.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
let folder: string;
let home: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabre-package-'));
  // What is compiled already: others start it meanwhile.
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  const [made] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  home = join(folder, 'home');
  await mkdir(home);
  await tar.extract({ file: join(folder, made ?? ''), cwd: home, strip: 1 });
  await symlink(join(ROOT, 'node_modules'), join(home, 'node_modules'), 'dir');
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const palabre = (words: readonly string[]) =>
  run(process.execPath, ['src/palabre.mjs', ...words], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PALABRE_DATA_DIR: join(folder, 'data') },
  });

test('has what runs, and no source of a test', async () => {
  const names = await readdir(home, { recursive: true });
  expect(names).toEqual(
    expect.arrayContaining(['dist', 'package.json', 'README.md', 'LICENSE', 'schema/schema.graphql']),
  );
  expect(names.filter((name) => /(^|\/)tests?(\/|$)|\.map$/.test(name) && !name.startsWith('node_modules'))).toEqual(
    [],
  );
});

test('tells what it can do, imports an archive, and serves it', async () => {
  expect((await palabre(['--help'])).stdout).toContain('USAGE palabre');
  const archive = await writeFolder(join(folder, 'archive'), entriesOf(anExport(), ''));
  expect((await palabre(['import', 'zulip', archive])).stdout).toMatch(/posts/);
  const server = spawn(process.execPath, ['src/palabre.mjs', 'start'], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PALABRE_DATA_DIR: join(folder, 'data'), PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    let said = '';
    server.stdout.setEncoding('utf8');
    for await (const text of server.stdout) {
      said += text;
      if (/GraphQL +http:/.test(said)) break;
    }
    const [, url] = /GraphQL +(http:\S+)\/graphql/.exec(said) ?? [];
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const { stdout } = await palabre(['token', '--role', 'admin']);
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${stdout.trim().split('\n').at(-1)}` },
      body: JSON.stringify({ query: '{ organisation { name totals { messages } } }' }),
    });
    expect(await answer.json()).toMatchObject({ data: { organisation: { name: expect.any(String) } } });
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}, 240_000);
