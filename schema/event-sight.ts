import { audienceKeys, isAmong } from '../projections/audience.ts';
import type { FoldedEvent } from '../src/core/event.ts';
import { may, type Scope } from '../src/core/scopes.ts';
import type { Audience } from '../src/domain/audience.ts';
import { type DomainEvents, isConfidential } from '../src/domain/index.ts';
import { eyesOf, isForAll, isToldOf, type Looking, seesAll, visibleCommunity } from './sight.ts';

/**
 * What a viewer must be allowed to read to be told of an event. A type that is not named here is for readers of the log:
 * whom a key belongs to, and who reacted, the schema shows to nobody else either.
 */
const TOLD: Partial<Record<keyof DomainEvents, Scope>> = {
  OrganisationNamed: 'organisation:read',
  ActivationRuleSet: 'organisation:read',
  ReactionKindsDeclared: 'organisation:read',
  MemberRegistered: 'members:read',
  ServiceAccountRegistered: 'members:read',
  ProfileChanged: 'members:read',
  CommunityFounded: 'communities:read',
  CommunityRenamed: 'communities:read',
  CommunityDescribed: 'communities:read',
  CommunityAccessChanged: 'communities:read',
  CommunityActivated: 'communities:read',
  CommunityArchived: 'communities:read',
  CommunityReopened: 'communities:read',
  CommunityAnchored: 'communities:read',
  AnchorLost: 'communities:read',
  CharterAdopted: 'communities:read',
  ObjectiveSet: 'communities:read',
  ObjectiveClosed: 'communities:read',
  ExpectationStated: 'communities:read',
  ExpectationRetired: 'communities:read',
  ExpectationsAcknowledged: 'communities:read',
  RoleAssigned: 'communities:read',
  RoleEnded: 'communities:read',
  RoleTermPassed: 'communities:read',
  ProjectRegistered: 'projects:read',
  ProjectStatusChanged: 'projects:read',
  MilestonePlanned: 'projects:read',
  MilestoneReached: 'projects:read',
  ProjectClosed: 'projects:read',
  ProjectReopened: 'projects:read',
  MentoringTopicsSet: 'communities:read',
  ReviewOfferTermSet: 'communities:read',
  MentorVolunteered: 'communities:read',
  MentorOfferChanged: 'communities:read',
  MentorWithdrew: 'communities:read',
  ResponsePromiseDeclared: 'communities:read',
  WorkingCalendarDefined: 'communities:read',
  InvitationSent: 'communities:read',
  MemberJoined: 'communities:read',
  MemberLeft: 'communities:read',
  PostPublished: 'posts:read',
  PostEdited: 'posts:read',
  PostRetracted: 'posts:read',
  PostMarkedResolved: 'posts:read',
  EarlyAccessOpened: 'posts:read',
  EarlyAccessMoved: 'posts:read',
  EarlyAccessWithdrawn: 'posts:read',
  AnswerAccepted: 'posts:read',
  AnswerUnaccepted: 'posts:read',
  QuestionReopened: 'posts:read',
  MarkedDuplicate: 'posts:read',
  DuplicateUnmarked: 'posts:read',
  AnswerEndorsed: 'posts:read',
  EndorsementWithdrawn: 'posts:read',
  BreachBecameImminent: 'posts:read',
  PromiseBreached: 'posts:read',
  PromiseKept: 'posts:read',
  PromiseFulfilledLate: 'posts:read',
  PromiseCancelled: 'posts:read',
  PromiseLapsed: 'posts:read',
  PromiseRestored: 'posts:read',
  RenegotiationProposed: 'posts:read',
  RenegotiationWithdrawn: 'posts:read',
  RenegotiationDeclined: 'posts:read',
  PromiseRenegotiated: 'posts:read',
  CommentPublished: 'posts:read',
  CommentEdited: 'posts:read',
  CommentRetracted: 'posts:read',
  NewcomerWelcomed: 'posts:read',
};

/** The scope that lets one be told of events of a type. */
export const scopeOfEvent = (type: string): Scope => TOLD[type as keyof DomainEvents] ?? 'events:read';

/** Whether there is any event at all that the viewer could be told of. */
export const mayFollowEvents = (viewer: Looking['viewer']): boolean =>
  may(viewer, 'events:read') || Object.values(TOLD).some((scope) => may(viewer, scope));

/**
 * Whether an event is the viewer's to see, now: what happens in a community is for whoever sees the community, an invitation
 * for the two whom it is between, and what happened to a post before its opening for its audience. What is
 * confidential is nobody's, also not those who see all. The read models must be level with the event; on an older state a right that was taken away
 * would still count.
 */
export const seesEvent = async (looking: Looking, event: FoldedEvent): Promise<boolean> => {
  const { viewer } = looking;
  const { type, data } = event;
  if (isConfidential(type)) return false;
  const readsLog = may(viewer, 'events:read');
  if (readsLog && seesAll(viewer)) return true;
  if (!readsLog && !may(viewer, scopeOfEvent(type))) return false;
  const { communityId, memberId, invitedBy } = data as Readonly<Record<string, string | undefined>>;
  if (type === 'InvitationSent' && !readsLog && ![memberId, invitedBy].includes(viewer?.memberId ?? '')) return false;
  if (communityId !== undefined && (await visibleCommunity(looking, communityId)) === null) return false;
  return seesBeforeOpening(looking, event);
};

/** Whether an event is told that may have happened to a post, or under one, which was not open to everybody then. */
export const seesBeforeOpening = async (looking: Looking, { data, position }: FoldedEvent): Promise<boolean> => {
  const { communityId, postId } = data as Readonly<Record<string, string | undefined>>;
  if (postId === undefined || seesAll(looking.viewer)) return true;
  if (communityId !== undefined && !(await looking.loaders.earlyAccess().load(communityId)).any) return true;
  return isToldOf(looking, await looking.loaders.access().load(postId), position);
};

/** Whether everybody who may be told of events in communities sees this one: whoever looks then does not matter. */
export const isForEverybody = async (loaders: Looking['loaders'], { data }: FoldedEvent): Promise<boolean> => {
  const { communityId, postId } = data as Readonly<Record<string, string | undefined>>;
  if (communityId === undefined) return false;
  const [row, early] = await Promise.all([
    loaders.community().load(communityId),
    postId === undefined ? null : loaders.earlyAccess().load(communityId),
  ]);
  return row !== undefined && isForAll(row) && !early?.any;
};

type Opening = {
  readonly communityId: string;
  readonly authorId: string;
  readonly earlyAccess: { readonly audience: Audience };
};

/** A post is told of as new once: to its audience when it was published, to the others when it is opened. */
export const isFirstToldOf = (looking: Looking, { type, data }: FoldedEvent): boolean | Promise<boolean> => {
  if (type !== 'EarlyAccessOpened') return true;
  const opening = data as Opening;
  const audience = audienceKeys(opening, opening.earlyAccess.audience);
  return eyesOf(looking).then((eyes) => !isAmong(audience, eyes));
};
