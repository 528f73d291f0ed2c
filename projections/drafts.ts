import type { Kysely } from 'kysely';
import type { EventFacts } from '../src/core/event.ts';
import {
  boolean,
  defineProjection,
  entity,
  nullable,
  operationsOn,
  position,
  type Row,
  type Rows,
  sealed,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import { audienceKeys } from './audience.ts';
import { countOf, onPage, type Page, type Paged, paged } from './page.ts';

const tables = {
  drafts: entity({
    key: { id: uuid },
    columns: {
      communityId: uuid,
      authorId: uuid,
      kind: text,
      /** What was typed, as it was last saved. It no longer opens once the draft was discarded. */
      sealed,
      begunAt: timestamp,
      savedAt: timestamp,
      discardedAt: nullable(timestamp),
      publishedAt: nullable(timestamp),
      scheduledAt: nullable(timestamp),
      /** Who has it first once it is published then, as keys of an audience; and when everybody has it. */
      closedTo: nullable(text),
      opensAt: nullable(timestamp),
      /** Why it was not published at its time: the code of the rule that said no. */
      failureCode: nullable(text),
      failedAt: nullable(timestamp),
      /** The review that was asked for last, and the mentor who reads it now. */
      reviewId: nullable(uuid),
      mentorId: nullable(uuid),
      /** What it said when the review was asked for is the text at this place or the last one before it. */
      sentPosition: nullable(position),
      /** Whether the mentor reads what others said before. */
      sharesFeedback: boolean,
      revision: position,
      position,
    },
    indexes: ['"authorId", "begunAt", position where "discardedAt" is null and "publishedAt" is null'],
  }),
  /** Every text that was saved: a mentor reads the one that was sent. */
  texts: entity({ key: { draftId: uuid, position }, columns: { sealed, savedAt: timestamp } }),
  /** What mentors said of drafts, to their authors alone. */
  feedback: entity({
    key: { id: uuid },
    columns: { draftId: uuid, reviewId: uuid, mentorId: uuid, sealed, givenAt: timestamp, position },
    indexes: ['"draftId", position'],
  }),
};

const { put, patch } = operationsOn(tables);

type OfDraft = { readonly draftId: string };
type Change = Parameters<typeof patch<'drafts'>>[2];

/** A change of a draft by an event of its own stream. */
const changed = ({ draftId }: OfDraft, { revision }: EventFacts, change: Change) => [
  patch('drafts', { id: draftId }, { ...change, revision: BigInt(revision) }),
];

/** What is not published yet: shown to its author, and to the mentor who took its review. */
export const drafts = defineProjection<DomainEvents>()({
  name: 'drafts',
  version: 2,
  tables,
  on: {
    PostDrafted: ({ draftId, communityId, authorId, kind, sealed }, { occurredAt, revision, position }) => [
      put('drafts', {
        id: draftId,
        communityId,
        authorId,
        kind,
        sealed,
        begunAt: occurredAt,
        savedAt: occurredAt,
        sharesFeedback: false,
        revision: BigInt(revision),
        position,
      }),
      put('texts', { draftId, position, sealed, savedAt: occurredAt }),
    ],
    DraftRevised: (draft, event) => [
      ...changed(draft, event, { kind: draft.kind, sealed: draft.sealed, savedAt: event.occurredAt }),
      put('texts', {
        draftId: draft.draftId,
        position: event.position,
        sealed: draft.sealed,
        savedAt: event.occurredAt,
      }),
    ],
    DraftDiscarded: (draft, event) =>
      changed(draft, event, { discardedAt: event.occurredAt, scheduledAt: null, mentorId: null }),
    PostScheduled: (draft, event) =>
      changed(draft, event, {
        scheduledAt: draft.at,
        closedTo: draft.earlyAccess ? audienceKeys(draft, draft.earlyAccess.audience) : null,
        opensAt: draft.earlyAccess?.opensAt ?? null,
        failureCode: null,
        failedAt: null,
      }),
    PostUnscheduled: (draft, event) => changed(draft, event, { scheduledAt: null }),
    PublicationFailed: (draft, event) =>
      changed(draft, event, { scheduledAt: null, failureCode: draft.code, failedAt: event.occurredAt }),
    DraftPublished: (draft, event) => changed(draft, event, { mentorId: null }),
    // The post itself says it first.
    PostPublished: ({ postId, fromDraft }, { occurredAt }) =>
      fromDraft
        ? [patch('drafts', { id: postId }, { publishedAt: occurredAt, scheduledAt: null, mentorId: null })]
        : [],
    ReviewRequested: (draft, event) =>
      changed(draft, event, {
        reviewId: draft.reviewId,
        mentorId: null,
        sentPosition: event.position,
        sharesFeedback: draft.sharesFeedback ?? false,
      }),
    ReviewOffered: (draft, event) => changed(draft, event, {}),
    ReviewPassedOn: (draft, event) => changed(draft, event, {}),
    ReviewTaken: ({ draftId, mentorId }) => [patch('drafts', { id: draftId }, { mentorId })],
    FeedbackGiven: ({ draftId, reviewId, mentorId, sealed }, { id, occurredAt, position }) => [
      put('feedback', { id, draftId, reviewId, mentorId, sealed, givenAt: occurredAt, position }),
      patch('drafts', { id: draftId }, { mentorId: null }),
    ],
  },
});

export type DraftRow = Row<typeof tables.drafts>;
export type FeedbackRow = Row<typeof tables.feedback>;
type Db = Kysely<Rows<typeof tables>>;

export const draftsByIds = (db: Db, ids: readonly string[]) =>
  db.selectFrom('drafts').selectAll().where('id', 'in', ids).execute();

/** What drafts said when their last review was asked for, in the words of the row: all that its mentor reads. */
export const sentTexts = (db: Db, ids: readonly string[]): Promise<readonly SentText[]> =>
  db
    .selectFrom('drafts')
    .innerJoinLateral(
      (of) =>
        of
          .selectFrom('texts')
          .select(['sealed', 'savedAt'])
          .whereRef('texts.draftId', '=', 'drafts.id')
          .whereRef('texts.position', '<', 'drafts.sentPosition')
          .orderBy('texts.position', 'desc')
          .limit(1)
          .as('sent'),
      (join) => join.onTrue(),
    )
    .select(['drafts.id', 'sent.sealed', 'sent.savedAt'])
    .where('drafts.id', 'in', ids)
    .execute();

export type SentText = Pick<DraftRow, 'id' | 'sealed' | 'savedAt'>;

export const BY_BEGINNING = { columns: ['begunAt', 'position'], direction: 'desc' } as const;

/** What somebody is writing, begun last first. */
export const openDraftsOf = async (db: Db, authorId: string, page: Page): Promise<Paged<DraftRow>> =>
  paged(await onPage(openOf(db, authorId).selectAll(), BY_BEGINNING, page).execute(), page);

export const countOpenDraftsOf = (db: Db, authorId: string) => countOf(db, openOf(db, authorId));

const openOf = (db: Db, authorId: string) =>
  db
    .selectFrom('drafts')
    .where('authorId', '=', authorId)
    .where('discardedAt', 'is', null)
    .where('publishedAt', 'is', null);

/** What was said of these drafts, in the order of time. */
export const feedbackOn = (db: Db, draftIds: readonly string[]) =>
  db.selectFrom('feedback').selectAll().where('draftId', 'in', draftIds).orderBy('position').execute();
