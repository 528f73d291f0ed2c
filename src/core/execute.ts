import type { Catalogue } from './catalogue.ts';
import { type ClaimTools, claim, release } from './claims.ts';
import { createAppend, findRepeat, OutcomeUnknown, type Repeat } from './command-append.ts';
import { canonical, readInput } from './command-input.ts';
import {
  type Answer,
  type AnyAggregate,
  type AnyCommand,
  type AnyEmitted,
  at,
  type ClaimKind,
  type DecideContext,
  type InputOf,
  type Principal,
  type Question,
  type StreamRef,
  streamName,
} from './decider.ts';
import type { EventMetadata, Source } from './event.ts';
import { type EventLog, NO_REVISION } from './event-log.ts';
import { commandIdOf, createdIdOf } from './ids.ts';
import type { Cursor } from './position.ts';
import { Conflict, Rejection } from './rejection.ts';
import type { Sealing } from './sealing.ts';
import { createStates, foldStream, type Loaded, type States } from './states.ts';

export { OutcomeUnknown };

export type ExecuteOptions = {
  readonly actor: Principal;
  /** Repeating a command with the same key answers the first result. Without it every call is a new command. */
  readonly idempotencyKey?: string | undefined;
  /** The stream's revision that the caller saw; a stream that moved on since is a conflict. */
  readonly expectedRevision?: number | undefined;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** Other than NATIVE only for the seed. */
  readonly source?: Source;
  /** Now, unless it is the seed's, or a process's whose time had come. */
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

/**
 * Executes a command: answers once it is stored. Throws `Rejection` when a rule says no, `Conflict` for a race that was lost
 * several times or for a stream that is not at `expectedRevision`, `OutcomeUnknown` when the log gave no definite answer.
 */
export type Execute = <C extends AnyCommand>(
  command: C,
  input: InputOf<C>,
  options: ExecuteOptions,
) => Promise<Executed>;

export type ExecuteTools = {
  readonly log: EventLog;
  readonly catalogue: Catalogue;
  readonly sealing: Sealing;
  readonly states?: States;
  readonly claims: Pick<ClaimTools, 'aggregates' | 'abandonment'>;
  readonly clock?: () => string;
  /** Asks a read model, for a bounded time; null where it does not know by then. */
  readonly ask?: (question: Question) => Promise<Answer | null>;
  /** How long an append without a definite answer is repeated before `OutcomeUnknown`. */
  readonly patienceMs?: number;
};

const ATTEMPTS = 5;
/** With what the log itself waits, less than an operation may take (EXECUTION_MS): whoever asked hears what is the matter. */
const UNKNOWN_AFTER_MS = 3_000;

export const createExecute = (tools: ExecuteTools): Execute => {
  const { log, catalogue, sealing, patienceMs = UNKNOWN_AFTER_MS } = tools;
  const { states = createStates(log, catalogue), clock = () => new Date().toISOString() } = tools;
  const hash = (kind: ClaimKind, key: string) => sealing.hash(kind, key);

  return async (command, given, options) => {
    const input = readInput(command, given);
    const { actor, idempotencyKey } = options;
    const target = command.id(input, { newId: '', actor });
    const commandId = commandIdOf(actor.memberId, command.type, idempotencyKey, target);
    const newId = createdIdOf(commandId);
    const id = command.id(input, { newId, actor });
    const ref: StreamRef<AnyAggregate> = at(command.aggregate, id);
    const stream = streamName(ref);
    const metadata: EventMetadata = {
      actor: actor.memberId,
      occurredAt: options.occurredAt ?? clock(),
      commandId,
      inputHash: sealing.hash('input', canonical(input)),
      correlationId: options.correlationId ?? commandId,
      causationId: options.causationId ?? commandId,
      source: options.source ?? 'NATIVE',
    };
    const context = { id, newId, actor, now: metadata.occurredAt, hash, answer: null, opened: null };
    const append = createAppend({ log, catalogue, sealing, states, patienceMs }, metadata);
    const claims: ClaimTools = { ...tools.claims, states, hash, clock, commandId, append };

    const destroyKeys = async (state: unknown) => {
      for (const subject of command.destroys?.(input, state) ?? []) await sealing.destroy(subject);
    };

    /** What comes after the entity's own events. All of it is harmless when done again, so a repeat makes up what is missing. */
    const finish = async (done: Omit<Repeat, 'before'>, before: unknown, repeated: boolean): Promise<Executed> => {
      let { last } = done;
      for (const { to, events, orElse } of command.beside?.(input, { ...context, needs: {} }) ?? []) {
        const outcome = await append(to, 'none', events);
        const done = outcome.status === 'conflict' ? await findRepeat(log, streamName(to), metadata) : outcome;
        if (!done && orElse) throw orElse;
        last = done?.last ?? last;
      }
      await destroyKeys(before);
      for (const key of command.releases?.(input, before) ?? []) await release(claims, key, id, done.first.position);
      return { id, commandId, last, revision: done.revision, events: done.events, repeated };
    };

    const repeat = async (): Promise<Executed | null> => {
      const found = await findRepeat(log, stream, metadata);
      return found && finish(found, foldStream(command.aggregate, found.before, catalogue).state, true);
    };

    // What begins a stream without claiming a key needs no look-up: the log knows the command, or refuses a second beginning.
    if (idempotencyKey !== undefined && !(command.creates && !command.claims)) {
      const repeated = await repeat();
      if (repeated) return repeated;
    }

    let fresh = false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const own = command.creates ? NOTHING_YET(command.aggregate) : await states.load(ref, { fresh });
      const needs = await loadNeeds(states, command, input, actor, own.state, fresh);
      const question = command.asks?.(input, needs.states, actor, own.state) ?? null;
      const answer = question && tools.ask ? await tools.ask(question) : null;
      const sealed = command.opens?.(needs.states, own.state) ?? null;
      const opened = sealed && (await sealing.open(sealed));
      const known = { ...context, needs: needs.states, answer, opened };
      const { emitted, no } = decide(stream, command, input, own, known, options);
      if (emitted.length === 0) {
        // Neither a no nor "it is so already" is said from memory: another process may know better.
        if (own.remembered || needs.remembered) {
          fresh = true;
          continue;
        }
        // The same command may have run beside this one, and what it has changed is why there is nothing to do.
        const repeated = idempotencyKey === undefined ? null : await repeat();
        if (repeated) return repeated;
        if (no) throw no;
        await destroyKeys(own.state);
        return { id, commandId, last: own.last, revision: own.revision, events: 0, repeated: false };
      }

      for (const wanted of command.claims?.(input, own.state) ?? []) await claim(claims, wanted, { id, stream });
      const outcome = await append(ref, own.revision === NO_REVISION ? 'none' : own.revision, emitted);
      if (outcome.status !== 'conflict')
        return finish({ ...outcome, events: emitted.length }, own.state, outcome.status === 'duplicate');
      if (command.creates) {
        const repeated = await repeat();
        if (repeated) return repeated;
        throw new Rejection('EXISTS_ALREADY', 'This exists already, or was given up: begin anew with another key.');
      }
      fresh = true;
    }
    const { revision } = await states.load(ref, { fresh: true });
    throw new Conflict(stream, revision);
  };
};

const NOTHING_YET = (aggregate: AnyAggregate): Loaded<unknown> => ({
  state: aggregate.initial,
  revision: NO_REVISION,
  last: null,
  remembered: false,
});

type Decision = { readonly emitted: readonly AnyEmitted[]; readonly no: Rejection | Conflict | null };

/** The events that follow from the command, or the reason why none do. */
const decide = (
  stream: string,
  command: AnyCommand,
  input: object,
  { state, revision }: Loaded<unknown>,
  context: DecideContext,
  { expectedRevision }: ExecuteOptions,
): Decision => {
  if (expectedRevision !== undefined && expectedRevision !== revision)
    return { emitted: [], no: new Conflict(stream, revision) };
  try {
    return { emitted: command.decide(input, state, context as never), no: null };
  } catch (error) {
    if (error instanceof Rejection) return { emitted: [], no: error };
    throw error;
  }
};

/** The other streams that a decision looks at, folded. */
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
  const within = await load(command.within?.(needs, actor, input) ?? {});
  return { states: { ...needs, ...within }, remembered };
};
