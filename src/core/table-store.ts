import type { Step } from './fold.ts';
import type { Cursor, Position } from './position.ts';
import type { Projection } from './projection.ts';

/** One set of a projection's tables. Several may exist side by side; one is served. */
export type Generation = {
  readonly projection: string;
  readonly version: number;
  readonly generation: number;
  /** Where its tables are: `<projection>_v<version>_g<generation>`. */
  readonly schema: string;
  /** `definitionOf` the projection that made it. */
  readonly definition: string;
};

/** Why, and at which event, a projection stopped. */
export type Halt = {
  readonly position: Position;
  readonly eventId: string;
  readonly type: string;
  readonly message: string;
};

/** A generation with what it has applied. */
export type Checkpoint = Generation & {
  readonly cursor: Cursor;
  /** When the last applied event was recorded, RFC 3339; null before the first. */
  readonly recordedAt: string | null;
  /** Operations that met no row. */
  readonly missed: number;
  readonly halt: Halt | null;
  /** Who leads the projection now, for people to read. */
  readonly owner: string | null;
};

/** One step of a checkpoint: rows and checkpoint move together, or not at all. */
export type Advance = {
  readonly generation: Generation;
  readonly epoch: number;
  readonly from: Cursor;
  readonly to: Cursor;
  readonly recordedAt: string | null;
  /** What the fold knows to have missed already. */
  readonly missed: number;
  readonly steps: readonly Step[];
};

/** A step of a checkpoint over events that change no row. */
export type Mark = Pick<Advance, 'generation' | 'epoch' | 'from' | 'to' | 'recordedAt'>;

/** `busy`: somebody holds the checkpoint just now. `moved`: it is another owner's, or elsewhere. */
export type Marked = 'marked' | 'busy' | 'moved';

export type TableChecksum = { readonly table: string; readonly rows: number; readonly checksum: string };

/** The database refuses a row. It would refuse it again: the event has to be found, not repeated. */
export class RowsRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RowsRefused';
  }
}

/** Leases of one process. They hold as long as its session is seen by the database, or until they run out. */
export interface LeaseSession {
  /** Takes those leases that nobody holds; answers the epoch of each one taken. */
  acquire(names: readonly string[], seconds: number): Promise<Map<string, number>>;
  /** Extends what is held; answers the names that still are. Rejects when the session broke. */
  renew(names: readonly string[], seconds: number): Promise<Set<string>>;
  release(names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** One filling of a generation, in one transaction: nothing of it is there before `finish`, nor after `abandon`. */
export interface Loading {
  /** Writes a step: whole deltas are copied, others merged. Answers how many operations met no row. */
  fill(step: Step): Promise<number>;
  /** Builds keys and indexes, analyses, and sets the first checkpoint. `epoch` is that of the builder's lease. */
  finish(epoch: number, to: Cursor, recordedAt: string | null, missed: number): Promise<void>;
  abandon(): Promise<void>;
}

/** Where the tables of projections live, with their checkpoints, leases and pointers. */
export interface TableStore {
  openSession(): Promise<LeaseSession>;
  /** What is served. A projection is missing here when its pointer, its checkpoint or any of its tables is gone. */
  served(projections: readonly string[]): Promise<Map<string, Checkpoint>>;
  /**
   * Makes the holder of the lease's epoch the only writer of what is served, and answers it; null when nothing is, 'lost' when
   * somebody else has taken the lease over.
   */
  adopt(projection: string, epoch: number): Promise<Checkpoint | null | 'lost'>;
  /** Makes a new generation, without indexes, that nobody is shown yet. `epoch` is that of the builder's lease. */
  create(projection: Projection, epoch: number): Promise<Generation>;
  /** Begins to fill an unserved generation in bulk. */
  load(generation: Generation, projection: Projection): Loading;
  /** Applies a batch; answers how many operations met no row, or null when another owner or run got there first. */
  apply(advance: Advance, projection: Projection): Promise<number | null>;
  /** Moves checkpoints alone, all in one transaction; answers for each what became of it. Doing it twice changes nothing. */
  mark(marks: readonly Mark[]): Promise<Marked[]>;
  halt(generation: Generation, epoch: number, halt: Halt): Promise<void>;
  /**
   * Serves this generation from now on, the old one is retired. While the old checkpoint stands still, `reach` brings
   * the new one at least to it. Answers where the new one stands.
   */
  swap(generation: Generation, reach: (old: Cursor) => Promise<void>): Promise<Cursor>;
  /**
   * Takes over, for the holder of the builder's lease, a generation that was built in this version and not served yet; null where there
   * is none. It stands at `cursor`.
   */
  takeBuilt(projection: Projection, epoch: number): Promise<{ generation: Generation; cursor: Cursor } | null>;
  /** Removes an unserved generation at once. */
  discard(generation: Generation): Promise<void>;
  /**
   * Removes what earlier builds of these projections left, and generations that were retired long ago. What was built whole in a newer
   * version than the served one waits for the program that will serve it.
   */
  clean(projections: readonly string[]): Promise<void>;
  /** Drops what is served, so that it is built anew. */
  drop(projection: string): Promise<void>;
  /** One unmoving look at the served tables: their checkpoint and checksums. */
  checksumServed(projection: Projection): Promise<{ checkpoint: Checkpoint; tables: TableChecksum[] } | null>;
  checksum(generation: Generation, projection: Projection): Promise<TableChecksum[]>;
}
