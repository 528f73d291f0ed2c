import { at, type Principal } from '../../src/core/decider.ts';
import { type CommentKind, comment } from '../../src/domain/comment.ts';
import { community } from '../../src/domain/community.ts';
import type { RoleName } from '../../src/domain/community-events.ts';
import { member } from '../../src/domain/member.ts';
import { membership, membershipId } from '../../src/domain/membership.ts';
import { ORGANISATION_ID, organisation } from '../../src/domain/organisation.ts';
import { post } from '../../src/domain/post.ts';
import { project as projectAggregate } from '../../src/domain/project.ts';
import { reaction, reactionId } from '../../src/domain/reaction.ts';
import type { PostKind } from '../../src/domain/words.ts';
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

type Founding = {
  visibility?: 'PUBLIC' | 'PRIVATE';
  joinPolicy?: 'OPEN' | 'ON_REQUEST' | 'BY_INVITATION';
  founder?: Principal;
  status?: 'FORMING';
  source?: 'NATIVE' | 'IMPORT';
};

/** The event of the founding is the founder's first role. */
export const foundersRole = idOf('7');

export const founded = ({
  visibility = 'PUBLIC',
  joinPolicy = 'OPEN',
  founder = ada,
  status,
  source = 'NATIVE',
}: Founding = {}): Told => ({
  to: at(community, garden),
  facts: { id: foundersRole, source },
  type: 'CommunityFounded',
  data: {
    communityId: garden,
    name: 'Garden',
    slug: 'garden',
    description: '',
    visibility,
    joinPolicy,
    founderId: founder.memberId,
    ...(status && { status }),
  },
});

export const forming = () => founded({ status: 'FORMING' });
export const hidden = () => founded({ visibility: 'PRIVATE', joinPolicy: 'BY_INVITATION' });

export const archived: Told = { to: at(community, garden), type: 'CommunityArchived', data: { communityId: garden } };
export const reopened: Told = {
  to: at(community, garden),
  type: 'CommunityReopened',
  data: { communityId: garden, slug: 'garden', status: 'ACTIVE', reopenedBy: ada.memberId },
};
export const abandoned: Told = { to: at(community, garden), type: 'FoundingAbandoned', data: { communityId: garden } };

export const project = idOf('8');
export const registeredProject = (owner: Principal = ada): Told => ({
  to: at(projectAggregate, project),
  type: 'ProjectRegistered',
  data: { projectId: project, name: 'Orchard', description: '', url: null, status: 'ACTIVE', ownerId: owner.memberId },
});
export const closedProject: Told = {
  to: at(projectAggregate, project),
  type: 'ProjectClosed',
  data: { projectId: project, outcome: 'COMPLETED', communityIds: [garden] },
};
export const anchored: Told = {
  to: at(community, garden),
  type: 'CommunityAnchored',
  data: { communityId: garden, projectId: project },
};

const inGarden = (type: string, data: object): Told => ({
  to: at(community, garden),
  type,
  data: { communityId: garden, ...data },
});
export const charter = { purpose: 'To grow.', inScope: 'Trees.', outOfScope: '', tools: '', meaning: '' };
export const chartered = (version = 1) => inGarden('CharterAdopted', { version, ...charter });
export const objective = idOf('3');
export const aimed = inGarden('ObjectiveSet', {
  objectiveId: objective,
  statistic: 'gini',
  baseline: 0.6,
  target: 0.4,
  windowDays: 28,
  dueAt: '2027-01-01T00:00:00.000Z',
});
export const expectation = idOf('4');
export const expected = (version = 1) =>
  inGarden('ExpectationStated', {
    expectationId: expectation,
    version,
    behaviour: 'Water once a week.',
    audience: 'EVERYBODY',
    measure: null,
  });
export const strict: Told = {
  to: at(organisation, ORGANISATION_ID),
  type: 'ActivationRuleSet',
  data: { rule: 'STRICT' },
};

type Assignment = { role: RoleName; until?: string; id?: string };

export const assigned = (who: Principal, { role, until, id = idOf('6') }: Assignment): Told => ({
  to: at(community, garden),
  type: 'RoleAssigned',
  data: { communityId: garden, memberId: who.memberId, role, until: until ?? null },
  facts: { id },
});

export const roleEnded = (who: Principal, role: RoleName, assignmentId: string): Told => ({
  to: at(community, garden),
  type: 'RoleEnded',
  data: { communityId: garden, memberId: who.memberId, role, assignmentId, cause: 'ENDED' },
});

export const termPassed = (who: Principal, role: RoleName, assignmentId: string): Told => ({
  to: at(community, garden),
  type: 'RoleTermPassed',
  data: { communityId: garden, memberId: who.memberId, role, assignmentId },
});

const membershipEvent = (type: string, { memberId }: Principal, more: object): Told => ({
  to: at(membership, membershipId(garden, memberId)),
  type,
  data: { communityId: garden, memberId, ...more },
});
export const joined = (who: Principal) => membershipEvent('MemberJoined', who, { via: 'OPEN' });
export const requested = (who: Principal) => membershipEvent('MembershipRequested', who, {});
export const acknowledged = (who: Principal, version: number) =>
  membershipEvent('ExpectationsAcknowledged', who, { version });
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

/** Another question than Ada's, which somebody asked first. */
export const other = idOf('f');
export const acceptedIn = (postId: string): Told => ({
  to: at(post, postId),
  type: 'AnswerAccepted',
  data: { postId, communityId: garden, commentId: firstAnswer, answerAuthorId: bao.memberId, acceptedBy: ada.memberId },
});
export const repeated: Told = {
  to: at(post, question),
  type: 'MarkedDuplicate',
  data: { postId: question, communityId: garden, ofPostId: other, markedBy: ada.memberId },
};
export const repeatsNone: Told = {
  to: at(post, question),
  type: 'DuplicateUnmarked',
  data: { postId: question, communityId: garden, ofPostId: other, unmarkedBy: ada.memberId },
};

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
