/** Lets appends through to the client in the order in which they came, and only so much of them at a time. */
export type Gate = {
  /**
   * Waits until everything that came before has gone through, this one is prepared, and there is room for it. Answers how to say
   * that it is over.
   */
  enter(bytes: number, prepared?: Promise<unknown>): Promise<() => void>;
  /** Waits for room alone: for what goes through a second time. */
  again(bytes: number): Promise<() => void>;
};

// With more of it in flight when a server dies, the client loses track of what it was given.
const MAX_BYTES = 1_280 * 1024;
const MAX_APPENDS = 256;

export const createGate = ({ maxBytes = MAX_BYTES, maxAppends = MAX_APPENDS } = {}): Gate => {
  let last: Promise<unknown> = Promise.resolve();
  /** How many came and have not gone through. */
  let queued = 0;
  let waiting: (() => void)[] = [];
  let bytes = 0;
  let appends = 0;

  const isFull = (more: number) => appends > 0 && (appends >= maxAppends || bytes + more > maxBytes);

  const take = (size: number) => {
    bytes += size;
    appends += 1;
    return () => {
      bytes -= size;
      appends -= 1;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    };
  };

  const again = async (size: number) => {
    while (isFull(size)) await new Promise<void>((resolve) => waiting.push(resolve));
    return take(size);
  };

  return {
    again,
    enter: (size, prepared) => {
      if (queued === 0 && !prepared && !isFull(size)) return Promise.resolve(take(size));
      const before = last;
      queued += 1;
      const entered = (async () => {
        try {
          await before;
          await prepared;
          return await again(size);
        } finally {
          queued -= 1;
        }
      })();
      last = entered.catch(() => {});
      return entered;
    },
  };
};
