import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './line.ts';
import { writeMadeUpExport } from './made-up-export.ts';

/** The largest archive that PALABRE_ARCHIVES names, or one of so many messages that is made up in a folder. */
export const archiveFor = async (
  bench: string,
  folder: string,
  messages: number,
): Promise<{ readonly path: string; readonly isGiven: boolean }> => {
  const found = largestArchive();
  if (found) return { path: found, isGiven: true };
  say(`${bench}: PALABRE_ARCHIVES names no archive, one is made up`);
  return { path: await writeMadeUpExport(folder, messages), isGiven: false };
};

const largestArchive = (folder = process.env.PALABRE_ARCHIVES): string | undefined =>
  folder && existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.tar.gz'))
        .map((name) => join(folder, name))
        .sort((a, b) => statSync(b).size - statSync(a).size)[0]
    : undefined;
