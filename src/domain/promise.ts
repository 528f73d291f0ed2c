import { z } from 'zod';
import { at, defineAggregate } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { type Post, post } from './post.ts';
import { type TargetName, targetName, targetOf } from './promise-terms.ts';
import { id } from './words.ts';

// What became of a question's promise. It was made with the question, whose own stream says what was promised; here stand
// its transitions, so that nothing that happens by itself moves the revision of a post that somebody edits.

/** Why nothing is owed any more, though nobody responded. */
export const promiseEnding = z.enum(['RETRACTED', 'ARCHIVED', 'RESOLVED', 'DUPLICATE']);
export type PromiseEnding = z.infer<typeof promiseEnding>;

const place = { postId: id, communityId: id };
const turn = { ...place, target: targetName, dueAt: z.string() };
const response = { ...turn, commentId: id, memberId: id };
/** Events of the first release do not say it: the question had been taken back. */
const ended = { ...turn, cause: promiseEnding.optional() };
const proposal = { ...turn, proposalId: id };

// Events. These names and shapes are a file format: add, never edit.
export const promiseEvents = defineEvents({
  BreachBecameImminent: { version: 1, data: z.strictObject(turn) },
  /** The time is over, and nobody has kept it: it is being breached for as long as it stays open. */
  PromiseBreached: { version: 1, data: z.strictObject(turn) },
  PromiseKept: { version: 1, data: z.strictObject(response) },
  PromiseFulfilledLate: { version: 1, data: z.strictObject(response) },
  /** Its cause came in time: nothing is owed any more. */
  PromiseCancelled: { version: 1, data: z.strictObject(ended) },
  /** Its cause came after the promise had been broken. */
  PromiseLapsed: { version: 1, data: z.strictObject(ended) },
  /** What ended it was taken back: it is owed again, by the same due time. */
  PromiseRestored: { version: 1, data: z.strictObject({ ...turn, warnAt: z.string() }) },
  /** In events of the first release the proposal has the id of its event. */
  RenegotiationProposed: {
    version: 1,
    data: z.strictObject({ ...turn, proposedDueAt: z.string(), proposedBy: id, proposalId: id.optional() }),
    personal: z.strictObject({ reason: z.string() }),
    subject: ({ proposedBy }: { proposedBy: string }) => proposedBy,
  },
  /** Another proposal took its place. */
  RenegotiationWithdrawn: { version: 1, data: z.strictObject({ ...proposal, withdrawnBy: id }) },
  RenegotiationDeclined: {
    version: 1,
    data: z.strictObject({ ...proposal, declinedBy: id }),
    personal: z.strictObject({ reason: z.string().nullable() }),
    subject: ({ declinedBy }: { declinedBy: string }) => declinedBy,
  },
  /** `dueAt` is the time agreed upon, `formerDueAt` the one before. Events of the first release name no proposal: it was the last one. */
  PromiseRenegotiated: {
    version: 1,
    data: z.strictObject({
      ...turn,
      formerDueAt: z.string(),
      warnAt: z.string(),
      proposedBy: id,
      agreedBy: id,
      proposalId: id.optional(),
    }),
  },
});

type Target = {
  /** Agreed upon since; null while the time promised at asking stands. */
  readonly agreed: { readonly dueAt: string; readonly warnAt: string } | null;
  readonly warned: boolean;
  readonly breached: boolean;
  readonly fulfilled: 'NO' | 'KEPT' | 'LATE';
  readonly ending: PromiseEnding | null;
};

export type Proposal = {
  readonly id: string;
  readonly target: TargetName;
  readonly dueAt: string;
  readonly proposedBy: string;
  /** It took the place of another one that nobody had decided about. */
  readonly isReplacing: boolean;
};

export type ResponsePromise = {
  readonly FIRST_RESPONSE: Target;
  readonly RESOLUTION: Target;
  /** What nobody has decided about yet. */
  readonly proposal: Proposal | null;
};

const untouched: Target = { agreed: null, warned: false, breached: false, fulfilled: 'NO', ending: null };

type Turn = { readonly target: TargetName };
const turned = (state: ResponsePromise, { target }: Turn, change: Partial<Target>): ResponsePromise => ({
  ...state,
  [target]: { ...state[target], ...change },
});

const undecided = (state: ResponsePromise): ResponsePromise => ({ ...state, proposal: null });

export const responsePromise = defineAggregate<ResponsePromise>()({
  category: 'promise',
  events: promiseEvents,
  initial: { FIRST_RESPONSE: untouched, RESOLUTION: untouched, proposal: null },
  evolve: {
    BreachBecameImminent: (state, data) => turned(state, data, { warned: true }),
    PromiseBreached: (state, data) => turned(state, data, { breached: true }),
    PromiseKept: (state, data) => turned(state, data, { fulfilled: 'KEPT' }),
    PromiseFulfilledLate: (state, data) => turned(state, data, { fulfilled: 'LATE' }),
    PromiseCancelled: (state, data) => turned(state, data, { ending: data.cause ?? 'RETRACTED' }),
    PromiseLapsed: (state, data) => turned(state, data, { ending: data.cause ?? 'RETRACTED' }),
    PromiseRestored: (state, data) => turned(state, data, { ending: null, warned: false, breached: false }),
    RenegotiationProposed: (state, { target, proposedDueAt, proposedBy, proposalId }, { id }) => ({
      ...state,
      proposal: {
        id: proposalId ?? id,
        target,
        dueAt: proposedDueAt,
        proposedBy,
        isReplacing: state.proposal !== null,
      },
    }),
    // Told after the proposal that takes its place.
    RenegotiationWithdrawn: (state) => state,
    RenegotiationDeclined: undecided,
    PromiseRenegotiated: (state, { target, dueAt, warnAt }) =>
      undecided(turned(state, { target }, { agreed: { dueAt, warnAt }, warned: false })),
  },
});

/** The promise of a question, and the question that says what was promised. */
export const ofQuestion = {
  aggregate: responsePromise,
  id: ({ postId }: { readonly postId: string }) => postId,
  needs: ({ postId }: { readonly postId: string }) => ({ post: at(post, postId) }),
} as const;

/** When a target is due as things stand, and when a warning is; null where it was never promised. */
export const termOf = (state: ResponsePromise, { promise }: Post, target: TargetName) => {
  const promised = promise && targetOf(promise, target);
  return promised ? (state[target].agreed ?? promised) : null;
};

export const isPending = ({ fulfilled, ending }: Target) => fulfilled === 'NO' && ending === null;
