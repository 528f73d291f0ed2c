import type { StoredEvent } from './event.ts';
import type { EventLog, LogBatch } from './event-log.ts';
import { type Fold, rowsIn, startFold, startWhole, stepsOf, takeRows } from './fold.ts';
import { foldEvent, type ReadEvent } from './fold-event.ts';
import { laterOf } from './follower.ts';
import { type Cursor, type Position, START } from './position.ts';
import type { Projection } from './projection.ts';
import { shapesOf } from './table-shape.ts';
import type { Generation, Loading, TableStore } from './table-store.ts';

export type Phase = 'reading' | 'writing' | 'catching up' | 'served' | 'comparing';

/** How a rebuild or a proof stands. `total` and `etaSeconds` are null where the log cannot tell. */
export type Progress = {
  readonly projections: readonly string[];
  readonly phase: Phase;
  readonly events: number;
  readonly total: number | null;
  readonly eventsPerSecond: number;
  readonly etaSeconds: number | null;
};

export type Building = {
  readonly log: Pick<EventLog, 'readAll' | 'head' | 'capabilities'>;
  readonly store: TableStore;
  readonly read: ReadEvent;
  /** How many rows are folded in memory before they are written down. */
  readonly rowsInMemory: number;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** A generation under construction, level with the log up to `cursor`. `epoch` is that of its builder's lease. */
export type Build = {
  readonly projection: Projection;
  readonly epoch: number;
  readonly generation: Generation;
  cursor: Cursor;
};

const PAGE = 1_000;
/** How many rows of a table are worth a statement of their own. */
const ROWS_AT_ONCE = 1_000;
const CATCH_UP = 20_000;
/** How many projections are written at once: while the database sorts one, another is on its way. */
const WRITERS = 3;

/**
 * Builds new generations that nobody is shown yet, reading the log once for all of them, up to `until` or its end. Answers
 * what was built, and why the others were not; rejects, and leaves nothing behind, when the signal aborts.
 */
export const build = async (
  building: Building,
  projections: readonly { projection: Projection; epoch: number }[],
  until?: Cursor,
): Promise<{ builds: Build[]; failures: Map<string, Error> }> => {
  const { store, log, read, rowsInMemory, signal } = building;
  const failures = new Map<string, Error>();
  const made: Made[] = [];
  const give = async (one: Made) => {
    await one.filling?.catch(() => {});
    await one.loading.abandon();
    await store.discard(one.generation);
  };
  const orFail = async (one: Made, run: () => Promise<void>) => {
    try {
      await run();
    } catch (error) {
      signal?.throwIfAborted();
      failures.set(one.projection.name, error as Error);
      await give(one);
    }
  };
  const standing = () => made.filter(({ projection }) => !failures.has(projection.name));

  try {
    const creating = await Promise.allSettled(
      projections.map(async ({ projection, epoch }) => {
        const generation = await store.create(projection, epoch);
        const loading = store.load(generation, projection);
        const fold = startWhole(shapesOf(projection));
        made.push({ projection, epoch, generation, cursor: START, loading, fold, missed: 0, filling: undefined });
      }),
    );
    // All have ended, so that whatever was made is known and can be taken back.
    for (const created of creating) if (created.status === 'rejected') throw created.reason;
    const names = projections.map(({ projection }) => projection.name);
    const tell = await progress(building, names, until);
    let recordedAt: string | null = null;
    let cursor = START;
    for await (const batch of pages(log, START, until, PAGE)) {
      signal?.throwIfAborted();
      for (const [one, error] of foldAll(batch.events, standing(), read))
        await orFail(one, () => Promise.reject(error));
      cursor = batch.cursor;
      recordedAt = laterOf(recordedAt, batch.events);
      tell('reading', batch.events.length);
      const rows = standing().reduce((sum, { fold }) => sum + rowsIn(fold), 0);
      for (const one of standing()) await orFail(one, () => (rows > rowsInMemory ? spill(one) : sendRows(one)));
    }
    tell('writing', 0);
    await concurrently(WRITERS, standing(), (one) =>
      orFail(one, async () => {
        await spill(one);
        signal?.throwIfAborted();
        await one.loading.finish(one.epoch, cursor, recordedAt, one.missed);
        one.cursor = cursor;
        signal?.throwIfAborted();
      }),
    );
    const builds = standing().map(({ projection, epoch, generation, cursor }) => ({
      projection,
      epoch,
      generation,
      cursor,
    }));
    return { builds, failures };
  } catch (error) {
    for (const one of standing()) await give(one).catch(() => {});
    throw error;
  }
};

type Made = Build & {
  readonly loading: Loading;
  fold: Fold;
  missed: number;
  /** The rows that are on their way. */
  filling: Promise<number> | undefined;
};

/** Sends off the rows that are most likely final, while the next page is folded. */
const sendRows = async (one: Made) => {
  const step = takeRows(one.fold, ROWS_AT_ONCE);
  if (!step) return;
  await one.filling;
  one.filling = one.loading.fill(step);
  // Whoever fills next hears of it.
  one.filling.catch(() => {});
};

/** Writes down all that was folded; from then on, changes are merged. */
const spill = async (one: Made) => {
  await one.filling;
  for (const step of stepsOf(one.fold)) one.missed += await one.loading.fill(step);
  one.missed += one.fold.missed;
  one.fold = startFold(shapesOf(one.projection));
};

/** Folds a page into all of them, event by event; answers which failed, and why. */
const foldAll = <B extends Build & { fold: Fold }>(
  events: readonly StoredEvent[],
  builds: readonly B[],
  read: ReadEvent,
) => {
  const failures: [B, unknown][] = [];
  let folding = builds;
  for (const event of events)
    for (const one of folding) {
      try {
        foldEvent(one.fold, one.projection, event, read);
      } catch (error) {
        failures.push([one, error]);
        folding = folding.filter((other) => other !== one);
      }
    }
  return failures;
};

/** Brings a build up to a place, or to the end of the log, batch by batch as a live projection does. */
export const extend = async ({ log, store, read, signal }: Building, build: Build, until?: Cursor): Promise<void> => {
  const { projection, epoch, generation } = build;
  for await (const { events, cursor } of pages(log, build.cursor, until, CATCH_UP)) {
    signal?.throwIfAborted();
    if (cursor.position === build.cursor.position) continue;
    const fold = startFold(shapesOf(projection));
    for (const event of events) foldEvent(fold, projection, event, read);
    const recordedAt = laterOf(null, events);
    const advance = {
      generation,
      epoch,
      from: build.cursor,
      to: cursor,
      recordedAt,
      missed: fold.missed,
      steps: stepsOf(fold),
    };
    if ((await store.apply(advance, projection)) === null)
      throw new Error(`${generation.schema} is gone: another rebuild of "${projection.name}" took over.`);
    build.cursor = cursor;
  }
};

/** Catches up and serves a build; the generation before it goes on being served until this one has reached it. */
export const serve = async (building: Building, build: Build): Promise<Cursor> => {
  await extend(building, build);
  return building.store.swap(build.generation, async (old) => {
    if (build.cursor.position < old.position) await extend(building, build, old);
  });
};

/** The log page by page, the next one on its way while one is folded. With `until`, nothing beyond it. */
async function* pages(
  log: Building['log'],
  after: Cursor,
  until: Cursor | undefined,
  limit: number,
): AsyncGenerator<LogBatch> {
  const reached = ({ position }: Cursor) => until !== undefined && position >= until.position;
  if (reached(after)) return;
  let page: Promise<LogBatch> | undefined = log.readAll({ after, limit });
  try {
    while (page) {
      const batch: LogBatch = await page;
      const ends = batch.caughtUp || reached(batch.cursor);
      page = ends ? undefined : log.readAll({ after: batch.cursor, limit });
      // A page that is never asked for must not fail unheard.
      page?.catch(() => {});
      yield until && reached(batch.cursor) ? cut(batch, until) : batch;
    }
  } finally {
    await page?.catch(() => {});
  }
}

const cut = (batch: LogBatch, until: Cursor): LogBatch => ({
  events: batch.events.filter(({ position }: StoredEvent) => position <= until.position),
  cursor: until,
  caughtUp: true,
});

/** Runs over all, so many at a time; the first failure is thrown once all that had begun have ended. */
const concurrently = async <T>(
  workers: number,
  items: readonly T[],
  run: (item: T) => Promise<void>,
): Promise<void> => {
  const queue = [...items];
  let failure: { error: unknown } | undefined;
  const work = async () => {
    for (let item = queue.shift(); item !== undefined && !failure; item = queue.shift())
      await run(item).catch((error) => {
        failure ??= { error };
      });
  };
  await Promise.all(Array.from({ length: workers }, work));
  if (failure) throw failure.error;
};

/** Tells how far it is, and how long it will take, where the log can be counted in. */
const progress = async ({ log, onProgress }: Building, projections: readonly string[], until?: Cursor) => {
  const end: Position = (until ?? (await log.head())).position;
  const total = log.capabilities.densePositions ? Number(end) : null;
  const began = performance.now();
  let events = 0;
  return (phase: Phase, more: number) => {
    events += more;
    const eventsPerSecond = Math.round((events * 1_000) / Math.max(1, performance.now() - began));
    const etaSeconds =
      total === null || eventsPerSecond === 0 ? null : Math.max(0, Math.ceil((total - events) / eventsPerSecond));
    onProgress?.({ projections, phase, events, total, eventsPerSecond, etaSeconds });
  };
};
