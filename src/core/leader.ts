import type { Reached } from './consistency.ts';
import type { EventLog } from './event-log.ts';
import type { Feeds } from './feed.ts';
import type { ReadEvent } from './fold-event.ts';
import { type Changed, follow } from './follower.ts';
import type { Leases } from './leases.ts';
import type { Marks } from './marks.ts';
import { patiently, pause } from './patience.ts';
import type { Projection } from './projection.ts';
import { misfit } from './status.ts';
import { fits } from './table-shape.ts';
import type { Checkpoint, TableStore } from './table-store.ts';

export type Leading = {
  readonly log: EventLog;
  readonly store: TableStore;
  readonly leases: Leases;
  readonly feeds: Feeds;
  readonly marks: Marks;
  readonly read: ReadEvent;
  /** Builds and serves what is not served, or in an older version; answers why it could not. */
  ensureServed(projection: Projection): Promise<Error | undefined>;
  /** What is led from now on. */
  onServed(projection: Projection, checkpoint: Checkpoint): void;
  onApplied(projection: Projection, reached: Reached, events: number, changed: Changed): void;
  onHalt(projection: Projection, message: string): void;
  /** It may be led by another process from now on. */
  onLost(projection: Projection): void;
  onTrouble(error: unknown): void;
};

const LOOK_AGAIN = 500;
/** What moved is looked at again without haste: an owner that always comes second must not spin. */
const BREATH = 20;

/** Keeps one projection level with the log, as long as no other process does: waits for the lease, leads, and begins again. */
export const lead = async (leading: Leading, projection: Projection, stop: AbortSignal): Promise<void> => {
  const { leases, onTrouble } = leading;
  while (!stop.aborted) {
    const lease = await leases.wait(projection.name, stop);
    if (!lease) return;
    let stuck: Checkpoint | null = null;
    try {
      stuck = await leadWith(leading, projection, lease.epoch, { stop, lost: lease.lost });
    } catch (error) {
      if (!stop.aborted) onTrouble(error);
      await pause(LOOK_AGAIN, stop);
    } finally {
      leading.onLost(projection);
      await leases.release(projection.name);
    }
    // Without the lease: a program that knows what is served shall have it.
    if (stuck) await untilServedAnew(leading, stuck, stop);
  }
};

/** Leads until stopped or robbed (null), or answers what is served and not to be led by this program. */
const leadWith = async (
  leading: Leading,
  projection: Projection,
  epoch: number,
  { stop, lost }: { stop: AbortSignal; lost: AbortSignal },
): Promise<Checkpoint | null> => {
  const { store, onTrouble } = leading;
  const ending = AbortSignal.any([stop, lost]);
  while (!ending.aborted) {
    const served = await patiently(() => store.adopt(projection.name, epoch), { signal: ending, onTrouble });
    if (served === 'lost') return null;
    if (!served || served.version < projection.version) {
      const obstacle = await leading.ensureServed(projection);
      if (!obstacle) continue;
      leading.onHalt(projection, obstacle.message);
      if (!served) throw obstacle;
      return served;
    }
    if (!fits(projection, served)) {
      leading.onHalt(projection, misfit(projection, served));
      return served;
    }
    leading.onServed(projection, served);
    const ended = await follow(
      {
        ...leading,
        projection,
        epoch,
        stop,
        lost,
        onApplied: (reached, events, changed) => leading.onApplied(projection, reached, events, changed),
        onHalt: ({ message }) => leading.onHalt(projection, message),
      },
      served,
    );
    // It keeps the lease: another process would halt at the same event.
    if (ended === 'halted') await untilServedAnew(leading, served, ending);
    else if (ended !== 'moved') return null;
    else await pause(BREATH, ending);
  }
  return null;
};

/** What stands still goes on when somebody has rebuilt or dropped it. */
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
