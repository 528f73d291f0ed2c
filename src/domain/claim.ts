import { z } from 'zod';
import { at, type ClaimKind, defineAggregate } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { type Community, community } from './community.ts';
import { id } from './words.ts';

// Events. These names and shapes are a file format: add, never edit.
export const claimEvents = defineEvents({
  KeyClaimed: { version: 1, data: z.strictObject({ ownerId: id, ownerStream: z.string() }) },
  KeyReleased: { version: 1, data: z.strictObject({ ownerId: id }) },
});

/** Whose a key is, since when and by which command, and the stream in which that owner should stand. */
export type ClaimState = {
  readonly ownerId: string;
  readonly ownerStream: string;
  readonly since: string;
  readonly commandId: string;
} | null;

const claimOf = (kind: ClaimKind) =>
  defineAggregate<ClaimState>()({
    category: kind,
    events: claimEvents,
    initial: null,
    evolve: {
      KeyClaimed: (_, { ownerId, ownerStream }, { recordedAt, commandId }) => ({
        ownerId,
        ownerStream,
        since: recordedAt,
        commandId,
      }),
      KeyReleased: () => null,
    },
  });

/** Claim streams: one key of one kind each, so that expecting an empty stream makes the key unique. */
export const claims = {
  slug: claimOf('slug'),
  handle: claimOf('handle'),
  login: claimOf('login'),
  email: claimOf('email'),
};

/** A founding that claimed its slug and died before the community was written is closed, so that the slug is free. */
export const abandonment = (ownerStream: string) => {
  if (!ownerStream.startsWith(COMMUNITY)) return null;
  const communityId = ownerStream.slice(COMMUNITY.length);
  return {
    owner: at(community, communityId),
    closing: { type: 'FoundingAbandoned', data: { communityId } },
    // Who reopens a community claims its key once more, a moment before the event: that claim is younger than the archiving.
    isOver: ({ status, archived }: Community, { since, isStale }: { since: string; isStale: boolean }) =>
      status === 'abandoned' ||
      (archived !== null && (isStale || Date.parse(since) <= Date.parse(archived.recordedAt))),
  };
};

const COMMUNITY = `${community.category}-`;
