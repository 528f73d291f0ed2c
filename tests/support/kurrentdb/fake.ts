import {
  type BatchFragment,
  batchDeleted,
  batchDenied,
  batchNotReady,
  batchTimeout,
  batchTooLarge,
  batchWritten,
  batchWrongVersion,
  caughtUp,
  checkpoint,
  confirmation,
  deleted,
  eventAnswer,
  failure,
  fragmentOf,
  grpc,
  notFound,
  type ReadAsked,
  readAsked,
  ServerFeaturesService,
  StreamsService,
  streamToDelete,
  supportedMethods,
  tombstoned,
} from './messages.ts';
import { createStoredLog, type Expectation, type Given } from './stored-log.ts';

/**
 * What becomes of the next append. `late`: answered when `goOn` is called. `cut`: the connection goes, before or after it was
 * written. `silent`: no answer ever. `stopping`: written, and called a time-out.
 */
export type Mischief =
  | 'late'
  | 'cut before'
  | 'cut after'
  | 'silent before'
  | 'silent after'
  | 'not ready'
  | 'stopping'
  | 'call fails after'
  | 'denied';

// biome-ignore lint/suspicious/noExplicitAny: calls of the client's own gRPC library, which has no types here
type Call = any;

const INVALID = 3;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;
const FAILED = 9;

/**
 * A KurrentDB to the client's eyes, made of the client's own messages: what it does was seen on a real server, and it misbehaves
 * on order. It is for tests where no server is; the same tests run on a real one.
 */
