import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { assertActsByItself } from './by-itself.ts';
import { type Community, community } from './community.ts';
import { isAnswered, type Post, post } from './post.ts';
import { isPending, ofQuestion, type PromiseEnding, promiseEnding, termOf } from './promise.ts';
import { targetName } from './promise-terms.ts';
import { id } from './words.ts';

// What becomes of a promise by itself: the process gives these commands.

const BY_TIME = ', when its time has come';
const timed = z.strictObject({ postId: id, target: targetName, dueAt: z.string() });

/** What may have ended a promise in silence: where the question stands, and the one that it repeats. */
const surroundings = ({ post: { communityId, duplicateOf } }: { readonly post: Post }) => ({
  community: at(community, communityId),
  original: duplicateOf === null ? null : at(post, duplicateOf),
});

type Surroundings = { readonly community: Community; readonly original: Post | null };

const endedBy = ({ community, original }: Surroundings): PromiseEnding | null => {
  if (community.status === 'archived') return 'ARCHIVED';
  return original && isAnswered(original) ? 'DUPLICATE' : null;
};

/** Most of the working time is over, and nobody has answered. */
export const warnOfBreach = defineCommand({
  type: 'WarnOfBreach',
  input: timed,
  ...ofQuestion,
  within: surroundings,
  decide: ({ postId, target, dueAt }, state, { actor, needs }) => {
    assertActsByItself(actor, BY_TIME);
    const { warned, breached } = state[target];
    if (termOf(state, needs.post, target)?.dueAt !== dueAt || !isPending(state[target]) || warned || breached)
      return [];
    if (endedBy(needs)) return [];
    const { communityId } = needs.post;
    return [{ type: 'BreachBecameImminent', data: { postId, communityId, target, dueAt } }];
  },
});

/** The working time is over. A response that came later does not undo it; where nothing is owed any more, nothing is breached. */
export const breachPromise = defineCommand({
  type: 'BreachPromise',
  input: timed,
  ...ofQuestion,
  within: surroundings,
  decide: ({ postId, target, dueAt }, state, { actor, needs }) => {
    assertActsByItself(actor, BY_TIME);
    const { fulfilled, breached, ending } = state[target];
    const isOver = fulfilled === 'KEPT' || breached || ending !== null;
    if (termOf(state, needs.post, target)?.dueAt !== dueAt || isOver) return [];
    const { communityId } = needs.post;
    const data = { postId, communityId, target, dueAt };
    const cause = fulfilled === 'NO' ? endedBy(needs) : null;
    return cause ? [{ type: 'PromiseCancelled', data: { ...data, cause } }] : [{ type: 'PromiseBreached', data }];
  },
});

/** Somebody has responded, or an answer was accepted. When that was decides, not when it is noticed. */
export const fulfilPromise = defineCommand({
  type: 'FulfilPromise',
  input: z.strictObject({ postId: id, target: targetName, commentId: id, memberId: id, at: z.string() }),
  ...ofQuestion,
  decide: ({ postId, target, commentId, memberId, at }, state, { actor, needs }) => {
    assertActsByItself(actor, BY_TIME);
    const term = termOf(state, needs.post, target);
    const { fulfilled, ending } = state[target];
    if (term === null || ending || fulfilled === 'KEPT') return [];
    const { dueAt } = term;
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

/**
 * Nothing is owed any more: the question was taken back, its community was archived, its asker found the answer, or it repeats a
 * question that is answered. What is still open is cancelled, or lapses where its time was over.
 */
export const closePromise = defineCommand({
  type: 'ClosePromise',
  input: z.strictObject({ postId: id, at: z.string().optional(), cause: promiseEnding.default('RETRACTED') }),
  ...ofQuestion,
  within: surroundings,
  decide: ({ postId, at, cause }, state, { actor, needs, now }) => {
    assertActsByItself(actor, BY_TIME);
    const { communityId } = needs.post;
    if (cause === 'DUPLICATE' && !(needs.original && isAnswered(needs.original))) return [];
    // An accepted answer is the resolution itself; only a response that nobody else gave is no longer waited for.
    const targets = cause === 'RESOLVED' ? (['FIRST_RESPONSE'] as const) : targetName.options;
    return targets.flatMap((target) => {
      const term = termOf(state, needs.post, target);
      if (term === null || !isPending(state[target])) return [];
      const { dueAt } = term;
      const isInTime = Date.parse(at ?? now) <= Date.parse(dueAt);
      const type = isInTime ? ('PromiseCancelled' as const) : ('PromiseLapsed' as const);
      return [{ type, data: { postId, communityId, target, dueAt, cause } }];
    });
  },
});

/** The question repeats no other one after all: what was owed for it is owed again. */
export const restorePromise = defineCommand({
  type: 'RestorePromise',
  input: z.strictObject({ postId: id }),
  ...ofQuestion,
  decide: ({ postId }, state, { actor, needs }) => {
    assertActsByItself(actor, BY_TIME);
    const { communityId, status, duplicateOf } = needs.post;
    if (status !== 'published' || duplicateOf !== null) return [];
    return targetName.options.flatMap((target) => {
      const term = termOf(state, needs.post, target);
      if (term === null || state[target].ending !== 'DUPLICATE') return [];
      const { dueAt, warnAt } = term;
      return [{ type: 'PromiseRestored' as const, data: { postId, communityId, target, dueAt, warnAt } }];
    });
  },
});
