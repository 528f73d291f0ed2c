import { z } from 'zod';
import { defineAggregate, type Principal } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { communityEvents, type joinPolicy, type RoleName, type visibility } from './community-events.ts';
import { noTerms, type PromiseTerms } from './promise-terms.ts';

export const description = z.string().trim().max(2_000, 'A description has at most 2,000 characters.');

/** A role that somebody holds now. */
export type Role = {
  /** The id of the event with which it began. */
  readonly assignmentId: string;
  readonly memberId: string;
  readonly role: RoleName;
  readonly until: string | null;
  /** Its term has passed, and it goes on because nobody else facilitates. */
  readonly overTerm: boolean;
};

export type Community = {
  readonly status: 'none' | 'forming' | 'open' | 'archived' | 'abandoned';
  /** What it was before, and when that was written; null while it is not archived. */
  readonly archived: { readonly was: 'FORMING' | 'ACTIVE'; readonly recordedAt: string } | null;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly visibility: z.infer<typeof visibility>;
  readonly joinPolicy: z.infer<typeof joinPolicy>;
  readonly founderId: string | null;
  /** The project that it stands on; null before, and once that project has ended. */
  readonly projectId: string | null;
  /** The one that ended under it, while it stands on none. */
  readonly lostProjectId: string | null;
  readonly roles: readonly Role[];
  readonly charter: Charter | null;
  /** Open objectives. */
  readonly objectiveIds: readonly string[];
  /** What is expected now, and which version of it that is: 0 before the first. */
  readonly expectations: { readonly version: number; readonly ids: readonly string[] };
  readonly promise: PromiseTerms;
  /** What drafts are reviewed about here. */
  readonly mentoringTopics: readonly string[];
  /** So many working days an offered review waits for its mentor. */
  readonly reviewOfferDays: number;
};

/** Unless a community sets another term. */
export const REVIEW_OFFER_DAYS = 3;

export type Charter = {
  readonly version: number;
  readonly purpose: string;
  readonly inScope: string;
  readonly outOfScope: string;
  readonly tools: string;
  readonly meaning: string;
};

export const community = defineAggregate<Community>()({
  category: 'community',
  events: communityEvents,
  initial: {
    status: 'none',
    archived: null,
    name: '',
    slug: '',
    description: '',
    visibility: 'PUBLIC',
    joinPolicy: 'OPEN',
    founderId: null,
    projectId: null,
    lostProjectId: null,
    roles: [],
    charter: null,
    objectiveIds: [],
    expectations: { version: 0, ids: [] },
    promise: noTerms,
    mentoringTopics: [],
    reviewOfferDays: REVIEW_OFFER_DAYS,
  },
  evolve: {
    CommunityFounded: (state, { communityId: _, status, ...data }, { id, source }) => ({
      ...state,
      ...data,
      status: status === 'FORMING' ? 'forming' : 'open',
      // Of whoever opened a channel elsewhere, an archive does not say that they facilitate it.
      roles: data.founderId && source !== 'IMPORT' ? [founding(id, data.founderId)] : [],
    }),
    CommunityRenamed: (state, { name, slug }) => ({ ...state, name, slug }),
    CommunityDescribed: (state, { description }) => ({ ...state, description }),
    CommunityAccessChanged: (state, { visibility, joinPolicy }) => ({ ...state, visibility, joinPolicy }),
    CommunityActivated: (state) => ({ ...state, status: 'open' }),
    CommunityArchived: (state, _, { recordedAt }) => ({
      ...state,
      status: 'archived',
      archived: { was: state.status === 'forming' ? 'FORMING' : 'ACTIVE', recordedAt },
    }),
    CommunityReopened: (state, { slug, status }) => ({
      ...state,
      status: status === 'FORMING' ? 'forming' : 'open',
      slug,
      archived: null,
    }),
    FoundingAbandoned: (state) => ({ ...state, status: 'abandoned' }),

    CommunityAnchored: (state, { projectId }) => ({ ...state, projectId, lostProjectId: null }),
    AnchorLost: (state, { projectId }) => ({ ...state, projectId: null, lostProjectId: projectId }),

    CharterAdopted: (state, { communityId: _, ...charter }) => ({ ...state, charter }),
    ObjectiveSet: (state, { objectiveId }) => ({ ...state, objectiveIds: [...state.objectiveIds, objectiveId] }),
    ObjectiveClosed: (state, { objectiveId }) => ({
      ...state,
      objectiveIds: state.objectiveIds.filter((id) => id !== objectiveId),
    }),
    ExpectationStated: (state, { version, expectationId }) => ({
      ...state,
      expectations: { version, ids: [...state.expectations.ids, expectationId] },
    }),
    ExpectationRetired: (state, { version, expectationId }) => ({
      ...state,
      expectations: { version, ids: state.expectations.ids.filter((id) => id !== expectationId) },
    }),

    RoleAssigned: (state, { memberId, role, until }, { id }) => ({
      ...state,
      roles: [...state.roles, { assignmentId: id, memberId, role, until, overTerm: false }],
    }),
    RoleEnded: (state, { assignmentId, memberId, cause }) => ({
      ...state,
      // A founder who left does not steer either, though nobody facilitates.
      founderId: cause === 'LEFT' && memberId === state.founderId ? null : state.founderId,
      roles: state.roles.filter((held) => held.assignmentId !== assignmentId),
    }),
    RoleTermPassed: (state, { assignmentId }) => ({
      ...state,
      roles: state.roles.map((held) => (held.assignmentId === assignmentId ? { ...held, overTerm: true } : held)),
    }),

    MentoringTopicsSet: (state, { topics }) => ({ ...state, mentoringTopics: topics }),
    ReviewOfferTermSet: (state, { workingDays }) => ({ ...state, reviewOfferDays: workingDays }),

    ResponsePromiseDeclared: (state, { communityId: _, declaredBy: __, ...policy }) => ({
      ...state,
      promise: { ...state.promise, policy },
    }),
    WorkingCalendarDefined: (state, { communityId: _, definedBy: __, ...calendar }) => ({
      ...state,
      promise: { ...state.promise, calendar },
    }),
  },
});

