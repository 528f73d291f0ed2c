import type { Cursor, Position } from './position.ts';

/** What became of a wait: the read models are level, are not level in time, or stand still on a fault. */
export type Waited = 'reached' | 'late' | 'halted';

/** A place of the log, and when the last event up to there was recorded: RFC 3339, null before the first. */
export type Reached = Cursor & { readonly recordedAt: string | null };

export type WaitOptions = {
  /** How long to wait at most; 2,000 ms unless said otherwise. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

/** How far each projection is as this process knows it, and whoever waits for that. Never goes back. */
export type Watermarks = ReturnType<typeof createWatermarks>;

type Waiter = { readonly names: readonly string[]; readonly position: Position; settle(waited: Waited): void };

const DEFAULT_TIMEOUT = 2_000;

export const createWatermarks = () => {
  const cursors = new Map<string, Cursor>();
  const halted = new Set<string>();
  const waiters = new Set<Waiter>();

  const look = (names: readonly string[], position: Position): Waited | undefined => {
    const behind = names.filter((name) => (cursors.get(name)?.position ?? -1n) < position);
    if (behind.length === 0) return 'reached';
    return behind.some((name) => halted.has(name)) ? 'halted' : undefined;
  };

  const wake = () => {
    for (const waiter of waiters) {
      const waited = look(waiter.names, waiter.position);
      if (waited) waiter.settle(waited);
    }
  };

  return {
    get: (name: string): Cursor | undefined => cursors.get(name),
    waiting: (): boolean => waiters.size > 0,

    /** Answers whether it is news. */
    advance(name: string, cursor: Cursor): boolean {
      if (cursor.position <= (cursors.get(name)?.position ?? -1n)) return false;
      cursors.set(name, cursor);
      wake();
      return true;
    },

    setHalted(name: string, isHalted: boolean) {
      if (!isHalted) return void halted.delete(name);
      if (halted.has(name)) return;
      halted.add(name);
      wake();
    },

    /** Waits until all of these have applied the log up to the cursor. One that is halted before it answers at once. */
    wait(
      names: readonly string[],
      { position }: Cursor,
      { timeoutMs = DEFAULT_TIMEOUT, signal }: WaitOptions = {},
    ): Promise<Waited> {
      const waited = look(names, position);
      if (waited || timeoutMs <= 0 || signal?.aborted) return Promise.resolve(waited ?? 'late');
      return new Promise((resolve) => {
        const settle = (waited: Waited) => {
          waiters.delete(waiter);
          clearTimeout(timer);
          signal?.removeEventListener('abort', late);
          resolve(waited);
        };
        const late = () => settle('late');
        const waiter: Waiter = { names, position, settle };
        const timer = setTimeout(late, timeoutMs);
        signal?.addEventListener('abort', late, { once: true });
        waiters.add(waiter);
      });
    },

    /** Lets everybody go who still waits. */
    close() {
      for (const { settle } of waiters) settle('late');
    },
  };
};
