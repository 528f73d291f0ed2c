import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError, folderFault } from './fault.ts';
import { finish, giveTo, type RunAs, spawnAs } from './run-as.ts';
import { SUPERUSER } from './settings.ts';
import { temporaryFolder } from './temporary.ts';

const PASSWORD_FILE = 'palabre.password';

/** The password of the database in a folder. It lives inside, so that folder and password are moved and copied together. */
export async function readPassword(folder: string): Promise<string> {
  return (await readFile(join(folder, PASSWORD_FILE), 'utf8')).trim();
}

/** The major version that made a data folder; undefined when the folder holds no database yet. */
export async function versionOf(folder: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(folder, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'EACCES') throw await foreignFolder(folder, error);
    throw error;
  }
}

/**
 * Makes a new database, whole or not at all: it grows beside its place and is then moved there in one step.
 * When two processes do so at once, the second finds the place taken and uses what is there.
 */
export async function initialise(dataDir: string, folder: string, binaries: Binaries, runAs: RunAs): Promise<void> {
  const staging = await temporaryFolder(dataDir);
  const passwordFile = join(staging, PASSWORD_FILE);
  const data = join(staging, 'data');
  try {
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    await giveTo(runAs, staging);
    const { code, output } = await finish(
      spawnAs(runAs, binaries, [
        binaries.initdb,
        `--pgdata=${data}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ]),
    );
    if (code !== 0) throw folderFault(dataDir, output);
    await rename(passwordFile, join(data, PASSWORD_FILE));
    await moveIntoPlace(data, folder);
  } catch (error) {
    throw error instanceof EmbeddedPostgresError ? error : folderFault(dataDir, (error as Error).message, error);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function moveIntoPlace(data: string, folder: string): Promise<void> {
  try {
    await rename(data, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    if ((await versionOf(folder)) !== undefined) return;
    throw new EmbeddedPostgresError(
      'START_FAILED',
      `${folder} holds files, but no database. Move them away, or set PALABRE_DATA_DIR to another folder.`,
    );
  }
}

async function foreignFolder(folder: string, cause: unknown): Promise<EmbeddedPostgresError> {
  const uid = await stat(folder).then(
    (found) => String(found.uid),
    () => 'unknown',
  );
  return new EmbeddedPostgresError(
    'FOLDER_OF_ANOTHER_USER',
    `The database in ${folder} belongs to another user (uid ${uid}; this is uid ${process.getuid?.()}). Run Palabre as that user, ` +
      `or make it yours while nothing uses it: sudo chown -R "$(id -un)" "${folder}". Or set PALABRE_DATA_DIR to another folder.`,
    { cause },
  );
}
