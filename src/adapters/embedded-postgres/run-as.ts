import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { chown, lstat, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './fault.ts';
import { temporaryFolder } from './temporary.ts';

/** As whom Postgres runs: it refuses to be root. */
export type RunAs = {
  /** For messages: `the user "postgres"`. */
  readonly who: string;
  /** Whom its files must belong to; undefined when that is simply us. */
  readonly owner?: Owner;
  /** The user that a child becomes; undefined when it stays who we are. */
  readonly become?: Owner;
  /** What stands before the program on the command line. */
  readonly prefix: readonly string[];
};

type Owner = { readonly uid: number; readonly gid: number };

const OURSELVES: RunAs = { who: 'this user', prefix: [] };

/** Root, but seen from inside as the unprivileged user 1: for folders that only root may enter. */
const NAMESPACE: RunAs = {
  who: 'root in a user namespace',
  owner: { uid: 0, gid: 0 },
  prefix: ['unshare', '--user', '--map-user=1', '--map-group=1', '--'],
};

/** Chooses by trying: the first identity that can start the programs and write inside the data folder. */
export async function chooseRunAs(binaries: Binaries, dataDir: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) {
    const problem = await tryAs(OURSELVES, binaries, dataDir);
    if (problem !== undefined) throw unusable(binaries, problem);
    return OURSELVES;
  }
  const problems: string[] = [];
  for await (const candidate of candidatesForRoot(dataDir)) {
    const problem = await tryAs(candidate, binaries, dataDir);
    if (problem === undefined) return candidate;
    problems.push(`as ${candidate.who}: ${problem}`);
  }
  throw new EmbeddedPostgresError(
    'ROOT_NOT_POSSIBLE',
    `Postgres refuses to run as root, and no other way reaches both ${dataDir} and ${dirname(binaries.postgres)}:\n` +
      `${problems.map((problem) => `  ${problem}`).join('\n')}\n` +
      'Run Palabre as a normal user, or move it to a folder that others may enter, or set DATABASE_URL to a Postgres of your own.',
  );
}

/**
 * Who owns the place comes first, so that its owner can go on without root; then the customary unprivileged users.
 * A generator, because a look-up costs a process and the first candidate mostly fits.
 */
async function* candidatesForRoot(dataDir: string): AsyncGenerator<RunAs> {
  for (const path of [join(dataDir, 'postgres'), dataDir, dirname(dataDir)]) {
    const found = await lstat(path).catch(() => undefined);
    if (found !== undefined && found.uid !== 0)
      yield asUser(`the owner of ${path}`, { uid: found.uid, gid: found.gid });
  }
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([lookUp('-u', name), lookUp('-g', name)]);
    if (uid !== undefined && gid !== undefined) yield asUser(`the user "${name}"`, { uid, gid });
  }
  yield NAMESPACE;
}

function asUser(who: string, user: Owner): RunAs {
  return { who, owner: user, become: user, prefix: [] };
}

async function lookUp(flag: '-u' | '-g', name: string): Promise<number | undefined> {
  const { code, output } = await finish(spawn('id', [flag, name], { stdio: ['ignore', 'pipe', 'pipe'] }));
  return code === 0 ? Number(output) : undefined;
}

/** Undefined when all is well, else the reason in the system's words. */
async function tryAs(runAs: RunAs, binaries: Binaries, dataDir: string): Promise<string | undefined> {
  const folder = await temporaryFolder(dataDir);
  try {
    await giveTo(runAs, folder);
    const script = '"$1" --version >/dev/null && cd "$2" && : > file';
    const child = spawnAs(runAs, binaries, ['/bin/sh', '-c', script, 'sh', binaries.postgres, folder]);
    const { code, output } = await finish(child);
    return code === 0 ? undefined : output.trim() || `exit code ${code}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function unusable(binaries: Binaries, problem: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'BINARIES_UNUSABLE',
    `The embedded Postgres ${binaries.postgres} does not run here: ${problem}\n` +
      'It needs glibc (not musl, so not Alpine) and a file system that lets programs run. Or set DATABASE_URL to a Postgres of your own.',
  );
}

/** Makes everything in a folder belong to whom Postgres runs as. The folder itself comes last, so that a half-done change is done again. */
export async function giveTo(runAs: RunAs, path: string): Promise<void> {
  const { owner } = runAs;
  if (owner === undefined) return;
  const found = await lstat(path);
  if (found.uid === owner.uid && found.gid === owner.gid) return;
  if (found.isSymbolicLink()) return;
  if (found.isDirectory()) for (const name of await readdir(path)) await giveTo(runAs, join(path, name));
  await chown(path, owner.uid, owner.gid);
}

/** Starts one of Postgres' programs as whom it must run, in a clean environment: no PG variable of ours may leak in. */
export function spawnAs(
  runAs: RunAs,
  binaries: Binaries,
  command: readonly string[],
  options: { stdio?: StdioOptions; detached?: boolean } = {},
): ChildProcess {
  const [file = '', ...args] = [...runAs.prefix, ...command];
  const libraries = binaries.libraries.join(':');
  return spawn(file, args, {
    cwd: '/',
    stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries },
    ...runAs.become,
  });
}

/** Waits for a child's end and gathers what it said on both channels. */
export function finish(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
