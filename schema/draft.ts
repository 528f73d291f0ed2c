import {
  BY_BEGINNING,
  countOpenDraftsOf,
  type DraftRow,
  drafts,
  type FeedbackRow,
  feedbackOn,
  openDraftsOf,
} from '../projections/drafts.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { connectionOf, pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, pageOf } from './cursor.ts';
import { Audience, EarlyAccessInput, earlyAccessIn } from './early-access.ts';
import { globalId, PART_ID, partId } from './global-id.ts';
import { grouped } from './loaders.ts';
import { knownMember } from './member.ts';
import { aboutNode, commandField, guarded, idIn, repeatable } from './mutation.ts';
import { PostKind } from './post.ts';
import { isErased, textIn } from './sealed.ts';
import { visibleDraft, visiblePost } from './sight.ts';
import { Community, Draft, Member, Node, Post } from './types.ts';
import { type UserErrorCode, UserErrorCodeType } from './user-error.ts';
import { knownCommunity } from './written.ts';

const DraftStatus = builder.enumType('DraftStatus', {
  description: 'What became of a draft.',
  values: {
    OPEN: { description: 'Its author is still at it.' },
    SCHEDULED: { description: 'It will be published by itself at its time.' },
    PUBLISHED: { description: 'It is a post now, to be edited as one.' },
    DISCARDED: { description: 'Its author threw it away, and its text is gone for ever.' },
  },
});

const statusOf = ({ discardedAt, publishedAt, scheduledAt }: DraftRow) => {
  if (discardedAt) return 'DISCARDED';
  if (publishedAt) return 'PUBLISHED';
  return scheduledAt ? 'SCHEDULED' : 'OPEN';
};

const Feedback = builder.objectRef<FeedbackRow>('Feedback').implement({
  description: 'What a mentor said of a draft, to its author alone.',
  fields: (t) => ({
    id: t.field({ type: 'ID', description: PART_ID, resolve: ({ id }) => partId('Feedback', id) }),
    body: t.string({
      nullable: true,
      description: 'What they said: 1 to 40,000 characters. Null once the author of the draft was erased.',
      resolve: ({ sealed }, _, context) => textIn(context, sealed, 'body'),
    }),
    mentor: t.field({
      type: Member,
      description: 'Who said it.',
      resolve: ({ mentorId }, _, context) => knownMember(context, mentorId),
    }),
    givenAt: t.field({ type: 'DateTime', description: 'When they said it.', resolve: ({ givenAt }) => givenAt }),
  }),
});

const PublicationFailure = builder.objectRef<DraftRow>('PublicationFailure').implement({
  description: 'Why a scheduled draft was not published at its time.',
  fields: (t) => ({
    code: t.field({
      type: UserErrorCodeType,
      description: 'The rule that said no, as it would have told the author.',
      resolve: ({ failureCode }) => failureCode as UserErrorCode,
    }),
    at: t.field({
      type: 'DateTime',
      description: 'The time that it was scheduled for.',
      resolve: ({ failedAt }) => failedAt ?? '',
    }),
  }),
});

const ScheduledEarlyAccess = builder
  .objectRef<{ readonly closedTo: string; readonly opensAt: Date }>('ScheduledEarlyAccess')
  .implement({
    description: 'That a draft is going to be for an audience first.',
    fields: (t) => ({
      opensAt: t.field({
        type: 'DateTime',
        description: 'When it is going to be for everybody.',
        resolve: ({ opensAt }) => opensAt,
      }),
      audience: t.field({
        type: Audience,
        description: 'Whom it is going to be for first.',
        resolve: (early) => early,
      }),
    }),
  });

Draft.implement({
  description:
    'What somebody has not published yet. Its author sees it, and the mentor who reads it for a review, as it was when the review was asked for, until the feedback is given; nobody else, by no door.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: ({ id }) => globalId('Draft', id) }),
    status: t.field({ type: DraftStatus, description: 'What became of it.', resolve: statusOf }),
    kind: t.field({
      type: PostKind,
      description: 'What it is going to be.',
      resolve: ({ kind }) => kind as 'DISCUSSION',
    }),
    title: t.string({
      nullable: true,
      description: 'Its title, empty where it has none yet. Null once it was discarded or erased.',
      resolve: ({ sealed }, _, context) => textIn(context, sealed, 'title'),
    }),
    body: t.string({
      nullable: true,
      description: 'Its text, empty where it has none yet. Null once it was discarded or erased.',
      resolve: ({ sealed }, _, context) => textIn(context, sealed, 'body'),
    }),
    isErased: t.boolean({
      description: 'Whether its text is gone for ever, because it was discarded.',
      resolve: ({ sealed }, _, context) => isErased(context, sealed),
    }),
    community: t.field({
      type: Community,
      description: 'Where it is going to stand. `NOT_FOUND` for an author who does not see that community any more.',
      resolve: ({ communityId }, _, context) => knownCommunity(context, communityId),
    }),
    author: t.field({
      type: Member,
      description: 'Who writes it.',
      resolve: ({ authorId }, _, context) => knownMember(context, authorId),
    }),
    begunAt: t.field({ type: 'DateTime', description: 'When it was begun.', resolve: ({ begunAt }) => begunAt }),
    savedAt: t.field({ type: 'DateTime', description: 'When it was last saved.', resolve: ({ savedAt }) => savedAt }),
    revision: t.int({
      description: 'Which state of it this is: send it as `expectedRevision` when you change it.',
      resolve: ({ revision }) => Number(revision),
    }),
    scheduledAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it will be published by itself; null where it will not.',
      resolve: ({ scheduledAt }) => scheduledAt,
    }),
    scheduledEarlyAccess: t.field({
      type: ScheduledEarlyAccess,
      nullable: true,
      description: 'Who has it first once it was published at its time; null where it is for everybody at once.',
      resolve: ({ scheduledAt, closedTo, opensAt }) =>
        scheduledAt && closedTo !== null && opensAt ? { closedTo, opensAt } : null,
    }),
    publicationFailure: t.field({
      type: PublicationFailure,
      nullable: true,
      description: 'Why it was not published at its time, until it is scheduled again; null where nothing failed.',
      resolve: (row) => (row.failureCode === null ? null : row),
    }),
    post: t.field({
      type: Post,
      nullable: true,
      description: 'The post that it became; null before.',
      resolve: ({ id, publishedAt }, _, context) => (publishedAt ? visiblePost(context, id) : null),
    }),
    feedback: t.field({
      type: [Feedback],
      description:
        'What mentors said of it, in the order of time. For a mentor what others said only where the author shares it.',
      resolve: async ({ id, authorId, sharesFeedback }, _, { loaders, read, viewer }) => {
        const load = async (ids: readonly string[]) =>
          grouped('draftId', ids, await feedbackOn(read.from(drafts), ids));
        const all = await loaders.each('feedback', load).load(id);
        const readsAll = sharesFeedback || viewer?.memberId === authorId;
        return readsAll ? all : all.filter(({ mentorId }) => mentorId === viewer?.memberId);
      },
    }),
  }),
});

