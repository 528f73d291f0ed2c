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
  let isEnding = false;
  const leave = () => {
    isEnding = true;
    source.return(undefined).catch(() => {});
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });

  const finish = (error: unknown): IteratorResult<T> => {
    isOver = true;
    signal.removeEventListener('abort', leave);
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
            (result) => (isOver ? OVER : result.done || isEnding ? finish(reasonOf(signal)) : result),
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
  let isEnding = false;
  const leave = () => {
    isEnding = true;
    source.return(undefined).catch(() => {});
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  let failure: unknown = null;
  try {
    await source.handTo((item) => (isEnding ? undefined : take(item)));
  } catch (error) {
    failure = error;
  }
  signal.removeEventListener('abort', leave);
  const why = isEnding ? reasonOf(signal) : failure;
  if (why) await take(last(why));
};

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Why a stream had to end; null where nobody said, or it has not. */
const reasonOf = ({ reason }: AbortSignal): GraphQLError | null =>
  reason instanceof Error && 'extensions' in reason ? (reason as GraphQLError) : null;
