import type { Kysely } from 'kysely';
import type { Waited, WaitOptions } from '../src/core/consistency.ts';
import type { AnyCommand, InputOf } from '../src/core/decider.ts';
import type { EventLog } from '../src/core/event-log.ts';
import type { Executed } from '../src/core/execute.ts';
import type { KeptRows } from '../src/core/kept-rows.ts';
import type { Live } from '../src/core/live.ts';
import type { MachineKeyCommands } from '../src/core/machine-key-commands.ts';
import type { MachineKeyStore } from '../src/core/machine-keys.ts';
import type { Cursor } from '../src/core/position.ts';
import type { Projection, Rows, Tables } from '../src/core/projection.ts';
import type { RefusalStore } from '../src/core/refusals.ts';
import type { Sealing } from '../src/core/sealing.ts';
import type { Viewer } from '../src/core/viewer.ts';
import type { WebhookCommands } from '../src/core/webhook-commands.ts';
import type { WebhookRegistry } from '../src/core/webhooks.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** One request's view of the read models: every answer says how far it is level with the log. */
export type Reading = {
  from<T extends Tables>(projection: Projection<T>): Kysely<Rows<T>>;
  /** Rows by key, from memory where they are known as they stand now. */
  kept<R>(rows: KeptRows<R>, keys: readonly string[]): Promise<ReadonlyMap<string, R>>;
  /** Rows and checkpoint of one projection, read in one transaction; with when the log took in the last event applied. */
  snapshot<T extends Tables, R>(
    projection: Projection<T>,
    read: (db: Kysely<Rows<T>>, at: Cursor, recordedAt: Date | null) => Promise<R>,
  ): Promise<R>;
  /** The smallest watermark among the projections read so far, taken before the first read; null when none was. */
  position(): Cursor | null;
};

/** What the composition root gives to each request. */
export type Request = {
  readonly requestId: string;
  /** Null without a valid token: every root field then answers UNAUTHENTICATED. */
  readonly viewer: Viewer | null;
  /** The request's `Idempotency-Key`, for a document with one mutation; null where there is none. */
  readonly idempotencyKey: string | null;
  /** Executes as the viewer; a login that is nobody's member yet becomes one first. */
  readonly execute: <C extends AnyCommand>(
    command: C,
    input: InputOf<C>,
    options: { readonly idempotencyKey?: string | undefined; readonly expectedRevision?: number | undefined },
  ) => Promise<Executed>;
  /** A fresh view of the read models: one for each request, one for each thing that a subscription delivers. */
  readonly startReading: () => Reading;
  readonly open: Sealing['open'];
  readonly hash: Sealing['hash'];
  /** Waits until these projections have applied the log up to the cursor; for two seconds unless said otherwise. */
  readonly waitFor: (projections: readonly string[], cursor: Cursor, options?: WaitOptions) => Promise<Waited>;
  readonly log: Pick<EventLog, 'identity' | 'capabilities' | 'readAll' | 'readStream' | 'head' | 'verify'>;
  /** Where clients reach this server: what is told of it elsewhere begins so. */
  readonly publicUrl: string;
  /** What happens, for subscriptions: one for the whole process (`createLive`). */
  readonly live: Live;
  readonly webhooks: { readonly registry: WebhookRegistry; readonly commands: WebhookCommands };
  readonly refusals: Pick<RefusalStore, 'list' | 'count'>;
  readonly machineKeys: { readonly store: MachineKeyStore; readonly commands: MachineKeyCommands };
};

/** A mutation of the document that was done: its key in the answer, and its place in the log, where it has one. */
export type Done = { readonly field: string; readonly position: string | null };

/** The only things that a resolver may touch. */
export type Context = Request & {
  read: Reading;
  loaders: Loaders;
  /** The mutations that were done so far. An answer with an error tells them, whatever became of the rest of it. */
  readonly done: Done[];
  /** Where the stream of a subscription began: a function, so that it is noticed who asks for it. */
  startedAt?: () => string;
};

export const createContext = (request: Request): Context => ({ ...request, ...lookAnew(request), done: [] });

/** Read models as they are now, and nothing loaded from them yet. */
export const lookAnew = ({ startReading }: Pick<Request, 'startReading'>): Pick<Context, 'read' | 'loaders'> => {
  const read = startReading();
  return { read, loaders: createLoaders(read) };
};

/** After an own write: what was loaded before is forgotten. */
export const forgetLoaded = (context: Context) => {
  context.loaders = createLoaders(context.read);
};
