import type { AnyCommand, InputOf } from './decider.ts';
import type { EventDefinitions, EventFacts, FoldedData, FoldedEvent, Source } from './event.ts';
import {
  integer,
  last,
  nullable,
  type Operation,
  operationsOn,
  type Projection,
  tally,
  text,
  timestamp,
  uuid,
} from './projection.ts';
import type { Rejection } from './rejection.ts';

/**
 * A process is data: what it does about events, at once or at a set time, as pure maps from an event. It issues commands and
 * keeps no state but its timers, which are a table folded from the log like any read model.
 */

/** A command that a process gives. Its input stands in tables in clear: ids, times and kinds, never what somebody typed. */
export type Order = {
  /** The command's type. */
  readonly command: string;
  readonly input: object;
  /** The time of the business; without it, the moment at which it is given. What a timer gives has the timer's. */
  readonly occurredAt?: string;
};

export const order = <C extends AnyCommand>(command: C, input: InputOf<C>, occurredAt?: string): Order => ({
  command: command.type,
  input: input as object,
  ...(occurredAt !== undefined && { occurredAt }),
});

/** What an event does to the timers of a process. */
export type TimerChange =
  | { readonly op: 'set'; readonly name: string; readonly dueAt: string; readonly order: Order }
  | { readonly op: 'wait'; readonly name: string; readonly call: string; readonly order: Order }
  | { readonly op: 'stop'; readonly name: string }
  | { readonly op: 'call'; readonly call: string };

/** At that time the order is given. A timer of the same name that was set before is no more. */
export const set = (name: string, dueAt: string, order: Order): TimerChange => ({ op: 'set', name, dueAt, order });

/**
 * The order is given at each call, until it is stopped, and never by a clock: what one event does about many streams that it cannot
 * name (an archived community and its open promises). It is a timer like any other: set anew, or stopped, by its name.
 */
export const wait = (name: string, call: string, order: Order): TimerChange => ({ op: 'wait', name, call, order });

/** Makes a call: every order that waits for it by then is given, dated like this event. */
export const call = (call: string): TimerChange => ({ op: 'call', call });

/** What the timer waited for has happened, or is no longer to happen. */
export const stop = (name: string): TimerChange => ({ op: 'stop', name });

type Map<E extends EventDefinitions, R> = {
  readonly [T in keyof E & string]?: (data: FoldedData<E[T]>, event: EventFacts) => readonly R[];
};

export type ProcessOf<E extends EventDefinitions> = {
  readonly name: string;
  /** Raise it whenever `timers` changes: they are then folded anew. */
  readonly version: number;
  /** Where events that it does something about come from: NATIVE alone unless it says otherwise. */
  readonly sources?: readonly Source[];
  /** Every command that it gives. */
  readonly commands: readonly AnyCommand[];
  /** The timers that an event sets and stops. */
  readonly timers?: Map<E, TimerChange>;
  /** The commands that it gives at once when something has happened. */
  readonly reactions?: Map<E, Order>;
  /**
   * What is ordered instead of a command that a rule refused, so that people see what did not happen. Null only where it could
   * never be refused: the process then stands still and says so.
   */
  readonly onRejected: (order: Order, rejection: Rejection) => Order | null;
};

/** A process among others: its events are known only to itself. */
export type Process = Omit<ProcessOf<EventDefinitions>, 'timers' | 'reactions'> & {
  readonly timers?: Readonly<Record<string, Handler<TimerChange>>>;
  readonly reactions?: Readonly<Record<string, Handler<Order>>>;
};

type Handler<R> = (data: never, event: EventFacts) => readonly R[];

/** Declares a process over the events of `E`. */
export const defineProcess =
  <E extends EventDefinitions>() =>
  (process: ProcessOf<E>): Process =>
    process as Process;

/** Whether the process does something about an event, or passes it over as history that was told, not lived. */
export const concerns = ({ sources = ['NATIVE'] }: Process, { source }: Pick<EventFacts, 'source'>): boolean =>
  sources.includes(source);

export const reactionsTo = (process: Process, event: FoldedEvent): readonly Order[] =>
  concerns(process, event) ? (process.reactions?.[event.type]?.(event.data as never, event) ?? []) : [];

// A tally, because a timer may be stopped that was never set; the later event says when it is due, or for which call it waits.
const orderColumns = { command: text, input: text, by: uuid, n: integer, correlationId: text };
const tables = {
  timers: tally({
    key: { name: text },
    tuples: { set: last({ dueAt: nullable(timestamp), call: nullable(text), ...orderColumns }) },
    indexes: ['"setDueAt", "setPosition", "setN"', '"setCall" where "setCall" is not null'],
  }),
  calls: tally({ key: { call: text }, tuples: { made: last({}) } }),
};
const { keep, remove } = operationsOn(tables);

export type TimerTables = typeof tables;

export const projectionName = ({ name }: Pick<Process, 'name'>) => `process_${name}`;

/** The projection that keeps a process's timers; null for one that sets none. */
export const timersOf = (process: Process): Projection<TimerTables> | null => {
  const { timers, version } = process;
  if (!timers) return null;
  const handlers = Object.entries(timers).map(([type, handle]) => [
    type,
    (data: never, event: EventFacts) => operationsFor(process, handle(data, event), event),
  ]);
  return { name: projectionName(process), version, tables, on: Object.fromEntries(handlers) };
};

const operationsFor = (process: Process, changes: readonly TimerChange[], event: EventFacts): Operation[] =>
  changes.flatMap((change, n) => {
    if (change.op === 'stop') return [remove('timers', { name: change.name })];
    // A call ends something, like a stop: it is heard wherever it was told.
    if (change.op === 'call') return [keep('calls', { call: change.call }, 'made', event, {})];
    if (!concerns(process, event)) return [];
    const when = change.op === 'set' ? { dueAt: change.dueAt, call: null } : { dueAt: null, call: change.call };
    const { command, input } = change.order;
    const ordered = { command, input: JSON.stringify(input), by: event.id, n, correlationId: event.correlationId };
    return [keep('timers', { name: change.name }, 'set', event, { ...when, ...ordered })];
  });
