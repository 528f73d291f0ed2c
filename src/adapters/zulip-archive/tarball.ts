import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { ArchiveFault, HOSTILE, NOT_FROM_ZULIP } from './fault.ts';
import { type FileVisitor, type ReadFiles, wanted } from './files.ts';
import { inMiB, type Limits } from './limits.ts';

const GZIP = Buffer.from([0x1f, 0x8b]);
const CUT_OFF = 'It was cut off on its way: copy or download it again. Nothing of it was imported.';

/** Streams a `.tar.gz`; nothing is written to disk, and no path in it is ever opened. */
export const readTarball: ReadFiles = async (path, visitor) => {
  const { limits, signal } = visitor;
  await assertGzip(path);
  const { size } = await stat(path);
  const unpack = unpacker(visitor);
  let unpacked = 0;
  const packed = createReadStream(path, signal ? { signal } : {});
  const gunzip = createGunzip();
  packed.on('error', (error) => gunzip.destroy(error));
  packed.pipe(gunzip);
  try {
    for await (const chunk of gunzip) {
      unpacked += chunk.length;
      assertSize(unpacked, gunzip.bytesWritten, limits);
      unpack.write(chunk);
      visitor.onBytes(packed.bytesRead, size);
    }
    unpack.end();
  } catch (error) {
    throw asFault(error);
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
};

/** Takes unpacked bytes and hands files over; throws at the first thing that has no place in an export. */
const unpacker = ({ limits, onFile, onOther }: FileVisitor) => {
  let fault: unknown;
  let isWhole = false;
  let entries = 0;
  let begun = false;

  const take = (entry: ReadEntry) => {
    entries += 1;
    if (entries > limits.entries)
      throw new ArchiveFault(null, `The archive has more than ${limits.entries.toLocaleString('en')} entries`, HOSTILE);
    const path = safePath(entry);
    const file = entry.type !== 'Directory' && wanted(path);
    if (!file) {
      if (entry.type !== 'Directory') onOther(path);
      entry.resume();
      return;
    }
    if (entry.size > limits.jsonBytes) throw tooLarge(path, entry.size, limits);
    const chunks: Buffer[] = [];
    entry.on('data', (chunk) => chunks.push(chunk));
    entry.on('end', () => guarded(() => onFile(path, Buffer.concat(chunks))));
  };

  // The parser swallows what its listeners throw in some places and not in others: the first fault is kept and thrown here.
  const guarded = (work: () => void) => {
    try {
      work();
    } catch (error) {
      fault ??= error;
    }
  };

  const parser = new Parser({ strict: true, zstd: false });
  parser.on('error', (error) => {
    fault ??= error;
  });
  parser.on('entry', (entry) => {
    guarded(() => take(entry));
    if (fault) entry.resume();
  });
  parser.on('ignoredEntry', (entry) => {
    fault ??= new ArchiveFault(entry.path, 'is an entry of a kind that no export has', HOSTILE);
  });
  parser.on('eof', () => {
    isWhole = true;
  });

  return {
    write: (chunk: Buffer) => {
      if (!begun && chunk.subarray(0, 2).equals(GZIP))
        throw new ArchiveFault(null, 'The archive is compressed twice', NOT_FROM_ZULIP);
      begun = true;
      // What stands after the end of the archive is padding: it is unpacked for its checksum and not looked at.
      if (!isWhole) parser.write(chunk);
      if (fault) throw fault;
    },
    end: () => {
      parser.end();
      if (fault) throw fault;
      if (!isWhole) throw new ArchiveFault(null, 'The archive ends before its last entry', CUT_OFF);
    },
  };
};

const FILES = ['File', 'OldFile', 'ContiguousFile', 'Directory'];

/** The entry's path, once it is sure that it stays inside the export. */
const safePath = ({ path, type }: ReadEntry): string => {
  const shown = JSON.stringify(path.slice(0, 200));
  if (/^([/\\]|[a-z]:)/i.test(path)) throw new ArchiveFault(null, `The entry ${shown} has an absolute path`, HOSTILE);
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || /[\\\0]/.test(path))
    throw new ArchiveFault(null, `The entry ${shown} has a path that leads out of the archive`, HOSTILE);
  if (type === 'SymbolicLink' || type === 'Link') throw new ArchiveFault(null, `The entry ${shown} is a link`, HOSTILE);
  if (!FILES.includes(type)) throw new ArchiveFault(null, `The entry ${shown} is neither file nor folder`, HOSTILE);
  return parts.join('/');
};

const assertGzip = async (path: string) => {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    if (bytesRead === 0) throw new ArchiveFault(null, 'The file is empty', NOT_FROM_ZULIP);
    if (!buffer.equals(GZIP)) throw new ArchiveFault(null, 'The file is not a gzip archive', NOT_FROM_ZULIP);
  } finally {
    await file.close();
  }
};

const assertSize = (unpacked: number, packed: number, { totalBytes, ratio, ratioFromBytes }: Limits) => {
  if (unpacked > totalBytes)
    throw new ArchiveFault(
      null,
      `The archive unpacks to more than ${inMiB(totalBytes)}`,
      'If you trust it, unpack it and give the folder: uploaded files are then not read at all.',
    );
  if (unpacked > ratioFromBytes && unpacked > ratio * packed)
    throw new ArchiveFault(null, `The archive unpacks to more than ${ratio} times its size`, HOSTILE);
};

export const tooLarge = (file: string, size: number, { jsonBytes }: Limits) =>
  new ArchiveFault(
    file,
    `has ${inMiB(size)}, and at most ${inMiB(jsonBytes)} are read of one file`,
    'Zulip writes 1,000 messages a file: make the export again.',
  );

const asFault = (error: unknown): unknown => {
  const { code, tarCode, message } = error as { code?: string; tarCode?: string; message: string };
  if (code === 'Z_BUF_ERROR') return new ArchiveFault(null, 'The archive ends too early', CUT_OFF);
  if (code?.startsWith('Z_')) return new ArchiveFault(null, `The archive is damaged (${message})`, CUT_OFF);
  if (tarCode && /truncated/i.test(message)) return new ArchiveFault(null, 'The archive ends inside a file', CUT_OFF);
  if (tarCode)
    return new ArchiveFault(
      null,
      `The archive is not a readable tar (${message.replace(/^TAR_\w+: /, '')})`,
      NOT_FROM_ZULIP,
    );
  return error;
};
