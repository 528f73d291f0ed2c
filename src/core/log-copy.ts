import type { StoredEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import { type Cursor, type LogIdentity, START } from './position.ts';

/** Two logs that are not the same, or a place that a log cannot be copied to. The message says which and where. */
export class CopyFault extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CopyFault';
  }
}

export type Readable = Pick<EventLog, 'readAll' | 'head'>;

export type CopySource = Readable & {
  readonly identity: LogIdentity;
  /** From when this has answered, no append succeeds here. */
  closeToAppends(): Promise<void>;
  /** Takes that back, for a copy that is given up. */
  openToAppends(): Promise<void>;
};

export type CopyTarget = Readable & {
  /**
   * Makes it ready for a copy of this log under this identity. Throws `CopyFault` unless it is empty, or holds what an earlier
   * copy of the same log has left.
   */
  begin(source: LogIdentity, target: LogIdentity): Promise<void>;
  /** Stores events behind the last one, in their order, with their own ids and times; returns when they are stored. */
  store(events: readonly StoredEvent[]): Promise<void>;
};

export type CopyPhase = 'comparing what is there' | 'copying' | 'copying the rest' | 'comparing all';
export type CopyProgress = { readonly phase: CopyPhase; readonly events: number };

export type Copying = {
  readonly source: CopySource;
  readonly target: CopyTarget;
  /**
   * Called when both logs are the same and the source is closed, with pairs of places: everything that knows places of the
   * source is to know those of the target, and the target is to be opened.
   */
  moveOver(target: LogIdentity, places: () => AsyncIterable<readonly Places[]>): Promise<void>;
  readonly onProgress?: (progress: CopyProgress) => void;
  readonly signal?: AbortSignal;
};

/** Where one event stands in both logs. */
export type Places = { readonly eventId: string; readonly from: bigint; readonly to: bigint };

const PAGE = 1_000;
/** A pass that copied no more than this leaves little for the last one, in which nobody can write. */
const LITTLE = 1_000;

/** Copies a log to another storage while it goes on, closes it for the rest, compares every event, and moves over. */
export const copyLog = async ({ source, target, moveOver, onProgress, signal }: Copying): Promise<number> => {
  const identity = { logId: source.identity.logId, incarnation: source.identity.incarnation + 1 };
  await target.begin(source.identity, identity);

  const tell = (phase: CopyPhase) => (events: number) => onProgress?.({ phase, events });
  let { cursor, events } = await copiedSoFar(source, target, tell('comparing what is there'), signal);

  const pass = async (phase: CopyPhase): Promise<number> => {
    const before = events;
    for (let caughtUp = false; !caughtUp; ) {
      signal?.throwIfAborted();
      const batch = await source.readAll({ after: cursor, limit: PAGE });
      if (batch.events.length > 0) await target.store(batch.events);
      events += batch.events.length;
      cursor = batch.cursor;
      caughtUp = batch.caughtUp;
      tell(phase)(events);
    }
    return events - before;
  };

  while ((await pass('copying')) > LITTLE);
  await source.closeToAppends();
  try {
    await pass('copying the rest');
    const compared = await compareLogs(source, target, { onEvents: tell('comparing all'), ...(signal && { signal }) });
    if (compared.difference) throw new CopyFault(compared.difference);
    await moveOver(identity, () => placesOf(source, target));
    return compared.events;
  } catch (error) {
    // Nothing has moved yet: the log goes on where it was.
    await source.openToAppends().catch(() => {});
    throw error;
  }
};

/** How much of a log an earlier copy has left in the target; throws `CopyFault` where it is not the beginning of the source. */
const copiedSoFar = async (
  source: Readable,
  target: Readable,
  onEvents: (events: number) => void,
  signal: AbortSignal | undefined,
): Promise<{ cursor: Cursor; events: number }> => {
  let cursor = START;
  let events = 0;
  for await (const [ours, theirs] of sideBySide(target, source)) {
    signal?.throwIfAborted();
    for (const [n, copied] of ours.entries()) {
      const difference = differenceOf(theirs[n], copied, events + n + 1);
      if (difference)
        throw new CopyFault(`The target holds something else than the beginning of the source. ${difference}`);
    }
    const last = theirs[ours.length - 1];
    if (last) cursor = { position: last.position, eventId: last.id };
    events += ours.length;
    onEvents(events);
  }
  return { cursor, events };
};

export type Comparison = {
  readonly events: number;
  /** The first difference, in words; null where there is none. */
  readonly difference: string | null;
};

/** Compares two logs event by event: everything but places. */
export const compareLogs = async (
  from: Readable,
  to: Readable,
  { onEvents, signal }: { onEvents?: (events: number) => void; signal?: AbortSignal } = {},
): Promise<Comparison> => {
  let events = 0;
  for await (const [ours, theirs] of sideBySide(from, to)) {
    signal?.throwIfAborted();
    for (let n = 0; n < Math.max(ours.length, theirs.length); n += 1) {
      const difference = differenceOf(ours[n], theirs[n], events + 1);
      if (difference) return { events, difference };
      events += 1;
    }
    onEvents?.(events);
  }
  return { events, difference: null };
};

/** Pages of the leading log with as many events of the other; at the end of the leading one, what the other has beyond it. */
async function* sideBySide(leading: Readable, other: Readable): AsyncGenerator<[StoredEvent[], StoredEvent[]]> {
  let [at, beside]: [Cursor, Cursor] = [START, START];
  for (let caughtUp = false; !caughtUp; ) {
    const batch = await leading.readAll({ after: at, limit: PAGE });
    const ours = [...batch.events];
    const theirs: StoredEvent[] = [];
    ({ cursor: at, caughtUp } = batch);
    const wanted = Math.max(ours.length, 1);
    for (let ended = false; !ended && theirs.length < wanted; ) {
      const more = await other.readAll({ after: beside, limit: wanted - theirs.length });
      theirs.push(...more.events);
      beside = more.cursor;
      ended = more.caughtUp;
    }
    if (ours.length > 0 || theirs.length > 0) yield [ours, theirs];
    if (caughtUp && ours.length > 0) {
      const { events } = await other.readAll({ after: beside, limit: 1 });
      if (events.length > 0) yield [[], [...events]];
    }
  }
}

async function* placesOf(from: Readable, to: Readable): AsyncGenerator<readonly Places[]> {
  for await (const [ours, theirs] of sideBySide(from, to))
    yield ours.flatMap(({ id, position }, n) => {
      const other = theirs[n];
      return other?.id === id ? [{ eventId: id, from: position, to: other.position }] : [];
    });
}

const COMPARED = ['id', 'type', 'version', 'stream', 'revision', 'recordedAt'] as const;

const differenceOf = (one: StoredEvent | undefined, other: StoredEvent | undefined, place: number): string | null => {
  if (!one && !other) return null;
  if (!one || !other)
    return `Event ${place} (${(one ?? other)?.type}, ${(one ?? other)?.id}) stands in only one of the logs.`;
  const differing = [
    ...COMPARED.filter((name) => one[name] !== other[name]),
    ...(['metadata', 'data'] as const).filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name])),
  ];
  // Values may be people's: names of fields alone are told.
  return differing.length === 0
    ? null
    : `Event ${place} differs in ${differing.join(', ')}: ${one.id} (${one.type}) and ${other.id} (${other.type}).`;
};
