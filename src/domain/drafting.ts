import { z } from 'zod';
import { at, defineCommand, type Principal } from '../core/decider.ts';
import { REQUIRED, Rejection } from '../core/rejection.ts';
import { assertMembersExist, earlyAccessFor, earlyAccessInput, membersIn } from './audience.ts';
import { assertActsByItself } from './by-itself.ts';
import { assertOwnDraft, assertUnpublished, type Draft, draft } from './draft.ts';
import { assertMember } from './membership.ts';
import { placeIn, post } from './post.ts';
import { textOf } from './publishing.ts';
import { review } from './review.ts';
import { authorKind, draftBody, draftTitle, id, instant, postKind } from './words.ts';

const draftId = id;

/** Keeps what somebody is writing: a new draft, or another state of one that they have. */
export const saveDraft = defineCommand({
  type: 'SaveDraft',
  input: z.strictObject({
    draftId: draftId.optional(),
    communityId: id.optional(),
    kind: postKind.optional(),
    title: draftTitle,
    body: draftBody,
  }),
  aggregate: draft,
  id: ({ draftId }, { newId }) => draftId ?? newId,
  needs: ({ draftId, communityId }, { state, actor }) => ({
    published: draftId === undefined ? null : at(post, draftId),
    ...placeIn(state.status === 'none' ? (communityId ?? '') : state.communityId, actor),
  }),
  decide: (input, state, { id, actor, needs: { published, community, membership } }) => {
    const { kind = state.kind, title, body } = input;
    const personal = { title, body };
    if (state.status === 'none' && input.draftId === undefined) {
      if (input.communityId === undefined)
        throw new Rejection('INVALID_INPUT', 'Say for which community.', ['communityId'], [], REQUIRED);
      assertMember(community, membership);
      const author = { authorId: actor.memberId, authorKind: authorKind.parse(actor.kind) };
      const data = { draftId: id, communityId: input.communityId, ...author, kind };
      return [{ type: 'PostDrafted', data, personal }];
    }
    assertOwnDraft(state, actor);
    assertUnpublished(state, published);
    if (input.communityId !== undefined && input.communityId !== state.communityId)
      throw new Rejection('INVALID_INPUT', 'A draft stays in its community: begin another one there.', ['communityId']);
    return [{ type: 'DraftRevised', data: { ...placeOfDraft(id, state), kind }, personal }];
  },
});

/** What every command on a draft knows of it. */
export const ofDraft = {
  aggregate: draft,
  id: ({ draftId }: { readonly draftId: string }) => draftId,
  needs: (
    { draftId }: { readonly draftId: string },
    { state, actor }: { readonly state: Draft; readonly actor: Principal },
  ) => ({
    published: at(post, draftId),
    review: state.review && at(review, state.review.id),
    ...placeIn(state.communityId, actor),
  }),
} as const;

const placeOfDraft = (draftId: string, { communityId, authorId }: Draft) => ({ draftId, communityId, authorId });

/** Throws a draft away: its key is destroyed, and its text reads as erased from then on, wherever it is kept. */
export const discardDraft = defineCommand({
  type: 'DiscardDraft',
  input: z.strictObject({ draftId }),
  ...ofDraft,
  decide: ({ draftId }, state, { actor, needs: { published, review } }) => {
    if (state.status === 'discarded' && state.authorId === actor.memberId) return [];
    assertOwnDraft(state, actor);
    assertUnpublished(state, published);
    return [{ type: 'DraftDiscarded', data: { ...placeOfDraft(draftId, state), review: lastReview(state, review) } }];
  },
  destroys: ({ draftId }) => [draftId],
});

/** The review that was asked for last, so that whoever hears of the draft's end knows what else is over. */
const lastReview = ({ review: asked }: Draft, review: { readonly mentorId: string | null } | null) =>
  asked && { reviewId: asked.id, mentorId: review?.mentorId ?? null };

/** For the process: a discarding that was cut off before the key was destroyed is brought to its end. */
export const eraseDraft = defineCommand({
  type: 'EraseDraft',
  input: z.strictObject({ draftId }),
  aggregate: draft,
  id: ({ draftId }) => draftId,
  decide: () => [],
  destroys: ({ draftId }, { status }) => (status === 'discarded' ? [draftId] : []),
});

/** For the process: a draft that became a post is one no longer, and whoever reviews it is free. */
export const closeDraft = defineCommand({
  type: 'CloseDraft',
  input: z.strictObject({ draftId }),
  ...ofDraft,
  decide: ({ draftId }, state, { actor, needs: { published, review } }) => {
    assertActsByItself(actor);
    if (state.status !== 'open' || published.status === 'none') return [];
    return [{ type: 'DraftPublished', data: { ...placeOfDraft(draftId, state), review: lastReview(state, review) } }];
  },
});

const YEAR = 366 * 86_400_000;

/** Says when a draft shall be published by itself; null: not any more. What it says at that time is what is published. */
export const schedulePost = defineCommand({
  type: 'SchedulePost',
  input: z.strictObject({ draftId, at: instant.nullable(), earlyAccess: earlyAccessInput.optional() }),
  ...ofDraft,
  needs: (input, context) => ({ ...ofDraft.needs(input, context), ...membersIn(input.earlyAccess) }),
  opens: (_, { sealed }) => sealed,
  decide: (
    { draftId, at, earlyAccess },
    state,
    { actor, now, opened, needs: { published, community, membership, ...members } },
  ) => {
    assertOwnDraft(state, actor);
    assertUnpublished(state, published);
    const place = placeOfDraft(draftId, state);
    if (at === null) return state.scheduledAt === null ? [] : [{ type: 'PostUnscheduled', data: place }];
    assertMember(community, membership);
    const ahead = Date.parse(at) - Date.parse(now);
    if (ahead <= 0 || ahead > YEAR)
      throw new Rejection('SCHEDULE_OUT_OF_RANGE', 'Schedule it for a moment ahead, within a year.', ['at']);
    textOf({}, { opened });
    const early = earlyAccess && earlyAccessFor(state.kind, earlyAccess, at);
    assertMembersExist(earlyAccess, members);
    const isSame = JSON.stringify(early ?? null) === JSON.stringify(state.earlyAccess);
    if (isSame && state.scheduledAt !== null && Date.parse(state.scheduledAt) === Date.parse(at)) return [];
    return [{ type: 'PostScheduled', data: { ...place, at, ...(early && { earlyAccess: early }) } }];
  },
});

/** For the process: its time had come, and a rule said no. Its author sees which. */
export const failPublication = defineCommand({
  type: 'FailPublication',
  input: z.strictObject({ draftId, at: instant, code: z.string() }),
  aggregate: draft,
  id: ({ draftId }) => draftId,
  decide: ({ draftId, at, code }, state, { actor }) => {
    assertActsByItself(actor);
    if (state.status !== 'open' || state.scheduledAt !== at) return [];
    return [{ type: 'PublicationFailed', data: { ...placeOfDraft(draftId, state), at, code } }];
  },
});
