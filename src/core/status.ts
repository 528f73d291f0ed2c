import type { Reached } from './consistency.ts';
import type { LogCapabilities } from './event-log.ts';
import { type Cursor, START } from './position.ts';
import type { Projection } from './projection.ts';
import { fits } from './table-shape.ts';
import type { Checkpoint } from './table-store.ts';

/**
 * `building`: nothing is served yet, or an older version. `superseded`: what is served was made by a program with another version, and this
 * one cannot read it; what this one read before stands still.
 */
export type ProjectionState = 'following' | 'catching up' | 'building' | 'halted' | 'superseded';

/** Whether it goes on only after somebody has done something. */
export const standsStill = ({ state }: { readonly state: string }): boolean =>
  state === 'halted' || state === 'superseded';

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

/** What a process knows by itself about a projection; `reached` is how far what it can read has come. */
export type Known = {
  readonly fault: string | null;
  readonly eventsPerSecond: number;
  readonly reached: Reached | null;
};

/** Whether what is served was made by a program that knows another version or other tables, and not by an older one. */
export const isSuperseded = (projection: Projection, served: Checkpoint | undefined): boolean =>
  served !== undefined && served.version >= projection.version && !fits(projection, served);

/** Why a projection cannot go on with what is served. */
export const misfit = ({ name, version }: Projection, served: Checkpoint): string =>
  served.version > version
    ? `Version ${served.version} of "${name}" is served, and this program knows version ${version}: stop it where a newer one has taken over, ` +
      `or, to go back to this version for good, run \`palabre projections rebuild ${name}\` with it.`
    : `The tables of "${name}" were changed, but its version is still ${version}: raise the version, or make them anew with \`palabre projections rebuild ${name}\`.`;

export const statusOf = (
  projection: Projection,
  served: Checkpoint | undefined,
  head: Cursor,
  { densePositions }: LogCapabilities,
  { fault: known, eventsPerSecond, reached }: Known,
): ProjectionStatus => {
  const superseded = isSuperseded(projection, served);
  const standing = superseded ? reached : served && { ...served.cursor, recordedAt: served.recordedAt };
  const cursor = standing ?? START;
  const recordedAt = standing?.recordedAt;
  const isLevel = cursor.position >= head.position;
  const fault = superseded && served ? misfit(projection, served) : (served?.halt?.message ?? known);
  const readable = served !== undefined && fits(projection, served);
  return {
    name: projection.name,
    version: served?.version ?? projection.version,
    generation: served?.generation ?? null,
    state: superseded
      ? 'superseded'
      : fault !== null
        ? 'halted'
        : !readable
          ? 'building'
          : isLevel
            ? 'following'
            : 'catching up',
    cursor: { position: cursor.position, eventId: cursor.eventId },
    head,
    lagEvents: densePositions ? Math.max(0, Number(head.position - cursor.position)) : null,
    lagSeconds: isLevel || !recordedAt ? 0 : Math.max(0, (Date.now() - Date.parse(recordedAt)) / 1_000),
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
