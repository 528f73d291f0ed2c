import type { EventDefinitions } from '../core/event.ts';
import { activateCommunity } from './activation.ts';
import { anchorCommunity } from './anchoring.ts';
import { acceptAnswer, markDuplicate, reopenQuestion, unacceptAnswer, unmarkDuplicate } from './answer.ts';
import { adoptCharter } from './charter.ts';
import { claimEvents } from './claim.ts';
import { comment, editComment, publishComment, retractComment } from './comment.ts';
import { community } from './community.ts';
import { draft } from './draft.ts';
import { discardDraft, saveDraft, schedulePost } from './drafting.ts';
import { moveEarlyAccess, withdrawEarlyAccess } from './early-access.ts';
import { endorseAnswer, endorsement, withdrawEndorsement } from './endorsement.ts';
import { acknowledgeExpectations, retireExpectation, stateExpectation } from './expectation.ts';
import { foundCommunity } from './founding.ts';
import { answerInvitation, inviteMember } from './invitation.ts';
import { changeProfile, linkLogin, member, registerMember, registerServiceAccount } from './member.ts';
import { joinCommunity, leaveCommunity, membership } from './membership.ts';
import { answerMembershipRequest, requestMembership } from './membership-request.ts';
import { mentor, setMentoringTopics, setReviewOfferTerm, volunteerAsMentor } from './mentor.ts';
import { closeObjective, setObjective } from './objective.ts';
import { nameOrganisation, organisation, setActivationRule } from './organisation.ts';
import { editPost, post, retractPost } from './post.ts';
import {
  changeProjectStatus,
  closeProject,
  planMilestone,
  project,
  reachMilestone,
  registerProject,
  reopenProject,
} from './project.ts';
import { responsePromise } from './promise.ts';
import { declareResponsePromise, defineWorkingCalendar } from './promising.ts';
import { publishPost } from './publishing.ts';
import { addReaction, reaction, removeReaction } from './reaction.ts';
import { declareReactionKinds } from './reaction-kind.ts';
import { agreeToRenegotiation, declineRenegotiation, renegotiatePromise } from './renegotiation.ts';
import { review } from './review.ts';
import { declineReview } from './review-offer.ts';
import { acceptReview, giveFeedback, requestReview } from './reviewing.ts';
import { assignRole, endRole } from './role.ts';
import {
  archiveCommunity,
  changeCommunityAccess,
  describeCommunity,
  renameCommunity,
  reopenCommunity,
} from './steering.ts';
import { welcome, welcomeNewcomer } from './welcome.ts';

/** Every event type that can stand in the log, declared once. */
export const domainEvents = {
  ...organisation.events,
  ...member.events,
  ...project.events,
  ...community.events,
  ...membership.events,
  ...post.events,
  ...comment.events,
  ...reaction.events,
  ...endorsement.events,
  ...responsePromise.events,
  ...draft.events,
  ...mentor.events,
  ...review.events,
  ...welcome.events,
  ...claimEvents,
};
export type DomainEvents = typeof domainEvents;

/** Whether an event passes no door: what came of it is shown to whoever it concerns, and to nobody else. */
export const isConfidential = (type: string): boolean => {
  const declared: EventDefinitions = domainEvents;
  return Object.hasOwn(declared, type) && declared[type]?.confidential === true;
};

export const confidentialTypes: readonly string[] = Object.keys(domainEvents).filter(isConfidential);

/** Every command that can be executed, by its mutation's name. */
export const commands = {
  nameOrganisation,
  setActivationRule,
  declareReactionKinds,
  registerMember,
  registerServiceAccount,
  linkLogin,
  changeProfile,
  registerProject,
  changeProjectStatus,
  planMilestone,
  reachMilestone,
  closeProject,
  reopenProject,
  foundCommunity,
  anchorCommunity,
  adoptCharter,
  setObjective,
  closeObjective,
  stateExpectation,
  retireExpectation,
  assignRole,
  endRole,
  activateCommunity,
  renameCommunity,
  describeCommunity,
  changeCommunityAccess,
  archiveCommunity,
  reopenCommunity,
  declareResponsePromise,
  defineWorkingCalendar,
  inviteMember,
  answerInvitation,
  requestMembership,
  answerMembershipRequest,
  joinCommunity,
  leaveCommunity,
  acknowledgeExpectations,
  saveDraft,
  discardDraft,
  setMentoringTopics,
  setReviewOfferTerm,
  volunteerAsMentor,
  requestReview,
  acceptReview,
  declineReview,
  giveFeedback,
  schedulePost,
  publishPost,
  welcomeNewcomer,
  editPost,
  retractPost,
  withdrawEarlyAccess,
  moveEarlyAccess,
  acceptAnswer,
  unacceptAnswer,
  reopenQuestion,
  markDuplicate,
  unmarkDuplicate,
  renegotiatePromise,
  agreeToRenegotiation,
  declineRenegotiation,
  publishComment,
  editComment,
  retractComment,
  addReaction,
  removeReaction,
  endorseAnswer,
  withdrawEndorsement,
};
export type Commands = typeof commands;
