import { describe, expect, test } from 'vitest';
import { at } from '../../src/core/decider.ts';
import { ORGANISATION_ID, organisation } from '../../src/domain/organisation.ts';
import { addReaction, reaction, reactionId, removeReaction } from '../../src/domain/reaction.ts';
import { declareReactionKinds } from '../../src/domain/reaction-kind.ts';
import { given, type Told } from '../support/given.ts';
import { ada, admin, bao, discussed, founded, garden, joined, talk } from '../support/story.ts';

const seedling = { name: 'seedling', emoji: '🌱', label: 'It grows' };
const thumb = { name: 'thumbs_up', emoji: '👍', label: 'Yes' };
const declared: Told = {
  to: at(organisation, ORGANISATION_ID),
  type: 'ReactionKindsDeclared',
  data: { kinds: [seedling], declaredBy: ada.memberId },
};
const reacted = (kind: string): Told => ({
  to: at(reaction, reactionId(talk, bao.memberId)),
  type: 'ReactionAdded',
  data: {
    ...{ targetId: talk, targetType: 'POST', postId: talk, communityId: garden, memberId: bao.memberId, kind },
    ...{ memberKind: 'MEMBER', targetAuthorId: ada.memberId },
  },
});

describe('the kinds of reactions', () => {
  test('are declared by an admin, each name and emoji once', () => {
    given()
      .when(declareReactionKinds, { kinds: [thumb, seedling] }, admin)
      .yields({ type: 'ReactionKindsDeclared', data: { kinds: [thumb, seedling], declaredBy: admin.memberId } });
    given(declared)
      .when(declareReactionKinds, { kinds: [seedling] }, admin)
      .yields();
    given()
      .when(declareReactionKinds, { kinds: [thumb] }, ada)
      .rejects('NOT_ALLOWED');
    for (const other of [
      { ...thumb, name: 'yes' },
      { ...seedling, name: 'thumbs_up' },
      { ...thumb, name: 'yes', emoji: '👍🏽' },
    ])
      given()
        .when(declareReactionKinds, { kinds: [thumb, other] }, admin)
        .rejects('REACTION_KIND_TWICE');
  });

  test.each(['', 'ab', '👍👍', 'a', '1'])('are pictures: %j is none', (emoji) => {
    expect(declareReactionKinds.input.safeParse({ kinds: [{ ...thumb, emoji }] }).success).toBe(false);
  });

  test.each(['❤️', '🇫🇷', '👩🏽‍🌾', '1️⃣'])('may be any emoji: %s', (emoji) => {
    given()
      .when(declareReactionKinds, { kinds: [{ ...thumb, emoji }] }, admin)
      .yields({ type: 'ReactionKindsDeclared' });
  });
});

describe('a reaction', () => {
  const open = [founded(), joined(bao), discussed];
  const react = (kind: string) => ({ targetId: talk, targetType: 'POST', kind }) as const;

  test.each(['thumbs_up', '👍', '👍🏽', ' 👍 '])('is meant by %j', (typed) => {
    given(...open)
      .when(addReaction, react(typed), bao)
      .yields({ type: 'ReactionAdded', data: { kind: 'thumbs_up' } });
  });

  test('is one of those that are offered, and what is not is refused with those that are', () => {
    given(...open, declared)
      .when(addReaction, react('🌱'), bao)
      .yields({ type: 'ReactionAdded', data: { kind: 'seedling' } });
    for (const typed of ['thumbs_up', '👍', 'bug', ''])
      given(...open, declared)
        .when(addReaction, react(typed), bao)
        .rejects('REACTION_NOT_OFFERED');
  });

  test('is taken back by its name or emoji, also when it is no longer offered', () => {
    given(...open, declared, reacted('thumbs_up'))
      .when(removeReaction, react('thumbs_up'), bao)
      .yields({ type: 'ReactionRemoved', data: { kind: 'thumbs_up' } });
    given(...open, declared, reacted('seedling'))
      .when(removeReaction, react('🌱'), bao)
      .yields({ type: 'ReactionRemoved', data: { kind: 'seedling' } });
    given(...open, declared)
      .when(removeReaction, react('🌱'), bao)
      .yields();
  });
});
