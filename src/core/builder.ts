import type { Leases } from './leases.ts';
import { patiently } from './patience.ts';
import { START } from './position.ts';
import type { Projection } from './projection.ts';
import { type Build, type Building, build, extend, type Phase, type Progress, serve } from './rebuild.ts';
import type { Checkpoint } from './table-store.ts';
import { type Proof, prove } from './verify.ts';

export type LongRun = {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

type Options = {
  readonly building: Building;
  readonly leases: Leases;
  readonly stop: AbortSignal;
  /** Takes in what is served; true when this program can read it. */
  learn(projection: Projection, served: Checkpoint | undefined): boolean;
  onTrouble(error: unknown): void;
};

/** Builds generations, one builder a projection at a time over all processes. */
export const createBuilder = ({ building, leases, stop, learn, onTrouble }: Options) => {
  const { store } = building;

  const asBuilder = async <R>(
    wanted: readonly Projection[],
    { wait, signal }: { wait: boolean; signal: AbortSignal },
    run: (held: { projection: Projection; epoch: number }[], signal: AbortSignal) => Promise<R>,
  ): Promise<R> => {
    const held: { projection: Projection; epoch: number; lost: AbortSignal }[] = [];
    try {
      // In one order everywhere, so that two builders never wait for each other.
      for (const projection of [...wanted].sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const name = leaseOf(projection);
        const taken = wait ? await leases.wait(name, signal) : await leases.take(name);
        // First kept, so that it is given back whatever happens next.
        if (taken) held.push({ projection, ...taken });
        signal.throwIfAborted();
        if (!taken)
          throw new Error(`"${projection.name}" is being rebuilt or verified already: try again when that has ended.`);
      }
      await store.clean(wanted.map(({ name }) => name));
      return await run(held, AbortSignal.any([signal, ...held.map(({ lost }) => lost)]));
    } finally {
      for (const { projection } of held) await leases.release(leaseOf(projection));
    }
  };

  /** Serves builds one after the other; the failures of some do not stop the others. */
  const serveEach = async (here: Building, builds: readonly Build[], failures: Map<string, Error>) => {
    for (const one of builds) {
      const { name } = one.projection;
      try {
        here.onProgress?.(atPhase(name, 'catching up'));
        await serve(here, one);
        learn(one.projection, (await store.served([name])).get(name));
        here.onProgress?.(atPhase(name, 'served'));
      } catch (error) {
        await store.discard(one.generation).catch(onTrouble);
        here.signal?.throwIfAborted();
        failures.set(name, error as Error);
      }
    }
  };

  /** What `upgrade` has built already only has to catch up. */
  const apart = async (missing: readonly { projection: Projection; epoch: number }[]) => {
    const built: Build[] = [];
    const unbuilt: { projection: Projection; epoch: number }[] = [];
    for (const one of missing) {
      const found = await store.takeBuilt(one.projection, one.epoch);
      if (found) built.push({ ...one, ...found });
      else unbuilt.push(one);
    }
    return { built, unbuilt };
  };

  const buildMissing = async (held: { projection: Projection; epoch: number }[], { onProgress, signal }: LongRun) => {
    const served = await store.served(held.map(({ projection }) => projection.name));
    const missing = held.filter(({ projection }) => !learn(projection, served.get(projection.name)));
    if (missing.length === 0) return new Map<string, Error>();
    const here = { ...building, signal, onProgress };
    const { built, unbuilt } = await apart(missing);
    const { builds, failures } = unbuilt.length > 0 ? await build(here, unbuilt) : NOTHING_BUILT();
    await serveEach(here, [...built, ...builds], failures);
    // What fails and has no older generation is followed from the beginning: it will halt at the very event.
    const unserved = missing.filter(({ projection: { name } }) => failures.has(name) && !served.has(name));
    if (unserved.length === 0) return failures;
    for (const one of (await build(here, unserved, START)).builds) {
      await store.swap(one.generation, async () => {});
      learn(one.projection, (await store.served([one.projection.name])).get(one.projection.name));
      failures.delete(one.projection.name);
    }
    return failures;
  };

  return {
    /** Gives each projection a generation that this program can read; answers why some could not get one. Waits for other builders. */
    ensureServed: (wanted: readonly Projection[], { onProgress, signal }: LongRun): Promise<Map<string, Error>> => {
      const ending = either(stop, signal);
      return patiently(
        () =>
          asBuilder(wanted, { wait: true, signal: ending }, (held, signal) =>
            buildMissing(held, { onProgress, signal }),
          ),
        { signal: ending, onTrouble },
      );
    },

    /**
     * Builds, beside what is served, what this program cannot read yet, and serves none of it: a program of the older version goes on as
     * before, and one of this version only has to catch up. Answers what is built now, and why the others are not.
     */
    buildAhead: (
      wanted: readonly Projection[],
      { onProgress, signal }: LongRun,
    ): Promise<{ built: readonly string[]; failures: Map<string, Error> }> =>
      asBuilder(wanted, { wait: true, signal: either(stop, signal) }, async (held, signal) => {
        const served = await store.served(wanted.map(({ name }) => name));
        const missing = held.filter(
          ({ projection }) => (served.get(projection.name)?.version ?? 0) < projection.version,
        );
        const here = { ...building, signal, onProgress };
        const { built, unbuilt } = await apart(missing);
        for (const one of built) await extend(here, one);
        const { builds, failures } = unbuilt.length > 0 ? await build(here, unbuilt) : NOTHING_BUILT();
        return { built: [...built, ...builds].map(({ projection }) => projection.name), failures };
      }),

    /** Answers why some could not be built. */
    rebuild: (wanted: readonly Projection[], { onProgress, signal }: LongRun): Promise<Map<string, Error>> =>
      asBuilder(wanted, { wait: false, signal: either(stop, signal) }, async (held, signal) => {
        const here = { ...building, signal, onProgress };
        const { builds, failures } = await build(here, held);
        try {
          await serveEach(here, builds, failures);
        } finally {
          await store.clean(wanted.map(({ name }) => name)).catch(onTrouble);
        }
        return failures;
      }),

    verify: (wanted: readonly Projection[], { onProgress, signal }: LongRun): Promise<Proof[]> =>
      asBuilder(wanted, { wait: false, signal: either(stop, signal) }, (held, signal) =>
        prove({ ...building, signal, onProgress }, held),
      ),
  };
};

const NOTHING_BUILT = () => ({ builds: [] as Build[], failures: new Map<string, Error>() });

const leaseOf = ({ name }: Projection) => `${name}/build`;

const either = (stop: AbortSignal, signal: AbortSignal | undefined) =>
  signal ? AbortSignal.any([stop, signal]) : stop;

const atPhase = (name: string, phase: Phase): Progress => ({
  projections: [name],
  phase,
  events: 0,
  total: null,
  eventsPerSecond: 0,
  etaSeconds: null,
});
