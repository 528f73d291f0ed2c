import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A living Postgres server on a data folder, as its `postmaster.pid` tells. */
export type Postmaster = {
  readonly pid: number;
  readonly port: number;
  /** False while it starts, recovers or stops. */
  readonly ready: boolean;
};

/** The server that runs on a folder, if one really does: a pid file of a dead server, or one whose pid went to another program, does not count. */
export async function findPostmaster(folder: string): Promise<Postmaster | undefined> {
  const written = await readPidFile(folder);
  if (written === undefined || !(await runsOn(written.pid, folder))) return undefined;
  return written;
}

async function readPidFile(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  // Lines: pid, data folder, start time, port, socket folder, address, shared memory, status.
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' };
}

/** Whether this pid is a Postgres whose data folder this is. `folder` is a real path, without links. */
async function runsOn(pid: number, folder: string): Promise<boolean> {
  if (process.platform === 'linux') {
    return (await commandOf(pid)) === 'postgres' && (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder;
  }
  const command = await new Promise<string>((resolve) => {
    execFile('ps', ['-o', 'command=', '-p', String(pid)], (_error, stdout) => resolve(stdout));
  });
  return command.includes('postgres') && command.includes(folder);
}

async function commandOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
}

/** Waits until the server is gone. False when it still runs after so many milliseconds. */
export async function waitUntilGone(folder: string, pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (await runsOn(pid, folder)) {
    if (Date.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/**
 * Clears what a killed server left behind: sessions that outlive it hold its shared memory, so they are ended, and a pid file whose pid
 * went to another program would make Postgres refuse to start. To be called when no server runs.
 */
export async function clearRemains(folder: string): Promise<void> {
  const patience = { leave: Date.now() + 500, quit: Date.now() + 3_000 };
  for (let left = await orphans(folder); left.length > 0; left = await orphans(folder)) {
    // Idle sessions see the death by themselves; a busy one may compute for long.
    const signal = Date.now() > patience.quit ? 'SIGKILL' : 'SIGQUIT';
    if (Date.now() > patience.leave) for (const pid of left) tryKill(pid, signal);
    await delay(20);
  }
  const written = await readPidFile(folder);
  if (written !== undefined && !(await runsOn(written.pid, folder))) await removePidFile(folder, written.pid);
}

/** Sessions and helpers of a server on this folder whose server is dead. Only Linux can tell; elsewhere starting is repeated instead. */
async function orphans(folder: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const here = new Set<number>();
  for (const pid of pids) if (await runsOn(pid, folder)) here.add(pid);
  const found: number[] = [];
  for (const pid of here) {
    const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    // A server's own command line is a path; those of its children read "postgres: checkpointer".
    if (title.startsWith('postgres: ') && !here.has(await parentOf(pid))) found.push(pid);
  }
  return found;
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0);
}

/** Moves the file away before removing it: where another process started a server in this very moment, its file goes back. */
async function removePidFile(folder: string, pid: number): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  const aside = join(folder, `postmaster.pid.stale-${process.pid}`);
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const text = await readFile(aside, 'utf8');
  if (Number(text.split('\n')[0]) === pid) await rm(aside);
  else await rename(aside, file);
}

export function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