const DraftConnection = connectionOf(Draft, 'drafts');
const byBeginning = (of: string): ListOrder => ({ name: 'drafts', of, parts: ['time', 'position'] });

builder.queryField('drafts', (t) =>
  t.field({
    type: DraftConnection,
    nullable: true,
    authScopes: { may: 'posts:read' },
    description: 'What the viewer is writing: neither published nor discarded, begun last first.',
    args: pageArguments(t.arg),
    resolve: async (_, args, context) => {
      const { viewer, log, read } = context;
      const memberId = viewer?.memberId ?? null;
      const order = byBeginning(memberId ?? log.identity.logId);
      const page = pageOf(order, args);
      const db = read.from(drafts);
      return toConnection({
        order,
        page,
        paged: memberId ? await openDraftsOf(db, memberId, page) : { rows: [], more: false },
        place: (row: DraftRow) => BY_BEGINNING.columns.map((column) => row[column]),
        node: (row) => row,
        count: () => (memberId ? countOpenDraftsOf(db, memberId) : 0),
      });
    },
  }),
);

export const draftReads = ['drafts', 'reviews', 'posts', 'communities', 'memberships', 'members'];
export const aboutDraft = aboutNode('Draft', 'draftId', visibleDraft);
export const DRAFT_ID = 'The id of the draft.';
export const draftAnswer = {
  draft: {
    type: Draft,
    description: 'The draft as it is now.',
    load: ({ id }: { readonly id: string }, context: Context) => visibleDraft(context, id),
  },
};

commandField({
  command: commands.saveDraft,
  description:
    'Keeps what the viewer is writing, where nobody else sees it: a new draft, or another state of one. It may say little yet.',
  scope: 'posts:write',
  input: builder.inputType('SaveDraftInput', {
    description: 'What `saveDraft` asks for.',
    fields: (t) => ({
      draftId: t.id({ description: 'The draft to be changed; a new one is begun unless given.' }),
      communityId: t.id({ description: 'Where it is going to stand. For a new draft; it stays there.' }),
      kind: t.field({
        type: PostKind,
        description: 'What it is going to be: as it was, and DISCUSSION for a new one, unless given.',
      }),
      title: t.string({ required: true, description: 'Its title: at most 300 characters, or none yet.' }),
      body: t.string({ required: true, description: 'Its text: at most 40,000 characters, or none yet.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ draftId, communityId, kind, title, body }) => ({
    ...(draftId != null && { draftId: idIn('Draft', { draftId }, 'draftId') }),
    ...(communityId != null && { communityId: idIn('Community', { communityId }, 'communityId') }),
    ...(kind != null && { kind }),
    title,
    body,
  }),
  reads: draftReads,
  answers: draftAnswer,
});

commandField({
  command: commands.discardDraft,
  description:
    'Throws a draft away. Its key is destroyed: its text can be read by nobody any more, wherever it is kept.',
  scope: 'posts:write',
  input: builder.inputType('DiscardDraftInput', {
    description: 'What `discardDraft` asks for.',
    fields: (t) => ({ draftId: t.id({ required: true, description: DRAFT_ID }), ...guarded(t), ...repeatable(t) }),
  }),
  toCommand: (input) => ({ draftId: idIn('Draft', input, 'draftId') }),
  about: aboutDraft,
  reads: draftReads,
  answers: draftAnswer,
});

commandField({
  command: commands.schedulePost,
  description:
    'Has a draft published by itself at a set time, with what it says then. Where a rule refuses it, the draft says which.',
  scope: 'posts:write',
  input: builder.inputType('SchedulePostInput', {
    description: 'What `schedulePost` asks for.',
    fields: (t) => ({
      draftId: t.id({ required: true, description: DRAFT_ID }),
      at: t.field({
        type: 'DateTime',
        description: 'When: a moment ahead, within a year. Null or left out, it is not published by itself any more.',
      }),
      earlyAccess: t.field({
        type: EarlyAccessInput,
        description:
          'Who has it first once it is published, and when everybody has it: everybody at once unless given.',
      }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    draftId: idIn('Draft', input, 'draftId'),
    at: input.at?.toISOString() ?? null,
    earlyAccess: input.earlyAccess ? earlyAccessIn(input.earlyAccess) : undefined,
  }),
  about: aboutDraft,
  reads: draftReads,
  answers: draftAnswer,
});
