import type { Kysely } from 'kysely';
import type { EventFacts } from '../src/core/event.ts';
import {
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
      /** Why it was not published at its time: the code of the rule that said no. */
      failureCode: nullable(text),
      failedAt: nullable(timestamp),
      /** The review that was asked for last, and the mentor who took one last. */
      reviewId: nullable(uuid),
      mentorId: nullable(uuid),
      revision: position,
      position,
    },
    indexes: ['"authorId", "begunAt", position where "discardedAt" is null and "publishedAt" is null'],
  }),
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
  version: 1,
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
        revision: BigInt(revision),
        position,
      }),
    ],
    DraftRevised: (draft, event) =>
      changed(draft, event, { kind: draft.kind, sealed: draft.sealed, savedAt: event.occurredAt }),
    DraftDiscarded: (draft, event) => changed(draft, event, { discardedAt: event.occurredAt, scheduledAt: null }),
    PostScheduled: (draft, event) =>
      changed(draft, event, { scheduledAt: draft.at, failureCode: null, failedAt: null }),
    PostUnscheduled: (draft, event) => changed(draft, event, { scheduledAt: null }),
    PublicationFailed: (draft, event) =>
      changed(draft, event, { scheduledAt: null, failureCode: draft.code, failedAt: event.occurredAt }),
    DraftPublished: (draft, event) => changed(draft, event, {}),
    // The post itself says it first.
    PostPublished: ({ postId, fromDraft }, { occurredAt }) =>
      fromDraft ? [patch('drafts', { id: postId }, { publishedAt: occurredAt, scheduledAt: null })] : [],
    ReviewRequested: (draft, event) => changed(draft, event, { reviewId: draft.reviewId }),
    ReviewTaken: ({ draftId, mentorId }) => [patch('drafts', { id: draftId }, { mentorId })],
    FeedbackGiven: ({ draftId, reviewId, mentorId, sealed }, { id, occurredAt, position }) => [
      put('feedback', { id, draftId, reviewId, mentorId, sealed, givenAt: occurredAt, position }),
    ],
  },
});

export type DraftRow = Row<typeof tables.drafts>;
export type FeedbackRow = Row<typeof tables.feedback>;
type Db = Kysely<Rows<typeof tables>>;

export const draftsByIds = (db: Db, ids: readonly string[]) =>
  db.selectFrom('drafts').selectAll().where('id', 'in', ids).execute();

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
