import { z } from 'zod';
import { at, defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { assertMember } from './membership.ts';
import { assertPublished, placeIn, post } from './post.ts';
import { id } from './words.ts';

// Events. These names and shapes are a file format: add, never edit.
export const welcomeEvents = defineEvents({
  NewcomerWelcomed: {
    version: 1,
    data: z.strictObject({ postId: id, communityId: id, memberId: id, welcomedBy: id }),
  },
});

export type Welcome = { readonly welcomedBy: string | null };

/** A stream for each post whose author was welcomed: a gesture moves the revision of nothing that anybody edits. */
export const welcome = defineAggregate<Welcome>()({
  category: 'welcome',
  events: welcomeEvents,
  initial: { welcomedBy: null },
  evolve: { NewcomerWelcomed: (_, { welcomedBy }) => ({ welcomedBy }) },
});

/** Says to whoever spoke for the first time that they are welcome. Once: the next one says it with an answer. */
export const welcomeNewcomer = defineCommand({
  type: 'WelcomeNewcomer',
  input: z.strictObject({ postId: id }),
  aggregate: welcome,
  id: ({ postId }) => postId,
  needs: ({ postId }) => ({ post: at(post, postId) }),
  within: ({ post }, actor) => placeIn(post.communityId, actor),
  decide: ({ postId }, { welcomedBy }, { actor, needs: { post, ...place } }) => {
    assertPublished(post, actor, place);
    assertMember(place.community, place.membership);
    if (actor.kind !== 'MEMBER') throw new Rejection('NOT_ALLOWED', 'A person welcomes a person.');
    if (post.authorId === actor.memberId) throw new Rejection('NOT_ALLOWED', 'Nobody welcomes themselves.');
    if (welcomedBy !== null) return [];
    const { communityId, authorId: memberId } = post;
    return [{ type: 'NewcomerWelcomed', data: { postId, communityId, memberId, welcomedBy: actor.memberId } }];
  },
});
