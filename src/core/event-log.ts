import type { NewEvent, StoredEvent } from './event.ts';
import type { Cursor, LogIdentity } from './position.ts';

/** What a stream must look like for an append: no events yet, some, whatever, or exactly this last revision. */
export type Expected = 'none' | 'exists' | 'any' | number;

export type AppendRequest = {
  readonly commandId: string;
  readonly inputHash: string;
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly NewEvent[];
};

/**
 * How one append ended. Each request of a call is settled on its own.
 * `duplicate` answers a repeated command with the first result; `refused` will never succeed as it stands;
 * `unknown` may have happened, unless nothing was `sent`: repeat the very same request.
 */
export type AppendOutcome =
  | {
      readonly status: 'appended' | 'duplicate';
      readonly first: Cursor;
      readonly last: Cursor;
      readonly revision: number;
    }
  | { readonly status: 'conflict'; readonly actual: number }
  | { readonly status: 'refused'; readonly code: RefusalCode; readonly message: string }
  | { readonly status: 'unknown'; readonly message: string; readonly sent?: false };

export type RefusalCode =
  | 'EVENT_TOO_LARGE'
  | 'APPEND_TOO_LARGE'
  | 'TEXT_NOT_STORABLE'
  | 'NOT_STORABLE'
  | 'EMPTY_APPEND'
  | 'STREAM_NAME_INVALID'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'READ_ONLY';

/** Nothing can be stored for now, and why, in words. */
export const readOnly = (message: string): AppendOutcome => ({ status: 'refused', code: 'READ_ONLY', message });

/** The revision of a stream without events. */
export const NO_REVISION = -1;

/** A run of events in log order. `cursor` advances also when no event matched the filter. */
export type LogBatch = {
  readonly events: readonly StoredEvent[];
  readonly cursor: Cursor;
  /** True when nothing stood after `cursor` at the moment of reading. */
  readonly caughtUp: boolean;
};

export type LogFilter = { readonly types?: readonly string[] };

export type LogCapabilities = {
  /** Positions count events without gaps. */
  readonly densePositions: boolean;
  readonly recordedAtMonotonic: boolean;
  readonly maxEventBytes: number;
  readonly maxAppendBytes: number;
};

/** All streams of one organisation, in one order. */
export interface EventLog {
  readonly identity: LogIdentity;
  readonly capabilities: LogCapabilities;
  append(requests: readonly AppendRequest[]): Promise<AppendOutcome[]>;
  /** Why the last append was refused as `READ_ONLY`; null once one was stored, and before the first. */
  whyReadOnly(): string | null;
  /** A stream's events in order; empty for a stream that has none. */
  readStream(stream: string, options?: { from?: number; limit?: number }): Promise<StoredEvent[]>;
  /** The next events after a cursor, at most `limit` places of the log (default 1,000). */
  readAll(options: { after: Cursor; limit?: number; filter?: LogFilter }): Promise<LogBatch>;
  /** The last event's place. */
  head(): Promise<Cursor>;
  /** Throws `CursorError` when the cursor is beyond the head or its event is not the one that stands there. */
  verify(cursor: Cursor): Promise<void>;
  /**
   * Everything after the cursor, then what comes, until the signal aborts. Pull-driven: no batch is read before it is asked for.
   * The first batch with `caughtUp` may be empty.
   */
  subscribe(options: { after: Cursor; filter?: LogFilter; signal?: AbortSignal }): AsyncIterable<LogBatch>;
  close(): Promise<void>;
}

export const MAX_EVENT_BYTES = 256 * 1024;
export const MAX_APPEND_BYTES = 1024 * 1024;
