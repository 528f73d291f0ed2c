import { createBuilder, type LongRun } from './builder.ts';
import { createWatermarks, type Reached, type Waited, type WaitOptions } from './consistency.ts';
import type { EventLog } from './event-log.ts';
import { createFeeds } from './feed.ts';
import { type ReadEvent, readingInTurn, readingKnown, readingOnce } from './fold-event.ts';
import type { Changed } from './follower.ts';
import { lead } from './leader.ts';
import { createLeases, defaultLeases, type LeaseOptions } from './leases.ts';
import { createMarks } from './marks.ts';
import { endOfMany, pause } from './patience.ts';
import { type Cursor, START } from './position.ts';
import type { Projection } from './projection.ts';
import type { Progress } from './rebuild.ts';
import { createPace, isSuperseded, type ProjectionStatus, statusOf } from './status.ts';
import { fits, shapesOf } from './table-shape.ts';
import type { Checkpoint, TableStore } from './table-store.ts';
import type { Proof } from './verify.ts';

export type { ProjectionState, ProjectionStatus } from './status.ts';

export type ReadModelOptions = {
  readonly log: EventLog;
  readonly store: TableStore;
  readonly projections: readonly Projection[];
  readonly read: ReadEvent;
  /** Types of events that nobody declares and that may be passed over; any other unknown type halts. */
  readonly ignorable?: readonly string[];
  readonly onTrouble?: (error: unknown) => void;
  readonly leases?: LeaseOptions;
  /** How many events one reading of the log holds for its followers at most: the largest batch. */
  readonly held?: number;
  /** How many rows a rebuild folds in memory before it writes them down. */
  readonly rowsInMemory?: number;
};

/** After a commit: how far a projection is, and which rows may have changed on the way. */
export type Advanced = { readonly projection: string; readonly cursor: Cursor; readonly changed: Changed };

/** The read models of one process: kept level with the log, waited for, rebuilt, proven. Several processes may have them. */
export type ReadModels = {
  /** All projections that this program knows. */
  readonly names: readonly string[];
  /** Builds together what is not served yet, then keeps all level until `stop`. Resolves once all are served. */
  run(options?: LongRun): Promise<void>;
  /** How the builds of `run` stand; null before and after them. */
  building(): Progress | null;
  /** Whether `run` or `follow` has begun to serve what there is. */
  isServing(): boolean;
  /** Only learns, and keeps learning, how far the projections are: for a process that leaves the work to others. */
  follow(): Promise<void>;
  /** Ends after the batches in hand, and gives the leases back. */
  stop(): Promise<void>;
  /** What a projection has applied, as far as this process knows. */
  watermark(projection: string): Cursor;
  /** When the last event up to the watermark was recorded, RFC 3339; null before the first. */
  recordedAt(projection: string): string | null;
  /**
   * The schema of the served generation; undefined before there is one that this program can read. It stays readable for ten
   * minutes after another took its place.
   */
  schemaOf(projection: string): string | undefined;
  /** Waits until all of them have applied the log up to the cursor, wherever they are led. */
  waitFor(projections: readonly string[], cursor: Cursor, options?: WaitOptions): Promise<Waited>;
  /** Tells after each commit; answers how to stop that. Where another process leads, `changed` says "any row" of each table. */
  onAdvance(listener: (advanced: Advanced) => void): () => void;
  /**
   * Builds what `run` would build and serves none of it: an older program goes on as before, and `run` then only has to catch up.
   * Answers what is built now, and why the others are not.
   */
  upgrade(options?: LongRun): Promise<{ readonly built: readonly string[]; readonly failures: Map<string, Error> }>;
  /**
   * Builds new generations beside the served ones, and swaps each when it is level. Answers why some could not be built; they,
   * and all when the signal aborts, go on being served as they were.
   */
  rebuild(projections: readonly string[], options?: LongRun): Promise<Map<string, Error>>;
  /** Proves that what is served equals what the log makes of it. */
  verify(projections: readonly string[], options?: LongRun): Promise<Proof[]>;
  /** Drops a read model, so that it is built anew: by the process that leads it, or by the next that runs. */
  drop(projection: string): Promise<void>;
  status(): Promise<ProjectionStatus[]>;
};

const HELD = 50_000;
const ROWS_IN_MEMORY = 400_000;
/** How often a process looks how far the projections are that another one leads: someone waits, listens, or nobody does. */
const HURRY = 20;
const ATTENTION = 100;
const LEISURE = 1_000;
const CLEAN_EVERY = 60_000;
/** How long a read model is read on after another version took its place: less than its tables stay (RETIRED_FOR). */
const READ_ON = 60_000;

