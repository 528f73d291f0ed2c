import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { folderFault } from './fault.ts';

const PREFIX = '.postgres-new-';

/** A new private folder beside the database, so that what grows in it can be moved there in one step. It carries our pid in its name. */
export async function temporaryFolder(dataDir: string): Promise<string> {
  try {
    return await mkdtemp(join(dataDir, `${PREFIX}${process.pid}-`));
  } catch (error) {
    throw folderFault(dataDir, (error as Error).message, error);
  }
}

/** Removes the temporary folders of processes that were killed. */
export async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(PREFIX)) continue;
    const pid = Number.parseInt(name.slice(PREFIX.length), 10);
    if (!isAlive(pid)) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
