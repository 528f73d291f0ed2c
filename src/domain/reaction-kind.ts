import { z } from 'zod';
import { defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { ORGANISATION_ID, organisation } from './organisation.ts';
import { type ReactionKind, shortName } from './reaction-kinds.ts';

const MAX_KINDS = 50;
/** Characters of the longest emoji there are, families and flags, with room to spare. */
const MAX_EMOJI = 40;

/** An emoji as it is told apart from others: without its colour, and however it is drawn. */
const bare = (emoji: string) => emoji.normalize('NFC').replace(/[\u{1f3fb}-\u{1f3ff}\ufe0e\ufe0f]/gu, '');

const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\u20e3/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const emoji = z
  .string()
  .trim()
  // What is long is no picture: it is not taken apart.
  .refine(
    (text) =>
      text.length <= MAX_EMOJI &&
      [...graphemes.segment(text)].length === 1 &&
      PICTURE.test(text.replaceAll('\ufe0f', '')),
    'An emoji is one picture, such as 👍.',
  );

/** Says with what members react: all kinds, in the order in which they are offered. What was given before stays. */
export const declareReactionKinds = defineCommand({
  type: 'DeclareReactionKinds',
  input: z.strictObject({
    kinds: z
      .array(
        z.strictObject({
          name: shortName,
          emoji,
          label: z.string().trim().min(1, 'A label says what it means.').max(60, 'A label has at most 60 characters.'),
        }),
      )
      .min(1, 'Members react with something: offer at least one kind.')
      .max(MAX_KINDS, `An organisation offers at most ${MAX_KINDS} kinds of reactions.`),
  }),
  aggregate: organisation,
  id: () => ORGANISATION_ID,
  decide: ({ kinds }, state, { actor }) => {
    if (!actor.isAdmin) throw new Rejection('NOT_ALLOWED', 'Only an admin declares with what members react.');
    for (const key of ['name', 'emoji'] as const)
      if (new Set(kinds.map((kind) => bare(kind[key]))).size < kinds.length)
        throw new Rejection('REACTION_KIND_TWICE', `Two kinds of reactions have the same ${key}: each needs its own.`, [
          'kinds',
        ]);
    if (JSON.stringify(kinds) === JSON.stringify(state.reactionKinds)) return [];
    return [{ type: 'ReactionKindsDeclared', data: { kinds, declaredBy: actor.memberId } }];
  },
});

/** The kind that somebody means by its name, or by its emoji in any colour; undefined where none is offered. */
export const kindMeant = (kinds: readonly ReactionKind[], typed: string): ReactionKind | undefined => {
  const wanted = typed.trim();
  return kinds.find(({ name, emoji }) => name === wanted || bare(emoji) === bare(wanted));
};
