import { acceptAnswer, unacceptAnswer } from './answer.ts';
import { claimEvents } from './claim.ts';
import { comment, editComment, publishComment, retractComment } from './comment.ts';
import { archiveCommunity, changeCommunityAccess, community, describeCommunity, renameCommunity } from './community.ts';
import { foundCommunity } from './founding.ts';
import { changeProfile, linkLogin, member, registerMember, registerServiceAccount } from './member.ts';
import { inviteMember, joinCommunity, leaveCommunity, membership } from './membership.ts';
import { nameOrganisation, organisation } from './organisation.ts';
import { editPost, post, publishPost, retractPost } from './post.ts';
import { addReaction, reaction, removeReaction } from './reaction.ts';

/** Every event type that can stand in the log, declared once. */
export const domainEvents = {
  ...organisation.events,
  ...member.events,
  ...community.events,
  ...membership.events,
  ...post.events,
  ...comment.events,
  ...reaction.events,
  ...claimEvents,
};
export type DomainEvents = typeof domainEvents;

/** Every command that can be executed, by its mutation's name. */
export const commands = {
  nameOrganisation,
  registerMember,
  registerServiceAccount,
  linkLogin,
  changeProfile,
  foundCommunity,
  renameCommunity,
  describeCommunity,
  changeCommunityAccess,
  archiveCommunity,
  inviteMember,
  joinCommunity,
  leaveCommunity,
  publishPost,
  editPost,
  retractPost,
  acceptAnswer,
  unacceptAnswer,
  publishComment,
  editComment,
  retractComment,
  addReaction,
  removeReaction,
};
export type Commands = typeof commands;