export const startFakeKurrent = async ({ maxAppend }: { maxAppend?: number } = {}) => {
  const log = createStoredLog({ ...(maxAppend !== undefined && { maxAppend }) });
  const plans: { readonly stream: RegExp; readonly mischief: Mischief }[] = [];
  let late: (() => void)[] = [];
  let hung: Promise<void> | undefined;
  let goOn = () => {};
  let refuses: 'nobody' | 'everybody' | 'readers' | 'writers' = 'nobody';
  let mute = false;
  let port = 0;
  let server: Call;
  const counts = { appends: 0, reads: 0, subscriptions: 0 };

  const refusal = () => failure(UNAUTHENTICATED, 'Unauthenticated', { exception: 'access-denied' });

  const fail = (call: Call, error: Error) => call.emit('error', error);

  const batchAppend = (call: Call) => {
    const open = new Map<string, { options: NonNullable<BatchFragment['options']>; events: Given[] }>();
    const take = async (request: Call) => {
      let fragment: BatchFragment;
      try {
        fragment = fragmentOf(request);
      } catch (error) {
        // One bad append fails all that share its call.
        return fail(call, failure(INVALID, (error as Error).message));
      }
      const { correlation, options, events, isFinal } = fragment;
      const begun = open.get(correlation) ?? (options && { options, events: [] });
      if (!begun) return;
      begun.events.push(...events);
      open.set(correlation, begun);
      if (!isFinal) return;
      open.delete(correlation);
      counts.appends += 1;
      await settle(call, correlation, begun.options.stream, begun.options.expected, begun.events);
    };
    call.on('data', (request: Call) => void take(request));
    call.on('end', () => call.end());
    call.on('error', () => {});
  };

  const settle = async (call: Call, correlation: string, stream: string, expected: Expectation, events: Given[]) => {
    const found = plans.findIndex((plan) => plan.stream.test(stream));
    const mischief = found < 0 ? undefined : plans.splice(found, 1)[0]?.mischief;
    if (refuses === 'everybody' || refuses === 'writers') return call.write(batchDenied(correlation, stream));
    if (mischief === 'denied') return call.write(batchDenied(correlation, stream));
    if (mischief === 'not ready') return call.write(batchNotReady(correlation, stream));
    if (mischief === 'silent before') return;
    if (mischief === 'cut before') return cut();
    const verdict = log.append(stream, expected, events);
    if (mischief === 'silent after') return;
    if (mischief === 'cut after') return cut();
    if (mischief === 'call fails after') return fail(call, failure(UNAVAILABLE, 'Somebody else did something wrong'));
    if (mischief === 'stopping') return call.write(batchTimeout(correlation, stream));
    if (mischief === 'late') await new Promise<void>((resolve) => late.push(resolve));
    if (hung) await hung;
    switch (verdict.is) {
      case 'written':
        return call.write(batchWritten(correlation, stream, verdict.revision, verdict.position));
      case 'wrong version':
        return call.write(batchWrongVersion(correlation, stream, expected, verdict.actual));
      case 'deleted':
        return call.write(batchDeleted(correlation, stream));
      case 'too large':
        return call.write(batchTooLarge(correlation, stream, verdict.most));
    }
  };

  const read = async (call: Call) => {
    if (refuses === 'everybody' || refuses === 'readers') return fail(call, refusal());
    const asked = readAsked(call.request);
    if (asked.count === undefined) return subscribe(call, asked);
    counts.reads += 1;
    if (hung) await hung;
    const found = asked.stream === undefined ? inAll(asked) : inStream(asked, asked.stream);
    if (found === 'none') call.write(notFound(asked.stream ?? ''));
    else if (found === 'deleted')
      return fail(
        call,
        failure(FAILED, 'Stream deleted', { exception: 'stream-deleted', 'stream-name': `${asked.stream}` }),
      );
    else if (found === 'no such place') return fail(call, failure(UNAVAILABLE, 'Invalid position'));
    else for (const kept of found) call.write(eventAnswer(kept));
    call.end();
  };

  const inStream = ({ from, backwards, count = 0 }: ReadAsked, stream: string) => {
    const events = log.stream(stream);
    if (events === 'none' || events === 'deleted') return events;
    const at = (revision: number) => (typeof from === 'bigint' ? revision - Number(from) : 0);
    return backwards
      ? events
          .filter(({ revision }) => at(revision) <= 0)
          .toReversed()
          .slice(0, count)
      : events.filter(({ revision }) => from !== 'end' && at(revision) >= 0).slice(0, count);
  };

  const inAll = ({ from, backwards, count = 0, matches }: ReadAsked) => {
    const all = log.all();
    if (typeof from === 'bigint' && from <= log.end() && !all.some(({ position }) => position === from))
      return 'no such place' as const;
    const direction = backwards ? all.toReversed() : all;
    const isThere = (position: bigint) => typeof from !== 'bigint' || (backwards ? position < from : position >= from);
    return direction.filter((kept) => isThere(kept.position) && matches(kept)).slice(0, count);
  };

  const subscribe = (call: Call, { from, prepare, matches, checkpointEvery, isFiltered }: ReadAsked) => {
    counts.subscriptions += 1;
    call.write(confirmation());
    const begin = from === 'start' ? -1n : from === 'end' ? log.end() : from;
    // Beyond the end nothing is said, now or ever.
    if (begin > log.end()) return call.write(caughtUp());
    const isCovered = typeof from !== 'bigint' || prepare >= from;
    let next = log.all().findIndex(({ position }) => (isCovered ? position > begin : position >= begin));
    if (next < 0) next = log.all().length;
    let looked = 0;
    let live = false;
    const deliver = () => {
      if (mute) return;
      for (let kept = log.all()[next]; kept; kept = log.all()[next]) {
        next += 1;
        looked += 1;
        if (matches(kept)) call.write(eventAnswer(kept));
        // While it catches up, a checkpoint does not say that its event was delivered.
        if (isFiltered && looked % checkpointEvery === 0)
          call.write(checkpoint(kept.position, live ? kept.position : 0n));
      }
    };
    deliver();
    call.write(caughtUp());
    live = true;
    const stop = log.onWrite(() => setImmediate(deliver));
    for (const end of ['cancelled', 'close', 'error']) call.on(end, stop);
  };

  const listen = async () => {
    server = new grpc.Server({ 'grpc.max_receive_message_length': 32 * 1024 * 1024 });
    server.addService(ServerFeaturesService, {
      getSupportedMethods: (_: Call, answer: Call) =>
        refuses === 'everybody' ? answer(refusal()) : answer(null, supportedMethods('24.6.0')),
    });
    server.addService(StreamsService, {
      batchAppend,
      read: (call: Call) => void read(call),
      delete: (call: Call, answer: Call) => {
        log.softDelete(streamToDelete(call.request));
        answer(null, deleted());
      },
      tombstone: (call: Call, answer: Call) => {
        log.tombstone(streamToDelete(call.request));
        answer(null, tombstoned());
      },
    });
    port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(
        `127.0.0.1:${port}`,
        grpc.ServerCredentials.createInsecure(),
        (error: Error | null, bound: number) => (error ? reject(error) : resolve(bound)),
      ),
    );
  };

  /** All connections go at once, as when the process is killed; somebody listens again at the same address. */
  const cut = async () => {
    server.forceShutdown();
    await listen();
  };

  await listen();

  return {
    log,
    counts,
    address: () => `127.0.0.1:${port}`,
    connectionString: () => `kurrentdb://127.0.0.1:${port}?tls=false&discoveryInterval=20`,
    /** The next append to a stream that fits goes wrong. */
    plan: (mischief: Mischief, stream = /./) => plans.push({ stream, mischief }),
    isPlanned: () => plans.length > 0,
    answerLate: () => {
      for (const answer of late) answer();
      late = [];
    },
    /** Nobody is answered until `goOn`. */
    hang: () => {
      hung = new Promise((resolve) => {
        goOn = () => {
          hung = undefined;
          resolve();
        };
      });
    },
    goOn: () => goOn(),
    refuse: (whom: 'nobody' | 'everybody' | 'readers' | 'writers') => {
      refuses = whom;
    },
    /** Subscriptions stay open and deliver nothing. */
    mute: (on: boolean) => {
      mute = on;
    },
    cut,
    /** As a server that was killed and started: what only its memory knew is gone. */
    restart: async () => {
      log.forgetIds();
      await cut();
    },
    stop: async () => server.forceShutdown(),
    start: listen,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
};

export type FakeKurrent = Awaited<ReturnType<typeof startFakeKurrent>>;
