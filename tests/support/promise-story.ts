import { at, type Principal } from '../../src/core/decider.ts';
import { community } from '../../src/domain/community.ts';
import { post } from '../../src/domain/post.ts';
import { type PromiseEnding, responsePromise } from '../../src/domain/promise.ts';
import type { Promised, TargetName } from '../../src/domain/promise-terms.ts';
import type { Told } from './given.ts';
import { ada, firstAnswer, garden, question } from './story.ts';

// What a community promises, what a question was promised, and what became of it.

export const DUE = '2026-01-02T10:00:00.000Z';
export const WARN = '2026-01-02T07:00:00.000Z';
export const LATER = '2026-01-05T10:00:00.000Z';

const promise: Promised = {
  policyVersion: 1,
  calendarVersion: null,
  isTighter: false,
  firstResponse: { dueAt: DUE, warnAt: WARN },
  resolution: { dueAt: LATER, warnAt: DUE },
};

type Terms = { first?: number; resolution?: number | null; newcomer?: number | null; version?: number };

export const declared = ({ first = 14_400, resolution = null, newcomer = null, version = 1 }: Terms = {}): Told => ({
  to: at(community, garden),
  type: 'ResponsePromiseDeclared',
  data: {
    communityId: garden,
    policyVersion: version,
    declaredBy: ada.memberId,
    firstResponseSeconds: first,
    resolutionSeconds: resolution,
    newcomerFirstResponseSeconds: newcomer,
    warnPercent: 25,
  },
});

export const worksOnWeekdays: Told = {
  to: at(community, garden),
  type: 'WorkingCalendarDefined',
  data: {
    communityId: garden,
    calendarVersion: 3,
    definedBy: ada.memberId,
    timeZone: 'UTC',
    weeklyHours: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '17:00' })),
    holidays: ['2026-01-01'],
  },
};

/** Ada's question, with a promise. */
export const promisedTo = (asker: Principal, given: Partial<Promised> = {}): Told => ({
  to: at(post, question),
  type: 'PostPublished',
  data: {
    postId: question,
    communityId: garden,
    authorId: asker.memberId,
    authorKind: 'MEMBER',
    kind: 'QUESTION',
    promise: { ...promise, ...given },
  },
});

type Turn =
  | 'BreachBecameImminent'
  | 'PromiseBreached'
  | 'PromiseKept'
  | 'PromiseFulfilledLate'
  | 'PromiseCancelled'
  | 'PromiseLapsed';

export const became = (
  type: Turn,
  target: TargetName = 'FIRST_RESPONSE',
  dueAt = DUE,
  cause?: PromiseEnding,
): Told => ({
  to: at(responsePromise, question),
  type,
  data: { postId: question, communityId: garden, target, dueAt, ...(cause && { cause }) },
});

export const becameAgain: Told = {
  to: at(responsePromise, question),
  type: 'PromiseRestored',
  data: { postId: question, communityId: garden, target: 'FIRST_RESPONSE', dueAt: DUE, warnAt: WARN },
};

export const PROPOSAL = '00000000-0000-4000-8000-0000000000a1';
export const SECOND = '00000000-0000-4000-8000-0000000000a2';

export const askedForTime = (by: Principal, proposedDueAt = LATER, proposalId?: string): Told => ({
  to: at(responsePromise, question),
  type: 'RenegotiationProposed',
  data: {
    postId: question,
    communityId: garden,
    target: 'FIRST_RESPONSE',
    dueAt: DUE,
    proposedDueAt,
    proposedBy: by.memberId,
    ...(proposalId && { proposalId }),
  },
});

export const declinedTime = (proposalId: string): Told => ({
  to: at(responsePromise, question),
  type: 'RenegotiationDeclined',
  data: {
    postId: question,
    communityId: garden,
    target: 'FIRST_RESPONSE',
    dueAt: DUE,
    proposalId,
    declinedBy: ada.memberId,
  },
});

export const renegotiated = (by: Principal, dueAt = LATER): Told => ({
  to: at(responsePromise, question),
  type: 'PromiseRenegotiated',
  data: {
    postId: question,
    communityId: garden,
    target: 'FIRST_RESPONSE',
    dueAt,
    formerDueAt: DUE,
    warnAt: DUE,
    proposedBy: by.memberId,
    agreedBy: ada.memberId,
  },
});

export const response = (atTime: string) =>
  ({ postId: question, target: 'FIRST_RESPONSE', commentId: firstAnswer, memberId: ada.memberId, at: atTime }) as const;
