import { type AnyAggregate, type AnyEmitted, at, type Claim, type ClaimKind, type StreamRef } from './decider.ts';
import type { AppendOutcome, Expected } from './event-log.ts';
import { Rejection } from './rejection.ts';
import type { States } from './states.ts';

type Held = { readonly ownerId: string; readonly ownerStream: string; readonly since: string } | null;

/** What claims need of the domain and of the command that makes them. */
export type ClaimTools = {
  readonly aggregates: Readonly<Record<ClaimKind, AnyAggregate>>;
  readonly states: States;
  readonly hash: (kind: ClaimKind, key: string) => string;
  /** The event that closes a stream which claimed keys and never began; null where that cannot happen. */
  readonly abandonment: (ownerStream: string) => AnyEmitted | null;
  readonly append: (
    to: StreamRef<AnyAggregate>,
    expected: Expected,
    events: readonly AnyEmitted[],
  ) => Promise<AppendOutcome>;
};

/** An owner that has not begun after this long never will. */
const ABANDONED_AFTER_MS = 60_000;

const streamOf = ({ aggregates, hash }: ClaimTools, { kind, key }: Claim) =>
  at(aggregates[kind], kind === 'slug' ? key : hash(kind, key));

/** Makes the key its owner's alone, or says whose it is by rejecting. A repeat finds its own claim. */
export const claim = async (tools: ClaimTools, wanted: Claim, owner: { id: string; stream: string }): Promise<void> => {
  const ref = streamOf(tools, wanted);
  const events = [{ type: 'KeyClaimed', data: { ownerId: owner.id, ownerStream: owner.stream } }];
  let expected: Expected = 'none';
  for (;;) {
    const outcome = await tools.append(ref, expected, events);
    if (outcome.status !== 'conflict') return;
    const { state, revision } = await tools.states.load(ref, { fresh: true });
    const held = state as Held;
    if (held?.ownerId === owner.id) return;
    if (held && !(await abandon(tools, held))) throw taken(wanted);
    expected = revision;
  }
};

/** Gives the key back, if it is the owner's. */
export const release = async (tools: ClaimTools, given: Claim, ownerId: string): Promise<void> => {
  const ref = streamOf(tools, given);
  const { state, revision } = await tools.states.load(ref, { fresh: true });
  if ((state as Held)?.ownerId === ownerId)
    await tools.append(ref, revision, [{ type: 'KeyReleased', data: { ownerId } }]);
};

/** True when the owner's stream never began and now never can: the key is free. */
const abandon = async ({ states, append, abandonment }: ClaimTools, { ownerStream, since }: NonNullable<Held>) => {
  const closing = abandonment(ownerStream);
  if (!closing || Date.now() - Date.parse(since) < ABANDONED_AFTER_MS) return false;
  const [category = '', ...id] = ownerStream.split('-');
  const owner = at({ category, events: {}, initial: null, evolve: {} } as AnyAggregate, id.join('-'));
  states.forget(ownerStream);
  return (await append(owner, 'none', [closing])).status !== 'conflict';
};

const taken = ({ kind }: Claim) =>
  new Rejection(
    `${kind.toUpperCase()}_TAKEN`,
    `This ${kind === 'email' ? 'e-mail address' : kind} belongs to somebody else already.`,
    [kind],
  );
