import type { Catalogue } from './catalogue.ts';
import { type AnyAggregate, type StateOf, type StreamRef, streamName } from './decider.ts';
import type { EventFacts, FoldedEvent, StoredEvent } from './event.ts';
import { type EventLog, NO_REVISION } from './event-log.ts';
import type { Cursor } from './position.ts';

/** A stream folded up to its last known revision. */
export type Loaded<S> = {
  readonly state: S;
  readonly revision: number;
  /** The stream's last event; null for a stream without events. */
  readonly last: Cursor | null;
  /** True where the fold came from memory and another process may know more. */
  readonly remembered: boolean;
};

/** What commands decide on: streams folded from the log, remembered while they are in use. */
export type States = {
  load<A extends AnyAggregate>(ref: StreamRef<A>, options?: { fresh?: boolean }): Promise<Loaded<StateOf<A>>>;
  /**
   * Takes in stored events, from one's own append or from the tail: remembered folds move on with them. Where the aggregate is
   * given, events that begin a stream make it remembered: what was just published is soon commented on.
   */
  observe(events: readonly StoredEvent[], aggregate?: AnyAggregate): void;
  forget(stream: string): void;
};

type Entry = { readonly aggregate: AnyAggregate; state: unknown; revision: number; last: Cursor | null };

/** `capacity` streams are remembered, the least recently used are forgotten first. */
export const createStates = (log: EventLog, catalogue: Catalogue, capacity = 20_000): States => {
  const entries = new Map<string, Entry>();

  const remember = (stream: string, entry: Entry) => {
    entries.delete(stream);
    entries.set(stream, entry);
    if (entries.size > capacity) entries.delete(entries.keys().next().value as string);
  };

  return {
    load: async ({ aggregate, id }, { fresh = false } = {}) => {
      const stream = streamName({ aggregate, id });
      const known = entries.get(stream);
      if (known && !fresh) {
        remember(stream, known);
        return { ...known, remembered: true } as never;
      }
      const entry = foldStream(aggregate, await log.readStream(stream), catalogue);
      // While this was read, the memory may have moved further.
      if ((entries.get(stream)?.revision ?? NO_REVISION) <= entry.revision) remember(stream, { ...entry });
      return { ...entry, remembered: false } as never;
    },

    observe: (events, aggregate) => {
      for (const event of events) {
        if (aggregate && event.revision === 0 && !entries.has(event.stream)) remember(event.stream, begin(aggregate));
        const entry = entries.get(event.stream);
        if (!entry || event.revision <= entry.revision) continue;
        if (event.revision === entry.revision + 1) advance(entry, event, catalogue);
        else entries.delete(event.stream);
      }
    },

    forget: (stream) => entries.delete(stream),
  };
};

/** A whole stream, or its beginning, as its aggregate sees it. */
export const foldStream = (aggregate: AnyAggregate, events: readonly StoredEvent[], catalogue: Catalogue) => {
  const entry = begin(aggregate);
  for (const event of events) advance(entry, event, catalogue);
  return entry;
};

const begin = (aggregate: AnyAggregate): Entry => ({
  aggregate,
  state: aggregate.initial,
  revision: NO_REVISION,
  last: null,
});

const advance = (entry: Entry, event: StoredEvent, catalogue: Catalogue) => {
  const folded = catalogue.read(event);
  const evolve = folded && (entry.aggregate.evolve[folded.type] as Evolve | undefined);
  if (evolve) entry.state = evolve(entry.state, folded.data, folded);
  entry.revision = event.revision;
  entry.last = { position: event.position, eventId: event.id };
};

type Evolve = (state: unknown, data: FoldedEvent['data'], event: EventFacts) => unknown;
