import { at, type Principal } from '../../src/core/decider.ts';
import { type CommentKind, comment } from '../../src/domain/comment.ts';
import { community } from '../../src/domain/community.ts';
import { member } from '../../src/domain/member.ts';
import { membership, membershipId } from '../../src/domain/membership.ts';
import { type PostKind, post } from '../../src/domain/post.ts';
import { reaction, reactionId } from '../../src/domain/reaction.ts';
import type { Told } from './given.ts';

/** A readable id: `idOf('c', 1)`. */
const idOf = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;

export const garden = idOf('c');
export const question = idOf('a');
export const talk = idOf('b');
export const firstAnswer = idOf('1');
export const secondAnswer = idOf('2');

const person = (digit: string, more: Partial<Principal> = {}): Principal => ({
  memberId: idOf(digit),
  kind: 'MEMBER',
  isAdmin: false,
  ...more,
});
export const ada = person('d');
export const bao = person('e');
export const chloe = person('f');
export const admin = person('9', { isAdmin: true });

export const registered = ({ memberId }: Principal): Told => ({
  to: at(member, memberId),
  type: 'MemberRegistered',
  data: { memberId, handleHash: 'h', emailHash: null },
});

type Founding = { visibility?: 'PUBLIC' | 'PRIVATE'; joinPolicy?: 'OPEN' | 'BY_INVITATION'; founder?: Principal };

export const founded = ({ visibility = 'PUBLIC', joinPolicy = 'OPEN', founder = ada }: Founding = {}): Told => ({
  to: at(community, garden),
  type: 'CommunityFounded',
  data: {
    communityId: garden,
    name: 'Garden',
    slug: 'garden',
    description: '',
    visibility,
    joinPolicy,
    founderId: founder.memberId,
  },
});

export const hidden = () => founded({ visibility: 'PRIVATE', joinPolicy: 'BY_INVITATION' });

export const archived: Told = { to: at(community, garden), type: 'CommunityArchived', data: { communityId: garden } };
export const abandoned: Told = { to: at(community, garden), type: 'FoundingAbandoned', data: { communityId: garden } };

const membershipEvent = (type: string, { memberId }: Principal, more: object): Told => ({
  to: at(membership, membershipId(garden, memberId)),
  type,
  data: { communityId: garden, memberId, ...more },
});
export const joined = (who: Principal) => membershipEvent('MemberJoined', who, { via: 'OPEN' });
export const left = (who: Principal) => membershipEvent('MemberLeft', who, {});
export const invited = (who: Principal) => membershipEvent('InvitationSent', who, { invitedBy: ada.memberId });

export const published = (postId: string, author: Principal, kind: PostKind): Told => ({
  to: at(post, postId),
  type: 'PostPublished',
  data: { postId, communityId: garden, authorId: author.memberId, authorKind: 'MEMBER', kind },
});
export const asked = published(question, ada, 'QUESTION');
export const discussed = published(talk, ada, 'DISCUSSION');

export const retracted = (postId: string, author: Principal): Told => ({
  to: at(post, postId),
  type: 'PostRetracted',
  data: { postId, communityId: garden, authorId: author.memberId },
});

export const accepted = (commentId: string): Told => ({
  to: at(post, question),
  type: 'AnswerAccepted',
  data: {
    postId: question,
    communityId: garden,
    commentId,
    answerAuthorId: bao.memberId,
    acceptedBy: ada.memberId,
  },
});

type Reply = { on?: string; kind?: CommentKind; parentId?: string | null; depth?: number };

export const replied = (
  commentId: string,
  author: Principal,
  { on = question, kind = 'ANSWER', parentId = null, depth = 1 }: Reply = {},
): Told => ({
  to: at(comment, commentId),
  type: 'CommentPublished',
  data: {
    commentId,
    postId: on,
    communityId: garden,
    authorId: author.memberId,
    authorKind: 'MEMBER',
    kind,
    parentId,
    depth,
    postAuthorId: ada.memberId,
    replyToMemberId: ada.memberId,
  },
});

export const replyRetracted = (commentId: string, author: Principal): Told => ({
  to: at(comment, commentId),
  type: 'CommentRetracted',
  data: { commentId, postId: question, communityId: garden, authorId: author.memberId, kind: 'ANSWER' },
});

export const reacted = (targetId: string, who: Principal, kind: string): Told => ({
  to: at(reaction, reactionId(targetId, who.memberId)),
  type: 'ReactionAdded',
  data: {
    targetId,
    targetType: 'POST',
    postId: targetId,
    communityId: garden,
    memberId: who.memberId,
    kind,
    memberKind: 'MEMBER',
    targetAuthorId: ada.memberId,
  },
});
