import type { GraphQLError } from 'graphql';
import type { Handed, Take } from '../core/handed.ts';

/**
 * What a source gives until its stream has to end, and then one last item that tells why: the stream's reason, or the error that
 * the source broke off with. Nothing more is told where the source ended by itself or the client left.
 */
export const untilEnded = <T>(
  source: AsyncGenerator<T>,
  signal: AbortSignal,
  last: (error: unknown) => T,
): AsyncGenerator<T> => ended(source, signal, last, (finish) => Promise.resolve(finish(reasonOf(signal))));

/**
 * The same for one operation of a connection that ends with all its operations: then it neither goes on nor is over. Clients take the
 * end of an operation for a regular one and ask no more; of a connection that closes under it, they make another one.
 */
export const untilClosed = <T>(
  source: AsyncGenerator<T>,
  signal: AbortSignal,
  last: (error: unknown) => T,
  onSilent: () => void,
): AsyncGenerator<T> => {
  let isSilent = false;
  return ended(source, signal, last, (_, left) => {
    if (!isSilent) onSilent();
    isSilent = true;
    return left;
  });
};

type Finish<T> = (error: unknown) => IteratorResult<T>;

const ended = <T>(
  source: AsyncGenerator<T>,
  signal: AbortSignal,
  last: (error: unknown) => T,
  atEnd: (finish: Finish<T>, left: Promise<IteratorResult<T>>) => Promise<IteratorResult<T>>,
): AsyncGenerator<T> => {
  let isOver = false;
  let leave = () => {};
  const left = new Promise<IteratorResult<T>>((resolve) => {
    leave = () => resolve(OVER);
  });
  const ending = leaveAtEnd(source, signal);

  const finish: Finish<T> = (error) => {
    isOver = true;
    ending.forget();
    return error ? { done: false, value: last(error) } : OVER;
  };

  const stop = async (): Promise<IteratorResult<T>> => {
    finish(null);
    leave();
    await source.return(undefined);
    return OVER;
  };

  return {
    next: () =>
      isOver
        ? Promise.resolve(OVER)
        : source.next().then(
            (result) => {
              if (isOver) return OVER;
              if (ending.hasBegun()) return atEnd(finish, left);
              return result.done ? finish(null) : result;
            },
            (error: unknown) => {
              if (isOver) return OVER;
              return ending.hasBegun() ? atEnd(finish, left) : finish(error);
            },
          ),
    return: stop,
    throw: stop,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

/**
 * The same for whoever is handed each item. Resolves once the last one is taken: with why the stream had to end or what the source broke
 * off with, which is not told as an item; null where neither.
 */
export const handUntilEnded = async <T>(source: Handed<T>, signal: AbortSignal, take: Take<T>): Promise<unknown> => {
  const ending = leaveAtEnd(source, signal);
  let failure: unknown = null;
  try {
    await source.handTo((item) => (ending.hasBegun() ? undefined : take(item)));
  } catch (error) {
    failure = error;
  }
  ending.forget();
  return ending.hasBegun() ? reasonOf(signal) : failure;
};

/** Leaves a source when its stream has to end. */
const leaveAtEnd = (source: AsyncGenerator<unknown>, signal: AbortSignal) => {
  let hasBegun = false;
  const leave = () => {
    hasBegun = true;
    source.return(undefined).catch(() => {});
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  return { hasBegun: () => hasBegun, forget: () => signal.removeEventListener('abort', leave) };
};

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Why a stream had to end; null where nobody said, or it has not. */
const reasonOf = ({ reason }: AbortSignal): GraphQLError | null =>
  reason instanceof Error && 'extensions' in reason ? (reason as GraphQLError) : null;
