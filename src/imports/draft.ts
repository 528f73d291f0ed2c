import type { AnyAggregate, AnyEmitted, StreamRef } from '../core/decider.ts';
import type { Expected } from '../core/event-log.ts';

/** What a report counts. */
export type Noun =
  | 'organisation names'
  | 'claims'
  | 'members'
  | 'service accounts'
  | 'communities'
  | 'memberships'
  | 'posts'
  | 'comments'
  | 'marks as resolved'
  | 'reactions'
  | 'communities made private'
  | 'communities archived'
  | 'memberships ended'
  | 'names changed'
  | 'texts edited';

/** One append to come: everything but sealing, ids of events and metadata. */
export type Draft = {
  readonly noun: Noun;
  /** Where it comes from, for a fault: `message 345`. */
  readonly origin: string;
  readonly to: StreamRef<AnyAggregate>;
  readonly expected: Expected;
  readonly commandId: string;
  /** The member or service account who acted; `system` where nobody did. */
  readonly actor: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly events: readonly AnyEmitted[];
};