/** Whoever founds a community is its first facilitator. */
const founding = (assignmentId: string, memberId: string): Role => ({
  assignmentId,
  memberId,
  role: 'FACILITATOR',
  until: null,
  overTerm: false,
});

export const holdersOf = ({ roles }: Community, wanted: RoleName) => roles.filter(({ role }) => role === wanted);
export const facilitatorsOf = (state: Community) => holdersOf(state, 'FACILITATOR');

/** Whether somebody holds one of these roles; of no role in particular, any. */
export const holds = ({ roles }: Community, memberId: string, ...wanted: readonly RoleName[]) =>
  roles.some((held) => held.memberId === memberId && (wanted.length === 0 || wanted.includes(held.role)));

/** Facilitators and admins steer a community; whoever founded it does for as long as nobody facilitates it. */
export const steers = (state: Community, { memberId, isAdmin }: Principal) =>
  isAdmin ||
  holds(state, memberId, 'FACILITATOR') ||
  (state.founderId === memberId && facilitatorsOf(state).length === 0);

/** Those by whom a community is made see it whatever its access: its founder while it forms, and who holds a role in it. */
export const isInvolved = (state: Community, { memberId }: Pick<Principal, 'memberId'>) =>
  holds(state, memberId) || (state.status === 'forming' && state.founderId === memberId);

export const assertFounded = ({ status }: Community) => {
  if (status === 'none' || status === 'abandoned')
    throw new Rejection('COMMUNITY_NOT_FOUND', 'There is no such community.');
};

/** Not archived: it can still be changed, also while it forms. */
export const assertOpen = (state: Community) => {
  assertFounded(state);
  if (state.status === 'archived')
    throw new Rejection('COMMUNITY_ARCHIVED', 'This community is archived: nothing can be added to it.');
};

/** Members take part in a community once it is active. */
export const assertActive = (state: Community) => {
  assertOpen(state);
  if (state.status === 'forming')
    throw new Rejection('COMMUNITY_FORMING', 'This community is still forming: activate it first.');
};

/** For those who steer it. A private or forming one is not there for anybody who has no part in it. */
export const assertSteers = (state: Community, actor: Principal) => {
  assertFounded(state);
  if (steers(state, actor)) return;
  if ((state.visibility === 'PRIVATE' || state.status === 'forming') && !isInvolved(state, actor))
    throw new Rejection('COMMUNITY_NOT_FOUND', 'There is no such community.');
  throw new Rejection('NOT_ALLOWED', 'Only a facilitator of this community or an admin may do this.');
};
