import { expect } from 'vitest';
import {
  type Answer,
  type AnyAggregate,
  type AnyCommand,
  type AnyEmitted,
  type InputOf,
  type Principal,
  type StreamRef,
  streamName,
} from '../../src/core/decider.ts';
import type { EventFacts } from '../../src/core/event.ts';
import { Rejection } from '../../src/core/rejection.ts';
import type { Opened } from '../../src/core/sealing.ts';

/** An event that has happened, in its stream. */
export type Told = {
  readonly to: StreamRef<AnyAggregate>;
  readonly type: string;
  readonly data: object;
  /** What else is known of it: its own id, where it came from. */
  readonly facts?: Partial<EventFacts>;
};

/** The id of what a command creates, in these stories. */
export const NEW_ID = '00000000-0000-4000-8000-0000000000ff';

/** What a command is told beside the streams: by a read model that it asks, and by a sealed text that it opens. */
export type Known = { readonly answer?: Answer | null; readonly opened?: Opened | null };

/** What has happened; then, what somebody asks; then, what follows. */
export const given = (...past: readonly Told[]) => ({
  when: <C extends AnyCommand>(command: C, input: InputOf<C>, actor: Principal, known: Known = {}) => ({
    /** Exactly these events, in this order; of their data, at least what is said here. */
    yields: (...expected: readonly { type: string; data?: object; personal?: object }[]) =>
      expect(decide(past, command, input, actor, known)).toMatchObject(expected),
    rejects: (code: string) => {
      const decided = () => decide(past, command, input, actor, known);
      expect(decided).toThrow(Rejection);
      expect(decided).toThrow(expect.objectContaining({ code }));
    },
  }),
});

const decide = (
  past: readonly Told[],
  command: AnyCommand,
  input: object,
  actor: Principal,
  { answer = null, opened = null }: Known,
): readonly AnyEmitted[] => {
  const asked = command.input.parse(input);
  const id = command.id(asked, { newId: NEW_ID, actor });
  const state = fold(past, { aggregate: command.aggregate, id });
  const needs = foldAll(past, command.needs?.(asked, { actor, state }) ?? {});
  const within = foldAll(past, command.within?.(needs, actor, asked) ?? {});
  const hash = (kind: string, key: string) => `hash of ${kind} ${key}`;
  return command.decide(asked, state, {
    id,
    newId: NEW_ID,
    actor,
    now: '2026-01-01T00:00:00.000Z',
    needs: { ...needs, ...within },
    hash,
    answer,
    opened,
  });
};

const NATIVE = { recordedAt: '2026-01-01T00:00:00.000Z', source: 'NATIVE' } as const;

type Refs = Readonly<Record<string, StreamRef<AnyAggregate> | null>>;

const foldAll = (past: readonly Told[], refs: Refs) =>
  Object.fromEntries(Object.entries(refs).map(([name, ref]) => [name, ref && fold(past, ref)]));

/** The state of one stream after what has happened in it. */
const fold = (past: readonly Told[], ref: StreamRef<AnyAggregate>): unknown =>
  past
    .filter(({ to }) => streamName(to) === streamName(ref))
    .reduce((state, { type, data, facts }) => {
      const evolve = ref.aggregate.evolve[type];
      if (!evolve) throw new Error(`${ref.aggregate.category} knows no ${type}.`);
      return evolve(state, data as never, { ...NATIVE, ...facts } as EventFacts);
    }, ref.aggregate.initial);
