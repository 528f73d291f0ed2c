import { setMaxListeners } from 'node:events';
import { RowsRefused } from './table-store.ts';

/** Between two tries, in milliseconds: the first time, and at the most. */
export const FIRST_PAUSE = 50;
export const LONGEST_PAUSE = 5_000;

/** What ends many at once: Node takes more than ten who listen to one signal for a leak, unless it is told otherwise. */
export const endOfMany = (): AbortController => {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
};

/** A pause that an abort ends early. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });

/**
 * Repeats what an outage interrupts, for as long as it takes, with growing pauses. What a repeat would not mend is thrown on:
 * a refused row, and whatever happens once the signal has aborted.
 */
export const patiently = async <R>(
  run: () => Promise<R>,
  { signal, onTrouble }: { signal: AbortSignal; onTrouble: (error: unknown) => void },
): Promise<R> => {
  for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
    try {
      return await run();
    } catch (error) {
      if (error instanceof RowsRefused || signal.aborted) throw error;
      onTrouble(error);
      await pause(wait, signal);
      if (signal.aborted) throw error;
    }
  }
};
