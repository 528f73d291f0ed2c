import { z } from 'zod';
import { defineEvents } from '../core/event.ts';
import { promiseTermsEvents } from './promise-terms.ts';
import { id, instant } from './words.ts';

export const visibility = z.enum(['PUBLIC', 'PRIVATE']);
export const joinPolicy = z.enum(['OPEN', 'ON_REQUEST', 'BY_INVITATION']);

export const roleName = z.enum(['FACILITATOR', 'SPONSOR', 'CURATOR', 'EXPERT', 'MENTOR', 'AMBASSADOR', 'OBSERVER']);
export type RoleName = z.infer<typeof roleName>;

/** Why a role ended: somebody ended it, its holder gave it up, it got another term, its term passed, a successor came, its holder left. */
export const roleEnding = z.enum(['ENDED', 'RESIGNED', 'RENEWED', 'TERM', 'SUCCEEDED', 'LEFT']);

export const objectiveOutcome = z.enum(['REACHED', 'MISSED', 'DROPPED']);

/** Of whom something is expected. Leaders are facilitators and sponsors. */
export const audience = z.enum(['EVERYBODY', 'NEWCOMERS', 'LEADERS']);

/** How one sees whether an expectation is met: at least so many in every whole week or month. */
export const measure = z.strictObject({
  of: z.enum(['POSTS', 'COMMENTS', 'ANSWERS', 'CONTRIBUTIONS', 'REACTIONS']),
  atLeast: z.int().min(1, 'At least 1.').max(1_000, 'At most 1,000.'),
  per: z.enum(['WEEK', 'MONTH']),
});

const communityId = id;
const version = z.int();
const assignment = { communityId, memberId: id, role: roleName, assignmentId: id };
const holder = (data: { memberId: string }) => data.memberId;

// These names and shapes are a file format: add, never edit.
export const communityEvents = defineEvents({
  CommunityFounded: {
    version: 1,
    data: z.strictObject({
      communityId,
      name: z.string(),
      slug: z.string(),
      description: z.string(),
      visibility,
      joinPolicy,
      founderId: id.nullable(),
      /** FORMING: it waits to be activated. Left out where a community is active from its first day. */
      status: z.literal('FORMING').optional(),
    }),
  },
  CommunityRenamed: { version: 1, data: z.strictObject({ communityId, name: z.string(), slug: z.string() }) },
  CommunityDescribed: { version: 1, data: z.strictObject({ communityId, description: z.string() }) },
  CommunityAccessChanged: { version: 1, data: z.strictObject({ communityId, visibility, joinPolicy }) },
  CommunityActivated: { version: 1, data: z.strictObject({ communityId }) },
  CommunityArchived: { version: 1, data: z.strictObject({ communityId }) },
  /** It is again what it was before it was archived; what its archiving ended stays ended. */
  CommunityReopened: {
    version: 1,
    data: z.strictObject({ communityId, slug: z.string(), status: z.enum(['FORMING', 'ACTIVE']), reopenedBy: id }),
    personal: z.strictObject({ reason: z.string() }),
    subject: ({ reopenedBy }: { reopenedBy: string }) => reopenedBy,
  },
  /** A founding that claimed its slug and never happened: the slug is free again. */
  FoundingAbandoned: { version: 1, data: z.strictObject({ communityId }) },

  CommunityAnchored: { version: 1, data: z.strictObject({ communityId, projectId: id }) },
  /** The project ended, and the community with nothing else to stand on. */
  AnchorLost: {
    version: 1,
    data: z.strictObject({ communityId, projectId: id, reason: z.enum(['PROJECT_CLOSED']) }),
  },

  CharterAdopted: {
    version: 1,
    data: z.strictObject({
      communityId,
      version,
      purpose: z.string(),
      inScope: z.string(),
      outOfScope: z.string(),
      tools: z.string(),
      meaning: z.string(),
    }),
  },
  ObjectiveSet: {
    version: 1,
    data: z.strictObject({
      communityId,
      objectiveId: id,
      statistic: z.string(),
      baseline: z.number(),
      target: z.number(),
      windowDays: z.int(),
      dueAt: instant,
    }),
  },
  ObjectiveClosed: { version: 1, data: z.strictObject({ communityId, objectiveId: id, outcome: objectiveOutcome }) },
  /** `version` counts whatever changes in what is expected. */
  ExpectationStated: {
    version: 1,
    data: z.strictObject({
      communityId,
      expectationId: id,
      version,
      behaviour: z.string(),
      audience,
      measure: measure.nullable(),
    }),
  },
  ExpectationRetired: { version: 1, data: z.strictObject({ communityId, expectationId: id, version }) },

  RoleAssigned: {
    version: 1,
    data: z.strictObject({ communityId, memberId: id, role: roleName, until: instant.nullable() }),
    personal: z.strictObject({ reason: z.string() }),
    subject: holder,
  },
  /** `assignmentId` is the id of the event with which the role began: an assignment, or the founding. */
  RoleEnded: {
    version: 1,
    data: z.strictObject({ ...assignment, cause: roleEnding }),
    personal: z.strictObject({ reason: z.string().nullable() }),
    subject: holder,
  },
  /** The term of the last facilitator passed; the role goes on until somebody succeeds. */
  RoleTermPassed: { version: 1, data: z.strictObject(assignment) },

  /** What drafts are reviewed about: all of the list, in its order. */
  /** An offered review goes to the next mentor after so many working days. */
  ReviewOfferTermSet: { version: 1, data: z.strictObject({ communityId, workingDays: z.int(), setBy: id }) },
  MentoringTopicsSet: { version: 1, data: z.strictObject({ communityId, topics: z.array(z.string()), setBy: id }) },

  ...promiseTermsEvents,
});
