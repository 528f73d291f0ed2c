import { stat } from 'node:fs/promises';
import type { ZulipArchive } from './archive.ts';
import { ArchiveFault, NOT_FROM_ZULIP } from './fault.ts';
import { wanted } from './files.ts';
import { readFolder } from './folder.ts';
import { parseJson } from './json.ts';
import { createLeftOut, READ } from './left-out.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { isMessages, joinMessages, type MessageFile, readMessages } from './messages.ts';
import { readRealm } from './realm.ts';
import { readTarball } from './tarball.ts';

export type { Channel, LeftOut, Message, Reaction, Realm, Subscription, User, ZulipArchive } from './archive.ts';
export { ArchiveFault } from './fault.ts';
export type { Limits } from './limits.ts';
export { visible } from './names.ts';

export type ReadOptions = {
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  /** Leave out rows that are wrong, and say which, instead of refusing the archive. */
  readonly skipInvalid?: boolean;
  /** Import private channels whose members see only what was said after they had joined: here they would see all of it. */
  readonly protectedHistory?: boolean;
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
  const invalid: string[] = [];
  const tables = new Map<string, unknown>();
  let hasRealm = false;
  const onFault = (fault: ArchiveFault) => {
    if (!options.skipInvalid) throw fault;
    invalid.push(fault.place);
  };
  /** Versions of Zulip differ in which file a table stands in: all that stands anywhere is put together. */
  const collect = (value: Readonly<Record<string, unknown>>) => {
    leftOut.tables(value);
    for (const [table, rows] of Object.entries(value)) {
      if ((!READ.includes(table) && table !== AUDIT) || table === 'zerver_message') continue;
      const before = tables.get(table);
      if (Array.isArray(before) && Array.isArray(rows)) for (const row of rows) before.push(row);
      else tables.set(table, Array.isArray(rows) ? [...rows] : (rows ?? before));
    }
  };

  const onFile = (filePath: string, bytes: Buffer) => {
    const { top, name } = wanted(filePath) ?? { top: '', name: filePath };
    tops.add(top);
    if (tops.size > 1)
      throw new ArchiveFault(null, `The archive holds several exports (${[...tops].join(', ')})`, 'Give one of them.');
    if (names.has(name)) throw new ArchiveFault(name, 'stands in the archive twice');
    names.add(name);
    const value = parseJson(name, bytes);
    if (name === 'realm.json') {
      if (typeof value !== 'object' || value === null || !('zerver_realm' in value))
        throw new ArchiveFault(name, 'has no "zerver_realm"', NOT_FROM_ZULIP);
      hasRealm = true;
    }
    if (isMessages(name)) messageFiles.push(readMessages(name, value));
    if (Array.isArray(value))
      leftOut.add(`rows of ${name}`, value.length, 'uploaded files and pictures are not imported');
    else if (typeof value === 'object' && value !== null) collect(value as Record<string, unknown>);
  };
  const onOther = (filePath: string) => {
    if (HALF_WRITTEN.test(filePath))
      throw new ArchiveFault(
        filePath.replace(/^.*\//, ''),
        'is half-written: the export was interrupted',
        'Nothing of this archive was imported: make the export again.',
      );
    leftOut.add('other files', 1, 'uploaded files and pictures are not imported');
  };

  const read = (await kindOf(path)) === 'folder' ? readFolder : readTarball;
  await read(path, {
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    signal: options.signal,
    onFile,
    onOther,
    onBytes: options.onProgress ?? (() => {}),
  });
  if (!hasRealm) throw new ArchiveFault(null, 'There is no realm.json in it', NOT_FROM_ZULIP);
  const realm = readRealm(Object.fromEntries(tables), leftOut, onFault);
  const includesProtected = options.protectedHistory ?? false;
  const { messages, unknown, heldBack } = joinMessages(messageFiles, realm, { leftOut, onFault, includesProtected });
  const users = [...realm.users.values(), ...unknown].sort((a, b) => a.id - b.id);
  const withheld = [...realm.channels.values()].filter((channel) => !includesProtected && channel.hasProtectedHistory);
  const channels = new Set(withheld.map(({ id }) => id));
  return {
    realm: realm.realm,
    users,
    channels: [...realm.channels.values()].filter(({ id }) => !channels.has(id)),
    subscriptions: realm.subscriptions.filter(({ channelId }) => !channels.has(channelId)),
    reactions: realm.reactions.filter(({ messageId }) => !heldBack.has(messageId)),
    messages,
    leftOut: leftOut.list(),
    invalid,
    heldBack: {
      channels: withheld,
      subscriptions: realm.subscriptions.filter(({ channelId }) => channels.has(channelId)),
      messages: heldBack,
    },
  };
};

const AUDIT = 'zerver_realmauditlog';
/** What Zulip calls a file of messages until it is whole. */
const HALF_WRITTEN = /messages-\d+\.json\.partial$/;

const kindOf = async (path: string): Promise<'folder' | 'file'> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new ArchiveFault(null, `${path} cannot be read (${error.code})`, NOT_FROM_ZULIP);
  });
  if (found.isDirectory()) return 'folder';
  if (found.isFile()) return 'file';
  throw new ArchiveFault(null, `${path} is neither a file nor a folder`, NOT_FROM_ZULIP);
};
