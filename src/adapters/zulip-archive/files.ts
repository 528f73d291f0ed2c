import type { Limits } from './limits.ts';

/**
 * Called for each file that the import reads: with its name inside the export, then its bytes. The other files
 * (uploads, avatars, emoji pictures) are only counted.
 */
export type FileVisitor = {
  readonly limits: Limits;
  readonly signal: AbortSignal | undefined;
  readonly onFile: (name: string, bytes: Buffer) => void;
  readonly onOther: (path: string) => void;
  /** Bytes read so far of all that will be read; of the packed archive where it is packed. */
  readonly onBytes: (done: number, total: number) => void;
};

export type ReadFiles = (path: string, visitor: FileVisitor) => Promise<void>;

// An export has one top folder; one that was packed without it is read as well.
const WANTED =
  /^(?:((?!(?:uploads|avatars|emoji|realm_icons)\/)[^/]+)\/)?(messages-\d{6,}\.json|[a-z_]+\.json|(?:uploads|avatars|emoji|realm_icons)\/records\.json)$/;

/** The top folder and the name inside the export, for a path that the import reads. */
export const wanted = (path: string): { top: string; name: string } | null => {
  const match = WANTED.exec(path);
  return match?.[2] ? { top: match[1] ?? '', name: match[2] } : null;
};
