import type { EventMetadata, StoredEvent } from '../../core/event.ts';
import type { StorableEvent } from '../storable.ts';
import type { Proposed, Recorded, Resolved } from './client.ts';

/** Which streams of a server are ours: `<namespace>.<stream>` each, and `<namespace>-log` for the log's identity. */
export type Names = {
  readonly prefix: string;
  readonly identity: string;
  of(stream: string): string;
};

export const namesIn = (namespace: string): Names => {
  const prefix = `${namespace}.`;
  return { prefix, identity: `${namespace}-log`, of: (stream) => `${prefix}${stream}` };
};

/** What an event carries beside its metadata: marks it as ours, and keeps the time of an event that was moved here. */
type Mark = { readonly v: number; readonly recordedAt?: string };
const MARK = 'palabre';

const encoder = new TextEncoder();

/** An event as the client takes it. Its data is a copy: the client writes it later than it is given it. */
export const toProposed = ({ event, data, metadata }: StorableEvent, recordedAt?: string): Proposed => {
  const mark: Mark = { v: event.version, ...(recordedAt !== undefined && { recordedAt }) };
  const open = metadata.slice(0, -1);
  const marked = `${open}${open === '{' ? '' : ','}"${MARK}":${JSON.stringify(mark)}}`;
  return {
    id: event.id,
    type: event.type,
    contentType: 'application/json',
    data: JSON.parse(data),
    metadata: encoder.encode(marked),
  };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An event of ours as everybody reads it; undefined for what somebody else put into our streams. */
export const toStored = ({ prefix }: Names, { event }: Resolved): StoredEvent | undefined => {
  if (!event?.position || !event.isJson || !event.streamId.startsWith(prefix)) return undefined;
  if (!isObject(event.data) || !isObject(event.metadata)) return undefined;
  const { [MARK]: mark, ...metadata } = event.metadata;
  if (!isObject(mark) || typeof mark.v !== 'number' || typeof metadata.commandId !== 'string') return undefined;
  return {
    id: event.id,
    type: event.type,
    version: mark.v,
    data: event.data,
    metadata: metadata as EventMetadata,
    stream: event.streamId.slice(prefix.length),
    revision: Number(event.revision),
    position: event.position.commit,
    recordedAt: recordedAt(event, mark),
  };
};

/** Reads cut the server's time to seconds and subscriptions do not, so whole seconds are what both agree on. */
const recordedAt = ({ created }: Recorded, mark: Record<string, unknown>): string =>
  typeof mark.recordedAt === 'string'
    ? mark.recordedAt
    : new Date(Math.floor(created.getTime() / 1_000) * 1_000).toISOString();

/** About how much memory an event's data takes: all of its text. */
export const sizeOf = (value: unknown, depth = 4): number => {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth === 0) return 16;
  let size = 64;
  for (const inner of Object.values(value)) size += 16 + sizeOf(inner, depth - 1);
  return size;
};

const MOST_LEVELS = 2_000;

/** JSON that is nested so deep that writing it again might not fit the stack of whoever does it. */
export const isTooDeep = (json: string): boolean => {
  if (json.length < 2 * MOST_LEVELS) return false;
  let [depth, inText] = [0, false];
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (inText) {
      if (c === '\\') i += 1;
      else if (c === '"') inText = false;
    } else if (c === '"') inText = true;
    else if (c === '{' || c === '[') {
      depth += 1;
      if (depth > MOST_LEVELS) return true;
    } else if (c === '}' || c === ']') depth -= 1;
  }
  return false;
};
