import { type AnyCommand, type InputOf, type Principal, SYSTEM, streamName } from '../core/decider.ts';
import { commandIdOf, createdIdOf, derivedId, eventIdOf } from '../core/ids.ts';
import { loseAnchor, noteAnchoring } from '../domain/anchoring.ts';
import { community } from '../domain/community.ts';
import type { RoleName } from '../domain/community-events.ts';
import { closeDraft } from '../domain/drafting.ts';
import { openEarlyAccess } from '../domain/early-access.ts';
import { commands } from '../domain/index.ts';
import { membershipId } from '../domain/membership.ts';
import { mentorId } from '../domain/mentor.ts';
import { ORGANISATION_ID } from '../domain/organisation.ts';
import { reactionId } from '../domain/reaction.ts';
import { keepMentorRole, passRoleTerm } from '../domain/role.ts';
import { MINUTE } from './calendar.ts';

/** A command that somebody will have given at some time. */
export type Planned = {
  readonly at: number;
  readonly command: AnyCommand;
  readonly input: object;
  readonly actor: Principal;
  /** The same for the same seed, so that an interrupted history goes on where it stopped. */
  readonly key: string;
  /** The id of the entity whose stream it writes. */
  readonly writes: string;
  /** The post or comment that it speaks of. */
  readonly about: readonly string[];
};

export const principal = (memberId: string, kind: Principal['kind'] = 'MEMBER'): Principal => ({
  memberId,
  kind,
  isAdmin: false,
});

export type Target = { readonly id: string; readonly type: 'POST' | 'COMMENT' };

/** Marks every event of one demo organisation, so that it can be recognised. */
export const correlationOf = (seed: number) => derivedId('demo', seed);

