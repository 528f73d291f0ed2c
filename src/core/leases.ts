import { pause } from './patience.ts';
import type { LeaseSession, TableStore } from './table-store.ts';

export type LeaseOptions = {
  /** How long a lease holds by the database's clock when its owner's session cannot be seen, in seconds. */
  readonly seconds: number;
  /** How often a lease that somebody else holds is asked for again, in milliseconds. */
  readonly askEvery: number;
};

export const defaultLeases: LeaseOptions = { seconds: 15, askEvery: 500 };

/** The leases of this process. All hang on one session: when it breaks, all are lost at once. */
export type Leases = ReturnType<typeof createLeases>;

export const createLeases = (
  store: Pick<TableStore, 'openSession'>,
  { seconds, askEvery }: LeaseOptions,
  onTrouble: (error: unknown) => void,
) => {
  const held = new Map<string, { epoch: number; lost: AbortController }>();
  let opening: Promise<LeaseSession> | undefined;
  let renewal: NodeJS.Timeout | undefined;
  // One statement at a time: they share a connection, and their order decides who holds what.
  let turn: Promise<unknown> = Promise.resolve();

  const lose = (names: Iterable<string>) => {
    for (const name of [...names]) {
      held.get(name)?.lost.abort();
      held.delete(name);
    }
  };

  const inTurn = <R>(run: (session: LeaseSession) => Promise<R>): Promise<R> => {
    const result = turn.then(async () => {
      opening ??= store.openSession();
      const session = await opening.catch((error) => {
        opening = undefined;
        throw error;
      });
      try {
        return await run(session);
      } catch (error) {
        // A session that failed once is not trusted with what it held.
        opening = undefined;
        lose(held.keys());
        session.close().catch(() => {});
        throw error;
      }
    });
    turn = result.catch(() => {});
    return result;
  };

  const renew = () => {
    if (held.size === 0) return;
    inTurn(async (session) => {
      const names = [...held.keys()];
      const still = await session.renew(names, seconds);
      lose(names.filter((name) => !still.has(name)));
    }).catch(onTrouble);
  };

  /** Takes a lease that is free; null when somebody else has it. `lost` aborts when it is no longer ours. */
  const take = async (name: string): Promise<{ epoch: number; lost: AbortSignal } | null> =>
    inTurn(async (session) => {
      const epoch = (await session.acquire([name], seconds)).get(name);
      if (epoch === undefined) return null;
      const lease = { epoch, lost: new AbortController() };
      held.set(name, lease);
      renewal ??= setInterval(renew, (seconds * 1_000) / 3).unref();
      return { epoch, lost: lease.lost.signal };
    });

  return {
    take,

    /** Asks for a lease until it is free; null when the signal aborts first. `onTaken` hears that somebody else has it. */
    async wait(name: string, signal: AbortSignal, onTaken = () => {}) {
      while (!signal.aborted) {
        const lease = await take(name).catch(onTrouble);
        if (lease) return lease;
        if (lease === null) onTaken();
        await pause(askEvery, signal);
      }
      return null;
    },

    async release(name: string) {
      if (!held.has(name)) return;
      lose([name]);
      await inTurn((session) => session.release([name])).catch(onTrouble);
    },

    async close() {
      clearInterval(renewal);
      renewal = undefined;
      lose(held.keys());
      await turn;
      // Ending the session frees whatever it still held.
      await opening?.then((session) => session.close()).catch(() => {});
      opening = undefined;
    },
  };
};
