import { defineProcess, order, set, stop, type TimerChange } from '../core/process.ts';
import type { DomainEvents } from '../domain/index.ts';
import { breachPromise, closePromise, fulfilPromise, warnOfBreach } from '../domain/promise.ts';
import { type TargetName, targetName, targetOf } from '../domain/promise-terms.ts';

/** Writes down what becomes of promises: warned of, broken, kept, kept too late, no longer owed. */
export const promises = defineProcess<DomainEvents>()({
  name: 'promises',
  version: 1,
  commands: [warnOfBreach, breachPromise, fulfilPromise, closePromise],
  timers: {
    PostPublished: ({ postId, promise }) =>
      targetName.options.flatMap((target) => {
        const due = promise && targetOf(promise, target);
        return due ? watch(postId, target, due) : [];
      }),
    PromiseRenegotiated: ({ postId, target, dueAt, warnAt }) => watch(postId, target, { dueAt, warnAt }),
    BreachBecameImminent: ({ postId, target }) => [stop(warning(postId, target))],
    PromiseBreached: ({ postId, target }) => rest(postId, target),
    PromiseKept: ({ postId, target }) => rest(postId, target),
    // What comes too late ends the warning, and not the breach: it is written down even if the response was faster.
    PromiseFulfilledLate: ({ postId, target }) => [stop(warning(postId, target))],
    PromiseCancelled: ({ postId, target }) => rest(postId, target),
    PromiseLapsed: ({ postId, target }) => [stop(warning(postId, target))],
  },
  reactions: {
    CommentPublished: ({ postId, commentId, authorId, respondsToPromise }, { occurredAt }) =>
      respondsToPromise ? [fulfil('FIRST_RESPONSE', { postId, commentId, memberId: authorId }, occurredAt)] : [],
    AnswerAccepted: ({ postId, commentId, acceptedBy }, { occurredAt }) => [
      fulfil('RESOLUTION', { postId, commentId, memberId: acceptedBy }, occurredAt),
    ],
    PostRetracted: ({ postId }, { occurredAt }) => [order(closePromise, { postId, at: occurredAt }, occurredAt)],
  },
  // Its commands change nothing rather than refuse.
  onRejected: () => null,
});

type Due = { readonly dueAt: string; readonly warnAt: string };

const watch = (postId: string, target: TargetName, { dueAt, warnAt }: Due): readonly TimerChange[] => [
  set(warning(postId, target), warnAt, order(warnOfBreach, { postId, target, dueAt })),
  set(breach(postId, target), dueAt, order(breachPromise, { postId, target, dueAt })),
];

const rest = (postId: string, target: TargetName) => [stop(warning(postId, target)), stop(breach(postId, target))];

const warning = (postId: string, target: TargetName) => `warning/${postId}/${target}`;
const breach = (postId: string, target: TargetName) => `breach/${postId}/${target}`;

type Response = { readonly postId: string; readonly commentId: string; readonly memberId: string };

const fulfil = (target: TargetName, response: Response, at: string) =>
  order(fulfilPromise, { ...response, target, at }, at);
