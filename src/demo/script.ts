import type { AnyCommand, InputOf, Principal } from '../core/decider.ts';
import { commandIdOf, createdIdOf, derivedId } from '../core/ids.ts';
import { commands } from '../domain/index.ts';
import { membershipId } from '../domain/membership.ts';
import { ORGANISATION_ID } from '../domain/organisation.ts';
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
  /** The id of the entity whose stream it writes. */
  readonly writes: string;
  /** The post or comment that it speaks of. */
  readonly about: readonly string[];
};

/** Acts where nobody does: names the organisation, registers the first people. */
const SYSTEM: Principal = { memberId: 'system', kind: 'SYSTEM', isAdmin: true };

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

  const add = <C extends AnyCommand>(
    at: number,
    actor: Principal,
    command: C,
    input: InputOf<C>,
    place: { writes?: string; about?: readonly string[] } = {},
  ): string => {
    const key = `demo/${seed}/${written.length}`;
    const created = createdIdOf(commandIdOf(actor.memberId, command.type, key, ''));
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

    describe: (at: number, who: Principal, communityId: string, description: string) =>
      add(at, who, commands.describeCommunity, { communityId, description }, { writes: communityId }),

    invite: (at: number, who: Principal, communityId: string, memberId: string) =>
      add(at, who, commands.inviteMember, { communityId, memberId }, { writes: membershipId(communityId, memberId) }),

    join: (at: number, who: Principal, communityId: string) =>
      add(at, who, commands.joinCommunity, { communityId }, { writes: membershipId(communityId, who.memberId) }),

    leave: (at: number, who: Principal, communityId: string) =>
      add(at, who, commands.leaveCommunity, { communityId }, { writes: membershipId(communityId, who.memberId) }),

    publish: (at: number, who: Principal, input: InputOf<typeof commands.publishPost>) =>
      add(at, who, commands.publishPost, input),

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
