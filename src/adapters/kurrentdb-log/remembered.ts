import { LRUCache } from 'lru-cache';
import type { StoredEvent } from '../../core/event.ts';
import { type AppendOutcome, NO_REVISION } from '../../core/event-log.ts';

export type Done = Extract<AppendOutcome, { first: unknown }>;

/** What a command has left in a stream. */
export type Left = { readonly inputHash: string; readonly outcome: Done };

/** How far a stream is, and which commands made it so. */
export type Known = { readonly revision: number; readonly commands: ReadonlyMap<string, Left> };

export const UNKNOWN_STREAM: Known = { revision: NO_REVISION, commands: new Map() };

/** What is known of a stream, and the events that follow. */
export const knownAfter = ({ revision, commands }: Known, events: readonly StoredEvent[]): Known => {
  if (events.length === 0) return { revision, commands };
  const all = new Map(commands);
  for (const event of events) {
    const { commandId, inputHash } = event.metadata;
    const place = { position: event.position, eventId: event.id };
    const first = all.get(commandId)?.outcome.first ?? place;
    all.set(commandId, {
      inputHash: all.get(commandId)?.inputHash ?? inputHash,
      outcome: { status: 'duplicate', first, last: place, revision: event.revision },
    });
  }
  return { revision: events.at(-1)?.revision ?? revision, commands: all };
};

const STREAMS = 500;
const MOST_COMMANDS = 2_000;

/** What was last known of some streams. It may be outdated: the server compares revisions. */
export const createRemembered = () => {
  const streams = new LRUCache<string, Known>({ max: STREAMS });
  return {
    get: (stream: string) => streams.get(stream),
    set: (stream: string, known: Known) => {
      if (known.commands.size <= MOST_COMMANDS) streams.set(stream, known);
      else streams.delete(stream);
    },
    forget: (stream: string) => streams.delete(stream),
  };
};