export const createReadModels = (options: ReadModelOptions): ReadModels => {
  const { log, store, projections, onTrouble: report = () => {}, rowsInMemory = ROWS_IN_MEMORY } = options;
  const byName = new Map(projections.map((projection) => [projection.name, projection]));
  const names = [...byName.keys()];
  for (const projection of projections) shapesOf(projection);

  const stopping = endOfMany();
  const stop = stopping.signal;
  const onTrouble = (error: unknown) => {
    if (!stop.aborted) report(error);
  };
  const known = readingKnown(options.read, new Set(options.ignorable));
  const leases = createLeases(store, options.leases ?? defaultLeases, onTrouble);
  const watermarks = createWatermarks();
  const times = new Map<string, string | null>();
  const schemas = new Map<string, string>();
  const supersededAt = new Map<string, number>();
  const led = new Set<string>();
  const faults = new Map<string, string>();
  const paces = new Map(names.map((name) => [name, createPace()]));
  const listeners = new Set<(advanced: Advanced) => void>();
  const running: Promise<unknown>[] = [];
  let building: Progress | null = null;
  let isServing = false;

  const named = (name: string): Projection => {
    const projection = byName.get(name);
    if (!projection) throw new Error(`There is no projection "${name}". There are: ${names.join(', ')}.`);
    return projection;
  };

  const tell = (projection: string, { recordedAt, ...cursor }: Reached, changed: Changed) => {
    if (!watermarks.advance(projection, cursor)) return;
    times.set(projection, recordedAt);
    for (const listener of listeners) listener({ projection, cursor, changed });
  };

  /** What stands still is read for a while, so that requests on their way here are answered; then no more. */
  const supersede = ({ name }: Projection) => {
    const since = supersededAt.get(name) ?? performance.now();
    supersededAt.set(name, since);
    watermarks.setHalted(name, true);
    if (performance.now() - since >= READ_ON) schemas.delete(name);
  };

  /** Takes in what is served; true when this program can read it. */
  const learn = (projection: Projection, served: Checkpoint | undefined): boolean => {
    if (!served || !fits(projection, served)) {
      if (isSuperseded(projection, served)) supersede(projection);
      return false;
    }
    supersededAt.delete(projection.name);
    schemas.set(projection.name, served.schema);
    watermarks.setHalted(projection.name, served.halt !== null);
    tell(projection.name, { ...served.cursor, recordedAt: served.recordedAt }, anyRow(projection));
    return true;
  };

  const look = async () => {
    const served = await store.served(names);
    for (const projection of projections) learn(projection, served.get(projection.name));
  };

  const builder = createBuilder({
    building: { log, store, read: readingInTurn(known), rowsInMemory },
    leases,
    stop,
    learn,
    onTrouble,
  });

  // Whoever leads tells at once; of what others lead, the tables tell.
  let glance = () => {};
  const keepLooking = async () => {
    while (!stop.aborted) {
      const woken = new AbortController();
      const leadsAll = led.size === names.length;
      glance = () => {
        if (!leadsAll) woken.abort();
      };
      const rest = leadsAll ? LEISURE : watermarks.waiting() ? HURRY : listeners.size > 0 ? ATTENTION : LEISURE;
      await pause(rest, AbortSignal.any([stop, woken.signal]));
      if (!stop.aborted) await look().catch(onTrouble);
    }
  };

  const follow = async () => {
    await look();
    isServing = true;
    running.push(keepLooking());
  };

  const leading = {
    log,
    store,
    leases,
    feeds: createFeeds(log, options.held ?? HELD, onTrouble),
    marks: createMarks(store, onTrouble),
    read: readingOnce(known),
    ensureServed: async (projection: Projection) =>
      (await builder.ensureServed([projection], { signal: stop })).get(projection.name),
    onServed: (projection: Projection, served: Checkpoint) => {
      faults.delete(projection.name);
      led.add(projection.name);
      learn(projection, served);
    },
    onApplied: ({ name }: Projection, reached: Reached, events: number, changed: Changed) => {
      paces.get(name)?.count(events);
      watermarks.setHalted(name, false);
      tell(name, reached, changed);
    },
    onHalt: ({ name }: Projection, message: string) => {
      faults.set(name, message);
      watermarks.setHalted(name, true);
      onTrouble(new Error(`The projection "${name}" stands still: ${message}`));
    },
    onLost: ({ name }: Projection) => void led.delete(name),
    onTrouble,
  };

  const keepClean = async () => {
    for (; !stop.aborted; await pause(CLEAN_EVERY, stop)) await store.clean([]).catch(onTrouble);
  };

  return {
    names,
    building: () => building,
    isServing: () => isServing,
    follow,

    async run(work = {}) {
      const served = await store.served(names);
      const missing = projections.filter(({ name, version }) => (served.get(name)?.version ?? 0) < version);
      const onProgress = (progress: Progress) => {
        building = progress;
        work.onProgress?.(progress);
      };
      const failures =
        missing.length > 0 ? await builder.ensureServed(missing, { ...work, onProgress }) : new Map<string, Error>();
      building = null;
      for (const [name, { message }] of failures) leading.onHalt(named(name), message);
      running.push(...projections.map((projection) => lead(leading, projection, stop)), keepClean());
      await follow();
    },

    async stop() {
      stopping.abort();
      watermarks.close();
      await Promise.allSettled(running);
      await leases.close();
    },

    watermark: (name) => watermarks.get(named(name).name) ?? START,
    recordedAt: (name) => times.get(named(name).name) ?? null,
    schemaOf: (name) => schemas.get(named(name).name),

    waitFor(wanted, cursor, options) {
      const waited = watermarks.wait(wanted, cursor, options);
      glance();
      return waited;
    },

    onAdvance(listener) {
      listeners.add(listener);
      glance();
      return () => void listeners.delete(listener);
    },

    upgrade: async (work = {}) => builder.buildAhead(projections, work),
    rebuild: async (wanted, work = {}) => builder.rebuild(wanted.map(named), work),
    verify: async (wanted, work = {}) => builder.verify(wanted.map(named), work),
    drop: async (name) => store.drop(named(name).name),

    async status() {
      const [served, head] = await Promise.all([store.served(names), log.head()]);
      return projections.map((projection) => {
        const { name } = projection;
        const own = watermarks.get(name);
        const known = {
          fault: faults.get(name) ?? null,
          eventsPerSecond: paces.get(name)?.perSecond() ?? 0,
          reached: own ? { ...own, recordedAt: times.get(name) ?? null } : null,
        };
        return statusOf(projection, served.get(name), head, log.capabilities, known);
      });
    },
  };
};

const anyRow = ({ tables }: Projection): Changed => new Map(Object.keys(tables).map((table) => [table, null]));
