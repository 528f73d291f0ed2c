import type { ExecutionResult } from 'graphql';
import type { Logger } from '../adapters/log-lines.ts';
import type { Viewer } from '../core/viewer.ts';
import type { Telling } from './faults.ts';
import type { Serving, ServingPlugin } from './serving.ts';
import { openEventStream } from './sse.ts';
import { cursorIn, finishedResult, isPassing, lastResult, lastWords, wholeResults } from './stream-result.ts';
import type { Streams } from './streams.ts';
import { handUntilEnded } from './until-ended.ts';

export type GraphqlStreams = { readonly streams: Streams; readonly silenceMs: number; readonly logger: Logger };

/**
 * Subscriptions over SSE, distinct connections: written straight to the socket, so that a slow client is noticed and held back where
 * it is slow, and what many clients are sent is encoded once.
 */
export const streamSubscriptions = ({ streams, silenceMs, logger }: GraphqlStreams): ServingPlugin => {
  const subscriptions = new WeakMap<Request, Subscription>();

  const send = async ({ viewer, results }: Subscription, { req, res, requestId }: Serving) => {
    const stream = streams.open({ kind: 'STREAMS', viewer, authorization: req.headers.authorization ?? '' });
    const events = openEventStream(res, stream, silenceMs);
    let cursor: string | null = null;
    const telling = { requestId, logger };
    const why = await handUntilEnded(wholeResults(results), stream.signal, (result) => {
      const frame = frameOf(result, telling);
      cursor = frame.cursor ?? cursor;
      return events.write(frame.bytes);
    });
    // Clients take `complete` for a regular end. Of a connection that ends without one they make another; a comment says why to people.
    if (why && isPassing(why)) return events.breakOff(JSON.stringify(lastWords(why, cursor, telling)));
    if (why) await events.write(frameOf(lastResult(why, cursor, telling), telling).bytes);
    events.end('event: complete\ndata:\n\n');
  };

  return {
    onSubscribe: ({ args, subscribeFn, setSubscribeFn }) => {
      const { request, viewer } = args.contextValue as { request?: Request; viewer?: Viewer };
      if (!request || !viewer) return;
      setSubscribeFn(async (given) => {
        const results = await subscribeFn(given);
        if (Symbol.asyncIterator in results) subscriptions.set(request, { viewer, results: results as Results });
        return results;
      });
    },
    onResultProcess: ({ request, result, resultProcessor, setResultProcessor, serverContext }) => {
      // Where nothing that the client accepts can hold a stream, there is no processor.
      if (!resultProcessor || !(Symbol.asyncIterator in result)) return;
      const subscription = subscriptions.get(request);
      if (!subscription) throw new Error('Only subscriptions of somebody are streamed.');
      setResultProcessor(async (_, { Response }) => {
        try {
          await send(subscription, serverContext);
        } catch (error) {
          await subscription.results.return(undefined);
          return refused(error, Response, { requestId: serverContext.requestId, logger });
        }
        // The answer has been written: this one is not sent any more.
        return new Response(null);
      }, 'text/event-stream');
    },
  };
};

const refused = (error: unknown, Respond: typeof Response, telling: Telling): Response => {
  const { http } =
    (error as { extensions?: { http?: { status: number; headers?: Record<string, string> } } }).extensions ?? {};
  return new Respond(JSON.stringify(lastResult(error, null, telling)), {
    status: http?.status ?? 500,
    headers: { ...http?.headers, 'content-type': 'application/json; charset=utf-8' },
  });
};

type Results = AsyncGenerator<ExecutionResult>;

/** Its results are as they are made: each layer that is put around them later costs every delivery a turn, and changes nothing. */
type Subscription = { readonly viewer: Viewer; readonly results: Results };

type Frame = { readonly bytes: Buffer; readonly cursor: string | null };

/** One text for all who are sent the same result. */
const frameOf = (result: ExecutionResult, telling: Telling): Frame => {
  const known = frames.get(result);
  if (known) return known;
  const bytes = Buffer.from(`event: next\ndata: ${JSON.stringify(finishedResult(result, telling))}\n\n`);
  const frame = { bytes, cursor: cursorIn(result) };
  frames.set(result, frame);
  return frame;
};
const frames = new WeakMap<ExecutionResult, Frame>();
