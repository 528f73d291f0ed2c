import { createWatermarks, type Waited, type WaitOptions } from './consistency.ts';
import type { EventLog } from './event-log.ts';
import { createFeeds } from './feed.ts';
import { type ReadEvent, readingOnce } from './fold-event.ts';
import type { Changed } from './follower.ts';
import { createLeases, defaultLeases, type LeaseOptions } from './leases.ts';
import { type Cursor, START } from './position.ts';
import type { Projection } from './projection.ts';
import { lead } from './leader.ts';
import { type Building, build, type Progress, serve } from './rebuild.ts';
import type { Checkpoint, TableStore } from './table-store.ts';
import { type Proof, prove } from './verify.ts';

export type ProjectionState = 'following' | 'catching up' | 'building' | 'halted';

export type ProjectionStatus = {
  readonly name: string;
  readonly version: number;
  readonly state: ProjectionState;
  readonly cursor: Cursor;
  readonly head: Cursor;
  /** How many events it is behind; null where the log cannot tell. */
  readonly lagEvents: number | null;
  readonly lagSeconds: number;
  /** Operations that met no row. */
  readonly missed: number;
  readonly fault: string | null;
  /** Who leads it, for people to read. */
  readonly owner: string | null;
};

export type ReadModelOptions = {
  readonly log: EventLog;
  readonly store: TableStore;
  readonly projections: readonly Projection[];
  readonly read: ReadEvent;
  readonly onTrouble?: (error: unknown) => void;
  readonly leases?: LeaseOptions;
  /** How many events one reading of the log holds for its followers at most: the largest batch. */
  readonly held?: number;
  readonly rowsInMemory?: number;
};

export type Advanced = { readonly projection: string; readonly cursor: Cursor; readonly changed: Changed };

type Work = { readonly onProgress?: (progress: Progress) => void; readonly signal?: AbortSignal };

/** The read models of one process: kept level, waited for, rebuilt, proven. */
export type ReadModels = ReturnType<typeof createReadModels>;

/** How often a process looks how far the projections are that another one leads. */
const LOOK_IDLE = 1_000;
const LOOK_WAITING = 20;
const CLEAN_EVERY = 60_000;

