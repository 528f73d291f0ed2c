import { createWatermarks } from './consistency.ts';
import { type AnyCommand, SYSTEM } from './decider.ts';
import type { StoredEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import type { Execute } from './execute.ts';
import type { ReadEvent } from './fold-event.ts';
import { FIRST_PAUSE, LONGEST_PAUSE, patiently, pause } from './patience.ts';
import { type Cursor, CursorError } from './position.ts';
import { type Order, type Process, projectionName, reactionsTo } from './process.ts';
import type { ProcessBeginning, ProcessStore, Timer } from './process-store.ts';
import type { ReadModels } from './read-models.ts';
import { Rejection } from './rejection.ts';

export type Running = {
  readonly log: Pick<EventLog, 'head' | 'verify' | 'subscribe'>;
  readonly execute: Execute;
  readonly read: ReadEvent;
  readonly store: ProcessStore;
  readonly readModels: Pick<ReadModels, 'waitFor' | 'schemaOf' | 'onAdvance'>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  onTrouble(error: unknown): void;
  /** Why it stands still; null when it goes on. */
  onFault(process: Process, fault: string | null): void;
};

/** What happened just before a timer's time may still be on its way into the log: it gets a moment. */
const GRACE = 100;
/** A clock that was set, or a machine that slept, is noticed after so long. */
const LONGEST_NAP = 500;
const SAVE_EVERY = 1_000;
const AT_ONCE = 100;
/** An outage is waited through in silence so many times. */
const QUIET_TRIES = 3;

/** Runs a process for as long as its lease is ours: one by one, whatever it has to do, each command once. */
export const runProcess = async (running: Running, process: Process, ending: AbortSignal): Promise<void> => {
  const { log, store, onTrouble } = running;
  const patient = <R>(run: () => Promise<R>) => patiently(run, { signal: ending, onTrouble });
  const { cursor, ...beginning } = await patient(async () =>
    store.begin(process.name, await log.head(), new Date(running.clock())),
  );
  try {
    await log.verify(cursor);
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    return standStill(running, process, `it has followed another log than this one (${error.message})`, ending);
  }
  running.onFault(process, null);
  // One failing part ends the other: the lease is then given back, and somebody begins anew.
  const failing = new AbortController();
  const signal = AbortSignal.any([ending, failing.signal]);
  const reached = createWatermarks();
  const parts = [react(running, process, cursor, reached, signal)];
  if (process.timers) parts.push(fireTimers(running, process, beginning, reached, signal));
  const results = await Promise.allSettled(
    parts.map((part) =>
      part.catch((error) => {
        failing.abort();
        throw error;
      }),
    ),
  );
  reached.close();
  for (const result of results) if (result.status === 'rejected' && !ending.aborted) throw result.reason;
};

const standStill = async ({ onFault }: Running, process: Process, fault: string, ending: AbortSignal) => {
  onFault(process, fault);
  while (!ending.aborted) await pause(LONGEST_PAUSE, ending);
};

const REACTIONS = 'reactions';
type Reached = ReturnType<typeof createWatermarks>;

/** Reads the log from where the process is; the place moves once everything about an event was done. */
const react = async (running: Running, process: Process, from: Cursor, reached: Reached, signal: AbortSignal) => {
  const { log, store, read, onTrouble } = running;
  const types = Object.keys(process.reactions ?? {});
  let at = from;
  let saved = from;
  let isDue = false;
  const save = async () => {
    const to = at;
    if (to.position === saved.position) return;
    await patiently(() => store.advance(process.name, to), { signal, onTrouble });
    saved = to;
  };
  const keepSaving = async () => {
    for (; !signal.aborted; await pause(SAVE_EVERY, signal)) await save();
  };
  const saving = keepSaving().catch(() => {});
  reached.advance(REACTIONS, from);

  for await (const { events, cursor } of log.subscribe({ after: from, filter: { types }, signal })) {
    for (const stored of events) {
      const orders = ordersFor(process, stored, read);
      if (orders instanceof Error) return standStill(running, process, orders.message, signal);
      const { correlationId } = stored.metadata;
      for (const [n, order] of orders.entries()) {
        const given = { key: keyOf(process, 'reaction', stored.id, n), setBy: stored.id, correlationId };
        if (!(await give(running, process, order, given, signal))) return;
        isDue = true;
      }
    }
    at = cursor;
    if (isDue) await save();
    isDue = false;
    reached.advance(REACTIONS, cursor);
  }
  await saving;
};

/** What is to be done about an event, or why nobody can tell. */
const ordersFor = (process: Process, stored: StoredEvent, read: ReadEvent): readonly Order[] | Error => {
  try {
    const event = read(stored);
    return event ? reactionsTo(process, event) : [];
  } catch (cause) {
    return new Error(`event ${stored.id} (${stored.type}): ${(cause as Error).message}`, { cause });
  }
};

/**
 * Gives what the timers order, by their due times. A timer fires only after its process has applied the log up to an end that
 * was read after the due time: whatever lag or pause there was, what happened in time has stopped it by then.
 */
const fireTimers = async (
  running: Running,
  process: Process,
  beginning: ProcessBeginning,
  reached: Reached,
  signal: AbortSignal,
) => {
  const { log, store, readModels, clock, onTrouble } = running;
  const name = projectionName(process);
  const patient = <R>(run: () => Promise<R>) => patiently(run, { signal, onTrouble });
  let changed = true;
  let wake = () => {};
  const unsubscribe = readModels.onAdvance(({ projection, changed: rows }) => {
    if (projection !== name || !(isChanged(rows.get('timers')) || isChanged(rows.get('calls')))) return;
    changed = true;
    wake();
  });
  const look = () =>
    patient(() => {
      const schema = readModels.schemaOf(name);
      return schema ? store.timers(process.name, schema, beginning, AT_ONCE) : Promise.resolve([]);
    });
  const isDue = ({ dueAt }: Timer, now: number) => Date.parse(dueAt) + GRACE <= now;
  try {
    await patient(async () => {
      const schema = readModels.schemaOf(name);
      if (schema) await store.tidy(process.name, schema);
    });
    let waiting: Timer[] = [];
    while (!signal.aborted) {
      if (changed) {
        changed = false;
        waiting = await look();
      }
      const now = clock();
      const [next] = waiting;
      if (!next || !isDue(next, now)) {
        const left = next ? Date.parse(next.dueAt) + GRACE - now : LONGEST_NAP;
        const woken = new AbortController();
        wake = () => woken.abort();
        if (!changed) await pause(Math.min(left, LONGEST_NAP), AbortSignal.any([signal, woken.signal]));
        continue;
      }
      const head = await patient(() => log.head());
      if (!(await isLevel(readModels, name, reached, head, signal))) continue;
      for (const timer of (await look()).filter((timer) => isDue(timer, now))) {
        const called = timer.calledAt === 0n ? '' : `/${timer.calledAt}`;
        const given = { key: `${keyOf(process, 'timer', timer.setBy, timer.n)}${called}`, ...timer };
        const order = { ...timer, occurredAt: timer.dueAt };
        if (!(await give(running, process, order, given, signal))) return;
        await patient(() => store.settle(process.name, timer));
      }
      changed = true;
    }
  } finally {
    unsubscribe();
  }
};

const isChanged = (rows: readonly unknown[] | null | undefined) => rows === null || (rows?.length ?? 0) > 0;

const isLevel = async (
  readModels: Running['readModels'],
  projection: string,
  reached: Reached,
  head: Cursor,
  signal: AbortSignal,
) => {
  const patience = { signal, timeoutMs: LONGEST_PAUSE };
  const [timers, reactions] = await Promise.all([
    readModels.waitFor([projection], head, patience),
    reached.wait([REACTIONS], head, patience),
  ]);
  if (timers === 'halted') await pause(LONGEST_NAP, signal);
  return timers === 'reached' && reactions === 'reached';
};

const keyOf = ({ name }: Process, by: 'reaction' | 'timer', eventId: string, n: number) =>
  `${name}/${by}/${eventId}/${n}`;

type Given = { readonly key: string; readonly setBy: string; readonly correlationId: string };

/**
 * Gives a command until it is done, for as long as it takes; false when the signal aborts first. The command's id follows from
 * the key, so that giving it again after a crash changes nothing.
 */
const give = async (
  running: Running,
  process: Process,
  first: Order,
  { key, setBy, correlationId }: Given,
  signal: AbortSignal,
): Promise<boolean> => {
  let order = first;
  let idempotencyKey = key;
  let stands = false;
  for (let tries = 1, wait = FIRST_PAUSE; ; tries++, wait = Math.min(2 * wait, LONGEST_PAUSE)) {
    if (signal.aborted) return false;
    try {
      const { input, occurredAt } = order;
      await running.execute(commandOf(process, order), input as never, {
        actor: SYSTEM,
        idempotencyKey,
        causationId: setBy,
        correlationId,
        ...(occurredAt !== undefined && { occurredAt }),
      });
      if (stands) running.onFault(process, null);
      return true;
    } catch (error) {
      const rejected = error instanceof Rejection;
      const instead = rejected && order === first ? process.onRejected(order, error) : null;
      if (instead) {
        order = { occurredAt: first.occurredAt, ...instead } as Order;
        idempotencyKey = `${key}/rejected`;
        continue;
      }
      running.onTrouble(error);
      if (rejected || tries > QUIET_TRIES) {
        stands = true;
        running.onFault(process, `${order.command}, because of event ${setBy}: ${(error as Error).message}`);
      }
      await pause(wait, signal);
    }
  }
};

const commandOf = ({ name, commands }: Process, { command: type }: Order): AnyCommand => {
  const command = commands.find((each) => each.type === type);
  if (!command) throw new Error(`The process "${name}" orders ${type}, which is not among its commands.`);
  return command;
};
