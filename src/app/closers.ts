/** What was opened, to be closed in the opposite order, once. */
export type Closers = {
  add(name: string, close: () => Promise<unknown> | unknown): void;
  /** Closes everything even if something fails; then throws the first failure. Calling again waits for the first call. */
  close(): Promise<void>;
};

export const createClosers = (): Closers => {
  const opened: { readonly name: string; readonly close: () => Promise<unknown> | unknown }[] = [];
  let closing: Promise<void> | undefined;

  const closeAll = async () => {
    const failures: Error[] = [];
    for (let last = opened.pop(); last; last = opened.pop()) {
      try {
        await last.close();
      } catch (cause) {
        failures.push(new Error(`${last.name} did not close: ${(cause as Error).message}`, { cause }));
      }
    }
    if (failures[0]) throw failures[0];
  };

  return {
    add: (name, close) => opened.push({ name, close }),
    close: () => (closing ??= closeAll()),
  };
};
