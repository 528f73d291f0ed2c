import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveFault, HOSTILE } from './fault.ts';
import { type ReadFiles, wanted } from './files.ts';
import { tooLarge } from './tarball.ts';

const RECORDS = ['uploads', 'avatars', 'emoji', 'realm_icons'];

/** Reads an unpacked export. Links are refused, so that no file outside the folder is read. */
export const readFolder: ReadFiles = async (path, { limits, signal, onFile, onOther, onBytes }) => {
  const root = await exportIn(path);
  const names = [...(await readdir(root)), ...RECORDS.map((folder) => `${folder}/records.json`)].sort();
  const files: { readonly name: string; readonly size: number }[] = [];
  for (const name of names) {
    const found = await lstatIfThere(join(root, name));
    if (!found || found.isDirectory()) continue;
    if (!wanted(name)) onOther(name);
    else if (found.isSymbolicLink()) throw new ArchiveFault(name, 'is a link', HOSTILE);
    else if (!found.isFile()) throw new ArchiveFault(name, 'is not a regular file', HOSTILE);
    else if (found.size > limits.jsonBytes) throw tooLarge(name, found.size, limits);
    else files.push({ name, size: found.size });
  }
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const { name, size } of files) {
    onFile(name, await readFile(join(root, name), signal ? { signal } : {}));
    done += size;
    onBytes(done, total);
  }
};

/** The folder itself, or the only folder in it that holds an export: what unpacking leaves. */
const exportIn = async (path: string): Promise<string> => {
  if (await lstatIfThere(join(path, 'realm.json'))) return path;
  const folders = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const exports: string[] = [];
  for (const { name } of folders) if (await lstatIfThere(join(path, name, 'realm.json'))) exports.push(name);
  if (exports.length > 1)
    throw new ArchiveFault(
      null,
      `The folder holds ${exports.length} exports (${exports.join(', ')})`,
      'Give one of them.',
    );
  return join(path, exports[0] ?? '');
};

const lstatIfThere = (path: string) =>
  lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
