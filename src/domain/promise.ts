import { z } from 'zod';
import { at, defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { assertActsByItself } from './by-itself.ts';
import { holds } from './community.ts';
import { assertMember } from './membership.ts';
import { assertPublished, type Post, placeIn, post } from './post.ts';
import { type PromiseTerms, type TargetName, targetName, targetOf, WARN_PERCENT, warningAt } from './promise-terms.ts';
import { id, instant, reason } from './words.ts';
import { HORIZON_MS, workingSeconds } from './working-time.ts';

// What became of a question's promise. It was made with the question, whose own stream says what was promised; here stand
// its transitions, so that nothing that happens by itself moves the revision of a post that somebody edits.

const place = { postId: id, communityId: id };
const turn = { ...place, target: targetName, dueAt: z.string() };
const response = { ...turn, commentId: id, memberId: id };

// Events. These names and shapes are a file format: add, never edit.
export const promiseEvents = defineEvents({
  BreachBecameImminent: { version: 1, data: z.strictObject(turn) },
  /** The time is over, and nobody has kept it: it is being breached for as long as it stays open. */
  PromiseBreached: { version: 1, data: z.strictObject(turn) },
  PromiseKept: { version: 1, data: z.strictObject(response) },
  PromiseFulfilledLate: { version: 1, data: z.strictObject(response) },
  /** The question was taken back or hidden in time: nothing is owed any more. */
  PromiseCancelled: { version: 1, data: z.strictObject(turn) },
  /** The question was taken back or hidden after the promise had been broken. */
  PromiseLapsed: { version: 1, data: z.strictObject(turn) },
  RenegotiationProposed: {
    version: 1,
    data: z.strictObject({ ...turn, proposedDueAt: z.string(), proposedBy: id }),
    personal: z.strictObject({ reason: z.string() }),
    subject: ({ proposedBy }: { proposedBy: string }) => proposedBy,
  },
  /** `dueAt` is the time agreed upon, `formerDueAt` the one before. */
  PromiseRenegotiated: {
    version: 1,
    data: z.strictObject({ ...turn, formerDueAt: z.string(), warnAt: z.string(), proposedBy: id, agreedBy: id }),
  },
});

type Target = {
  /** Agreed upon since; null while the time promised at asking stands. */
  readonly dueAt: string | null;
  readonly warned: boolean;
  readonly breached: boolean;
  readonly fulfilled: 'NO' | 'KEPT' | 'LATE';
  readonly closed: boolean;
};
type Proposal = { readonly target: TargetName; readonly dueAt: string; readonly proposedBy: string };

export type ResponsePromise = {
  readonly FIRST_RESPONSE: Target;
  readonly RESOLUTION: Target;
  readonly proposal: Proposal | null;
};

const untouched: Target = { dueAt: null, warned: false, breached: false, fulfilled: 'NO', closed: false };

type Turn = { readonly target: TargetName };
const turned = (state: ResponsePromise, { target }: Turn, change: Partial<Target>): ResponsePromise => ({
  ...state,
  [target]: { ...state[target], ...change },
});

export const responsePromise = defineAggregate<ResponsePromise>()({
  category: 'promise',
  events: promiseEvents,
  initial: { FIRST_RESPONSE: untouched, RESOLUTION: untouched, proposal: null },
  evolve: {
    BreachBecameImminent: (state, data) => turned(state, data, { warned: true }),
    PromiseBreached: (state, data) => turned(state, data, { breached: true }),
    PromiseKept: (state, data) => turned(state, data, { fulfilled: 'KEPT' }),
    PromiseFulfilledLate: (state, data) => turned(state, data, { fulfilled: 'LATE' }),
    PromiseCancelled: (state, data) => turned(state, data, { closed: true }),
    PromiseLapsed: (state, data) => turned(state, data, { closed: true }),
    RenegotiationProposed: (state, { target, proposedDueAt, proposedBy }) => ({
      ...state,
      proposal: { target, dueAt: proposedDueAt, proposedBy },
    }),
    PromiseRenegotiated: (state, data) => ({
      ...turned(state, data, { dueAt: data.dueAt, warned: false }),
      proposal: null,
    }),
  },
});

const ofQuestion = {
  aggregate: responsePromise,
  id: ({ postId }: { readonly postId: string }) => postId,
  needs: ({ postId }: { readonly postId: string }) => ({ post: at(post, postId) }),
} as const;

/** When a target is due as things stand; null where it was never promised. */
const dueOf = (state: ResponsePromise, { promise }: Post, target: TargetName): string | null =>
  promise && targetOf(promise, target) ? (state[target].dueAt ?? targetOf(promise, target)?.dueAt ?? null) : null;

const isOpen = ({ fulfilled, closed }: Target) => fulfilled === 'NO' && !closed;

const timed = z.strictObject({ postId: id, target: targetName, dueAt: z.string() });

/** For the process: most of the working time is over, and nobody has answered. */
export const warnOfBreach = defineCommand({
  type: 'WarnOfBreach',
  input: timed,
  ...ofQuestion,
  decide: ({ postId, target, dueAt }, state, { actor, needs }) => {
    assertActsByItself(actor, ', when its time has come');
    const { warned, breached } = state[target];
    if (dueOf(state, needs.post, target) !== dueAt || !isOpen(state[target]) || warned || breached) return [];
    const { communityId } = needs.post;
    return [{ type: 'BreachBecameImminent', data: { postId, communityId, target, dueAt } }];
  },
});

/** For the process: the working time is over. A response that came later does not undo it. */
export const breachPromise = defineCommand({
  type: 'BreachPromise',
  input: timed,
  ...ofQuestion,
  decide: ({ postId, target, dueAt }, state, { actor, needs }) => {
    assertActsByItself(actor, ', when its time has come');
    const { fulfilled, breached, closed } = state[target];
    if (dueOf(state, needs.post, target) !== dueAt || fulfilled === 'KEPT' || breached || closed) return [];
    const { communityId } = needs.post;
    return [{ type: 'PromiseBreached', data: { postId, communityId, target, dueAt } }];
  },
});

/** For the process: somebody has responded, or an answer was accepted. When that was decides, not when it is noticed. */
export const fulfilPromise = defineCommand({
  type: 'FulfilPromise',
  input: z.strictObject({ postId: id, target: targetName, commentId: id, memberId: id, at: z.string() }),
  ...ofQuestion,
  decide: ({ postId, target, commentId, memberId, at }, state, { actor, needs }) => {
    assertActsByItself(actor, ', when its time has come');
    const dueAt = dueOf(state, needs.post, target);
    const { fulfilled, closed } = state[target];
    if (dueAt === null || closed || fulfilled === 'KEPT') return [];
    const isKept = Date.parse(at) <= Date.parse(dueAt);
    if (!isKept && fulfilled === 'LATE') return [];
    const { communityId } = needs.post;
    return [
      {
        type: isKept ? 'PromiseKept' : 'PromiseFulfilledLate',
        data: { postId, communityId, target, dueAt, commentId, memberId },
      },
    ];
  },
});

/** For the process: the question is gone. What is still open is cancelled, or lapses where its time was over. */
export const closePromise = defineCommand({
  type: 'ClosePromise',
  input: z.strictObject({ postId: id, at: z.string() }),
  ...ofQuestion,
  decide: ({ postId, at }, state, { actor, needs }) => {
    assertActsByItself(actor, ', when its time has come');
    const { communityId } = needs.post;
    return targetName.options.flatMap((target) => {
      const dueAt = dueOf(state, needs.post, target);
      if (dueAt === null || !isOpen(state[target])) return [];
      const type = Date.parse(at) <= Date.parse(dueAt) ? ('PromiseCancelled' as const) : ('PromiseLapsed' as const);
      return [{ type, data: { postId, communityId, target, dueAt } }];
    });
  },
});

/** Asks whoever asked for more time, and says why. The time promised first stays on record. */
export const renegotiatePromise = defineCommand({
  type: 'RenegotiatePromise',
  input: z.strictObject({ postId: id, target: targetName.default('FIRST_RESPONSE'), dueAt: instant, reason }),
  ...ofQuestion,
  within: ({ post }, actor) => placeIn(post.communityId, actor),
  decide: ({ postId, target, dueAt: proposed, reason }, state, { actor, needs, now }) => {
    assertPublished(needs.post, actor, needs);
    assertMember(needs.community, needs.membership);
    const { community } = needs;
    const owes = actor.isAdmin || holds(community, actor.memberId, 'FACILITATOR', 'EXPERT');
    if (!owes && needs.post.authorId !== actor.memberId)
      throw new Rejection(
        'NOT_ALLOWED',
        'More time must be asked for by a facilitator or an expert of the community: tell one of them what is needed.',
      );
    const dueAt = openDue(state, needs.post, target, now);
    const proposedDueAt = new Date(proposed).toISOString();
    if (Date.parse(proposedDueAt) <= Date.parse(dueAt))
      throw new Rejection('DUE_NOT_LATER', 'A promise is renegotiated to a later time than the one that stands.', [
        'dueAt',
      ]);
    if (Date.parse(proposedDueAt) > Date.parse(now) + HORIZON_MS)
      throw new Rejection(
        'PROMISE_BEYOND_HORIZON',
        'What is promised must be due within a year: propose an earlier time.',
        ['dueAt'],
      );
    const resolution = target === 'FIRST_RESPONSE' ? dueOf(state, needs.post, 'RESOLUTION') : null;
    if (resolution !== null && isOpen(state.RESOLUTION) && Date.parse(proposedDueAt) > Date.parse(resolution))
      throw new Rejection(
        'PROMISE_CONTRADICTS',
        'A first response is not due after the resolution: ask for more time for the resolution first.',
        ['dueAt'],
      );
    const { communityId, authorId } = needs.post;
    const data = { postId, communityId, target, dueAt };
    const proposing = {
      type: 'RenegotiationProposed' as const,
      data: { ...data, proposedDueAt, proposedBy: actor.memberId },
      personal: { reason },
    };
    // Who asked may give more time without being asked for it.
    if (authorId !== actor.memberId) return [proposing];
    return [
      proposing,
      agreed(needs.community.promise, postId, needs.post, dueAt, now, {
        target,
        dueAt: proposedDueAt,
        proposedBy: actor.memberId,
      }),
    ];
  },
});

/** Gives the time that was asked for. Only who asked the question can. */
export const agreeToRenegotiation = defineCommand({
  type: 'AgreeToRenegotiation',
  input: z.strictObject({ postId: id }),
  ...ofQuestion,
  within: ({ post }, actor) => placeIn(post.communityId, actor),
  decide: ({ postId }, state, { actor, needs, now }) => {
    assertPublished(needs.post, actor, needs);
    if (needs.post.authorId !== actor.memberId)
      throw new Rejection('NOT_ALLOWED', 'Only who asked the question gives more time for it.');
    const { proposal } = state;
    if (!proposal) throw new Rejection('NO_PROPOSAL', 'Nobody has asked for more time.');
    const dueAt = openDue(state, needs.post, proposal.target, now);
    return [agreed(needs.community.promise, postId, needs.post, dueAt, now, proposal)];
  },
});

const agreed = (
  { policy, calendar }: PromiseTerms,
  postId: string,
  { communityId, authorId }: Post,
  formerDueAt: string,
  now: string,
  { target, dueAt, proposedBy }: Proposal,
) => {
  const left = workingSeconds(calendar, now, dueAt);
  const warnAt = left > 0 ? warningAt(calendar, now, left, policy?.warnPercent ?? WARN_PERCENT) : dueAt;
  return {
    type: 'PromiseRenegotiated' as const,
    data: { postId, communityId, target, dueAt, formerDueAt, warnAt, proposedBy, agreedBy: authorId },
  };
};

/** The due time of a target that can still be kept. */
const openDue = (state: ResponsePromise, of: Post, target: TargetName, now: string): string => {
  const dueAt = dueOf(state, of, target);
  if (dueAt === null) throw new Rejection('NO_PROMISE', 'Nothing of this kind was promised for this post.', ['target']);
  if (!isOpen(state[target])) throw new Rejection('PROMISE_SETTLED', 'This promise is settled already.', ['target']);
  if (state[target].breached || Date.parse(now) > Date.parse(dueAt))
    throw new Rejection('PROMISE_OVERDUE', 'The promised time is over: it can no longer be renegotiated.', ['target']);
  return dueAt;
};
