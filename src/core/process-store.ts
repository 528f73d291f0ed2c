import type { Cursor, Position } from './position.ts';

/** Where and when a process began. */
export type ProcessBeginning = { readonly since: Cursor; readonly begunAt: Date };

/** How far a process is: since when, and the last event that it has done everything about. */
export type ProcessProgress = ProcessBeginning & { readonly cursor: Cursor };

/** A timer that runs: an order for later, and the event that set it. */
export type Timer = {
  readonly name: string;
  /** RFC 3339 UTC with milliseconds. */
  readonly dueAt: string;
  readonly command: string;
  readonly input: object;
  readonly setBy: string;
  /** Which of the event's timers it is. */
  readonly n: number;
  /** The position of the call that it answers; 0 for one that has its time. */
  readonly calledAt: Position;
  readonly correlationId: string;
};

export type ProcessRecord = ProcessProgress & {
  readonly fault: string | null;
  /** Who runs it now, for people to read; null when nobody does. */
  readonly owner: string | null;
};

/** Where processes keep what cannot be folded from the log: how far each is, and what its timers have led to. */
export interface ProcessStore {
  /** Where the process goes on; one that was never here begins at `head`, now. */
  begin(process: string, head: Cursor, now: Date): Promise<ProcessProgress>;
  /** Never moves it back. */
  advance(process: string, cursor: Cursor): Promise<void>;
  /**
   * The timers in `schema` that have led to nothing yet, or not since they were last called, by their due times: those that were set since the beginning, and those of
   * before that were due later only.
   */
  timers(process: string, schema: string, beginning: ProcessBeginning, limit: number): Promise<Timer[]>;
  /** Remembers that a timer's command was given, also when it changed nothing. */
  settle(process: string, timer: Pick<Timer, 'setBy' | 'n' | 'calledAt'>): Promise<void>;
  /** Forgets the settled timers that no longer stand in `schema`. */
  tidy(process: string, schema: string): Promise<void>;
  /** Says why it stands still, for whoever looks from another process; null when it goes on. */
  tellFault(process: string, fault: string | null): Promise<void>;
  records(processes: readonly string[], leases: ReadonlyMap<string, string>): Promise<Map<string, ProcessRecord>>;
}
