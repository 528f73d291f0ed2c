import type { ChildProcess } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { complaints, EmbeddedPostgresError, folderFault } from './fault.ts';
import { findPostmaster, type Postmaster } from './postmaster.ts';
import { type RunAs, spawnAs } from './run-as.ts';
import { HOST, settings } from './settings.ts';

export type Launch = {
  readonly folder: string;
  readonly logFile: string;
  readonly binaries: Binaries;
  readonly runAs: RunAs;
  /** How long the port of last time is waited for where it is taken, in milliseconds. */
  readonly portPatience: number;
  readonly onLog: (line: string) => void;
};

/** A start that failed for a reason that passes: somebody else was faster, or remains of a killed server were not gone yet. */
export type NotYet = { readonly notYet: EmbeddedPostgresError };

const KEEP_LOG_BYTES = 1024 * 1024;

/**
 * Starts the server and waits until it takes sessions, however long recovery after a crash needs.
 * It is detached: a terminal's Ctrl-C reaches only us, and our death leaves it running for the next process.
 */
export async function launch(start: Launch): Promise<Postmaster | NotYet> {
  const port = await choosePort(start);
  await turnOver(start.logFile);
  const log = await open(start.logFile, 'a', 0o600);
  const from = (await log.stat()).size;
  const command = [start.binaries.postgres, '-D', start.folder, ...asArguments(settings(port))];
  const child = spawnAs(start.runAs, start.binaries, command, { stdio: ['ignore', log.fd, log.fd], detached: true });
  try {
    const ended = endOf(child);
    for (let waits = 0; ; waits++) {
      const end = await Promise.race([ended, delay(20)]);
      if (end) return await explain(start, from, end);
      const server = await findPostmaster(start.folder);
      if (server?.pid === child.pid && server?.ready) return server;
      if (waits % 250 === 249) start.onLog('Postgres is still starting (after a crash it reads its journal first).');
    }
  } finally {
    child.unref();
    await log.close();
  }
}

type End = { readonly how: string; readonly killed: boolean };

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ how: message, killed: false }));
    child.once('exit', (code, signal) =>
      resolve({ how: `it ended with ${signal ?? `exit code ${code}`}`, killed: signal !== null }),
    );
  });
}

/** Turns what the server wrote before it gave up into either *try again* or an error that says what to do. */
async function explain(start: Launch, from: number, { how, killed }: End): Promise<NotYet> {
  const written = (await readFile(start.logFile)).subarray(from).toString('utf8');
  // Of a server that was killed on its way, what sessions were told meanwhile says nothing.
  const text = `${(!killed && complaints(written)) || how} (see ${start.logFile})`;
  if (
    killed ||
    /lock file .* already exists|shared memory block|could not bind|could not create any TCP/.test(written)
  ) {
    return { notYet: new EmbeddedPostgresError('START_FAILED', `The embedded Postgres does not start: ${text}`) };
  }
  throw folderFault(start.folder, text);
}

function asArguments(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The port of last time where it is free, so that pools of other processes find the server again; else any free one. */
async function choosePort({ folder, portPatience }: Launch): Promise<number> {
  const last = await readFile(join(folder, 'postmaster.opts'), 'utf8').catch(() => '');
  const wanted = Number(/"port=(\d+)"/.exec(last)?.[1] ?? 0);
  for (const deadline = Date.now() + portPatience; ; await delay(100)) {
    const port = await freePort(wanted);
    if (port !== undefined) return port;
    if (Date.now() >= deadline) return (await freePort(0)) ?? 0;
  }
}

function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(wanted, HOST, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

async function turnOver(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > KEEP_LOG_BYTES) await rename(logFile, `${logFile}.1`);
}
