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
): AsyncGenerator<T> => {
  let isOver = false;
  const ending = leaveAtEnd(source, signal);

  const finish = (error: unknown): IteratorResult<T> => {
    isOver = true;
    ending.forget();
    return error ? { done: false, value: last(error) } : OVER;
  };

  const stop = async (): Promise<IteratorResult<T>> => {
    finish(null);
    await source.return(undefined);
    return OVER;
  };

  return {
    next: () =>
      isOver
        ? Promise.resolve(OVER)
        : source.next().then(
            (result) => (isOver ? OVER : result.done || ending.hasBegun() ? finish(reasonOf(signal)) : result),
            (error: unknown) => (isOver ? OVER : finish(reasonOf(signal) ?? error)),
          ),
    return: stop,
    throw: stop,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

/** The same for whoever is handed each item. Resolves once the last one is taken. */
export const handUntilEnded = async <T>(
  source: Handed<T>,
  signal: AbortSignal,
  last: (error: unknown) => T,
  take: Take<T>,
): Promise<void> => {
  const ending = leaveAtEnd(source, signal);
  let failure: unknown = null;
  try {
    await source.handTo((item) => (ending.hasBegun() ? undefined : take(item)));
  } catch (error) {
    failure = error;
  }
  ending.forget();
  const why = ending.hasBegun() ? reasonOf(signal) : failure;
  if (why) await take(last(why));
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
