import { createHash } from 'node:crypto';

/** A place in the log. Ordered; nobody outside the log's adapter does arithmetic on it. */
export type Position = bigint;

/** A place to resume from: a position and the id of the event that stands there. */
export type Cursor = { readonly position: Position; readonly eventId: string };

/** Which log this is, and which life of it: restoring a backup begins a new incarnation. */
export type LogIdentity = { readonly logId: string; readonly incarnation: number };

export const isSameLog = (one: LogIdentity, other: LogIdentity): boolean =>
  one.logId === other.logId && one.incarnation === other.incarnation;

const NO_EVENT = '00000000-0000-0000-0000-000000000000';

/** Before the first event. */
export const START: Cursor = { position: 0n, eventId: NO_EVENT };

export type CursorErrorCode =
  | 'CURSOR_MALFORMED'
  | 'CURSOR_OF_ANOTHER_LOG'
  | 'CURSOR_OF_OLDER_INCARNATION'
  | 'CURSOR_FROM_THE_FUTURE';

/** A cursor that this log cannot honour. */
export class CursorError extends Error {
  readonly code: CursorErrorCode;
  constructor(code: CursorErrorCode, message: string) {
    super(message);
    this.name = 'CursorError';
    this.code = code;
  }
}

const VERSION = 1;
const LENGTH = 1 + 16 + 4 + 8 + 16;
const CHECK = 4;

const uuidBytes = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const uuidText = (bytes: Buffer) =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const checksum = (bytes: Buffer) => createHash('sha256').update(bytes).digest().subarray(0, CHECK);

/** A place that a client names: a cursor, or `start`, before the first event. */
export const placeNamed = (identity: LogIdentity, text: string): Cursor =>
  text === 'start' ? START : decodeCursor(identity, text);

/** A cursor as clients hold it: opaque text that names its log and incarnation. */
export const encodeCursor = (identity: LogIdentity, cursor: Cursor): string => {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUInt8(VERSION, 0);
  uuidBytes(identity.logId).copy(bytes, 1);
  bytes.writeUInt32BE(identity.incarnation, 17);
  bytes.writeBigUInt64BE(cursor.position, 21);
  uuidBytes(cursor.eventId).copy(bytes, 29);
  return Buffer.concat([bytes, checksum(bytes)]).toString('base64url');
};

/** Reads a client's cursor; throws `CursorError` for text that is not one, or is of another log or incarnation. */
export const decodeCursor = (identity: LogIdentity, text: string): Cursor => {
  const all = Buffer.from(text, 'base64url');
  const bytes = all.subarray(0, LENGTH);
  // A lenient decoder makes many texts of one cursor; only the one that was given out is honoured.
  const isWhole = all.length === LENGTH + CHECK && all.toString('base64url') === text;
  if (!isWhole || bytes[0] !== VERSION || !checksum(bytes).equals(all.subarray(LENGTH)))
    throw new CursorError('CURSOR_MALFORMED', 'This is not a cursor that Palabre gave out.');
  if (uuidText(bytes.subarray(1, 17)) !== identity.logId)
    throw new CursorError('CURSOR_OF_ANOTHER_LOG', 'This cursor belongs to another log.');
  if (bytes.readUInt32BE(17) !== identity.incarnation)
    throw new CursorError(
      'CURSOR_OF_OLDER_INCARNATION',
      'This cursor belongs to another incarnation of this log: read again from a fresh position.',
    );
  return { position: bytes.readBigUInt64BE(21), eventId: uuidText(bytes.subarray(29, LENGTH)) };
};
