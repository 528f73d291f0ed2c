import type { LogCapabilities } from './event-log.ts';
import { type Cursor, START } from './position.ts';
import type { Projection } from './projection.ts';
import { fits } from './table-shape.ts';
import type { Checkpoint } from './table-store.ts';

/** `building`: nothing that this program could read is served yet. */
export type ProjectionState = 'following' | 'catching up' | 'building' | 'halted';

/** How a projection stands, for operators. */
export type ProjectionStatus = {
  readonly name: string;
  /** The version that is served, or the one that this program knows when none is. */
  readonly version: number;
  /** Null when none is served. */
  readonly generation: number | null;
  readonly state: ProjectionState;
  /** The last applied event. */
  readonly cursor: Cursor;
  readonly head: Cursor;
  /** How many events it is behind; null where the log cannot tell. */
  readonly lagEvents: number | null;
  /** How long ago the last applied event was recorded, in seconds, while others wait behind it; 0 when level. */
  readonly lagSeconds: number;
  /** What this process applied over the last ten seconds. */
  readonly eventsPerSecond: number;
  /** Operations that met no row. */
  readonly missed: number;
  /** Why it stands still. */
  readonly fault: string | null;
  /** The database session that leads it, for people to read; null when nobody does. */
  readonly owner: string | null;
};

/** What a process knows by itself about a projection. */
export type Known = { readonly fault: string | null; readonly eventsPerSecond: number };

export const statusOf = (
  projection: Projection,
  served: Checkpoint | undefined,
  head: Cursor,
  { densePositions }: LogCapabilities,
  { fault: known, eventsPerSecond }: Known,
): ProjectionStatus => {
  const cursor = served?.cursor ?? START;
  const isLevel = cursor.position >= head.position;
  const fault = served?.halt?.message ?? known;
  const readable = served !== undefined && fits(projection, served);
  return {
    name: projection.name,
    version: served?.version ?? projection.version,
    generation: served?.generation ?? null,
    state: fault !== null ? 'halted' : !readable ? 'building' : isLevel ? 'following' : 'catching up',
    cursor,
    head,
    lagEvents: densePositions ? Math.max(0, Number(head.position - cursor.position)) : null,
    lagSeconds: isLevel || !served?.recordedAt ? 0 : Math.max(0, (Date.now() - Date.parse(served.recordedAt)) / 1_000),
    eventsPerSecond,
    missed: served?.missed ?? 0,
    fault,
    owner: served?.owner ?? null,
  };
};

const WINDOW = 10_000;
const KEPT = 1_000;

/** Counts events over the last ten seconds. */
export const createPace = () => {
  let counts: { readonly at: number; readonly events: number }[] = [];
  const recent = () => counts.filter(({ at }) => performance.now() - at < WINDOW);
  return {
    count(events: number) {
      counts.push({ at: performance.now(), events });
      if (counts.length > 2 * KEPT) counts = recent().slice(-KEPT);
    },
    perSecond(): number {
      const window = recent();
      const seconds = Math.max(1, (performance.now() - (window[0]?.at ?? 0)) / 1_000);
      return Math.round(window.reduce((sum, { events }) => sum + events, 0) / seconds);
    },
  };
};
