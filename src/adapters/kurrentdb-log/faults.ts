import { connect } from 'node:net';
import { LogUnavailable } from '../../core/outage.ts';

/** Something about the KurrentDB that a person has to mend. The message says what, where, and what to do. */
export class KurrentFault extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'KurrentFault';
  }
}

/** Nobody answered within our own time. */
export class NoAnswer extends Error {
  constructor(milliseconds: number) {
    super(`There was no answer within ${milliseconds / 1_000} seconds.`);
    this.name = 'NoAnswer';
  }
}

/** The client's errors by what they say; its classes are not loaded here. */
const typeOf = (error: unknown) => (error as { type?: string } | null)?.type;
const codeOf = (error: unknown) => (error as { code?: unknown } | null)?.code;

export const isWrongVersion = (error: unknown) => typeOf(error) === 'wrong-expected-version';
export const isTooLarge = (error: unknown) => typeOf(error) === 'maximum-append-size-exceeded';
export const isStreamNotFound = (error: unknown) => typeOf(error) === 'stream-not-found';
export const isStreamDeleted = (error: unknown) => typeOf(error) === 'stream-deleted';

const UNIMPLEMENTED = 12;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

const isRefused = (error: unknown) =>
  typeOf(error) === 'access-denied' ||
  codeOf(error) === PERMISSION_DENIED ||
  codeOf(error) === UNAUTHENTICATED ||
  /unauthenticated|access denied|permission denied/i.test(`${(error as Error | null)?.message}`);
const isForeign = (error: unknown) =>
  codeOf(error) === UNIMPLEMENTED || /unimplemented/i.test(`${(error as Error | null)?.message}`);
const isReadOnly = (error: unknown) => typeOf(error) === 'not-leader';

/** Waiting mends nothing here. */
export const isForPeople = (error: unknown) => error instanceof KurrentFault || isRefused(error) || isForeign(error);

/** What an error means, in words that lead somewhere. Never the client's own message: it may quote what it was given. */
export const explain = (error: unknown, address: string): string => {
  if (error instanceof KurrentFault) return error.message;
  const server = `The KurrentDB at ${address} (KURRENTDB_URL)`;
  if (isRefused(error))
    return `${server} refuses this user or password, or does not let the user read and append: see to its access rules.`;
  if (isForeign(error)) return notAKurrent(address);
  if (isReadOnly(error))
    return `${server} takes no appends: it is a follower or a read-only replica. Name the leader, or the whole cluster.`;
  if (error instanceof NoAnswer) return `${server} is reached but gives no answer: is it stopped, or its disk full?`;
  return `Palabre cannot reach the KurrentDB at ${address} (KURRENTDB_URL). Is it running, and may this machine reach it?`;
};

const notAKurrent = (address: string) =>
  `What listens at ${address} (KURRENTDB_URL) does not answer as a KurrentDB does: is it another server or port, or does ` +
  'only one side use TLS (tls=true is the default)?';

/** An outage of a moment, or of longer. */
export const unavailable = (error: unknown, address: string) => new LogUnavailable(explain(error, address), error);

const PROBING = 1_500;

/**
 * The same, after asking in another way and looking whether anybody listens there at all: what reads calls every refusal an
 * outage, and cannot tell a silent port from a strange one.
 */
export const explainStart = async (first: unknown, address: string, probe: () => Promise<unknown>): Promise<string> => {
  const told =
    isForPeople(first) || isReadOnly(first) ? undefined : await within(PROBING, probe()).catch(() => undefined);
  const error = told ?? first;
  if (isForPeople(error) || isReadOnly(error)) return explain(error, address);
  const [nearest = ''] = address.split(',');
  const [, host = nearest, port = '2113'] = /^(.*):(\d+)$/.exec(nearest) ?? [];
  const listens = await new Promise<boolean>((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: 1_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
  if (!listens || first instanceof NoAnswer) return explain(listens ? first : undefined, address);
  return notAKurrent(address);
};

/** What comes of work that has no time limit of its own, or `NoAnswer`. The work is not ended by that. */
export const within = <R>(milliseconds: number, work: Promise<R>): Promise<R> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoAnswer(milliseconds)), milliseconds);
    const over = () => clearTimeout(timer);
    work.then(resolve, reject).then(over);
  });
