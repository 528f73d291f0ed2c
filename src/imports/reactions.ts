import { at, streamName } from '../core/decider.ts';
import { reaction, reactionId } from '../domain/reaction.ts';
import { shortName } from '../domain/reaction-kinds.ts';
import type { Conversations } from './conversations.ts';
import type { Draft } from './draft.ts';
import { asTyped, emojiName } from './emoji.ts';
import type { People } from './people.ts';
import type { Planning } from './plan.ts';

/**
 * Reactions, by the order of what they react to. An archive does not say when somebody reacted: they are dated by the message.
 * To be walked through after the posts and comments.
 */
export function* planReactions(
  { archive, ids, stored, tally }: Planning,
  people: People,
  { placed, posts }: Conversations,
): Iterable<Draft> {
  const groups = byMessage(archive.reactions);
  const former = formerNames(archive.reactions);
  for (const { id: messageId, senderId, sentAt } of archive.messages) {
    const place = placed.get(messageId);
    for (const [userId, names] of groups.get(messageId) ?? []) {
      const memberId = people.memberIdOf(userId);
      const communityId = place && posts.get(place.postId)?.communityId;
      if (!place || !memberId || !communityId) {
        for (const _ of names) tally.leftOut('reactions', 'to or by what was not imported');
        continue;
      }
      const targetId = ids.message(messageId);
      const to = at(reaction, reactionId(targetId, memberId));
      const before = stored.reactions.get(streamName(to));
      const kinds = kindsOf(names, tally);
      const missing = kinds.filter((kind) => ![kind, ...(former.get(kind) ?? [])].some((name) => before?.has(name)));
      for (const _ of kinds.slice(missing.length)) tally.present('reactions');
      const { type: targetType, postId } = place;
      const memberKind = people.kindOf(userId);
      const target = { targetId, targetType, postId, communityId, memberId };
      if (missing.length > 0)
        yield {
          noun: 'reactions',
          origin: `the reactions of user ${userId} to message ${messageId}`,
          to,
          expected: before ? 'exists' : 'none',
          commandId: ids.command('react', messageId, userId, ...missing),
          actor: memberId,
          at: sentAt,
          events: missing.map((kind) => ({
            type: 'ReactionAdded',
            data: { ...target, kind, memberKind, targetAuthorId: people.memberIdOf(senderId) },
          })),
        };
    }
  }
  const known = new Set(archive.messages.map(({ id }) => id));
  for (const { messageId } of archive.reactions)
    if (!known.has(messageId)) tally.leftOut('reactions', 'to or by what was not imported');
}

const byMessage = (reactions: Planning['archive']['reactions']): Map<number, Map<number, string[]>> => {
  const groups = new Map<number, Map<number, string[]>>();
  for (const reaction of reactions) {
    const { messageId, userId } = reaction;
    const ofMessage = groups.get(messageId) ?? new Map<number, string[]>();
    groups.set(messageId, ofMessage.set(userId, [...(ofMessage.get(userId) ?? []), emojiName(reaction)]));
  }
  return groups;
};

/** By what it is called now, what an emoji was called by imports that kept the names that people typed. */
const formerNames = (reactions: Planning['archive']['reactions']): ReadonlyMap<string, ReadonlySet<string>> => {
  const names = new Map<string, Set<string>>();
  for (const reaction of reactions) {
    const name = emojiName(reaction);
    names.set(name, (names.get(name) ?? new Set()).add(asTyped(reaction.name)));
  }
  return names;
};

/** Short names, once each. */
const kindsOf = (names: readonly string[], tally: Planning['tally']): string[] => {
  const kinds = new Set<string>();
  for (const kind of names) {
    if (shortName.safeParse(kind).success) kinds.add(kind);
    else tally.leftOut('reactions with other emoji', 'their names cannot be kept');
  }
  return [...kinds].sort();
};
