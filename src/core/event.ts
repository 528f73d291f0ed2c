import { z } from 'zod';
import type { Position } from './position.ts';

/** Where an event came from: a living person or integration, an archive, the seeded generator. */
export type Source = 'NATIVE' | 'IMPORT' | 'SEED';

/** What every event says about itself beside its data. Flat text, so that every log can keep it. */
export type EventMetadata = {
  /** The member or service account who acts; `system` where nobody does. */
  readonly actor: string;
  /** The time of the business, RFC 3339 UTC with milliseconds. */
  readonly occurredAt: string;
  readonly commandId: string;
  /** HMAC of the command's canonical clear input. */
  readonly inputHash: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly source: Source;
};

/** An event ready to be stored: validated, sealed, with its final id. */
export type NewEvent = {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: object;
  readonly metadata: EventMetadata;
};

/** An event as the log holds it. `revision` is its place in its stream, from 0. */
export type StoredEvent = NewEvent & {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  /** The log's own time, RFC 3339 UTC; goes back only where `recordedAtMonotonic` is false. */
  readonly recordedAt: string;
};

/** Personal data as events carry it: encrypted under one person's key, bound to stream, event id and type. */
export const envelope = z.strictObject({
  v: z.literal(1),
  kid: z.uuid(),
  iv: z.string(),
  ct: z.string(),
});
export type Envelope = z.infer<typeof envelope>;

/**
 * An envelope with its binding, as folds and read models keep it: one line of opaque text that only
 * `Sealing.open` reads.
 */
export type Sealed = string & { readonly sealed: unique symbol };

/** One shape of one event type: a storage format. Add, never edit. */
export type EventDefinition = {
  readonly version: number;
  /** What stays clear: ids, times, kinds, an organisation's own words. */
  readonly data: z.ZodObject;
  /** What is sealed together, and under whose key. */
  readonly personal?: z.ZodObject;
  /** The person (member or service account), or the draft, under whose key `personal` is sealed. */
  readonly subject?: (data: never) => string;
  /** Whoever it concerns sees what became of it; the event itself passes no door, whoever asks. */
  readonly confidential?: true;
};

export type EventDefinitions = Record<string, EventDefinition>;

type Data<D extends EventDefinition> = z.infer<D['data']>;
type Personal<D extends EventDefinition> = D extends { personal: infer P extends z.ZodObject } ? z.infer<P> : never;

/** An event as a decider emits it: clear data, personal data still readable. */
export type EmittedOf<E extends EventDefinitions> = {
  [T in keyof E & string]: E[T] extends { personal: z.ZodObject }
    ? { readonly type: T; readonly data: Data<E[T]>; readonly personal: Personal<E[T]> }
    : { readonly type: T; readonly data: Data<E[T]> };
}[keyof E & string];

/** An event's data as folds see it: clear data, personal data as `sealed`. */
export type FoldedData<D extends EventDefinition> = D extends { personal: z.ZodObject }
  ? Data<D> & { readonly sealed: Sealed }
  : Data<D>;

/** The facts about an event that a fold may use beside its data. */
export type EventFacts = Pick<StoredEvent, 'id' | 'stream' | 'revision' | 'position' | 'recordedAt'> & EventMetadata;

/** A stored event in today's shape, its envelope bound: what folds, processes and doors read. */
export type FoldedEvent<Type extends string = string, D extends object = object> = EventFacts & {
  readonly type: Type;
  readonly data: D;
};

/** Declares the events of one noun. The literal types survive, so folds and deciders are checked against them. */
export const defineEvents = <const E extends EventDefinitions>(events: E): E => events;

export type { z };
