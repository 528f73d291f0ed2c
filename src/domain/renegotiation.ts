import { z } from 'zod';
import { defineCommand, type Principal } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { holds } from './community.ts';
import { assertMember } from './membership.ts';
import { assertPublished, type Post, placeIn } from './post.ts';
import { isPending, ofQuestion, type Proposal, type ResponsePromise, termOf } from './promise.ts';
import { type PromiseTerms, type TargetName, targetName, WARN_PERCENT, warningAt } from './promise-terms.ts';
import { id, instant, reason } from './words.ts';
import { HORIZON_MS, workingSeconds } from './working-time.ts';

// More time for a promise: whoever owes the answer proposes it, and only who asked the question gives it.

const ofQuestionThere = {
  ...ofQuestion,
  within: ({ post }: { readonly post: Post }, actor: Principal) => placeIn(post.communityId, actor),
};

/** Asks whoever asked for more time, and says why. The time promised first stays on record. */
export const renegotiatePromise = defineCommand({
  type: 'RenegotiatePromise',
  input: z.strictObject({ postId: id, target: targetName.default('FIRST_RESPONSE'), dueAt: instant, reason }),
  ...ofQuestionThere,
  decide: ({ postId, target, dueAt: proposed, reason }, state, { actor, needs, now, newId }) => {
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
    assertLater(state, needs.post, target, { dueAt, proposedDueAt, now });
    const { communityId, authorId } = needs.post;
    const turn = { postId, communityId, target, dueAt };
    const made = { id: newId, target, dueAt: proposedDueAt, proposedBy: actor.memberId };
    const former = state.proposal;
    return [
      {
        type: 'RenegotiationProposed' as const,
        data: { ...turn, proposedDueAt, proposedBy: made.proposedBy, proposalId: made.id },
        personal: { reason },
      },
      ...(former ? [withdrawn(turn, former, actor)] : []),
      // Who asked may give more time without being asked for it.
      ...(authorId === actor.memberId ? [agreed(community.promise, needs.post, turn, now, made)] : []),
    ];
  },
});

/**
 * Gives the time that was asked for. Only who asked the question can, and to a proposal that they have read: where one took the place
 * of another, it must be named.
 */
export const agreeToRenegotiation = defineCommand({
  type: 'AgreeToRenegotiation',
  input: z.strictObject({ postId: id, proposalId: id.optional() }),
  ...ofQuestionThere,
  decide: ({ postId, proposalId }, state, { actor, needs, now }) => {
    const proposal = decidedBy(actor, needs, state, proposalId);
    if (proposalId === undefined && proposal.isReplacing)
      throw new Rejection(
        'PROPOSAL_AMBIGUOUS',
        'More than one proposal was made: read the promise again, and name the proposal that you agree to.',
        ['proposalId'],
      );
    const dueAt = openDue(state, needs.post, proposal.target, now);
    assertLater(state, needs.post, proposal.target, { dueAt, proposedDueAt: proposal.dueAt, now });
    const turn = { postId, communityId: needs.post.communityId, target: proposal.target, dueAt };
    return [agreed(needs.community.promise, needs.post, turn, now, proposal)];
  },
});

/** Does not give the time that was asked for: what was promised stands. Only who asked the question can. */
export const declineRenegotiation = defineCommand({
  type: 'DeclineRenegotiation',
  input: z.strictObject({ postId: id, proposalId: id, reason: reason.optional() }),
  ...ofQuestionThere,
  decide: ({ postId, proposalId, reason }, state, { actor, needs }) => {
    const { id, target } = decidedBy(actor, needs, state, proposalId);
    const { communityId } = needs.post;
    const dueAt = termOf(state, needs.post, target)?.dueAt ?? '';
    const data = { postId, communityId, target, dueAt, proposalId: id, declinedBy: actor.memberId };
    return [{ type: 'RenegotiationDeclined', data, personal: { reason: reason ?? null } }];
  },
});

type Turn = {
  readonly postId: string;
  readonly communityId: string;
  readonly target: TargetName;
  readonly dueAt: string;
};

const withdrawn = (turn: Turn, { id, target }: Proposal, { memberId }: Principal) => ({
  type: 'RenegotiationWithdrawn' as const,
  data: { ...turn, target, proposalId: id, withdrawnBy: memberId },
});

const agreed = (
  { policy, calendar }: PromiseTerms,
  { authorId }: Post,
  { dueAt: formerDueAt, ...turn }: Turn,
  now: string,
  { id, dueAt, proposedBy }: Omit<Proposal, 'isReplacing'>,
) => {
  const left = workingSeconds(calendar, now, dueAt);
  const warnAt = left > 0 ? warningAt(calendar, now, left, policy?.warnPercent ?? WARN_PERCENT) : dueAt;
  return {
    type: 'PromiseRenegotiated' as const,
    data: { ...turn, dueAt, formerDueAt, warnAt, proposedBy, agreedBy: authorId, proposalId: id },
  };
};

type Place = Parameters<typeof assertPublished>[2] & { readonly post: Post };

/** The proposal that the asker decides about; nobody else does, and about no other one. */
const decidedBy = (actor: Principal, needs: Place, { proposal }: ResponsePromise, proposalId?: string): Proposal => {
  assertPublished(needs.post, actor, needs);
  if (needs.post.authorId !== actor.memberId)
    throw new Rejection('NOT_ALLOWED', 'Only who asked the question decides about more time for it.');
  if (!proposal || (proposalId !== undefined && proposal.id !== proposalId))
    throw new Rejection(
      'NO_PROPOSAL',
      proposal ? 'This proposal is no longer open: another one took its place.' : 'No request for more time is open.',
      proposalId === undefined ? undefined : ['proposalId'],
    );
  return proposal;
};

/** The due time of a target that can still be kept. */
const openDue = (state: ResponsePromise, of: Post, target: TargetName, now: string): string => {
  const term = termOf(state, of, target);
  if (term === null) throw new Rejection('NO_PROMISE', 'Nothing of this kind was promised for this post.', ['target']);
  if (!isPending(state[target])) throw new Rejection('PROMISE_SETTLED', 'This promise is settled already.', ['target']);
  if (state[target].breached || Date.parse(now) > Date.parse(term.dueAt))
    throw new Rejection('PROMISE_OVERDUE', 'The promised time is over: it can no longer be renegotiated.', ['target']);
  return term.dueAt;
};

type Times = { readonly dueAt: string; readonly proposedDueAt: string; readonly now: string };

/** More time is more than what stands, within the horizon, and never more for a first response than for the resolution. */
const assertLater = (state: ResponsePromise, of: Post, target: TargetName, { dueAt, proposedDueAt, now }: Times) => {
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
  const resolution = target === 'FIRST_RESPONSE' ? termOf(state, of, 'RESOLUTION') : null;
  if (resolution && isPending(state.RESOLUTION) && Date.parse(proposedDueAt) > Date.parse(resolution.dueAt))
    throw new Rejection(
      'PROMISE_CONTRADICTS',
      'A first response is not due after the resolution: ask for more time for the resolution first.',
      ['dueAt'],
    );
};
