import type { EventLog } from './event-log.ts';
import type { Feeds } from './feed.ts';
import type { ReadEvent } from './fold-event.ts';
import { type Changed, follow } from './follower.ts';
import type { Leases } from './leases.ts';
import { patiently, pause } from './patience.ts';
import type { Cursor } from './position.ts';
import type { Projection } from './projection.ts';
import { definitionOf } from './table-shape.ts';
import type { Checkpoint, TableStore } from './table-store.ts';

export type Leading = {
  readonly log: EventLog;
  readonly store: TableStore;
  readonly leases: Leases;
  readonly feeds: Feeds;
  readonly read: ReadEvent;
  /** Builds and serves what is not served, or in an older version. */
  readonly rebuild: (projection: Projection, signal: AbortSignal) => Promise<void>;
  /** What is served, as soon as it is known. */
  readonly onServed: (checkpoint: Checkpoint) => void;
  readonly onApplied: (projection: string, cursor: Cursor, events: number, changed: Changed) => void;
  readonly onHalt: (projection: string, message: string) => void;
  readonly onTrouble: (error: unknown) => void;
};

const LOOK_AGAIN = 500;

/** Keeps one projection level with the log, as long as no other process does: waits for the lease, leads, and begins again. */
export const lead = async (leading: Leading, projection: Projection, stop: AbortSignal): Promise<void> => {
  const { leases, onTrouble } = leading;
  while (!stop.aborted) {
    const lease = await leases.wait(projection.name, stop);
    if (!lease) return;
    try {
      await leadWith(leading, projection, lease.epoch, AbortSignal.any([stop, lease.lost]), { stop, lost: lease.lost });
    } catch (error) {
      if (!stop.aborted) onTrouble(error);
      await pause(LOOK_AGAIN, stop);
    } finally {
      await leases.release(projection.name);
    }
  }
};

const leadWith = async (
  leading: Leading,
  projection: Projection,
  epoch: number,
  ending: AbortSignal,
  { stop, lost }: { stop: AbortSignal; lost: AbortSignal },
) => {
  const { store, log, feeds, read, onTrouble } = leading;
  const { name } = projection;
  while (!ending.aborted) {
    const served = await patiently(() => store.adopt(name, epoch), { signal: ending, onTrouble });
    if (served === 'lost') return;
    if (!served || served.version < projection.version) {
      await leading.rebuild(projection, ending);
      continue;
    }
    leading.onServed(served);
    const obstacle = obstacleTo(projection, served) ?? served.halt?.message;
    if (obstacle) {
      leading.onHalt(name, obstacle);
      await untilServedAnew(leading, served, ending);
      continue;
    }
    const ended = await follow(
      {
        log,
        store,
        feeds,
        projection,
        read,
        epoch,
        stop,
        lost,
        onTrouble,
        onApplied: (cursor, events, _recordedAt, changed) => leading.onApplied(name, cursor, events, changed),
        onHalt: ({ message }) => leading.onHalt(name, message),
      },
      served,
    );
    if (ended === 'halted') await untilServedAnew(leading, served, ending);
    else if (ended !== 'moved') return;
  }
};

/** Why a projection cannot go on with what is served; null where it can. */
const obstacleTo = (projection: Projection, served: Checkpoint): string | null => {
  if (served.version > projection.version)
    return `Version ${served.version} of "${projection.name}" is served, this program knows version ${projection.version}: run the newer program.`;
  if (served.definition !== definitionOf(projection))
    return `The tables of "${projection.name}" are declared otherwise than when version ${served.version} was built: raise its version.`;
  return null;
};

/** A projection that stands still goes on when somebody has rebuilt it. */
const untilServedAnew = async (
  { store, onTrouble }: Leading,
  { projection, generation }: Checkpoint,
  signal: AbortSignal,
) => {
  while (!signal.aborted) {
    await pause(LOOK_AGAIN, signal);
    const served = await store.served([projection]).catch((error: unknown) => onTrouble(error));
    if (served && served.get(projection)?.generation !== generation) return;
  }
};
