import { z } from 'zod';
import { at, defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { isClosedTo } from './audience.ts';
import { comment } from './comment.ts';
import { assertMember, isVisible } from './membership.ts';
import { placeIn, post } from './post.ts';
import { authorKind, id } from './words.ts';

/** The short name of an emoji: `thumbs_up`, `tada`. */
export const reactionKind = z
  .string()
  .regex(/^[a-z0-9_+-]{1,64}$/, 'A reaction is the short name of an emoji, such as thumbs_up.');

const target = {
  targetId: id,
  targetType: z.enum(['POST', 'COMMENT']),
  postId: id,
  communityId: id,
  memberId: id,
  kind: reactionKind,
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

const input = z.strictObject({ targetId: id, targetType: z.enum(['POST', 'COMMENT']), kind: reactionKind });

const targetOf = ({ targetId, targetType }: z.infer<typeof input>) => ({
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
    if (kinds.includes(input.kind)) return [];
    return [
      {
        type: 'ReactionAdded',
        data: {
          ...input,
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
    if (!target || !kinds.includes(input.kind)) return [];
    return [
      {
        type: 'ReactionRemoved',
        data: {
          ...input,
          postId: needs.comment?.postId ?? input.targetId,
          communityId: target.communityId,
          memberId: actor.memberId,
        },
      },
    ];
  },
});
