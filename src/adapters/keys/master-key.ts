import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The file that should hold the master key cannot be used. */
export class MasterKeyFileError extends Error {
  constructor(path: string, why: string) {
    super(`The master key file ${path} ${why}`);
    this.name = 'MasterKeyFileError';
  }
}

/** Reads a master key from its file; `make` writes a new one, for its owner's eyes only, where there is none. */
export const readMasterKey = async (
  path: string,
  { make, parse }: { make: boolean; parse: (text: string) => Buffer | null },
): Promise<Buffer> => {
  if (make && !existsSync(path)) await makeMasterKey(path);
  const { text, mode } = await readWithMode(path).catch((error: NodeJS.ErrnoException) => {
    throw new MasterKeyFileError(
      path,
      `cannot be read (${error.code}): PALABRE_MASTER_KEY_FILE must name a file with 32 bytes in base64 or hexadecimal.`,
    );
  });
  if (process.platform !== 'win32' && (mode & OF_OTHERS) !== 0)
    throw new MasterKeyFileError(
      path,
      `must not be open to every user of this machine (its mode is ${(mode & 0o777).toString(8)}): chmod 600 it, ` +
        'or 640 where a group of its own reads it. If somebody may have read it, the personal data is no longer protected by it.',
    );
  const key = parse(text);
  if (!key) throw new MasterKeyFileError(path, 'must hold 32 bytes, in base64 or hexadecimal.');
  return key;
};

/** What the mode of a file gives to users that are neither its owner nor of its group. */
const OF_OTHERS = 0o007;

/** The text and the mode of one and the same file, whatever happens to its name meanwhile. */
const readWithMode = async (path: string) => {
  await using file = await open(path, 'r');
  const { mode } = await file.stat();
  return { text: await file.readFile('utf8'), mode };
};

/** A link is all or nothing: of several processes that come at once one makes the key, and nobody reads half of it. */
const makeMasterKey = async (path: string) => {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
};
