/** Lets many wait for something that changes; whoever changes it rings. */
export type Bell = {
  ring(): void;
  /** Resolves as soon as `reached` is true or the signal aborts. */
  wait(reached: () => boolean, signal: AbortSignal): Promise<void>;
};

export const createBell = (): Bell => {
  const waiting = new Set<() => void>();
  return {
    ring: () => {
      for (const look of [...waiting]) look();
    },
    wait: (reached, signal) =>
      new Promise((resolve) => {
        const look = () => {
          if (!signal.aborted && !reached()) return;
          waiting.delete(look);
          signal.removeEventListener('abort', look);
          resolve();
        };
        waiting.add(look);
        signal.addEventListener('abort', look);
        look();
      }),
  };
};
