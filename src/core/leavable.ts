/**
 * An async generator as a consumer that may leave at any moment needs it: leaving ends what the generator waits for.
 * A generator alone would answer `return` only after the next item.
 */
export const leavable = <T>(make: (signal: AbortSignal) => AsyncGenerator<T>): AsyncGenerator<T> => {
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
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

/** Of each item what is made of it, at once where that takes no time. Where nothing can be made of one, the error ends them all. */
export const mapped = <T, U>(items: AsyncGenerator<T>, make: (item: T) => U | Promise<U>): AsyncGenerator<U> => {
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
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined };
