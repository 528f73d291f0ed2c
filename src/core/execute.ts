import type { ZodSafeParseResult } from 'zod';
import type { Catalogue } from './catalogue.ts';
import { type ClaimTools, claim, release } from './claims.ts';
import {
  type AnyAggregate,
  type AnyCommand,
  type AnyEmitted,
  at,
  type ClaimKind,
  type DecideContext,
  type InputOf,
  type Principal,
  type StreamRef,
  streamName,
} from './decider.ts';
import type { EventMetadata, NewEvent, Source, StoredEvent } from './event.ts';
import { type AppendOutcome, type EventLog, type Expected, NO_REVISION } from './event-log.ts';
import { commandIdOf, createdIdOf, eventIdOf } from './ids.ts';
import type { Cursor } from './position.ts';
import { Conflict, Rejection } from './rejection.ts';
import type { Sealing } from './sealing.ts';
import { createStates, type Loaded, type States } from './states.ts';

export type ExecuteOptions = {
  readonly actor: Principal;
  /** Repeating a command with the same key answers the first result. Without it every call is a new command. */
  readonly idempotencyKey?: string | undefined;
  /** The stream's revision that the caller saw; a stream that moved on since is a conflict. */
  readonly expectedRevision?: number | undefined;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** Other than NATIVE only for the seed, which may also date back. */
  readonly source?: Source;
  readonly occurredAt?: string;
};

export type Executed = {
  /** The entity's id. */
  readonly id: string;
  readonly commandId: string;
  /** The last event's place: of this command, or of the stream when nothing was to do. Null for a stream without events. */
  readonly last: Cursor | null;
  readonly revision: number;
  readonly events: number;
  readonly repeated: boolean;
};

export type Execute = <C extends AnyCommand>(
  command: C,
  input: InputOf<C>,
  options: ExecuteOptions,
) => Promise<Executed>;

/** The append may have happened: repeat the command with the same idempotency key. */
export class OutcomeUnknown extends Error {
  readonly code = 'OUTCOME_UNKNOWN';
  constructor() {
    super('It is not known whether this was stored: repeat it with the same idempotency key.');
    this.name = 'OutcomeUnknown';
  }
}

export type ExecuteTools = {
  readonly log: EventLog;
  readonly catalogue: Catalogue;
  readonly sealing: Sealing;
  readonly states?: States;
  readonly claims: Pick<ClaimTools, 'aggregates' | 'abandonment'>;
  readonly clock?: () => string;
};

const ATTEMPTS = 5;
const UNKNOWN_AFTER_MS = 10_000;

export const createExecute = (tools: ExecuteTools): Execute => {
  const {
    log,
    catalogue,
    sealing,
    states = createStates(log, catalogue),
    clock = () => new Date().toISOString(),
  } = tools;
  const hash = (kind: ClaimKind, key: string) => sealing.hash(kind, key);

  return async (command, input, options) => {
    const parsed = parse(command, input);
    const { actor } = options;
    const now = options.occurredAt ?? clock();
    const target = command.creates ? '' : command.id(parsed, { newId: '', actor });
    const commandId = commandIdOf(actor.memberId, command.type, options.idempotencyKey, target);
    const newId = createdIdOf(commandId);
    const id = command.id(parsed, { newId, actor });
    const ref: StreamRef<AnyAggregate> = at(command.aggregate, id);
    const stream = streamName(ref);
    const inputHash = sealing.hash('input', canonical(parsed));
    const metadata: EventMetadata = {
      actor: actor.memberId,
      occurredAt: now,
      commandId,
      inputHash,
      correlationId: options.correlationId ?? commandId,
      causationId: options.causationId ?? commandId,
      source: options.source ?? 'NATIVE',
    };

    const append = async (to: StreamRef<AnyAggregate>, expected: Expected, emitted: readonly AnyEmitted[]) => {
      await sealing.prepare(emitted.flatMap((event) => catalogue.subject(event) ?? []));
      const name = streamName(to);
      const events = emitted.map((event, n) =>
        catalogue.write(event, { id: eventIdOf(commandId, name, n), stream: name, metadata }),
      );
      const outcome = await settle(log, { commandId, inputHash, stream: name, expected, events });
      if (outcome.status === 'refused') throw new Rejection(outcome.code, outcome.message);
      if (outcome.status === 'appended') states.observe(stored(events, name, outcome));
      else states.forget(name);
      return outcome;
    };

    const repeat =
      options.idempotencyKey === undefined || command.beside
        ? null
        : await findRepeat(log, stream, commandId, inputHash);
    if (repeat) return { id, commandId, repeated: true, ...repeat };

    const claimTools: ClaimTools = { ...tools.claims, states, hash, append };
    let fresh = false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const own: Loaded<unknown> = command.creates ? NEW(command.aggregate) : await states.load(ref, { fresh });
      if (options.expectedRevision !== undefined && options.expectedRevision !== own.revision) {
        if (own.remembered) fresh = true;
        else throw new Conflict(stream, own.revision);
        continue;
      }
      const needs = await loadNeeds(states, command, parsed, actor, own.state, fresh);
      const context: DecideContext = { id, actor, now, needs: needs.states, hash };
      let emitted: readonly AnyEmitted[];
      try {
        emitted = command.decide(parsed, own.state, context as never);
      } catch (error) {
        // A no is never said from memory: another process may have made it a yes.
        if (!(error instanceof Rejection) || !(own.remembered || needs.remembered)) throw error;
        fresh = true;
        continue;
      }
      if (emitted.length === 0)
        return { id, commandId, last: own.last, revision: own.revision, events: 0, repeated: false };

      for (const wanted of command.claims?.(parsed, own.state) ?? []) await claim(claimTools, wanted, { id, stream });
      const outcome = await append(
        ref,
        command.creates ? 'none' : own.revision === NO_REVISION ? 'none' : own.revision,
        emitted,
      );
      if (outcome.status === 'conflict') {
        const first = command.creates ? await findRepeat(log, stream, commandId, inputHash) : null;
        if (first) return { id, commandId, repeated: true, ...first };
        if (command.creates) throw new Rejection('EXISTS_ALREADY', 'This exists already.');
        fresh = true;
        continue;
      }
      let { last } = settled(outcome);
      for (const { to, events } of command.beside?.(parsed, context) ?? []) {
        const beside = await append(to, 'none', events);
        if (beside.status !== 'conflict') ({ last } = settled(beside));
      }
      for (const given of command.releases?.(parsed, own.state) ?? []) await release(claimTools, given, id);
      const { revision, status } = settled(outcome);
      return { id, commandId, last, revision, events: emitted.length, repeated: status === 'duplicate' };
    }
    const { revision } = await states.load(ref, { fresh: true });
    throw new Conflict(stream, revision);
  };
};

const NEW = (aggregate: AnyAggregate): Loaded<unknown> => ({
  state: aggregate.initial,
  revision: NO_REVISION,
  last: null,
  remembered: false,
});

type Settled = Extract<AppendOutcome, { status: 'appended' | 'duplicate' }>;
const settled = (outcome: AppendOutcome) => outcome as Settled;

/** Sends an append until it has a definite answer; always the very same request. */
const settle = async (log: EventLog, request: Parameters<EventLog['append']>[0][number]): Promise<AppendOutcome> => {
  const deadline = Date.now() + UNKNOWN_AFTER_MS;
  for (;;) {
    const [outcome] = await log.append([request]);
    if (!outcome) throw new Error('The log settled fewer appends than it was given.');
    if (outcome.status !== 'unknown') return outcome;
    if (Date.now() > deadline) throw new OutcomeUnknown();
  }
};

const loadNeeds = async (
  states: States,
  command: AnyCommand,
  input: object,
  actor: Principal,
  state: unknown,
  fresh: boolean,
) => {
  let remembered = false;
  const load = async (refs: Readonly<Record<string, StreamRef<AnyAggregate> | null>>) => {
    const loaded = Object.entries(refs).map(async ([name, ref]) => {
      if (!ref) return [name, null];
      const one = await states.load(ref, { fresh });
      remembered ||= one.remembered;
      return [name, one.state];
    });
    return Object.fromEntries(await Promise.all(loaded)) as Record<string, never>;
  };
  const needs = await load(command.needs?.(input, { actor, state }) ?? {});
  const within = await load(command.within?.(needs, actor) ?? {});
  return { states: { ...needs, ...within }, remembered };
};

/** The first result of a command that was executed before; rejects the same command id with another input. */
const findRepeat = async (log: EventLog, stream: string, commandId: string, inputHash: string) => {
  const events = (await log.readStream(stream)).filter(({ metadata }) => metadata.commandId === commandId);
  const event = events.at(-1);
  if (!event) return null;
  if (event.metadata.inputHash !== inputHash)
    throw new Rejection('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used with another input: take a new key.', [
      'idempotencyKey',
    ]);
  return { last: { position: event.position, eventId: event.id }, revision: event.revision, events: events.length };
};

/** One's own events as they now stand in the log; only what folds of command state look at is exact. */
const stored = (events: readonly NewEvent[], stream: string, { last, revision }: Settled): StoredEvent[] =>
  events.map((event, n) => eventAt(event, stream, revision - events.length + 1 + n, last));

const eventAt = (event: NewEvent, stream: string, revision: number, { position }: Cursor): StoredEvent => ({
  ...event,
  stream,
  revision,
  position,
  recordedAt: event.metadata.occurredAt,
});

const parse = (command: AnyCommand, input: unknown) => {
  const result: ZodSafeParseResult<object> = command.input.safeParse(input);
  if (result.success) return result.data;
  const [first, ...others] = result.error.issues.map(({ message, path }) => ({ message, path: path.map(String) }));
  throw new Rejection(
    'INVALID_INPUT',
    first?.message ?? 'This input is not valid.',
    first?.path,
    others.map(({ message, path }) => new Rejection('INVALID_INPUT', message, path)),
  );
};

/** The same text for the same input, whatever the order of its fields. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
