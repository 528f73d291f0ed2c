import type { AnyCommand, InputOf, Principal } from '../core/decider.ts';
import { commandIdOf, createdIdOf, derivedId } from '../core/ids.ts';
import { commands } from '../domain/index.ts';
import { membershipId } from '../domain/membership.ts';
import { reactionId } from '../domain/reaction.ts';
import { MINUTE } from './calendar.ts';

/** A command that somebody will have given at some time. */
export type Planned = {
  readonly at: number;
  readonly command: AnyCommand;
  readonly input: object;
  readonly actor: Principal;
  /** The same for the same seed, so that an interrupted history goes on where it stopped. */
  readonly key: string;
  readonly writes: string;
  readonly reads: readonly string[];
  /** True for what appends more than once: claims, what stands beside. */
  readonly isAlone: boolean;
};

/** Acts where nobody does: names the organisation, registers the first people. */
const SYSTEM: Principal = { memberId: 'system', kind: 'SYSTEM', isAdmin: true };

export const principal = (memberId: string, kind: Principal['kind'] = 'MEMBER'): Principal => ({
  memberId,
  kind,
  isAdmin: false,
});

export type Target = { readonly id: string; readonly type: 'POST' | 'COMMENT'; readonly communityId: string };

/** Marks every event of one demo organisation, so that it can be recognised. */
export const correlationOf = (seed: number) => derivedId('demo', seed);

/** Writes a history down in any order; `planned` gives it in the order of time. Answers ids before anything has happened. */
export const createScript = (seed: number) => {
  const written: Planned[] = [];

  const add = <C extends AnyCommand>(
    at: number,
    actor: Principal,
    command: C,
    input: InputOf<C>,
    place: { writes?: string; reads?: readonly string[]; isAlone?: boolean } = {},
  ): string => {
    const key = `demo/${seed}/${written.length}`;
    const created = createdIdOf(commandIdOf(actor.memberId, command.type, key, ''));
    const { writes = created, reads = [], isAlone = false } = place;
    written.push({ at, command, input: input as object, actor, key, writes, reads, isAlone });
    return created;
  };

  const within = (communityId: string, { memberId }: Principal) => [communityId, membershipId(communityId, memberId)];

  return {
    name: (at: number, name: string) => add(at, SYSTEM, commands.nameOrganisation, { name }, { isAlone: true }),

    register: (at: number, person: { memberId: string; name: string; handle: string; email: string }) => {
      const { memberId, name, handle, email } = person;
      add(
        at,
        SYSTEM,
        commands.registerMember,
        { memberId, name, handle, email, login: null },
        { writes: memberId, isAlone: true },
      );
    },

    registerBot: (at: number, bot: { memberId: string; name: string; handle: string }) => {
      add(
        at,
        SYSTEM,
        commands.registerServiceAccount,
        { ...bot, email: null },
        { writes: bot.memberId, isAlone: true },
      );
    },

    rename: (at: number, who: Principal, name: string) =>
      add(at, who, commands.changeProfile, { name }, { writes: who.memberId }),

    found: (at: number, who: Principal, input: InputOf<typeof commands.foundCommunity>) =>
      add(at, who, commands.foundCommunity, input, { isAlone: true }),

    describe: (at: number, who: Principal, communityId: string, description: string) =>
      add(at, who, commands.describeCommunity, { communityId, description }, { writes: communityId }),

    invite: (at: number, who: Principal, communityId: string, memberId: string) =>
      add(
        at,
        who,
        commands.inviteMember,
        { communityId, memberId },
        { writes: membershipId(communityId, memberId), reads: [...within(communityId, who), memberId] },
      ),

    join: (at: number, who: Principal, communityId: string) =>
      add(
        at,
        who,
        commands.joinCommunity,
        { communityId },
        { writes: membershipId(communityId, who.memberId), reads: [communityId] },
      ),

    leave: (at: number, who: Principal, communityId: string) =>
      add(at, who, commands.leaveCommunity, { communityId }, { writes: membershipId(communityId, who.memberId) }),

    publish: (at: number, who: Principal, input: InputOf<typeof commands.publishPost>) =>
      add(at, who, commands.publishPost, input, { reads: within(input.communityId, who) }),

    comment: (at: number, who: Principal, communityId: string, input: InputOf<typeof commands.publishComment>) => {
      const reads = [...within(communityId, who), input.postId, ...(input.parentId ? [input.parentId] : [])];
      return add(at, who, commands.publishComment, input, { reads });
    },

    accept: (at: number, who: Principal, communityId: string, postId: string, commentId: string) =>
      add(
        at,
        who,
        commands.acceptAnswer,
        { postId, commentId },
        { writes: postId, reads: [...within(communityId, who), commentId] },
      ),

    react: (at: number, who: Principal, target: Target, kind: string) =>
      add(
        at,
        who,
        commands.addReaction,
        { targetId: target.id, targetType: target.type, kind },
        { writes: reactionId(target.id, who.memberId), reads: [...within(target.communityId, who), target.id] },
      ),

    editPost: (at: number, who: Principal, communityId: string, input: InputOf<typeof commands.editPost>) =>
      add(at, who, commands.editPost, input, { writes: input.postId, reads: within(communityId, who) }),

    editComment: (at: number, who: Principal, communityId: string, input: InputOf<typeof commands.editComment>) =>
      add(at, who, commands.editComment, input, { writes: input.commentId, reads: within(communityId, who) }),

    retractComment: (at: number, who: Principal, communityId: string, commentId: string) =>
      add(at, who, commands.retractComment, { commentId }, { writes: commentId, reads: within(communityId, who) }),

    retractPost: (at: number, who: Principal, communityId: string, postId: string) =>
      add(at, who, commands.retractPost, { postId }, { writes: postId, reads: within(communityId, who) }),

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
  return planned.filter(({ command, writes, reads }) => {
    const isGhost = gone.has(writes) || reads.some((stream) => gone.has(stream));
    if (isGhost || command === commands.retractPost || command === commands.retractComment) gone.add(writes);
    return !isGhost;
  });
};

export type Script = ReturnType<typeof createScript>;
