import type { Logger } from '../postgres-log/logger.ts';
import { KurrentFault } from './faults.ts';

/** A place in `$all`. On every event both halves are equal; on a checkpoint of a subscription they need not be. */
export type Place = { readonly commit: bigint; readonly prepare: bigint };

export type Recorded = {
  readonly streamId: string;
  readonly id: string;
  readonly revision: bigint;
  readonly type: string;
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly isJson: boolean;
  readonly created: Date;
  readonly position?: Place | undefined;
};
export type Resolved = { readonly event?: Recorded };

export type Proposed = {
  readonly id: string;
  readonly type: string;
  readonly contentType: 'application/json';
  readonly data: unknown;
  /** Bytes: the client takes them as they are. */
  readonly metadata: Uint8Array;
};

type Filter = object;
type Direction = { readonly direction?: 'forwards' | 'backwards'; readonly maxCount: number };

export type Subscription = {
  on(name: 'data', heard: (resolved: Resolved) => void): Subscription;
  on(name: 'error' | 'close' | 'end' | 'confirmation' | 'caughtUp', heard: (error?: Error) => void): Subscription;
  unsubscribe(): Promise<void>;
};

/** What is used of the client, said here so that the program compiles and runs where the package is not installed. */
export type KurrentClient = {
  appendToStream(
    stream: string,
    events: Proposed[],
    options: { readonly streamState: bigint | 'no_stream' },
  ): Promise<{ readonly nextExpectedRevision: bigint; readonly position?: Place }>;
  readStream(
    stream: string,
    options: Direction & { readonly fromRevision: bigint | 'end'; readonly requiresLeader: boolean },
  ): AsyncIterable<Resolved>;
  readAll(
    options: Direction & {
      readonly fromPosition: Place | 'start' | 'end';
      readonly filter?: Filter;
      readonly requiresLeader: boolean;
    },
  ): AsyncIterable<Resolved>;
  subscribeToAll(options: { readonly fromPosition: Place | 'start'; readonly filter: Filter }): Subscription;
  dispose(): Promise<void>;
  getChannel(): Promise<{ close(): void }>;
};

type KurrentModule = {
  readonly KurrentDBClient: { connectionString(connection: string): KurrentClient };
  streamNameFilter(options: {
    readonly prefixes: readonly string[];
    readonly checkpointInterval?: number;
    readonly checkpointReached?: (subscription: unknown, place: Place) => void;
  }): Filter;
};

/** A client that can be replaced by a fresh one when its connection swallows what it is given. */
export type Connection = {
  client(): KurrentClient;
  /** Replaces the client, unless somebody else has done so meanwhile. */
  renew(broken: KurrentClient): void;
  close(): Promise<void>;
};

export type Kurrent = {
  connect(connectionString: string): Connection;
  filter: KurrentModule['streamNameFilter'];
};

const PACKAGE = '@kurrent/kurrentdb-client';

/** Loads the client, which is installed only where it is wanted. */
export const loadKurrent = async (): Promise<Kurrent> => {
  let loaded: KurrentModule;
  try {
    loaded = await import(PACKAGE);
  } catch (cause) {
    throw new KurrentFault(
      `The log is to be on KurrentDB (KURRENTDB_URL), but the package ${PACKAGE} cannot be loaded: install it ` +
        `(npm ci without --omit=optional, or npm install ${PACKAGE}) on a system that it supports, or unset KURRENTDB_URL.`,
      cause,
    );
  }
  const { KurrentDBClient, streamNameFilter } = loaded;
  const make = (connectionString: string) => {
    try {
      return KurrentDBClient.connectionString(connectionString);
    } catch {
      // What the client says of a connection string quotes it, password and all.
      throw new KurrentFault('KURRENTDB_URL is not a connection string that the KurrentDB client takes.');
    }
  };
  return {
    filter: streamNameFilter,
    connect: (connectionString) => {
      let client = make(connectionString);
      const let_go = async (old: KurrentClient) => {
        await old.dispose().catch(() => {});
        const channel = await old.getChannel().catch(() => undefined);
        channel?.close();
      };
      return {
        client: () => client,
        renew: (broken) => {
          if (client !== broken) return;
          client = make(connectionString);
          void let_go(broken);
        },
        close: () => let_go(client),
      };
    },
  };
};

/** What the server says to a caller of the other of the client's two transports, which tells errors apart that the first does not. */
export const probe = (client: KurrentClient, filter: Filter): Promise<unknown> =>
  new Promise((told) => {
    const subscription = client.subscribeToAll({ fromPosition: 'start', filter });
    const end = (error?: Error) => {
      subscription.unsubscribe().catch(() => {});
      told(error);
    };
    subscription
      .on('data', () => {})
      .on('confirmation', () => end())
      .on('error', end);
  });

const heeding = new Set<Logger>();

/** One for the whole process, however many logs are open in it. */
const heed = (reason: unknown) => {
  if (isOfClient(reason))
    for (const logger of heeding)
      logger.warn({ error: reason }, 'The KurrentDB client gave up something that nobody waits for.');
  else if (process.listenerCount('unhandledRejection') === 1) throw reason;
};

/**
 * The client leaves some of its promises to nobody when a server dies under load, and Node ends a process for that. Theirs are
 * noted; anybody else's do what they always do. Answers how to stop.
 */
export const heedOrphans = (logger: Logger): (() => void) => {
  if (heeding.size === 0) process.on('unhandledRejection', heed);
  heeding.add(logger);
  return () => {
    heeding.delete(logger);
    if (heeding.size === 0) process.off('unhandledRejection', heed);
  };
};

const isOfClient = (reason: unknown) =>
  reason instanceof Error && /[\\/]@(?:kurrent|grpc)[\\/]/.test(`${reason.stack}`);
