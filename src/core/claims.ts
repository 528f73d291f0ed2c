import type { Append } from './command-append.ts';
import { type AnyAggregate, type AnyEmitted, at, type Claim, type ClaimKind, type StreamRef } from './decider.ts';
import type { Expected } from './event-log.ts';
import type { Position } from './position.ts';
import { Conflict, Rejection } from './rejection.ts';
import type { States } from './states.ts';

type Held = {
  readonly ownerId: string;
  readonly ownerStream: string;
  readonly since: string;
  readonly commandId: string;
} | null;

/** How the stream of an owner who claimed a key and never began is closed for good. */
export type Abandonment = {
  readonly owner: StreamRef<AnyAggregate>;
  readonly closing: AnyEmitted;
  /** True where the owner does without what it claimed then; a stale claim is older than any command that is still under way. */
  readonly isOver: (state: never, claimed: { readonly since: string; readonly isStale: boolean }) => boolean;
};

/** What claims need of the domain and of the command that makes them. */
export type ClaimTools = {
  readonly aggregates: Readonly<Record<ClaimKind, AnyAggregate>>;
  /** Null for an owner whose keys are never given to others. */
  readonly abandonment: (ownerStream: string) => Abandonment | null;
  readonly states: States;
  readonly hash: (kind: ClaimKind, key: string) => string;
  readonly clock: () => string;
  readonly commandId: string;
  readonly append: Append;
};

/** An owner that has not begun after this long never will. */
const ABANDONED_AFTER_MS = 60_000;

const streamOf = ({ aggregates, hash }: ClaimTools, { kind, key }: Claim) =>
  at(aggregates[kind], kind === 'slug' ? key : hash(kind, key));

/**
 * Makes the key its owner's alone, or says whose it is by rejecting. A repeat finds its own claim; another command of the same
 * owner claims it once more, so that an earlier command which still has to release it leaves it alone.
 */
export const claim = async (tools: ClaimTools, wanted: Claim, owner: { id: string; stream: string }): Promise<void> => {
  const ref = streamOf(tools, wanted);
  const events = [{ type: 'KeyClaimed', data: { ownerId: owner.id, ownerStream: owner.stream } }];
  let expected: Expected = 'none';
  for (;;) {
    const outcome = await tools.append(ref, expected, events);
    if (outcome.status === 'appended') return;
    const { state, revision } = await tools.states.load(ref, { fresh: true });
    const held = state as Held;
    const isOwn = held?.ownerId === owner.id;
    if (isOwn && held?.commandId === tools.commandId) return;
    if (held && !isOwn && !(await isFree(tools, held))) throw taken(wanted);
    // This command had the key and lost it: only another command can claim it again.
    if (outcome.status === 'duplicate') throw new Conflict(owner.stream, revision);
    expected = revision;
  }
};

/** Gives the key back, if it is the owner's and was claimed before the event by which the owner gave it up. */
export const release = async (tools: ClaimTools, given: Claim, ownerId: string, before: Position): Promise<void> => {
  const ref = streamOf(tools, given);
  for (;;) {
    const { state, revision, last } = await tools.states.load(ref, { fresh: true });
    if ((state as Held)?.ownerId !== ownerId || !last || last.position > before) return;
    const outcome = await tools.append(ref, revision, [{ type: 'KeyReleased', data: { ownerId } }]);
    if (outcome.status !== 'conflict') return;
  }
};

/** True when the owner has given its keys up, or never began and now never can: the key is free. */
const isFree = async ({ states, append, clock, abandonment }: ClaimTools, held: NonNullable<Held>) => {
  const abandoned = abandonment(held.ownerStream);
  if (!abandoned) return false;
  const { owner, closing, isOver } = abandoned;
  const { since } = held;
  const isStale = Date.parse(clock()) - Date.parse(since) >= ABANDONED_AFTER_MS;
  if (isStale) await append(owner, 'none', [closing]);
  return isOver((await states.load(owner, { fresh: true })).state as never, { since, isStale });
};

const taken = ({ kind }: Claim) =>
  new Rejection(
    `${kind.toUpperCase()}_TAKEN`,
    `This ${kind === 'email' ? 'e-mail address' : kind} belongs to somebody else already.`,
    [kind],
  );
