import { z } from 'zod';
import { at, defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { isClosedTo } from './audience.ts';
import { comment } from './comment.ts';
import { assertMember, isVisible } from './membership.ts';
import { ORGANISATION_ID, organisation } from './organisation.ts';
import { placeIn, post } from './post.ts';
import { kindMeant } from './reaction-kind.ts';
import { shortName } from './reaction-kinds.ts';
import { authorKind, id } from './words.ts';

const target = {
  targetId: id,
  targetType: z.enum(['POST', 'COMMENT']),
  postId: id,
  communityId: id,
  memberId: id,
  kind: shortName,
};

// Events. These names and shapes are a file format: add, never edit.
export const reactionEvents = defineEvents({
  ReactionAdded: { version: 1, data: z.strictObject({ ...target, memberKind: authorKind, targetAuthorId: id }) },
  ReactionRemoved: { version: 1, data: z.strictObject(target) },
});

export type Reaction = { readonly kinds: readonly string[] };

/** A stream for each pair of target and member; each kind of reaction stands there once. */
export const reaction = defineAggregate<Reaction>()({
  category: 'reaction',
  events: reactionEvents,
  initial: { kinds: [] },
  evolve: {
    ReactionAdded: ({ kinds }, { kind }) => ({ kinds: [...kinds, kind] }),
    ReactionRemoved: ({ kinds }, removed) => ({ kinds: kinds.filter((kind) => kind !== removed.kind) }),
  },
});

export const reactionId = (targetId: string, memberId: string) => `${targetId}-${memberId}`;

/** A kind is meant by its name, or by its emoji. */
const input = z.strictObject({
  targetId: id,
  targetType: z.enum(['POST', 'COMMENT']),
  kind: z.string().max(64, 'A reaction is the short name of an emoji, such as thumbs_up, or the emoji itself.'),
});

const targetOf = ({ targetId, targetType }: z.infer<typeof input>) => ({
  organisation: at(organisation, ORGANISATION_ID),
  post: targetType === 'POST' ? at(post, targetId) : null,
  comment: targetType === 'COMMENT' ? at(comment, targetId) : null,
});

export const addReaction = defineCommand({
  type: 'AddReaction',
  input,
  aggregate: reaction,
  id: ({ targetId }, { actor }) => reactionId(targetId, actor.memberId),
  needs: targetOf,
  within: (target, actor) => ({
    above: target.comment ? at(post, target.comment.postId) : null,
    ...placeIn((target.post ?? target.comment)?.communityId ?? '', actor),
  }),
  decide: (input, { kinds }, { actor, needs }) => {
    const target = needs.post ?? needs.comment;
    const under = needs.post ?? needs.above;
    const isThere = isVisible(needs.community, needs.membership) && under && !isClosedTo(under, needs.community, actor);
    if (target?.status !== 'published' || !isThere)
      throw new Rejection('TARGET_NOT_FOUND', 'There is no such post or comment.', ['targetId']);
    assertMember(needs.community, needs.membership);
    const { reactionKinds } = needs.organisation;
    const kind = kindMeant(reactionKinds, input.kind)?.name;
    if (kind === undefined)
      throw new Rejection(
        'REACTION_NOT_OFFERED',
        'Members react with the kinds that the organisation offers: choose one.',
        ['kind'],
        [],
        {
          constraint: 'UNKNOWN_VALUE',
          allowed: reactionKinds.map(({ name }) => name),
        },
      );
    if (kinds.includes(kind)) return [];
    return [
      {
        type: 'ReactionAdded',
        data: {
          ...input,
          kind,
          postId: needs.comment?.postId ?? input.targetId,
          communityId: target.communityId,
          memberId: actor.memberId,
          memberKind: authorKind.parse(actor.kind),
          targetAuthorId: target.authorId,
        },
      },
    ];
  },
});

export const removeReaction = defineCommand({
  type: 'RemoveReaction',
  input,
  aggregate: reaction,
  id: ({ targetId }, { actor }) => reactionId(targetId, actor.memberId),
  needs: targetOf,
  decide: (input, { kinds }, { actor, needs }) => {
    const target = needs.post ?? needs.comment;
    // What is no longer offered, or came with an archive, is taken back by its name.
    const kind = kinds.includes(input.kind)
      ? input.kind
      : kindMeant(needs.organisation.reactionKinds, input.kind)?.name;
    if (!target || kind === undefined || !kinds.includes(kind)) return [];
    return [
      {
        type: 'ReactionRemoved',
        data: {
          ...input,
          kind,
          postId: needs.comment?.postId ?? input.targetId,
          communityId: target.communityId,
          memberId: actor.memberId,
        },
      },
    ];
  },
});
