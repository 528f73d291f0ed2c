import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLI, palabre, type Running, run } from '../support/palabre.ts';

let dataDir: string;
const variables = () => ({ PALABRE_DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn' });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'palabre-start-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const started = async (server: Running) => {
  const [, url = ''] = await server.until(/GraphQL +(http:\S+)\/graphql/);
  const { stdout } = await run(['token', '--role', 'admin'], variables());
  const token = stdout.trim().split('\n').at(-1) ?? '';
  return { url, token };
};

const ask = async (url: string, token: string, query: string) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return response.json();
};

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const postmaster = async () =>
  Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);

describe('palabre start', () => {
  test('answers, and Ctrl-C leaves nothing running, however often it is pressed', async () => {
    const server = palabre(['start', '--no-demo'], variables());
    const { url, token } = await started(server);
    expect(await ask(url, token, '{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const database = await postmaster();
    expect(isRunning(database)).toBe(true);

    server.process.kill('SIGINT');
    server.process.kill('SIGINT');
    server.process.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(isRunning(database)).toBe(false);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  });

  test('finds its keys and its log again', async () => {
    const first = await run(['token', '--role', 'admin'], variables());
    const token = first.stdout.trim().split('\n').at(-1) ?? '';
    const server = palabre(['start', '--no-demo'], variables());
    const { url } = await started(server);
    expect(await ask(url, token, '{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
    server.process.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    for (const file of ['master.key', 'demo-issuer.pem'])
      expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600);
  });

  test('stops in order when a whole process group is told to', async () => {
    // As `npm start` does: a shell between the terminal and us, and each of them gets the signal.
    const cli = `"${process.execPath}" ${CLI.join(' ')} start --no-demo; exit $?`;
    const group = spawn('/bin/sh', ['-c', cli], {
      env: { PATH: process.env.PATH, ...variables() },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let said = '';
    group.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    while (!/GraphQL +http/.test(said)) await once(group.stdout, 'data');
    const database = await postmaster();
    const closed = once(group, 'close');
    process.kill(-(group.pid ?? 0), 'SIGINT');
    await closed;
    expect(said).toMatch(/Stopping/);
    expect(isRunning(database)).toBe(false);
  });

  test('says which port is taken, before anything is opened', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, stderr } = await run(['start'], {
      ...variables(),
      PORT: String(port),
      PALABRE_DATA_DIR: '/dev/null/x',
    });
    other.close();
    expect(stderr).toBe(
      `palabre: Port ${port} of 127.0.0.1 is taken: stop what listens there, or set PORT to another one (0 takes any).\n`,
    );
    expect(code).toBe(1);
  });

  test('a verb beside a running server leaves the database to it', async () => {
    const server = palabre(['start', '--no-demo'], variables());
    const { url, token } = await started(server);
    const { code, stdout } = await run(['status'], variables());
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^Database +embedded Postgres/) });
    expect(await ask(url, token, '{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
    server.process.kill('SIGINT');
    expect((await server.ended).code).toBe(0);
  });
});
