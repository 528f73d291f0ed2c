import { defineProcess, order, set, stop } from '../core/process.ts';
import { closeDraft, eraseDraft, failPublication } from '../domain/drafting.ts';
import type { DomainEvents } from '../domain/index.ts';
import { publishScheduledPost } from '../domain/publishing.ts';

/**
 * Publishes drafts at their time, or says why not; and brings to an end what a draft leaves behind. What the seed scheduled is
 * published like any other; what it published it brought to an end itself.
 */
export const drafts = defineProcess<DomainEvents>()({
  name: 'drafts',
  version: 3,
  sources: ['NATIVE', 'SEED'],
  commands: [publishScheduledPost, failPublication, closeDraft, eraseDraft],
  timers: {
    PostScheduled: ({ draftId, at }) => [set(draftId, at, order(publishScheduledPost, { draftId, at }))],
    PostUnscheduled: ({ draftId }) => [stop(draftId)],
    PublicationFailed: ({ draftId }) => [stop(draftId)],
    DraftDiscarded: ({ draftId }) => [stop(draftId)],
    PostPublished: ({ postId, fromDraft }) => (fromDraft ? [stop(postId)] : []),
  },
  reactions: {
    PostPublished: ({ postId, fromDraft }, { occurredAt, source }) =>
      fromDraft && source !== 'SEED' ? [order(closeDraft, { draftId: postId }, occurredAt)] : [],
    DraftDiscarded: ({ draftId }) => [order(eraseDraft, { draftId })],
  },
  onRejected: ({ command, input }, { code }) =>
    command === publishScheduledPost.type
      ? order(failPublication, { ...publishScheduledPost.input.parse(input), code })
      : null,
});
