/** Gives a promise where the next item has to wait for it. */
export type Take<T> = (item: T) => unknown;

/**
 * Items that come in their own time. Whoever asks for each (`next`) holds a promise for the one that is not there yet; whoever is
 * handed each (`handTo`) holds nothing, which counts where thousands wait. `handTo` resolves when nothing more comes, and rejects with
 * what a taker throws. One or the other, and once.
 */
export type Handed<T> = AsyncGenerator<T> & { handTo(take: Take<T>): Promise<void> };

/** What is handed, for whoever would rather ask: each item waits with its taker until the next one is wanted. */
export const askable = <T>(handTo: Handed<T>['handTo']): Handed<T> => {
  async function* asked(): AsyncGenerator<T> {
    let hear: (given: { item: T } | null) => void = () => {};
    let [goOn, leave] = [() => {}, () => {}];
    const next = () =>
      new Promise<{ item: T } | null>((resolve) => {
        hear = resolve;
      });
    let coming = next();
    let failure: { error: unknown } | null = null;
    const take = (item: T) => {
      hear({ item });
      return new Promise<void>((resolve, reject) => {
        [goOn, leave] = [resolve, reject];
      });
    };
    handTo(take).then(
      () => hear(null),
      (error: unknown) => {
        failure = { error };
        hear(null);
      },
    );
    try {
      for (let given = await coming; given; given = await coming) {
        coming = next();
        yield given.item;
        goOn();
      }
      if (failure) throw (failure as { error: unknown }).error;
    } finally {
      leave();
    }
  }
  return Object.assign(asked(), { handTo });
};

/** The same of a generator that knows only how to be asked. */
export const handed = <T>(items: AsyncGenerator<T>): Handed<T> =>
  'handTo' in items
    ? (items as Handed<T>)
    : {
        next: () => items.next(),
        return: (value) => items.return(value),
        throw: (error) => items.throw(error),
        handTo: async (take) => {
          for await (const item of items) await take(item);
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };

/**
 * Items as a consumer that may leave at any moment needs them: leaving ends what the generator waits for.
 * A generator alone would answer `return` only after the next item.
 */
export const leavable = <T>(make: (signal: AbortSignal) => Handed<T>): Handed<T> => {
  const leaving = new AbortController();
  const items = make(leaving.signal);
  return {
    next: () => items.next(),
    return: (value) => {
      leaving.abort();
      return items.return(value);
    },
    throw: (error) => {
      leaving.abort();
      return items.throw(error);
    },
    handTo: (take) => items.handTo(take),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

/** Of each item what is made of it, at once where that takes no time. Where nothing can be made of one, the error ends them all. */
export const mapped = <T, U>(items: Handed<T>, make: (item: T) => U | Promise<U>): Handed<U> => {
  const given = (value: U): IteratorResult<U> => ({ done: false, value });
  const fail = async (error: unknown): Promise<never> => {
    await items.return(undefined);
    throw error;
  };
  const step = (next: IteratorResult<T>) => {
    if (next.done) return OVER;
    try {
      const made = make(next.value);
      return made instanceof Promise ? made.then(given, fail) : given(made);
    } catch (error) {
      return fail(error);
    }
  };
  const leave = async () => {
    await items.return(undefined);
    return OVER;
  };
  return {
    next: () => items.next().then(step),
    return: leave,
    throw: leave,
    handTo: (take) =>
      items.handTo((item) => {
        const made = make(item);
        return made instanceof Promise ? made.then(take) : take(made);
      }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined };
