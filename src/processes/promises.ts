import { call, defineProcess, order, set, stop, type TimerChange, wait } from '../core/process.ts';
import type { DomainEvents } from '../domain/index.ts';
import { type TargetName, targetName, targetOf } from '../domain/promise-terms.ts';
import { breachPromise, closePromise, fulfilPromise, restorePromise, warnOfBreach } from '../domain/promise-turns.ts';

/** Writes down what becomes of promises: warned of, broken, kept, kept too late, no longer owed, owed again. */
export const promises = defineProcess<DomainEvents>()({
  name: 'promises',
  version: 2,
  commands: [warnOfBreach, breachPromise, fulfilPromise, closePromise, restorePromise],
  timers: {
    PostPublished: ({ postId, communityId, promise }) =>
      targetName.options.flatMap((target) => {
        const due = promise && targetOf(promise, target);
        return due ? watch({ postId, communityId, target }, due) : [];
      }),
    PromiseRenegotiated: ({ dueAt, warnAt, ...turn }) => watch(turn, { dueAt, warnAt }),
    PromiseRestored: ({ dueAt, warnAt, ...turn }) => watch(turn, { dueAt, warnAt }),
    BreachBecameImminent: ({ postId, target }) => [stop(warning(postId, target))],
    // What is being breached is still open: it can be archived.
    PromiseBreached: ({ postId, target }) => [stop(warning(postId, target)), stop(breach(postId, target))],
    PromiseKept: ({ postId, target }) => rest(postId, target),
    // What comes too late ends the warning, and not the breach: it is written down even if the response was faster.
    PromiseFulfilledLate: ({ postId, target }) => [stop(warning(postId, target)), stop(archiving(postId, target))],
    PromiseCancelled: ({ postId, target }) => rest(postId, target),
    PromiseLapsed: ({ postId, target }) => rest(postId, target),
    CommunityArchived: ({ communityId }) => [call(archived(communityId))],
    MarkedDuplicate: ({ postId, ofPostId }) => [
      wait(repeated(postId), answered(ofPostId), order(closePromise, { postId, cause: 'DUPLICATE' })),
    ],
    DuplicateUnmarked: ({ postId }) => [stop(repeated(postId))],
    QuestionReopened: ({ postId }) => [stop(repeated(postId))],
    AnswerAccepted: ({ postId }) => [call(answered(postId))],
  },
  reactions: {
    CommentPublished: ({ postId, commentId, authorId, respondsToPromise }, { occurredAt }) =>
      respondsToPromise ? [fulfil('FIRST_RESPONSE', { postId, commentId, memberId: authorId }, occurredAt)] : [],
    AnswerAccepted: ({ postId, commentId, acceptedBy }, { occurredAt }) => [
      fulfil('RESOLUTION', { postId, commentId, memberId: acceptedBy }, occurredAt),
      close(postId, 'RESOLVED', occurredAt),
    ],
    PostRetracted: ({ postId }, { occurredAt }) => [close(postId, 'RETRACTED', occurredAt)],
    MarkedDuplicate: ({ postId }, { occurredAt }) => [close(postId, 'DUPLICATE', occurredAt)],
    DuplicateUnmarked: ({ postId }, { occurredAt }) => [order(restorePromise, { postId }, occurredAt)],
    QuestionReopened: ({ postId }, { occurredAt }) => [order(restorePromise, { postId }, occurredAt)],
  },
  // Its commands change nothing rather than refuse.
  onRejected: () => null,
});

type Turn = { readonly postId: string; readonly communityId: string; readonly target: TargetName };
type Due = { readonly dueAt: string; readonly warnAt: string };

const watch = ({ postId, communityId, target }: Turn, { dueAt, warnAt }: Due): readonly TimerChange[] => [
  set(warning(postId, target), warnAt, order(warnOfBreach, { postId, target, dueAt })),
  set(breach(postId, target), dueAt, order(breachPromise, { postId, target, dueAt })),
  wait(archiving(postId, target), archived(communityId), order(closePromise, { postId, cause: 'ARCHIVED' })),
];

const rest = (postId: string, target: TargetName) =>
  [warning, breach, archiving].map((name) => stop(name(postId, target)));

const warning = (postId: string, target: TargetName) => `warning/${postId}/${target}`;
const breach = (postId: string, target: TargetName) => `breach/${postId}/${target}`;
const archiving = (postId: string, target: TargetName) => `archiving/${postId}/${target}`;
const repeated = (postId: string) => `repeated/${postId}`;

// Calls: what happened, and to what.
const archived = (communityId: string) => `archived/${communityId}`;
const answered = (postId: string) => `answered/${postId}`;

type Response = { readonly postId: string; readonly commentId: string; readonly memberId: string };

const fulfil = (target: TargetName, response: Response, at: string) =>
  order(fulfilPromise, { ...response, target, at }, at);

const close = (postId: string, cause: 'RESOLVED' | 'RETRACTED' | 'DUPLICATE', at: string) =>
  order(closePromise, { postId, at, cause }, at);
