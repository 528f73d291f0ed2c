/** Ctrl-C, a polite kill, or the end of the terminal. */
export type Interruption = {
  readonly signal: AbortSignal;
  /** Resolves when somebody asks this process to end. */
  readonly asked: Promise<void>;
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const GIVE_UP_MS = 30_000;

let shared: Interruption | undefined;

/**
 * Turns signals into a request to end in order. A second signal changes nothing: npm passes on what the terminal has sent
 * already, and hurrying would leave the database to recover. Should the end take half a minute, the process gives up.
 */
export const interruption = (): Interruption => {
  if (shared) return shared;
  const controller = new AbortController();
  const asked = new Promise<void>((resolve) => {
    const ask = () => {
      if (controller.signal.aborted) return;
      setTimeout(() => process.exit(1), GIVE_UP_MS).unref();
      controller.abort();
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, ask);
  });
  shared = { signal: controller.signal, asked };
  return shared;
};