export const createReadModels = ({
  log,
  store,
  projections,
  read: readEvent,
  onTrouble = () => {},
  leases: leaseOptions = defaultLeases,
  held = 50_000,
  rowsInMemory = 500_000,
}: ReadModelOptions) => {
  const names = projections.map(({ name }) => name);
  const read = readingOnce(readEvent, new Set());
  const watermarks = createWatermarks();
  const schemas = new Map<string, string>();
  const listeners = new Set<(advanced: Advanced) => void>();
  const leases = createLeases(store, leaseOptions, onTrouble);
  const stop = new AbortController();
  const building: Building = { log, store, read, rowsInMemory };
  let running: Promise<unknown> = Promise.resolve();
  let looking: NodeJS.Timeout | undefined;
  let cleaning: NodeJS.Timeout | undefined;

  const tell = (projection: string, cursor: Cursor, changed: Changed) => {
    if (!watermarks.advance(projection, cursor)) return;
    for (const listener of listeners) listener({ projection, cursor, changed });
  };

  const learn = (checkpoint: Checkpoint) => {
    schemas.set(checkpoint.projection, checkpoint.schema);
    watermarks.setHalted(checkpoint.projection, checkpoint.halt !== null);
    tell(checkpoint.projection, checkpoint.cursor, new Map());
  };

  const look = async () => {
    for (const checkpoint of (await store.served(names)).values()) learn(checkpoint);
  };

  // Whoever leads tells at once; of what others lead, the tables tell.
  const keepLooking = () => {
    looking = setTimeout(
      () => {
        look()
          .catch(onTrouble)
          .finally(() => {
            if (!stop.signal.aborted) keepLooking();
          });
      },
      watermarks.waiting() ? LOOK_WAITING : LOOK_IDLE,
    );
    looking.unref();
  };

  const named = (wanted: readonly string[]): Projection[] =>
    wanted.map((name) => {
      const projection = projections.find((each) => each.name === name);
      if (!projection) throw new Error(`There is no projection "${name}". There are: ${names.join(', ')}.`);
      return projection;
    });

  /** Runs over those whose building lease is free; the others fail with a word. */
  const withBuildingLeases = async <R>(
    wanted: readonly Projection[],
    run: (owned: { projection: Projection; epoch: number }[]) => Promise<R>,
  ) => {
    const failures = new Map<string, Error>();
    const owned: { projection: Projection; epoch: number }[] = [];
    try {
      for (const projection of wanted) {
        const lease = await leases.take(`build ${projection.name}`);
        if (lease) owned.push({ projection, epoch: lease.epoch });
        else
          failures.set(
            projection.name,
            new Error(`"${projection.name}" is being built by another process: wait for it.`),
          );
      }
      await store.clean(owned.map(({ projection }) => projection.name));
      return { failures, result: await run(owned) };
    } finally {
      for (const { projection } of owned) await leases.release(`build ${projection.name}`);
    }
  };

  const rebuildThese = async (
    wanted: readonly Projection[],
    { onProgress, signal }: Work = {},
  ): Promise<Map<string, Error>> => {
    const { failures, result } = await withBuildingLeases(wanted, async (owned) => {
      const work: Building = { ...building, onProgress, signal };
      const { builds, failures } = await build(work, owned);
      for (const one of builds)
        await serve(work, one).catch(async (error: Error) => {
          await store.discard(one.generation);
          signal?.throwIfAborted();
          failures.set(one.projection.name, error);
        });
      return failures;
    });
    await look();
    return new Map([...failures, ...result]);
  };

  return {
    names,

    /** Builds together what is not served yet, then keeps all level until `stop`. Resolves once all are served. */
    async run(work: Work = {}) {
      const served = await store.served(names);
      const missing = projections.filter(({ name, version }) => (served.get(name)?.version ?? 0) < version);
      if (missing.length > 0) {
        const failures = await rebuildThese(missing, work);
        for (const error of failures.values()) onTrouble(error);
      }
      await look();
      const leading = {
        log,
        store,
        leases,
        feeds: createFeeds(log, held, onTrouble),
        read,
        rebuild: async (projection: Projection, signal: AbortSignal) => {
          const failure = (await rebuildThese([projection], { signal })).get(projection.name);
          if (failure) throw failure;
        },
        onServed: learn,
        onApplied: (projection: string, cursor: Cursor, _events: number, changed: Changed) =>
          tell(projection, cursor, changed),
        onHalt: (projection: string, message: string) => {
          watermarks.setHalted(projection, true);
          onTrouble(new Error(`The projection "${projection}" stands still: ${message}`));
        },
        onTrouble,
      };
      running = Promise.all(projections.map((projection) => lead(leading, projection, stop.signal)));
      cleaning = setInterval(() => store.clean([]).catch(onTrouble), CLEAN_EVERY).unref();
      keepLooking();
    },

    /** Only looks how far the projections are: for a process that leaves the work to others. */
    async follow() {
      await look();
      keepLooking();
    },

    /** Ends after the batches in hand. */
    async stop() {
      stop.abort();
      clearTimeout(looking);
      clearInterval(cleaning);
      watermarks.close();
      await running;
      await leases.close();
    },

    /** How far a projection is as this process knows. */
    watermark: (name: string): Cursor => watermarks.get(name) ?? START,
    /** Where the tables of a projection stand now. */
    schemaOf: (name: string): string | undefined => schemas.get(name),
    waitFor: (wanted: readonly string[], cursor: Cursor, options: WaitOptions = {}): Promise<Waited> =>
      watermarks.wait(wanted, cursor, options),

    /** Tells after each commit what may have changed. Answers how to unsubscribe. */
    onAdvance(listener: (advanced: Advanced) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    rebuild: (wanted: readonly string[], work: Work = {}) => rebuildThese(named(wanted), work),

    async verify(wanted: readonly string[], { onProgress, signal }: Work = {}): Promise<Proof[]> {
      const { failures, result } = await withBuildingLeases(named(wanted), (owned) =>
        prove({ ...building, onProgress, signal }, owned),
      );
      const failed = [...failures].map(
        ([projection, { message }]): Proof => ({ projection, equal: false, cursor: null, tables: [], error: message }),
      );
      return [...result, ...failed];
    },

    drop: (name: string) => store.drop(name),

    async status(): Promise<ProjectionStatus[]> {
      const [served, head] = await Promise.all([store.served(names), log.head()]);
      return projections.map(({ name, version }) => statusOf(name, version, served.get(name), head, log));
    },
  };
};

const statusOf = (
  name: string,
  version: number,
  served: Checkpoint | undefined,
  head: Cursor,
  log: EventLog,
): ProjectionStatus => {
  const cursor = served?.cursor ?? START;
  const isLevel = cursor.position >= head.position;
  const lagSeconds =
    isLevel || !served?.recordedAt ? 0 : Math.max(0, (Date.now() - Date.parse(served.recordedAt)) / 1_000);
  const state = !served ? 'building' : served.halt ? 'halted' : isLevel ? 'following' : 'catching up';
  return {
    name,
    version: served?.version ?? version,
    state,
    cursor,
    head,
    lagEvents: log.capabilities.densePositions ? Number(head.position - cursor.position) : null,
    lagSeconds,
    missed: served?.missed ?? 0,
    fault: served?.halt?.message ?? null,
    owner: served?.owner ?? null,
  };
};
