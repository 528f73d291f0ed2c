import { stat } from 'node:fs/promises';
import type { ZulipArchive } from './archive.ts';
import { ArchiveFault, NOT_FROM_ZULIP } from './fault.ts';
import { wanted } from './files.ts';
import { readFolder } from './folder.ts';
import { parseJson } from './json.ts';
import { createLeftOut } from './left-out.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { isMessages, joinMessages, type MessageFile, readMessages } from './messages.ts';
import { type RealmFile, readRealm } from './realm.ts';
import { readTarball } from './tarball.ts';

export type { Channel, LeftOut, Message, Reaction, Realm, Subscription, User, ZulipArchive } from './archive.ts';
export { ArchiveFault } from './fault.ts';
export type { Limits } from './limits.ts';

export type ReadOptions = {
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  /** Bytes read so far, of all. */
  readonly onProgress?: (done: number, total: number) => void;
};

/**
 * Reads and validates a Zulip organisation export, a `.tar.gz` or the folder unpacked from it, whole. Throws
 * `ArchiveFault` at the first thing that is wrong. Memory: the texts of all messages, and one file at a time as JSON.
 */
export const readZulipArchive = async (path: string, options: ReadOptions = {}): Promise<ZulipArchive> => {
  const leftOut = createLeftOut();
  const tops = new Set<string>();
  const names = new Set<string>();
  const messageFiles: MessageFile[] = [];
  let realm: RealmFile | undefined;

  const onFile = (filePath: string, bytes: Buffer) => {
    const { top, name } = wanted(filePath) ?? { top: '', name: filePath };
    tops.add(top);
    if (tops.size > 1)
      throw new ArchiveFault(null, `The archive holds several exports (${[...tops].join(', ')})`, 'Give one of them.');
    if (names.has(name)) throw new ArchiveFault(name, 'stands in the archive twice');
    names.add(name);
    const value = parseJson(name, bytes);
    if (name === 'realm.json') realm = readRealm(value, leftOut);
    else if (isMessages(name)) messageFiles.push(readMessages(name, value, leftOut));
    else if (Array.isArray(value))
      leftOut.add(`rows of ${name}`, value.length, 'uploaded files and pictures are not imported');
    else leftOut.tables(value as Record<string, unknown>);
  };

  const read = (await kindOf(path)) === 'folder' ? readFolder : readTarball;
  await read(path, {
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    signal: options.signal,
    onFile,
    onOther: () => leftOut.add('other files', 1, 'uploaded files and pictures are not imported'),
    onBytes: options.onProgress ?? (() => {}),
  });
  if (!realm) throw new ArchiveFault(null, 'There is no realm.json in it', NOT_FROM_ZULIP);
  const { users, channels, subscriptions, reactions } = realm;
  const messages = joinMessages(messageFiles, realm, leftOut);
  return {
    realm: realm.realm,
    users: [...users.values()],
    channels: [...channels.values()],
    subscriptions,
    reactions,
    messages,
    leftOut: leftOut.list(),
  };
};

const kindOf = async (path: string): Promise<'folder' | 'file'> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new ArchiveFault(null, `${path} cannot be read (${error.code})`, NOT_FROM_ZULIP);
  });
  if (found.isDirectory()) return 'folder';
  if (found.isFile()) return 'file';
  throw new ArchiveFault(null, `${path} is neither a file nor a folder`, NOT_FROM_ZULIP);
};