/** Writes a history down in any order; `planned` gives it in the order of time. Answers ids before anything has happened. */
export const createScript = (seed: number) => {
  const written: Planned[] = [];

  const nextKey = () => `demo/${seed}/${written.length}`;

  const add = <C extends AnyCommand>(
    at: number,
    actor: Principal,
    command: C,
    input: InputOf<C>,
    place: { writes?: string; about?: readonly string[]; target?: string } = {},
  ): string => {
    const key = nextKey();
    const created = createdIdOf(commandIdOf(actor.memberId, command.type, key, place.target ?? ''));
    const { writes = created, about = [] } = place;
    written.push({ at, command, input: input as object, actor, key, writes, about });
    return created;
  };

  return {
    name: (at: number, name: string) =>
      add(at, SYSTEM, commands.nameOrganisation, { name }, { writes: ORGANISATION_ID }),

    register: (at: number, person: { memberId: string; name: string; handle: string; email: string }) => {
      const { memberId, name, handle, email } = person;
      add(at, SYSTEM, commands.registerMember, { memberId, name, handle, email, login: null }, { writes: memberId });
    },

    registerBot: (at: number, bot: { memberId: string; name: string; handle: string }) =>
      add(at, SYSTEM, commands.registerServiceAccount, { ...bot, email: null }, { writes: bot.memberId }),

    rename: (at: number, who: Principal, name: string) =>
      add(at, who, commands.changeProfile, { name }, { writes: who.memberId }),

    found: (at: number, who: Principal, input: InputOf<typeof commands.foundCommunity>) =>
      add(at, who, commands.foundCommunity, input),

    strict: (at: number) =>
      add(at, SYSTEM, commands.setActivationRule, { rule: 'STRICT' }, { writes: ORGANISATION_ID }),

    registerProject: (at: number, who: Principal, input: InputOf<typeof commands.registerProject>) =>
      add(at, who, commands.registerProject, input),

    planMilestone: (at: number, who: Principal, projectId: string, name: string, dueAt: number) =>
      add(
        at,
        who,
        commands.planMilestone,
        { projectId, name, dueAt: new Date(dueAt).toISOString() },
        { writes: projectId, target: projectId },
      ),

    reachMilestone: (at: number, who: Principal, projectId: string, milestoneId: string) =>
      add(at, who, commands.reachMilestone, { projectId, milestoneId }, { writes: projectId }),

    closeProject: (at: number, who: Principal, projectId: string) =>
      add(at, who, commands.closeProject, { projectId }, { writes: projectId }),

    /** With what the process that watches anchors does about it. */
    anchor: (at: number, who: Principal, communityId: string, projectId: string) => {
      add(at, who, commands.anchorCommunity, { communityId, projectId }, { writes: communityId });
      add(at + 1, SYSTEM, noteAnchoring, { communityId, projectId }, { writes: projectId });
    },

    loseAnchor: (at: number, communityId: string, projectId: string) =>
      add(at, SYSTEM, loseAnchor, { communityId, projectId }, { writes: communityId }),

    charter: (at: number, who: Principal, input: InputOf<typeof commands.adoptCharter>) =>
      add(at, who, commands.adoptCharter, input, { writes: input.communityId }),

    objective: (at: number, who: Principal, input: InputOf<typeof commands.setObjective>) =>
      add(at, who, commands.setObjective, input, { writes: input.communityId }),

    expect: (at: number, who: Principal, input: InputOf<typeof commands.stateExpectation>) =>
      add(at, who, commands.stateExpectation, input, { writes: input.communityId }),

    activate: (at: number, who: Principal, communityId: string) =>
      add(at, who, commands.activateCommunity, { communityId }, { writes: communityId }),

    acknowledge: (at: number, who: Principal, communityId: string, version: number) =>
      add(
        at,
        who,
        commands.acknowledgeExpectations,
        { communityId, version },
        { writes: membershipId(communityId, who.memberId) },
      ),

    /** Answers what the role is named by: the event that begins it. */
    assign: (at: number, who: Principal, input: InputOf<typeof commands.assignRole>) => {
      const { communityId } = input;
      const key = nextKey();
      add(at, who, commands.assignRole, input, { writes: communityId });
      const commandId = commandIdOf(who.memberId, commands.assignRole.type, key, communityId);
      return eventIdOf(commandId, streamName({ aggregate: community, id: communityId }), 0);
    },

    resign: (at: number, who: Principal, communityId: string, role: RoleName) =>
      add(at, who, commands.endRole, { communityId, memberId: who.memberId, role }, { writes: communityId }),

    /** With what the process that watches terms does about it. */
    passTerm: (at: number, communityId: string, assignmentId: string) =>
      add(at, SYSTEM, passRoleTerm, { communityId, assignmentId }, { writes: communityId }),
    keepMentor: (at: number, communityId: string, memberId: string) =>
      add(at, SYSTEM, keepMentorRole, { communityId, memberId }, { writes: communityId }),
    promise: (at: number, who: Principal, input: InputOf<typeof commands.declareResponsePromise>) =>
      add(at, who, commands.declareResponsePromise, input, { writes: input.communityId }),

    work: (at: number, who: Principal, input: InputOf<typeof commands.defineWorkingCalendar>) =>
      add(at, who, commands.defineWorkingCalendar, input, { writes: input.communityId }),

    describe: (at: number, who: Principal, communityId: string, description: string) =>
      add(at, who, commands.describeCommunity, { communityId, description }, { writes: communityId }),

    invite: (at: number, who: Principal, communityId: string, memberId: string) =>
      add(at, who, commands.inviteMember, { communityId, memberId }, { writes: membershipId(communityId, memberId) }),

    request: (at: number, who: Principal, communityId: string) =>
      add(at, who, commands.requestMembership, { communityId }, { writes: membershipId(communityId, who.memberId) }),

    admit: (at: number, who: Principal, communityId: string, memberId: string) =>
      add(
        at,
        who,
        commands.answerMembershipRequest,
        { communityId, memberId, accept: true },
        { writes: membershipId(communityId, memberId) },
      ),

    join: (at: number, who: Principal, communityId: string) =>
      add(at, who, commands.joinCommunity, { communityId }, { writes: membershipId(communityId, who.memberId) }),

    leave: (at: number, who: Principal, communityId: string) =>
      add(at, who, commands.leaveCommunity, { communityId }, { writes: membershipId(communityId, who.memberId) }),

    publish: (at: number, who: Principal, input: InputOf<typeof commands.publishPost>) =>
      add(at, who, commands.publishPost, input),

    mentorAbout: (at: number, who: Principal, communityId: string, topics: readonly string[]) =>
      add(at, who, commands.setMentoringTopics, { communityId, topics: [...topics] }, { writes: communityId }),

    volunteer: (at: number, who: Principal, input: InputOf<typeof commands.volunteerAsMentor>) =>
      add(at, who, commands.volunteerAsMentor, input, { writes: mentorId(input.communityId, who.memberId) }),

    draft: (at: number, who: Principal, input: InputOf<typeof commands.saveDraft>) =>
      add(at, who, commands.saveDraft, input),

    revise: (at: number, who: Principal, input: InputOf<typeof commands.saveDraft> & { draftId: string }) =>
      add(at, who, commands.saveDraft, input, { writes: input.draftId }),

    askForReview: (at: number, who: Principal, input: InputOf<typeof commands.requestReview>) =>
      add(at, who, commands.requestReview, input, { writes: input.draftId, target: input.draftId }),

    takeReview: (at: number, who: Principal, input: InputOf<typeof commands.acceptReview>) =>
      add(at, who, commands.acceptReview, input, { writes: mentorId(input.communityId, who.memberId) }),

    giveFeedback: (at: number, who: Principal, input: InputOf<typeof commands.giveFeedback>) =>
      add(at, who, commands.giveFeedback, input, { writes: mentorId(input.communityId, who.memberId) }),

    schedule: (at: number, who: Principal, draftId: string, publishAt: number) =>
      add(at, who, commands.schedulePost, { draftId, at: new Date(publishAt).toISOString() }, { writes: draftId }),

    /** Publishes a draft as a question, with what the process that watches drafts does about it. */
    ask: (at: number, who: Principal, { draftId, communityId }: { draftId: string; communityId: string }) => {
      add(at, who, commands.publishPost, { draftId, communityId, kind: 'QUESTION' }, { writes: draftId });
      add(at + 1, SYSTEM, closeDraft, { draftId }, { writes: draftId });
    },

    welcome: (at: number, who: Principal, postId: string) =>
      add(at, who, commands.welcomeNewcomer, { postId }, { writes: postId, about: [postId] }),

    /** What the process that opens posts does at the time that was set. */
    open: (at: number, postId: string) => add(at, SYSTEM, openEarlyAccess, { postId }, { writes: postId }),

    withdraw: (at: number, who: Principal, postId: string) =>
      add(at, who, commands.withdrawEarlyAccess, { postId }, { writes: postId }),

    comment: (at: number, who: Principal, input: InputOf<typeof commands.publishComment>) =>
      add(at, who, commands.publishComment, input, { about: [input.postId, input.parentId ?? input.postId] }),

    accept: (at: number, who: Principal, postId: string, commentId: string) =>
      add(at, who, commands.acceptAnswer, { postId, commentId }, { writes: postId, about: [commentId] }),

    react: (at: number, who: Principal, { id: targetId, type: targetType }: Target, kind: string) =>
      add(
        at,
        who,
        commands.addReaction,
        { targetId, targetType, kind },
        { writes: reactionId(targetId, who.memberId), about: [targetId] },
      ),

    editPost: (at: number, who: Principal, input: InputOf<typeof commands.editPost>) =>
      add(at, who, commands.editPost, input, { writes: input.postId }),

    editComment: (at: number, who: Principal, input: InputOf<typeof commands.editComment>) =>
      add(at, who, commands.editComment, input, { writes: input.commentId }),

    retractPost: (at: number, who: Principal, postId: string) =>
      add(at, who, commands.retractPost, { postId }, { writes: postId }),

    retractComment: (at: number, who: Principal, commentId: string) =>
      add(at, who, commands.retractComment, { commentId }, { writes: commentId }),

    /** Everything before the anchor in the order of time, no two at the same moment. */
    planned: (anchor: number): readonly Planned[] => {
      const inOrder = written
        .filter(({ at }) => at < anchor - MINUTE)
        .map((planned, n) => ({ planned, n }))
        .sort((a, b) => a.planned.at - b.planned.at || a.n - b.n)
        .map(({ planned }) => planned);
      let last = 0;
      return withoutGhosts(inOrder).map((planned) => {
        last = Math.max(planned.at, last + 1);
        return { ...planned, at: last };
      });
    },
  };
};

/** Nobody replies or reacts to what was taken back, nor to what then was never said. */
const withoutGhosts = (planned: readonly Planned[]): readonly Planned[] => {
  const gone = new Set<string>();
  return planned.filter(({ command, writes, about }) => {
    const isGhost = gone.has(writes) || about.some((id) => gone.has(id));
    if (isGhost || command === commands.retractPost || command === commands.retractComment) gone.add(writes);
    return !isGhost;
  });
};

export type Script = ReturnType<typeof createScript>;
