import { type CharterRow, chartersOf, charterVersionsOf, foundations } from '../projections/foundations.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { PART_ID, partId } from './global-id.ts';
import { knownMember } from './member.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { steered } from './steering.ts';
import { Community, Member } from './types.ts';

const Charter = builder.objectRef<CharterRow>('Charter').implement({
  description: "What a community says of itself. Its words are the organisation's own.",
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: PART_ID,
      resolve: ({ communityId, version }) => partId('Charter', communityId, version),
    }),
    version: t.exposeInt('version', { description: 'Which wording it is, from 1.' }),
    purpose: t.exposeString('purpose', { description: 'What the community is for: 1 to 4,000 characters.' }),
    inScope: t.exposeString('inScope', { description: 'What belongs into it: 1 to 4,000 characters.' }),
    outOfScope: t.exposeString('outOfScope', { description: 'What does not: at most 4,000 characters.' }),
    tools: t.exposeString('tools', { description: 'With what it works: at most 4,000 characters.' }),
    meaning: t.exposeString('meaning', { description: 'Why it matters: at most 4,000 characters.' }),
    adoptedAt: t.field({
      type: 'DateTime',
      description: 'Since when it holds.',
      resolve: ({ adoptedAt }) => adoptedAt,
    }),
    adoptedBy: t.field({
      type: Member,
      nullable: true,
      description: 'Who wrote it down; null where nobody did.',
      resolve: ({ adoptedBy }, _, context) => (adoptedBy === 'system' ? null : knownMember(context, adoptedBy)),
    }),
  }),
});

builder.objectField(Community, 'charter', (t) =>
  t.field({
    type: Charter,
    nullable: true,
    description: 'Its charter; null for a community without one, and for a version that never was.',
    args: { version: t.arg.int({ description: 'Which version, from 1. The one that holds now unless given.' }) },
    resolve: async ({ id }, { version }, context) =>
      (await context.loaders
        .each(`charter ${version ?? 'now'}`, (ids) => charterOfEach(context, ids, version ?? null))
        .load(id)) ?? null,
  }),
);

const MAX_VERSION = 2 ** 31 - 1;

const charterOfEach = async ({ read }: Context, ids: readonly string[], version: number | null) => {
  const db = read.from(foundations);
  const isOne = version === null || (version >= 1 && version <= MAX_VERSION);
  const rows = !isOne ? [] : version === null ? await chartersOf(db, ids) : await charterVersionsOf(db, ids, version);
  return new Map<string, CharterRow | undefined>(rows.map((row) => [row.communityId, row]));
};

commandField({
  command: commands.adoptCharter,
  description:
    'Gives a community a charter, or the next version of it. Earlier versions stay readable. For its facilitators and admins.',
  scope: 'communities:write',
  input: builder.inputType('AdoptCharterInput', {
    description: 'What `adoptCharter` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      purpose: t.string({ required: true, description: 'What the community is for: 1 to 4,000 characters.' }),
      inScope: t.string({ required: true, description: 'What belongs into it: 1 to 4,000 characters.' }),
      outOfScope: t.string({ description: 'What does not: at most 4,000 characters. Empty unless given.' }),
      tools: t.string({ description: 'With what it works: at most 4,000 characters. Empty unless given.' }),
      meaning: t.string({ description: 'Why it matters: at most 4,000 characters. Empty unless given.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    purpose: input.purpose,
    inScope: input.inScope,
    outOfScope: input.outOfScope ?? undefined,
    tools: input.tools ?? undefined,
    meaning: input.meaning ?? undefined,
  }),
  ...steered,
  reads: [...steered.reads, foundations.name],
});
