/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What `acceptAnswer` asks for. */
export type AcceptAnswerInput = {
  /** The id of the comment that answers it. */
  commentId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The id of the question. */
  postId: string | number;
};

/** What `acceptReview` asks for. */
export type AcceptReviewInput = {
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The id of the review. */
  reviewId: string | number;
};

/** What happened in a community. */
export type ActivityKind =
  /** The project that the community stood on was closed: it needs another one. */
  | 'ANCHOR_LOST'
  /** The asker accepted an answer. */
  | 'ANSWER_ACCEPTED'
  /** The asker no longer accepts an answer. */
  | 'ANSWER_UNACCEPTED'
  /** Its author changed a comment. */
  | 'COMMENT_EDITED'
  /** A comment or an answer was published. */
  | 'COMMENT_PUBLISHED'
  /** Its author took a comment back. */
  | 'COMMENT_RETRACTED'
  /** A post that was for an audience first is for everybody. */
  | 'EARLY_ACCESS_OPENED'
  /** A post stays with its audience; told to nobody else. */
  | 'EARLY_ACCESS_WITHDRAWN'
  /** Its author changed a post. */
  | 'POST_EDITED'
  /** A post was published. */
  | 'POST_PUBLISHED'
  /** Its author took a post back. */
  | 'POST_RETRACTED';

/** What `addReaction` asks for. */
export type AddReactionInput = {
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** One of `Organisation.reactionKinds`: its name, such as `thumbs_up`, or its emoji in any colour. */
  kind: string;
  /** The post or comment. */
  targetId: string | number;
};

/** What `agreeToRenegotiation` asks for. */
export type AgreeToRenegotiationInput = {
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /**
   * The question that was asked; refused where one request took the place of another.
   * @deprecated Use `proposalId`. Removal on 2027-10-01.
   */
  postId?: string | number | null | undefined;
  /** The request for more time, as it was read: `PromiseRenegotiation.id`. Required where `postId` is not given. */
  proposalId?: string | number | null | undefined;
};

/** What `assignRole` asks for. */
export type AssignRoleInput = {
  /** The id of the community. */
  communityId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** Who gets the role: a person, who need not be a member of the community. */
  memberId: string | number;
  /** Why this member: 1 to 2,000 characters. */
  reason: string;
  /** Which role it is. */
  role: CommunityRole;
  /** The end of the term, in the future. Without it the role goes on until somebody ends it. */
  until?: string | null | undefined;
};

/** Whom a post is for before it is for everybody: roles, members, or both. Who belongs to it is judged whenever somebody looks. */
export type AudienceInput = {
  /** These members: at most 100. */
  memberIds?: Array<string | number> | null | undefined;
  /** Whoever holds one of these roles of its community. */
  roles?: Array<CommunityRole> | null | undefined;
};

/** How often a measure is to be met. */
export type Cadence =
  /** In every calendar month. */
  | 'MONTH'
  /** In every ISO week. */
  | 'WEEK';

/** What a comment is. */
export type CommentKind =
  /** An answer to a question. */
  | 'ANSWER'
  /** Something said about a post or about another comment. */
  | 'COMMENT';

/** What somebody does for a community beside being its member. */
export type CommunityRole =
  /** Carries what happens here to where it does not happen. */
  | 'AMBASSADOR'
  /** Seeks, evaluates and sorts what is worth keeping. */
  | 'CURATOR'
  /** Is asked for an answer that holds. */
  | 'EXPERT'
  /** Keeps the community going, and steers it. */
  | 'FACILITATOR'
  /** Helps those who dare not publish yet: whoever volunteers for it by `volunteerAsMentor`. */
  | 'MENTOR'
  /** Looks on, and sees the community whatever its access. */
  | 'OBSERVER'
  /** Of the management: answers for its time and its means. */
  | 'SPONSOR';

/** How far a community is. */
export type CommunityStatus =
  /** Members take part in it. */
  | 'ACTIVE'
  /** It stays readable, and nothing can be added to it. */
  | 'ARCHIVED'
  /** It waits to be activated, and is there for its founder and who holds a role in it. */
  | 'FORMING';

/** What `declareResponsePromise` asks for. */
export type DeclareResponsePromiseInput = {
  /** The community that promises. */
  communityId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Working time until a first reply by another member, in seconds: 1 to a year. */
  firstResponseSeconds: number;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The same for a member's first contribution: at most firstResponseSeconds. Not tighter unless given. */
  newcomerFirstResponseSeconds?: number | null | undefined;
  /** Working time until an accepted answer, in seconds; none is promised unless given. */
  resolutionSeconds?: number | null | undefined;
  /** So many per cent of the working time before the end, a breach is imminent: 25 unless given. */
  warnPercent?: number | null | undefined;
};

/** What `declineRenegotiation` asks for. */
export type DeclineRenegotiationInput = {
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The request for more time, as it was read: `PromiseRenegotiation.id`. */
  proposalId: string | number;
  /** Why: 1 to 2,000 characters. None unless given. */
  reason?: string | null | undefined;
};

/** What `declineReview` asks for. */
export type DeclineReviewInput = {
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The id of the review. */
  reviewId: string | number;
};

/** What `defineWorkingCalendar` asks for. */
export type DefineWorkingCalendarInput = {
  /** The community that promises. */
  communityId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Days without working hours, from midnight to midnight there: 2026-12-25. None unless given. */
  holidays?: Array<string> | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** Where its clocks stand: an IANA name such as Europe/Paris. */
  timeZone: string;
  /** The hours of a week, at most 100 intervals; what overlaps counts once. */
  weeklyHours: Array<WorkingHoursInput>;
};

/** What `discardDraft` asks for. */
export type DiscardDraftInput = {
  /** The id of the draft. */
  draftId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
};

/** What became of a draft. */
export type DraftStatus =
  /** Its author threw it away, and its text is gone for ever. */
  | 'DISCARDED'
  /** Its author is still at it. */
  | 'OPEN'
  /** It is a post now, to be edited as one. */
  | 'PUBLISHED'
  /** It will be published by itself at its time. */
  | 'SCHEDULED';

/** Who has a post first, and when everybody has it. Not for questions. */
export type EarlyAccessInput = {
  /** Who has it first: never nobody. */
  audience: AudienceInput;
  /** When it is for everybody, in the future. */
  opensAt: string;
};

/** What `editPost` asks for. */
export type EditPostInput = {
  /** The new text: 1 to 40,000 characters. */
  body: string;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The id of the post. */
  postId: string | number;
  /** The new title: 1 to 300 characters. */
  title: string;
};

/** What `endorseAnswer` asks for. */
export type EndorseAnswerInput = {
  /** The answer in question. */
  commentId: string | number;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
};

/** Where an event came from. */
export type EventSource =
  /** An import read it in an archive. */
  | 'IMPORT'
  /** Somebody, or an integration, did it here. */
  | 'NATIVE'
  /** The generator of demonstration data. */
  | 'SEED';

/** Of whom something is expected. */
export type ExpectationAudience =
  /** Every member of the community. */
  | 'EVERYBODY'
  /** Facilitators and sponsors. */
  | 'LEADERS'
  /** Who has not contributed yet. */
  | 'NEWCOMERS';

/** What `foundCommunity` asks for. */
export type FoundCommunityInput = {
  /** What it is for: at most 2,000 characters. Empty unless given. */
  description?: string | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** How one becomes a member: OPEN unless given. */
  joinPolicy?: JoinPolicy | null | undefined;
  /** How it is called: 1 to 120 characters. */
  name: string;
  /** How it is called in addresses, unique: at most 80 lower-case letters, digits and single dashes. */
  slug: string;
  /** Who sees it: PUBLIC unless given. */
  visibility?: Visibility | null | undefined;
};

/** What `giveFeedback` asks for. */
export type GiveFeedbackInput = {
  /** What the mentor thinks: 1 to 40,000 characters. */
  body: string;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The id of the review. */
  reviewId: string | number;
};

/** What `inviteMember` asks for. */
export type InviteMemberInput = {
  /** The id of the community. */
  communityId: string | number;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** Whom to invite. */
  memberId: string | number;
};

/** What `joinCommunity` asks for. */
export type JoinCommunityInput = {
  /** The id of the community. */
  communityId: string | number;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
};

/** How one becomes a member of a community. */
export type JoinPolicy =
  /** By an invitation of one of its members. */
  | 'BY_INVITATION'
  /** By a request, which a facilitator answers, or by an invitation of one of its members. */
  | 'ON_REQUEST'
  /** By joining, nobody being asked. */
  | 'OPEN';

/** What `leaveCommunity` asks for. */
export type LeaveCommunityInput = {
  /** The id of the community. */
  communityId: string | number;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
};

/** What `markDuplicate` asks for. */
export type MarkDuplicateInput = {
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The question that was asked first. */
  ofPostId: string | number;
  /** The question that repeats another. */
  postId: string | number;
};

/** What a measure counts. */
export type MeasuredActivity =
  /** Answers to questions. */
  | 'ANSWERS'
  /** Comments and answers. */
  | 'COMMENTS'
  /** Posts, comments and answers. */
  | 'CONTRIBUTIONS'
  /** Posts of every kind. */
  | 'POSTS'
  /** Reactions of every kind. */
  | 'REACTIONS';

/** How a member belongs to a community. */
export type MembershipStatus =
  /** Was invited, and declined. */
  | 'DECLINED'
  /** Asked to join, and has not answered. */
  | 'INVITED'
  /** A member of the community. */
  | 'JOINED'
  /** Asked to be let in, and was refused. */
  | 'REFUSED'
  /** Has asked to be let in, and waits for an answer. */
  | 'REQUESTED';

/** What a post is for. */
export type PostKind =
  /** Something to be known. */
  | 'ANNOUNCEMENT'
  /** Something to talk about. */
  | 'DISCUSSION'
  /** Something to be answered; the asker accepts the answer that helped. */
  | 'QUESTION';

/** How a project stands. */
export type ProjectStatus =
  /** It is under way. */
  | 'ACTIVE'
  /** It is over: `outcome` says how it ended. */
  | 'CLOSED'
  /** It rests, and will go on. */
  | 'PAUSED'
  /** It has not begun. */
  | 'PLANNED';

/** Why nothing is owed any more, though nobody fulfilled it. */
export type PromiseEnding =
  /** The community was archived. */
  | 'ARCHIVED'
  /** The question repeats one that is answered. */
  | 'DUPLICATE'
  /** An answer was accepted, and no other member had replied: who asked found it alone. */
  | 'RESOLVED'
  /** The question was taken back. */
  | 'RETRACTED';

/** What became of a promise. */
export type PromiseStatus =
  /** Fulfilled in time. It stays so when the response is taken back. */
  | 'ACHIEVED'
  /** Fulfilled, or no longer owed, after the time was over. */
  | 'BREACHED'
  /** Open, and the time is over. */
  | 'BREACHING'
  /** Nothing is owed any more, and that was so in time: `ending` says why. */
  | 'CANCELLED'
  /** Open, and little of the working time is left. */
  | 'IMMINENT_BREACH'
  /** Open, and there is time. */
  | 'PENDING';

/** What is promised. */
export type PromiseTargetName =
  /** A reply by another member; not by a service account. */
  | 'FIRST_RESPONSE'
  /** An accepted answer. */
  | 'RESOLUTION';

/** What `publishComment` asks for. */
export type PublishCommentInput = {
  /** Its text: 1 to 40,000 characters. */
  body: string;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** What it is: COMMENT unless given. */
  kind?: CommentKind | null | undefined;
  /** The comment that it replies to; none for a reply to the post itself. */
  parentId?: string | number | null | undefined;
  /** The id of the post. */
  postId: string | number;
};

/** What `publishPost` asks for. */
export type PublishPostInput = {
  /** Its text: 1 to 40,000 characters. Needed, except for a draft: it then goes before what that says. */
  body?: string | null | undefined;
  /** Where it shall stand. Needed, except for a draft: it stands in the draft's. */
  communityId?: string | number | null | undefined;
  /** The draft of the viewer that is to be published. */
  draftId?: string | number | null | undefined;
  /** Who has it first, and when everybody has it. For everybody at once unless given. */
  earlyAccess?: EarlyAccessInput | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** Whether it is a discussion, a question or an announcement. Needed, except for a draft. */
  kind?: PostKind | null | undefined;
  /** Its title: 1 to 300 characters. Needed, except for a draft: it then goes before what that says. */
  title?: string | null | undefined;
};

/** What `renameCommunity` asks for. */
export type RenameCommunityInput = {
  /** The id of the community. */
  communityId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The new name: 1 to 120 characters. */
  name: string;
  /** The new slug; the old one is free again. Unchanged unless given. */
  slug?: string | null | undefined;
};

/** What `renegotiatePromise` asks for. */
export type RenegotiatePromiseInput = {
  /** Until when; later than what stands. */
  dueAt: string;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The question that was asked. */
  postId: string | number;
  /** Why: 1 to 2,000 characters. */
  reason: string;
  /** For what: FIRST_RESPONSE unless given. */
  target?: PromiseTargetName | null | undefined;
};

/** What became of a request for more time. */
export type RenegotiationStatus =
  /** They gave the time. */
  | 'AGREED'
  /** They did not: what was promised stands. */
  | 'DECLINED'
  /** The promise was settled or broken before they decided. */
  | 'LAPSED'
  /** Who asked the question has not decided about it. */
  | 'OPEN'
  /** Another request took its place. */
  | 'WITHDRAWN';

/** What `reopenCommunity` asks for. */
export type ReopenCommunityInput = {
  /** The id of the community. */
  communityId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** Why: 1 to 2,000 characters. */
  reason: string;
  /** Its address from now on: the one that it had unless given, which may be taken by now. */
  slug?: string | null | undefined;
};

/** What `reopenQuestion` asks for. */
export type ReopenQuestionInput = {
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The question to be reopened. */
  postId: string | number;
  /** Why: 1 to 2,000 characters. */
  reason: string;
};

/** What `requestReview` asks for. */
export type RequestReviewInput = {
  /** The id of the draft. */
  draftId: string | number;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** Whether the mentor reads what others said of the draft before: no unless given. */
  sharesFeedback?: boolean | null | undefined;
  /** What it is about, of `Community.mentoringTopics`; any mentor unless given. */
  topic?: string | null | undefined;
};

/** What `retractComment` asks for. */
export type RetractCommentInput = {
  /** The id of the comment. */
  commentId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
};

/** What `retractPost` asks for. */
export type RetractPostInput = {
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The id of the post. */
  postId: string | number;
};

/** How far a review is. */
export type ReviewStatus =
  /** The mentor has given feedback. */
  | 'ANSWERED'
  /** The draft was published or discarded before, or a review was asked for anew. */
  | 'ENDED'
  /** A mentor reads the draft. */
  | 'TAKEN'
  /** Nobody has taken it. */
  | 'WAITING';

/** What a token lets its bearer do. */
export type Role =
  /** Reads everything, writes, and decides for the organisation. */
  | 'ADMIN'
  /** Reads everything, the events too, and writes nothing. */
  | 'ANALYST'
  /** Takes part: reads what members see, and writes. */
  | 'MEMBER';

/** Why a role ended. */
export type RoleEnding =
  /** A facilitator or an admin ended it. */
  | 'ENDED'
  /** Its holder left the community, or has no part in it since it is private. */
  | 'LEFT'
  /** Its holder got another term, which is a role of its own. */
  | 'RENEWED'
  /** Its holder gave it up. */
  | 'RESIGNED'
  /** Its term had passed, and a successor came. */
  | 'SUCCEEDED'
  /** Its term passed. */
  | 'TERM';

/** What `saveDraft` asks for. */
export type SaveDraftInput = {
  /** Its text: at most 40,000 characters, or none yet. */
  body: string;
  /** Where it is going to stand. For a new draft; it stays there. */
  communityId?: string | number | null | undefined;
  /** The draft to be changed; a new one is begun unless given. */
  draftId?: string | number | null | undefined;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** What it is going to be: as it was, and DISCUSSION for a new one, unless given. */
  kind?: PostKind | null | undefined;
  /** Its title: at most 300 characters, or none yet. */
  title: string;
};

/** What `schedulePost` asks for. */
export type SchedulePostInput = {
  /** When: a moment ahead, within a year. Null or left out, it is not published by itself any more. */
  at?: string | null | undefined;
  /** The id of the draft. */
  draftId: string | number;
  /** Who has it first once it is published, and when everybody has it: everybody at once unless given. */
  earlyAccess?: EarlyAccessInput | null | undefined;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
};

/** What `setMentoringTopics` asks for. */
export type SetMentoringTopicsInput = {
  /** The id of the community. */
  communityId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** All topics, at most 50 of 1 to 60 characters, in their order. */
  topics: Array<string>;
};

/** What `unmarkDuplicate` asks for. */
export type UnmarkDuplicateInput = {
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The question that repeats no other one after all. */
  postId: string | number;
};

/** Why a command was refused. The list grows: treat a code that you do not know as its message. */
export type UserErrorCode =
  /** There is no such answer to this question. */
  | 'ANSWER_NOT_FOUND'
  /** An answer replies to the question itself, never to a comment. */
  | 'ANSWER_REPLIES_TO_POST'
  /** What was typed is too long to be stored. */
  | 'APPEND_TOO_LARGE'
  /** Early access is for somebody: name roles, members, or both. */
  | 'AUDIENCE_EMPTY'
  /** No promise can be counted on such a calendar: the message says what is missing. */
  | 'CALENDAR_WITHOUT_HOURS'
  /** To be activated, the community needs a charter. */
  | 'CHARTER_MISSING'
  /** There is no such comment, or none that the viewer sees. */
  | 'COMMENT_NOT_FOUND'
  /** Its author took the comment back. */
  | 'COMMENT_RETRACTED'
  /** The community is archived: nothing can be added to it. */
  | 'COMMUNITY_ARCHIVED'
  /** The community is still forming: nobody takes part in it before it is activated. */
  | 'COMMUNITY_FORMING'
  /** There is no such community, or none that the viewer sees. */
  | 'COMMUNITY_NOT_FOUND'
  /** The webhook has no such delivery. */
  | 'DELIVERY_NOT_FOUND'
  /** The draft was discarded: its text is gone. */
  | 'DRAFT_DISCARDED'
  /** The draft lacks something that a post has: `path` says what. */
  | 'DRAFT_INCOMPLETE'
  /** The viewer has no such draft. */
  | 'DRAFT_NOT_FOUND'
  /** The draft is published already: it is a post with the same text, to be edited as one. */
  | 'DRAFT_PUBLISHED'
  /** An objective is due at a moment that lies ahead. */
  | 'DUE_IN_THE_PAST'
  /** A promise is renegotiated to a later time than the one that stands. */
  | 'DUE_NOT_LATER'
  /** A question is for everybody at once. */
  | 'EARLY_ACCESS_TO_QUESTION'
  /** The post stays with its audience for good. */
  | 'EARLY_ACCESS_WITHDRAWN'
  /** Another member has this e-mail address. */
  | 'EMAIL_TAKEN'
  /** What was typed is too long to be stored. */
  | 'EVENT_TOO_LARGE'
  /** What the command creates exists already. */
  | 'EXISTS_ALREADY'
  /** Another version of the expectations holds: read them again. */
  | 'EXPECTATIONS_CHANGED'
  /** To be activated, the community needs an expectation. */
  | 'EXPECTATION_MISSING'
  /** The community has no such expectation. */
  | 'EXPECTATION_NOT_FOUND'
  /** To be activated, the community needs a facilitator. */
  | 'FACILITATOR_MISSING'
  /** Another member has this handle. */
  | 'HANDLE_TAKEN'
  /** The idempotency key came with another input before: take a new key. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A field of the input is not as it must be: `path` says which. */
  | 'INVALID_INPUT'
  /** The community is joined by invitation. */
  | 'INVITATION_NEEDED'
  /** There is no invitation that waits for an answer. */
  | 'INVITATION_NOT_FOUND'
  /** The viewer is invited already: answer the invitation. */
  | 'INVITED_ALREADY'
  /** A community has a facilitator: assign a successor first. */
  | 'LAST_FACILITATOR'
  /** There are as many of these as there may be: end one first. */
  | 'LIMIT_REACHED'
  /** The login belongs to another member. */
  | 'LOGIN_TAKEN'
  /** There is no such machine key, or none of the viewer. */
  | 'MACHINE_KEY_NOT_FOUND'
  /** The machine key was ended for good: make a new one. */
  | 'MACHINE_KEY_REVOKED'
  /** There is no such member. */
  | 'MEMBER_NOT_FOUND'
  /** The role of a mentor is not assigned: members volunteer for it. */
  | 'MENTORS_VOLUNTEER'
  /** A service account reviews no drafts. */
  | 'MENTOR_IS_A_PERSON'
  /** The mentor has as many reviews as they volunteered for. */
  | 'MENTOR_LOADED'
  /** The project has no such milestone. */
  | 'MILESTONE_NOT_FOUND'
  /** Somebody else may do this, the viewer may not. */
  | 'NOT_ALLOWED'
  /** Its author has spoken in the community before. */
  | 'NOT_A_FIRST_CONTRIBUTION'
  /** Only members of the community may do this: join it first. */
  | 'NOT_A_MEMBER'
  /** Only who volunteers as a mentor of the community takes reviews. */
  | 'NOT_A_MENTOR'
  /** Only a question has answers. */
  | 'NOT_A_QUESTION'
  /** The post was for everybody from the beginning. */
  | 'NOT_IN_EARLY_ACCESS'
  /** A value cannot be stored as it is. */
  | 'NOT_STORABLE'
  /** The question named is a duplicate itself, or the same one: name the one that was asked first. */
  | 'NOT_THE_ORIGINAL'
  /** Nothing of this kind was promised for the post. */
  | 'NO_PROMISE'
  /** No such request for more time is open. */
  | 'NO_PROPOSAL'
  /** To be activated, the community needs an objective. */
  | 'OBJECTIVE_MISSING'
  /** The community has no such open objective. */
  | 'OBJECTIVE_NOT_FOUND'
  /** The post is for everybody already: its early access can no longer be withdrawn. */
  | 'OPENED_ALREADY'
  /** A post in early access opens at a moment that lies ahead. */
  | 'OPENING_IN_THE_PAST'
  /** Nobody endorses an answer of their own. */
  | 'OWN_ANSWER'
  /** Nobody reviews a draft of their own. */
  | 'OWN_DRAFT'
  /** There is no such post, or none that the viewer sees. */
  | 'POST_NOT_FOUND'
  /** Its author took the post back. */
  | 'POST_RETRACTED'
  /** The project is closed: nothing about it changes any more. */
  | 'PROJECT_CLOSED'
  /** To be activated, the community needs to stand on an open project. */
  | 'PROJECT_MISSING'
  /** There is no such project. */
  | 'PROJECT_NOT_FOUND'
  /** What is promised must be due within a year. */
  | 'PROMISE_BEYOND_HORIZON'
  /** The times of a promise contradict each other. */
  | 'PROMISE_CONTRADICTS'
  /** To be activated, the community needs to promise when questions are answered. */
  | 'PROMISE_MISSING'
  /** The promised time is over: it can no longer be renegotiated. */
  | 'PROMISE_OVERDUE'
  /** The promise is fulfilled or was cancelled already. */
  | 'PROMISE_SETTLED'
  /** One request for more time took the place of another: name the one that was read. */
  | 'PROPOSAL_AMBIGUOUS'
  /** The question is open already: there is nothing to reopen. */
  | 'QUESTION_IS_OPEN'
  /** Two kinds of reactions have the same name or emoji. */
  | 'REACTION_KIND_TWICE'
  /** The organisation does not offer this kind of reaction. */
  | 'REACTION_NOT_OFFERED'
  /** The community lets in who asks: request membership. */
  | 'REQUEST_NEEDED'
  /** The member has no request that waits for an answer. */
  | 'REQUEST_NOT_FOUND'
  /** The community is open: join it. */
  | 'REQUEST_NOT_NEEDED'
  /** There is no such review, or none that the viewer may take. */
  | 'REVIEW_NOT_FOUND'
  /** The review is not offered to the viewer. */
  | 'REVIEW_NOT_OFFERED'
  /** The review is offered to another mentor, who has room for it. */
  | 'REVIEW_OFFERED'
  /** A mentor has taken this review. */
  | 'REVIEW_TAKEN'
  /** Somebody else was first: read again, decide again. */
  | 'REVISION_CONFLICT'
  /** A service account holds no role. */
  | 'ROLE_NEEDS_A_PERSON'
  /** The member does not hold this role now. */
  | 'ROLE_NOT_HELD'
  /** A post is scheduled for a moment ahead, within a year. */
  | 'SCHEDULE_OUT_OF_RANGE'
  /** Another community has this slug. */
  | 'SLUG_TAKEN'
  /** To be activated, the community needs a sponsor. */
  | 'SPONSOR_MISSING'
  /** An objective changes something: its target is not its baseline. */
  | 'TARGET_IS_BASELINE'
  /** There is no such post or comment, or none that the viewer sees. */
  | 'TARGET_NOT_FOUND'
  /** The end of a term lies ahead. */
  | 'TERM_IN_THE_PAST'
  /** A text has characters that cannot be stored, such as NUL or half of a surrogate pair. */
  | 'TEXT_NOT_STORABLE'
  /** A thread has no further level. */
  | 'THREAD_TOO_DEEP'
  /** The community has as many expectations as one may have. */
  | 'TOO_MANY_EXPECTATIONS'
  /** The project has as many milestones as one may have. */
  | 'TOO_MANY_MILESTONES'
  /** The community has as many open objectives as one may have. */
  | 'TOO_MANY_OBJECTIVES'
  /** The mentor does not review drafts about this topic. */
  | 'TOPIC_NOT_YOURS'
  /** The community has no such topic: the message names those that it has. */
  | 'TOPIC_UNKNOWN'
  /** There is no such webhook, or none of the viewer. */
  | 'WEBHOOK_NOT_FOUND';

/** Who sees a community. */
export type Visibility =
  /** Its members and whoever is invited; to the others it is not there. */
  | 'PRIVATE'
  /** Everybody of the organisation. */
  | 'PUBLIC';

/** What `volunteerAsMentor` asks for. */
export type VolunteerAsMentorInput = {
  /** The id of the community. */
  communityId: string | number;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** How many reviews at a time: 0 to 20. */
  load: number;
  /** Of `Community.mentoringTopics`; any topic unless given. */
  topics?: Array<string> | null | undefined;
};

/** What `welcomeNewcomer` asks for. */
export type WelcomeNewcomerInput = {
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The post with which they spoke for the first time. */
  postId: string | number;
};

/** What `withdrawEarlyAccess` asks for. */
export type WithdrawEarlyAccessInput = {
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** The post in early access. */
  postId: string | number;
};

/** What `withdrawEndorsement` asks for. */
export type WithdrawEndorsementInput = {
  /** The answer in question. */
  commentId: string | number;
  /** Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation. */
  idempotencyKey?: string | null | undefined;
};

/** Working hours that begin on a day of the week. */
export type WorkingHoursInput = {
  /** On which day they begin: 1 is Monday, 7 Sunday. */
  day: number;
  /** When they begin, on the clocks there: 09:00. */
  from: string;
  /** When they end: 17:00, or 24:00. At or before the beginning, it is the next day. */
  to: string;
};

export type CommunitiesQueryVariables = Exact<{ [key: string]: never; }>;


export type CommunitiesQuery = { organisation: { name: string | null, totals: { members: number, communities: number, topics: number, messages: number } | null } | null, viewer: { name: string | null, handle: string | null } | null, communities: { totalCount: number | null, nodes: Array<{ id: string, name: string, slug: string, memberCount: number, postCount: number, lastActivityAt: string | null, viewerMembership: { status: MembershipStatus, since: string } | null }> } | null };

export type ConversationQueryVariables = Exact<{
  slug: string;
}>;


export type ConversationQuery = { community: { name: string, posts: { nodes: Array<{ id: string, title: string | null, body: string | null, publishedAt: string, isResolved: boolean, author: { name: string | null, handle: string | null }, reactions: Array<{ kind: string, count: number }>, comments: { totalCount: number | null, nodes: Array<{ kind: CommentKind, body: string | null, isAccepted: boolean, author: { name: string | null } }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type FeedQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type FeedQuery = { feed: { nodes: Array<{ title: string | null, kind: PostKind, publishedAt: string, commentCount: number, reactionCount: number, community: { name: string }, author: { name: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type PublishMutationVariables = Exact<{
  input: PublishPostInput;
}>;


export type PublishMutation = { publishPost: { position: string | null, post: { id: string, title: string | null, body: string | null, publishedAt: string, author: { name: string | null } } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type EarlyAccessMutationVariables = Exact<{
  early: PublishPostInput;
}>;


export type EarlyAccessMutation = { publishPost: { position: string | null, post: { id: string, earlyAccess: { opensAt: string, openedAt: string | null, audience: { roles: Array<CommunityRole> } | null } | null, community: { name: string, postCount: number, posts: { totalCount: number | null, nodes: Array<{ title: string | null, publishedAt: string, commentCount: number, earlyAccess: { opensAt: string, openedAt: string | null, withdrawnAt: string | null } | null }> }, feed: { nodes: Array<{ title: string | null }> } } } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type LiveSubscriptionVariables = Exact<{
  communityId: string | number;
  after?: string | null | undefined;
}>;


export type LiveSubscription = { communityActivity: { cursor: string, caughtUp: boolean, activity: { kind: ActivityKind, occurredAt: string, post: { title: string | null, author: { name: string | null } } | null, comment: { body: string | null, author: { name: string | null } } | null } | null } | null };

export type FoundMutationVariables = Exact<{
  community: string | number;
  project: string | number;
  sponsor: string | number;
}>;


export type FoundMutation = { registerProject: { project: { id: string, status: ProjectStatus } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, foundCommunity: { community: { id: string, slug: string, viewerMembership: { status: MembershipStatus } | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, anchorCommunity: { community: { anchored: boolean } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, adoptCharter: { community: { charter: { version: number, adoptedAt: string } | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, setObjective: { objective: { statistic: string, progress: number | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, stateExpectation: { expectation: { version: number, behaviour: string } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, declareResponsePromise: { community: { promisePolicy: { version: number } | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, assignRole: { community: { roles: Array<{ role: CommunityRole, reason: string | null, member: { name: string | null } }> } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, activateCommunity: { community: { status: CommunityStatus } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, inviteMember: { member: { name: string | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type JoinMutationVariables = Exact<{
  community: string | number;
}>;


export type JoinMutation = { joinCommunity: { community: { name: string, viewerMembership: { status: MembershipStatus } | null, expectations: Array<{ version: number, behaviour: string }> } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, acknowledgeExpectations: { community: { acknowledgementRate: number | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type WhatItStandsOnQueryVariables = Exact<{
  slug: string;
}>;


export type WhatItStandsOnQuery = { community: { name: string, status: CommunityStatus, anchored: boolean, expectationsVersion: number, acknowledgementRate: number | null, project: { name: string, status: ProjectStatus, milestones: Array<{ name: string, dueAt: string, reachedAt: string | null }> } | null, charter: { version: number, purpose: string, inScope: string, outOfScope: string, meaning: string } | null, objectives: Array<{ statistic: string, baseline: number, target: number, value: number | null, progress: number | null, dueAt: string }>, expectations: Array<{ behaviour: string, audience: ExpectationAudience, measure: { of: MeasuredActivity, atLeast: number, per: Cadence } | null }>, roles: Array<{ role: CommunityRole, since: string, until: string | null, overTerm: boolean, ending: RoleEnding | null, reason: string | null, member: { name: string | null } }> } | null };

export type PromisesQueryVariables = Exact<{
  slug: string;
}>;


export type PromisesQuery = { community: { id: string, name: string, promisePolicy: { version: number, firstResponseSeconds: number, newcomerFirstResponseSeconds: number | null, resolutionSeconds: number | null, calendar: { timeZone: string, holidays: Array<string> } | null } | null, promises: { totalCount: number | null, nodes: Array<{ status: PromiseStatus, firstResponse: { dueAt: string, originalDueAt: string, fulfilledAt: string | null }, renegotiation: { reason: string | null, agreedAt: string | null } | null, transitions: Array<{ status: PromiseStatus, target: PromiseTargetName, at: string }>, post: { title: string | null } }> } } | null };

export type AtRiskSubscriptionVariables = Exact<{
  communityId: string | number;
  after?: string | null | undefined;
}>;


export type AtRiskSubscription = { promiseTransitions: { cursor: string, caughtUp: boolean, transition: { status: PromiseStatus, target: PromiseTargetName, at: string, post: { id: string, title: string | null, acceptedAnswer: { body: string | null } | null } | null } | null } | null };

export type CourageQueryVariables = Exact<{
  slug: string;
  from: string;
  to: string;
}>;


export type CourageQuery = { community: { name: string, mentoringTopics: Array<string>, mentors: Array<{ topics: Array<string>, load: number, openReviews: number, member: { name: string | null } }>, firstContributions: { totalCount: number | null } } | null, reviews: { totalCount: number | null, nodes: Array<{ status: ReviewStatus, topic: string | null, requestedAt: string, requestedBy: { name: string | null } }> } | null, organisation: { statistics: Array<{ definition: string, cells: Array<{ key: string, value: number | null, suppressed: boolean }> }> | null } | null };

export type DareToAskMutationVariables = Exact<{
  community: string | number;
  draft: string | number;
}>;


export type DareToAskMutation = { saveDraft: { draft: { id: string, status: DraftStatus } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, requestReview: { review: { status: ReviewStatus, offeredTo: { name: string | null } | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null, publishPost: { post: { title: string | null, promise: { status: PromiseStatus, firstResponse: { dueAt: string } } | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type EngagementQueryVariables = Exact<{
  slug: string;
  from: string;
  to: string;
}>;


export type EngagementQuery = { community: { name: string, engagement: { messages: number, activeMembers: number, newContributors: number, topicsStarted: number, topicsReplied: number, replied24hShare: number | null, firstReplyP50Seconds: number | null, throughPosition: string, topContributors: Array<{ rank: number, messages: number, member: { name: string | null, handle: string | null } }> } | null, engagementSeries: Array<{ from: string, to: string, figures: { messages: number, activeMembers: number, newContributors: number } }> | null } | null };

export type EventsQueryVariables = Exact<{
  after?: string | null | undefined;
  types?: Array<string> | string | null | undefined;
}>;


export type EventsQuery = { events: { nodes: Array<{ position: string, type: string, stream: string, revision: number, occurredAt: string, source: EventSource, data: unknown }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type QuestionNowQueryVariables = Exact<{
  id: string | number;
}>;


export type QuestionNowQuery = { node:
    | { isResolved: boolean, acceptedAnswer: { id: string } | null, duplicateOf: { id: string } | null, promise: { status: PromiseStatus, resolution: { status: PromiseStatus, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null } | null } | null, comments: { nodes: Array<{ id: string, endorsementCount: number, endorsedBy: Array<{ handle: string | null }> }> } }
    | Record<PropertyKey, never>
   | null };

export type WithdrawEndorsementMutationVariables = Exact<{
  input: WithdrawEndorsementInput;
}>;


export type WithdrawEndorsementMutation = { withdrawEndorsement: { comment: { endorsementCount: number, endorsedBy: Array<{ id: string }> } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type FoundCommunityMutationVariables = Exact<{
  input: FoundCommunityInput;
}>;


export type FoundCommunityMutation = { foundCommunity: { position: string | null, community: { id: string, name: string, slug: string, visibility: Visibility, memberCount: number, revision: number, founder: { handle: string | null } | null, viewerMembership: { status: MembershipStatus } | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type RenameCommunityMutationVariables = Exact<{
  input: RenameCommunityInput;
}>;


export type RenameCommunityMutation = { renameCommunity: { community: { name: string, revision: number } | null, errors: Array<
      | { actualRevision: number, code: UserErrorCode, path: Array<string> | null }
      | { code: UserErrorCode, path: Array<string> | null }
    > } | null };

export type JoinCommunityMutationVariables = Exact<{
  input: JoinCommunityInput;
}>;


export type JoinCommunityMutation = { joinCommunity: { community: { memberCount: number, viewerMembership: { status: MembershipStatus } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type InviteMemberMutationVariables = Exact<{
  input: InviteMemberInput;
}>;


export type InviteMemberMutation = { inviteMember: { community: { id: string } | null, member: { handle: string | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type LeaveCommunityMutationVariables = Exact<{
  input: LeaveCommunityInput;
}>;


export type LeaveCommunityMutation = { leaveCommunity: { community: { id: string } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewerRoles: Array<Role> | null, viewer: { id: string, handle: string | null, name: string | null, isErased: boolean, communities: { nodes: Array<{ slug: string }> } } | null };

export type CommunityPageQueryVariables = Exact<{
  slug: string;
  first?: number | null | undefined;
}>;


export type CommunityPageQuery = { community: { id: string, name: string, posts: { totalCount: number | null, nodes: Array<{ id: string, kind: PostKind, title: string | null, commentCount: number, reactionCount: number, author: { name: string | null } }> } } | null };

export type OutcomeFragment = { errors: Array<
    | { code: UserErrorCode, message: string, path: Array<string> | null }
    | { code: UserErrorCode, message: string, path: Array<string> | null }
  > };

export type DraftFieldsFragment = { id: string, status: DraftStatus, kind: PostKind, title: string | null, body: string | null, isErased: boolean, revision: number, scheduledAt: string | null, publicationFailure: { code: UserErrorCode, at: string } | null, post: { id: string } | null, feedback: Array<{ body: string | null, mentor: { handle: string | null } }> };

export type ReviewFieldsFragment = { id: string, status: ReviewStatus, topic: string | null, offerDueAt: string | null, requestedBy: { handle: string | null }, offeredTo: { handle: string | null } | null, mentor: { handle: string | null } | null, draft: { title: string | null, body: string | null } | null };

export type SaveDraftMutationVariables = Exact<{
  input: SaveDraftInput;
}>;


export type SaveDraftMutation = { saveDraft: { position: string | null, draft: { id: string, status: DraftStatus, kind: PostKind, title: string | null, body: string | null, isErased: boolean, revision: number, scheduledAt: string | null, publicationFailure: { code: UserErrorCode, at: string } | null, post: { id: string } | null, feedback: Array<{ body: string | null, mentor: { handle: string | null } }> } | null, errors: Array<
      | { code: UserErrorCode, path: Array<string> | null }
      | { code: UserErrorCode, path: Array<string> | null }
    > } | null };

export type DiscardDraftMutationVariables = Exact<{
  input: DiscardDraftInput;
}>;


export type DiscardDraftMutation = { discardDraft: { draft: { id: string, status: DraftStatus, kind: PostKind, title: string | null, body: string | null, isErased: boolean, revision: number, scheduledAt: string | null, publicationFailure: { code: UserErrorCode, at: string } | null, post: { id: string } | null, feedback: Array<{ body: string | null, mentor: { handle: string | null } }> } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type SchedulePostMutationVariables = Exact<{
  input: SchedulePostInput;
}>;


export type SchedulePostMutation = { schedulePost: { draft: { id: string, status: DraftStatus, kind: PostKind, title: string | null, body: string | null, isErased: boolean, revision: number, scheduledAt: string | null, publicationFailure: { code: UserErrorCode, at: string } | null, post: { id: string } | null, feedback: Array<{ body: string | null, mentor: { handle: string | null } }> } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type PublishDraftMutationVariables = Exact<{
  input: PublishPostInput;
}>;


export type PublishDraftMutation = { publishPost: { position: string | null, post: { id: string, title: string | null, body: string | null, publishedAt: string, promise: { isTighter: boolean, status: PromiseStatus } | null } | null, errors: Array<
      | { code: UserErrorCode, path: Array<string> | null }
      | { code: UserErrorCode, path: Array<string> | null }
    > } | null };

export type RequestReviewMutationVariables = Exact<{
  input: RequestReviewInput;
}>;


export type RequestReviewMutation = { requestReview: { review: { id: string, status: ReviewStatus, topic: string | null, offerDueAt: string | null, requestedBy: { handle: string | null }, offeredTo: { handle: string | null } | null, mentor: { handle: string | null } | null, draft: { title: string | null, body: string | null } | null } | null, draft: { id: string } | null, errors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } | null };

export type VolunteerAsMentorMutationVariables = Exact<{
  input: VolunteerAsMentorInput;
}>;


export type VolunteerAsMentorMutation = { volunteerAsMentor: { mentor: { topics: Array<string>, load: number, openReviews: number } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type SetMentoringTopicsMutationVariables = Exact<{
  input: SetMentoringTopicsInput;
}>;


export type SetMentoringTopicsMutation = { setMentoringTopics: { community: { mentoringTopics: Array<string> } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type AcceptReviewMutationVariables = Exact<{
  input: AcceptReviewInput;
}>;


export type AcceptReviewMutation = { acceptReview: { review: { id: string, status: ReviewStatus, topic: string | null, offerDueAt: string | null, requestedBy: { handle: string | null }, offeredTo: { handle: string | null } | null, mentor: { handle: string | null } | null, draft: { title: string | null, body: string | null } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type DeclineReviewMutationVariables = Exact<{
  input: DeclineReviewInput;
}>;


export type DeclineReviewMutation = { declineReview: { review: { id: string } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type GiveFeedbackMutationVariables = Exact<{
  input: GiveFeedbackInput;
}>;


export type GiveFeedbackMutation = { giveFeedback: { review: { id: string, status: ReviewStatus, topic: string | null, offerDueAt: string | null, requestedBy: { handle: string | null }, offeredTo: { handle: string | null } | null, mentor: { handle: string | null } | null, draft: { title: string | null, body: string | null } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type WelcomeNewcomerMutationVariables = Exact<{
  input: WelcomeNewcomerInput;
}>;


export type WelcomeNewcomerMutation = { welcomeNewcomer: { post: { welcome: { by: { handle: string | null } } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type DraftOfQueryVariables = Exact<{
  id: string | number;
}>;


export type DraftOfQuery = { node:
    | { id: string }
    | { id: string }
    | { id: string, status: DraftStatus, kind: PostKind, title: string | null, body: string | null, isErased: boolean, revision: number, scheduledAt: string | null, publicationFailure: { code: UserErrorCode, at: string } | null, post: { id: string } | null, feedback: Array<{ body: string | null, mentor: { handle: string | null } }> }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   | null };

export type OwnDraftsQueryVariables = Exact<{ [key: string]: never; }>;


export type OwnDraftsQuery = { drafts: { totalCount: number | null, nodes: Array<{ id: string, status: DraftStatus, kind: PostKind, title: string | null, body: string | null, isErased: boolean, revision: number, scheduledAt: string | null, publicationFailure: { code: UserErrorCode, at: string } | null, post: { id: string } | null, feedback: Array<{ body: string | null, mentor: { handle: string | null } }> }> } | null };

export type OwnReviewsQueryVariables = Exact<{ [key: string]: never; }>;


export type OwnReviewsQuery = { reviews: { totalCount: number | null, nodes: Array<{ id: string, status: ReviewStatus, topic: string | null, offerDueAt: string | null, requestedBy: { handle: string | null }, offeredTo: { handle: string | null } | null, mentor: { handle: string | null } | null, draft: { title: string | null, body: string | null } | null }> } | null };

export type MentoringQueryVariables = Exact<{
  communityId: string | number;
}>;


export type MentoringQuery = { node:
    | { mentoringTopics: Array<string>, mentors: Array<{ topics: Array<string>, load: number, openReviews: number, member: { handle: string | null } }>, waitingReviews: { totalCount: number | null, nodes: Array<{ id: string, status: ReviewStatus, topic: string | null, offerDueAt: string | null, requestedBy: { handle: string | null }, offeredTo: { handle: string | null } | null, mentor: { handle: string | null } | null, draft: { title: string | null, body: string | null } | null }> } | null, firstContributions: { totalCount: number | null, nodes: Array<{ id: string, welcome: { by: { handle: string | null } } | null }> } }
    | Record<PropertyKey, never>
   | null };

export type PublishEarlyMutationVariables = Exact<{
  input: PublishPostInput;
}>;


export type PublishEarlyMutation = { publishPost: { position: string | null, post: { id: string, title: string | null, publishedAt: string, isRetracted: boolean, commentCount: number, earlyAccess: { opensAt: string, openedAt: string | null, withdrawnAt: string | null, audience: { roles: Array<CommunityRole>, members: Array<{ handle: string | null }> } | null } | null } | null, errors: Array<
      | { code: UserErrorCode, path: Array<string> | null }
      | { code: UserErrorCode, path: Array<string> | null }
    > } | null };

export type WithdrawEarlyAccessMutationVariables = Exact<{
  input: WithdrawEarlyAccessInput;
}>;


export type WithdrawEarlyAccessMutation = { withdrawEarlyAccess: { post: { id: string, title: string | null, publishedAt: string, isRetracted: boolean, commentCount: number, earlyAccess: { opensAt: string, openedAt: string | null, withdrawnAt: string | null, audience: { roles: Array<CommunityRole>, members: Array<{ handle: string | null }> } | null } | null } | null, errors: Array<
      | { code: UserErrorCode, path: Array<string> | null }
      | { code: UserErrorCode, path: Array<string> | null }
    > } | null };

export type AssignRoleMutationVariables = Exact<{
  input: AssignRoleInput;
}>;


export type AssignRoleMutation = { assignRole: { errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type EarlyPostQueryVariables = Exact<{
  id: string | number;
}>;


export type EarlyPostQuery = { node:
    | { id: string, title: string | null, publishedAt: string, isRetracted: boolean, commentCount: number, earlyAccess: { opensAt: string, openedAt: string | null, withdrawnAt: string | null, audience: { roles: Array<CommunityRole>, members: Array<{ handle: string | null }> } | null } | null }
    | Record<PropertyKey, never>
   | null };

export type EarlyListsQueryVariables = Exact<{
  communityId: string | number;
}>;


export type EarlyListsQuery = { feed: { totalCount: number | null, nodes: Array<{ id: string }> } | null, community: { postCount: number, commentCount: number, posts: { totalCount: number | null, nodes: Array<{ id: string }> }, feed: { totalCount: number | null, nodes: Array<{ id: string }> } } | null };

export type EarlyPostFragment = { id: string, title: string | null, publishedAt: string, isRetracted: boolean, commentCount: number, earlyAccess: { opensAt: string, openedAt: string | null, withdrawnAt: string | null, audience: { roles: Array<CommunityRole>, members: Array<{ handle: string | null }> } | null } | null };

export type PublishPostMutationVariables = Exact<{
  input: PublishPostInput;
}>;


export type PublishPostMutation = { publishPost: { position: string | null, post: { id: string, title: string | null, body: string | null, revision: number, isRetracted: boolean, isErased: boolean, editedAt: string | null, commentCount: number, author: { name: string | null, isErased: boolean } } | null, errors: Array<
      | { code: UserErrorCode, path: Array<string> | null }
      | { code: UserErrorCode, path: Array<string> | null }
    > } | null };

export type EditPostMutationVariables = Exact<{
  input: EditPostInput;
}>;


export type EditPostMutation = { editPost: { post: { id: string, title: string | null, body: string | null, revision: number, isRetracted: boolean, isErased: boolean, editedAt: string | null, commentCount: number, author: { name: string | null, isErased: boolean } } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type RetractPostMutationVariables = Exact<{
  input: RetractPostInput;
}>;


export type RetractPostMutation = { retractPost: { post: { id: string, title: string | null, body: string | null, revision: number, isRetracted: boolean, isErased: boolean, editedAt: string | null, commentCount: number, author: { name: string | null, isErased: boolean } } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type PublishCommentMutationVariables = Exact<{
  input: PublishCommentInput;
}>;


export type PublishCommentMutation = { publishComment: { comment: { id: string, kind: CommentKind, body: string | null, depth: number, post: { commentCount: number, answerCount: number } } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type AcceptAnswerMutationVariables = Exact<{
  input: AcceptAnswerInput;
}>;


export type AcceptAnswerMutation = { acceptAnswer: { post: { isResolved: boolean, acceptedAnswer: { id: string, isAccepted: boolean } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type AddReactionMutationVariables = Exact<{
  input: AddReactionInput;
}>;


export type AddReactionMutation = { addReaction: { target:
      | { reactionCount: number, reactions: Array<{ kind: string, count: number, viewerReacted: boolean }> }
      | { reactionCount: number, reactions: Array<{ kind: string, count: number, viewerReacted: boolean }> }
     | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type ThreadQueryVariables = Exact<{
  id: string | number;
}>;


export type ThreadQuery = { node:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string, title: string | null, body: string | null, revision: number, isRetracted: boolean, isErased: boolean, editedAt: string | null, commentCount: number, comments: { nodes: Array<{ id: string, body: string | null, isRetracted: boolean, replies: { nodes: Array<{ id: string }> } }> }, author: { name: string | null, isErased: boolean } }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   | null };

export type HomeFeedQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type HomeFeedQuery = { feed: { totalCount: number | null, edges: Array<{ cursor: string, node: { id: string, title: string | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } | null };

export type PostPublishedSubscriptionVariables = Exact<{
  communityId: string | number;
  after?: string | null | undefined;
}>;


export type PostPublishedSubscription = { postPublished: { cursor: string, caughtUp: boolean, post: { id: string, title: string | null } | null } | null };

export type CommunityActivitySubscriptionVariables = Exact<{
  communityId: string | number;
  after?: string | null | undefined;
}>;


export type CommunityActivitySubscription = { communityActivity: { cursor: string, caughtUp: boolean, activity: { kind: ActivityKind, post: { id: string } | null, comment: { id: string } | null } | null } | null };

export type PostFieldsFragment = { id: string, title: string | null, body: string | null, revision: number, isRetracted: boolean, isErased: boolean, editedAt: string | null, commentCount: number, author: { name: string | null, isErased: boolean } };

export type PromiseFieldsFragment = { status: PromiseStatus, policyVersion: number, calendarVersion: number | null, isTighter: boolean, firstResponse: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null }, resolution: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null } | null, renegotiations: Array<{ id: string, status: RenegotiationStatus, reason: string | null, declineReason: string | null }>, renegotiation: { id: string, target: PromiseTargetName, dueAt: string, reason: string | null, agreedAt: string | null, proposedBy: { id: string } } | null, transitions: Array<{ status: PromiseStatus, target: PromiseTargetName, at: string }> };

export type TargetFieldsFragment = { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null };

export type DeclareResponsePromiseMutationVariables = Exact<{
  input: DeclareResponsePromiseInput;
}>;


export type DeclareResponsePromiseMutation = { declareResponsePromise: { community: { promisePolicy: { version: number, firstResponseSeconds: number, resolutionSeconds: number | null, newcomerFirstResponseSeconds: number | null, warnPercent: number, calendar: { version: number, timeZone: string, holidays: Array<string>, weeklyHours: Array<{ day: number, from: string, to: string }> } | null } | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type DefineWorkingCalendarMutationVariables = Exact<{
  input: DefineWorkingCalendarInput;
}>;


export type DefineWorkingCalendarMutation = { defineWorkingCalendar: { community: { workingCalendar: { version: number } | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type AskMutationVariables = Exact<{
  input: PublishPostInput;
}>;


export type AskMutation = { publishPost: { position: string | null, post: { id: string, publishedAt: string, promise: { status: PromiseStatus, policyVersion: number, calendarVersion: number | null, isTighter: boolean, firstResponse: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null }, resolution: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null } | null, renegotiations: Array<{ id: string, status: RenegotiationStatus, reason: string | null, declineReason: string | null }>, renegotiation: { id: string, target: PromiseTargetName, dueAt: string, reason: string | null, agreedAt: string | null, proposedBy: { id: string } } | null, transitions: Array<{ status: PromiseStatus, target: PromiseTargetName, at: string }> } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type RenegotiatePromiseMutationVariables = Exact<{
  input: RenegotiatePromiseInput;
}>;


export type RenegotiatePromiseMutation = { renegotiatePromise: { post: { promise: { status: PromiseStatus, policyVersion: number, calendarVersion: number | null, isTighter: boolean, firstResponse: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null }, resolution: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null } | null, renegotiations: Array<{ id: string, status: RenegotiationStatus, reason: string | null, declineReason: string | null }>, renegotiation: { id: string, target: PromiseTargetName, dueAt: string, reason: string | null, agreedAt: string | null, proposedBy: { id: string } } | null, transitions: Array<{ status: PromiseStatus, target: PromiseTargetName, at: string }> } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type AgreeToRenegotiationMutationVariables = Exact<{
  input: AgreeToRenegotiationInput;
}>;


export type AgreeToRenegotiationMutation = { agreeToRenegotiation: { post: { promise: { status: PromiseStatus, policyVersion: number, calendarVersion: number | null, isTighter: boolean, firstResponse: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null }, resolution: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null } | null, renegotiations: Array<{ id: string, status: RenegotiationStatus, reason: string | null, declineReason: string | null }>, renegotiation: { id: string, target: PromiseTargetName, dueAt: string, reason: string | null, agreedAt: string | null, proposedBy: { id: string } } | null, transitions: Array<{ status: PromiseStatus, target: PromiseTargetName, at: string }> } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type PromiseOfQueryVariables = Exact<{
  id: string | number;
}>;


export type PromiseOfQuery = { node:
    | { isResolved: boolean, acceptedAnswer: { id: string } | null, duplicateOf: { id: string } | null, promise: { status: PromiseStatus, policyVersion: number, calendarVersion: number | null, isTighter: boolean, firstResponse: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null }, resolution: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null } | null, renegotiations: Array<{ id: string, status: RenegotiationStatus, reason: string | null, declineReason: string | null }>, renegotiation: { id: string, target: PromiseTargetName, dueAt: string, reason: string | null, agreedAt: string | null, proposedBy: { id: string } } | null, transitions: Array<{ status: PromiseStatus, target: PromiseTargetName, at: string }> } | null }
    | Record<PropertyKey, never>
   | null };

export type PromisesInQueryVariables = Exact<{
  communityId: string | number;
  status?: PromiseStatus | null | undefined;
}>;


export type PromisesInQuery = { node:
    | { promises: { totalCount: number | null, nodes: Array<{ status: PromiseStatus, post: { id: string } }> } }
    | Record<PropertyKey, never>
   | null, overdueQuestions: { totalCount: number | null, nodes: Array<{ id: string }> } | null };

export type PromiseTransitionsSubscriptionVariables = Exact<{
  communityId: string | number;
  after?: string | null | undefined;
}>;


export type PromiseTransitionsSubscription = { promiseTransitions: { cursor: string, caughtUp: boolean, transition: { status: PromiseStatus, target: PromiseTargetName, at: string, post: { id: string } | null } | null } | null };

export type ReopenQuestionMutationVariables = Exact<{
  input: ReopenQuestionInput;
}>;


export type ReopenQuestionMutation = { reopenQuestion: { post: { isResolved: boolean } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type MarkDuplicateMutationVariables = Exact<{
  input: MarkDuplicateInput;
}>;


export type MarkDuplicateMutation = { markDuplicate: { post: { duplicateOf: { id: string } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type EndorseAnswerMutationVariables = Exact<{
  input: EndorseAnswerInput;
}>;


export type EndorseAnswerMutation = { endorseAnswer: { comment: { endorsementCount: number, endorsedBy: Array<{ id: string }> } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type RetractCommentMutationVariables = Exact<{
  input: RetractCommentInput;
}>;


export type RetractCommentMutation = { retractComment: { errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type DeclineRenegotiationMutationVariables = Exact<{
  input: DeclineRenegotiationInput;
}>;


export type DeclineRenegotiationMutation = { declineRenegotiation: { post: { promise: { status: PromiseStatus, policyVersion: number, calendarVersion: number | null, isTighter: boolean, firstResponse: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null }, resolution: { status: PromiseStatus, ending: PromiseEnding | null, dueAt: string, originalDueAt: string, fulfilledAt: string | null, fulfilmentWithdrawnAt: string | null } | null, renegotiations: Array<{ id: string, status: RenegotiationStatus, reason: string | null, declineReason: string | null }>, renegotiation: { id: string, target: PromiseTargetName, dueAt: string, reason: string | null, agreedAt: string | null, proposedBy: { id: string } } | null, transitions: Array<{ status: PromiseStatus, target: PromiseTargetName, at: string }> } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type UnmarkDuplicateMutationVariables = Exact<{
  input: UnmarkDuplicateInput;
}>;


export type UnmarkDuplicateMutation = { unmarkDuplicate: { post: { duplicateOf: { id: string } | null } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export type ReopenCommunityMutationVariables = Exact<{
  input: ReopenCommunityInput;
}>;


export type ReopenCommunityMutation = { reopenCommunity: { community: { status: CommunityStatus, slug: string } | null, errors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const OutcomeFragmentDoc = new TypedDocumentString(`
    fragment outcome on FoundCommunityPayload {
  errors {
    code
    message
    path
  }
}
    `, {"fragmentName":"outcome"}) as unknown as TypedDocumentString<OutcomeFragment, unknown>;
export const DraftFieldsFragmentDoc = new TypedDocumentString(`
    fragment draftFields on Draft {
  id
  status
  kind
  title
  body
  isErased
  revision
  scheduledAt
  publicationFailure {
    code
    at
  }
  post {
    id
  }
  feedback {
    body
    mentor {
      handle
    }
  }
}
    `, {"fragmentName":"draftFields"}) as unknown as TypedDocumentString<DraftFieldsFragment, unknown>;
export const ReviewFieldsFragmentDoc = new TypedDocumentString(`
    fragment reviewFields on Review {
  id
  status
  topic
  requestedBy {
    handle
  }
  offeredTo {
    handle
  }
  offerDueAt
  mentor {
    handle
  }
  draft {
    title
    body
  }
}
    `, {"fragmentName":"reviewFields"}) as unknown as TypedDocumentString<ReviewFieldsFragment, unknown>;
export const EarlyPostFragmentDoc = new TypedDocumentString(`
    fragment earlyPost on Post {
  id
  title
  publishedAt
  isRetracted
  commentCount
  earlyAccess {
    opensAt
    openedAt
    withdrawnAt
    audience {
      roles
      members {
        handle
      }
    }
  }
}
    `, {"fragmentName":"earlyPost"}) as unknown as TypedDocumentString<EarlyPostFragment, unknown>;
export const PostFieldsFragmentDoc = new TypedDocumentString(`
    fragment postFields on Post {
  id
  title
  body
  revision
  isRetracted
  isErased
  editedAt
  commentCount
  author {
    name
    isErased
  }
}
    `, {"fragmentName":"postFields"}) as unknown as TypedDocumentString<PostFieldsFragment, unknown>;
export const TargetFieldsFragmentDoc = new TypedDocumentString(`
    fragment targetFields on PromiseTarget {
  status
  ending
  dueAt
  originalDueAt
  fulfilledAt
  fulfilmentWithdrawnAt
}
    `, {"fragmentName":"targetFields"}) as unknown as TypedDocumentString<TargetFieldsFragment, unknown>;
export const PromiseFieldsFragmentDoc = new TypedDocumentString(`
    fragment promiseFields on ResponsePromise {
  status
  policyVersion
  calendarVersion
  isTighter
  firstResponse {
    ...targetFields
  }
  resolution {
    ...targetFields
  }
  renegotiations {
    id
    status
    reason
    declineReason
  }
  renegotiation {
    id
    target
    dueAt
    reason
    agreedAt
    proposedBy {
      id
    }
  }
  transitions {
    status
    target
    at
  }
}
    fragment targetFields on PromiseTarget {
  status
  ending
  dueAt
  originalDueAt
  fulfilledAt
  fulfilmentWithdrawnAt
}`, {"fragmentName":"promiseFields"}) as unknown as TypedDocumentString<PromiseFieldsFragment, unknown>;
export const CommunitiesDocument = new TypedDocumentString(`
    query Communities {
  organisation {
    name
    totals {
      members
      communities
      topics
      messages
    }
  }
  viewer {
    name
    handle
  }
  communities(first: 10) {
    totalCount
    nodes {
      id
      name
      slug
      memberCount
      postCount
      lastActivityAt
      viewerMembership {
        status
        since
      }
    }
  }
}
    `, {"hash":"sha256:ad462c28570c87d3921af6c4e1c96a39b7f2e7beca2e402ccd7b3b1e93080cfa"}) as unknown as TypedDocumentString<CommunitiesQuery, CommunitiesQueryVariables>;
export const ConversationDocument = new TypedDocumentString(`
    query Conversation($slug: String!) {
  community(slug: $slug) {
    name
    posts(first: 5, filter: {kind: QUESTION}) {
      nodes {
        id
        title
        body
        publishedAt
        isResolved
        author {
          name
          handle
        }
        reactions {
          kind
          count
        }
        comments(first: 3) {
          totalCount
          nodes {
            kind
            body
            isAccepted
            author {
              name
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `, {"hash":"sha256:1e1053162682a8994e5acef418186786e5b1bf1639b770fdf02c97aa4fda9f26"}) as unknown as TypedDocumentString<ConversationQuery, ConversationQueryVariables>;
export const FeedDocument = new TypedDocumentString(`
    query Feed($after: String) {
  feed(first: 10, after: $after) {
    nodes {
      title
      kind
      publishedAt
      commentCount
      reactionCount
      community {
        name
      }
      author {
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:f37f52e787ea46676f8fb8c695ea7713b003f66fcf7147dd10ad8b27b07ab0e3"}) as unknown as TypedDocumentString<FeedQuery, FeedQueryVariables>;
export const PublishDocument = new TypedDocumentString(`
    mutation Publish($input: PublishPostInput!) {
  publishPost(input: $input) {
    post {
      id
      title
      body
      publishedAt
      author {
        name
      }
    }
    errors {
      code
      message
      path
    }
    position
  }
}
    `, {"hash":"sha256:2190298c28c236e2a8afe0b5b90a49c470a63dc9efa7e83f6f0458a1b61ad12f"}) as unknown as TypedDocumentString<PublishMutation, PublishMutationVariables>;
export const EarlyAccessDocument = new TypedDocumentString(`
    mutation EarlyAccess($early: PublishPostInput!) {
  publishPost(input: $early) {
    post {
      id
      earlyAccess {
        opensAt
        openedAt
        audience {
          roles
        }
      }
      community {
        name
        postCount
        posts(first: 5, filter: {kind: ANNOUNCEMENT}) {
          totalCount
          nodes {
            title
            publishedAt
            earlyAccess {
              opensAt
              openedAt
              withdrawnAt
            }
            commentCount
          }
        }
        feed(first: 3) {
          nodes {
            title
          }
        }
      }
    }
    errors {
      code
      message
      path
    }
    position
  }
}
    `, {"hash":"sha256:12d2d623639c8ccf65b6c394bee622ec978e9612586e4a015a8c88c7d32dad95"}) as unknown as TypedDocumentString<EarlyAccessMutation, EarlyAccessMutationVariables>;
export const LiveDocument = new TypedDocumentString(`
    subscription Live($communityId: ID!, $after: String) {
  communityActivity(communityId: $communityId, after: $after) {
    cursor
    caughtUp
    activity {
      kind
      occurredAt
      post {
        title
        author {
          name
        }
      }
      comment {
        body
        author {
          name
        }
      }
    }
  }
}
    `, {"hash":"sha256:1f47f94ce53bd0398b06f862f439d57354a584994b62cd559119a924608705e2"}) as unknown as TypedDocumentString<LiveSubscription, LiveSubscriptionVariables>;
export const FoundDocument = new TypedDocumentString(`
    mutation Found($community: ID!, $project: ID!, $sponsor: ID!) {
  registerProject(input: {name: "A library of our own", idempotencyKey: "shape"}) {
    project {
      id
      status
    }
    errors {
      code
      message
      path
    }
  }
  foundCommunity(
    input: {name: "First steps", slug: "first-steps", description: "Where we try things out.", idempotencyKey: "shape"}
  ) {
    community {
      id
      slug
      viewerMembership {
        status
      }
    }
    errors {
      code
      message
      path
    }
  }
  anchorCommunity(
    input: {communityId: $community, projectId: $project, idempotencyKey: "shape"}
  ) {
    community {
      anchored
    }
    errors {
      code
      message
      path
    }
  }
  adoptCharter(
    input: {communityId: $community, purpose: "That nobody buys a book twice.", inScope: "Books, lending, reading aloud.", idempotencyKey: "shape"}
  ) {
    community {
      charter {
        version
        adoptedAt
      }
    }
    errors {
      code
      message
      path
    }
  }
  setObjective(
    input: {communityId: $community, statistic: "contributors.new", baseline: 0, target: 10, windowDays: 90, dueAt: "2035-12-31T00:00:00Z", idempotencyKey: "shape"}
  ) {
    objective {
      statistic
      progress
    }
    errors {
      code
      message
      path
    }
  }
  stateExpectation(
    input: {communityId: $community, behaviour: "Say in two sentences what you have read.", measure: {of: CONTRIBUTIONS, atLeast: 1, per: MONTH}, idempotencyKey: "shape"}
  ) {
    expectation {
      version
      behaviour
    }
    errors {
      code
      message
      path
    }
  }
  declareResponsePromise(
    input: {communityId: $community, firstResponseSeconds: 86400, idempotencyKey: "shape"}
  ) {
    community {
      promisePolicy {
        version
      }
    }
    errors {
      code
      message
      path
    }
  }
  assignRole(
    input: {communityId: $community, memberId: $sponsor, role: SPONSOR, reason: "He reads more than all of us.", idempotencyKey: "shape"}
  ) {
    community {
      roles {
        role
        member {
          name
        }
        reason
      }
    }
    errors {
      code
      message
      path
    }
  }
  activateCommunity(input: {communityId: $community, idempotencyKey: "shape"}) {
    community {
      status
    }
    errors {
      code
      message
      path
    }
  }
  inviteMember(
    input: {communityId: $community, memberId: $sponsor, idempotencyKey: "shape"}
  ) {
    member {
      name
    }
    errors {
      code
      message
      path
    }
  }
}
    `, {"hash":"sha256:20f6f3fd0a378a67c6a8fc930627f54b41a5107cbc75d01dbecb22baf360c997"}) as unknown as TypedDocumentString<FoundMutation, FoundMutationVariables>;
export const JoinDocument = new TypedDocumentString(`
    mutation Join($community: ID!) {
  joinCommunity(input: {communityId: $community, idempotencyKey: "shape"}) {
    community {
      name
      viewerMembership {
        status
      }
      expectations {
        version
        behaviour
      }
    }
    errors {
      code
      message
      path
    }
  }
  acknowledgeExpectations(
    input: {communityId: $community, version: 1, idempotencyKey: "shape"}
  ) {
    community {
      acknowledgementRate
    }
    errors {
      code
      message
      path
    }
  }
}
    `, {"hash":"sha256:2282ee3aaa15e4daecb4ea2e3751341fa66c8561fbddd084204b9c1dd6dd391b"}) as unknown as TypedDocumentString<JoinMutation, JoinMutationVariables>;
export const WhatItStandsOnDocument = new TypedDocumentString(`
    query WhatItStandsOn($slug: String!) {
  community(slug: $slug) {
    name
    status
    anchored
    project {
      name
      status
      milestones {
        name
        dueAt
        reachedAt
      }
    }
    charter {
      version
      purpose
      inScope
      outOfScope
      meaning
    }
    objectives {
      statistic
      baseline
      target
      value
      progress
      dueAt
    }
    expectations {
      behaviour
      audience
      measure {
        of
        atLeast
        per
      }
    }
    expectationsVersion
    acknowledgementRate
    roles(includeEnded: true) {
      role
      member {
        name
      }
      since
      until
      overTerm
      ending
      reason
    }
  }
}
    `, {"hash":"sha256:8e45041b863c007f7b3216c9c8f5083fc01128f084bc803b1108bdf08d1b6b3c"}) as unknown as TypedDocumentString<WhatItStandsOnQuery, WhatItStandsOnQueryVariables>;
export const PromisesDocument = new TypedDocumentString(`
    query Promises($slug: String!) {
  community(slug: $slug) {
    id
    name
    promisePolicy {
      version
      firstResponseSeconds
      newcomerFirstResponseSeconds
      resolutionSeconds
      calendar {
        timeZone
        holidays
      }
    }
    promises(last: 10) {
      totalCount
      nodes {
        status
        firstResponse {
          dueAt
          originalDueAt
          fulfilledAt
        }
        renegotiation {
          reason
          agreedAt
        }
        transitions {
          status
          target
          at
        }
        post {
          title
        }
      }
    }
  }
}
    `, {"hash":"sha256:4692c15753b2f0f85ded7533d3c4fe0fb692ff7270587f7db7ca38b64f1b0691"}) as unknown as TypedDocumentString<PromisesQuery, PromisesQueryVariables>;
export const AtRiskDocument = new TypedDocumentString(`
    subscription AtRisk($communityId: ID!, $after: String) {
  promiseTransitions(communityId: $communityId, after: $after) {
    cursor
    caughtUp
    transition {
      status
      target
      at
      post {
        id
        title
        acceptedAnswer {
          body
        }
      }
    }
  }
}
    `, {"hash":"sha256:288fce36c591c737cf1d844a2da2f3575f534b170a4cf152ce59e0db1f24de55"}) as unknown as TypedDocumentString<AtRiskSubscription, AtRiskSubscriptionVariables>;
export const CourageDocument = new TypedDocumentString(`
    query Courage($slug: String!, $from: DateTime!, $to: DateTime!) {
  community(slug: $slug) {
    name
    mentoringTopics
    mentors {
      member {
        name
      }
      topics
      load
      openReviews
    }
    firstContributions(first: 5) {
      totalCount
    }
  }
  reviews(first: 5) {
    totalCount
    nodes {
      status
      topic
      requestedAt
      requestedBy {
        name
      }
    }
  }
  organisation {
    statistics(keys: ["courage.funnel"], from: $from, to: $to) {
      definition
      cells {
        key
        value
        suppressed
      }
    }
  }
}
    `, {"hash":"sha256:db08260f2712b8eec448f2e5ddc6c35126d9e586482c73abc9712b72663fb444"}) as unknown as TypedDocumentString<CourageQuery, CourageQueryVariables>;
export const DareToAskDocument = new TypedDocumentString(`
    mutation DareToAsk($community: ID!, $draft: ID!) {
  saveDraft(
    input: {communityId: $community, kind: QUESTION, title: "Where do I begin with the lending list?", body: "I came last week, and everybody seems to know.", idempotencyKey: "dare"}
  ) {
    draft {
      id
      status
    }
    errors {
      code
      message
      path
    }
  }
  requestReview(input: {draftId: $draft, idempotencyKey: "dare"}) {
    review {
      status
      offeredTo {
        name
      }
    }
    errors {
      code
      message
      path
    }
  }
  publishPost(input: {draftId: $draft, idempotencyKey: "dare"}) {
    post {
      title
      promise {
        status
        firstResponse {
          dueAt
        }
      }
    }
    errors {
      code
      message
      path
    }
  }
}
    `, {"hash":"sha256:1152e7d7451d072095b2f9b41a4ea4000c479307dd671de97f159f0afef09ed4"}) as unknown as TypedDocumentString<DareToAskMutation, DareToAskMutationVariables>;
export const EngagementDocument = new TypedDocumentString(`
    query Engagement($slug: String!, $from: DateTime!, $to: DateTime!) {
  community(slug: $slug) {
    name
    engagement(from: $from, to: $to) {
      messages
      activeMembers
      newContributors
      topicsStarted
      topicsReplied
      replied24hShare
      firstReplyP50Seconds
      throughPosition
      topContributors(first: 5) {
        rank
        messages
        member {
          name
          handle
        }
      }
    }
    engagementSeries(from: $from, to: $to, bucket: WEEK) {
      from
      to
      figures {
        messages
        activeMembers
        newContributors
      }
    }
  }
}
    `, {"hash":"sha256:d1aa448f4ce0f94228ac88af04c9e8e78f64d360abf5de15e579958d57546e2f"}) as unknown as TypedDocumentString<EngagementQuery, EngagementQueryVariables>;
export const EventsDocument = new TypedDocumentString(`
    query Events($after: String, $types: [String!]) {
  events(first: 20, after: $after, types: $types) {
    nodes {
      position
      type
      stream
      revision
      occurredAt
      source
      data
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:97a5d707ec589b336f802a4b94b7fd106bf896cc242f9e4d1c930e914ca8a5f1"}) as unknown as TypedDocumentString<EventsQuery, EventsQueryVariables>;
export const QuestionNowDocument = new TypedDocumentString(`
    query QuestionNow($id: ID!) {
  node(id: $id) {
    ... on Post {
      isResolved
      acceptedAnswer {
        id
      }
      duplicateOf {
        id
      }
      promise {
        status
        resolution {
          status
          fulfilledAt
          fulfilmentWithdrawnAt
        }
      }
      comments {
        nodes {
          id
          endorsementCount
          endorsedBy {
            handle
          }
        }
      }
    }
  }
}
    `, {"hash":"sha256:c10122b742ce59626152381d0b465dbf5f978572ceeb92cdcc18cef23b740f9a"}) as unknown as TypedDocumentString<QuestionNowQuery, QuestionNowQueryVariables>;
export const WithdrawEndorsementDocument = new TypedDocumentString(`
    mutation WithdrawEndorsement($input: WithdrawEndorsementInput!) {
  withdrawEndorsement(input: $input) {
    comment {
      endorsementCount
      endorsedBy {
        id
      }
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:c6e4cd185294676f56f069b0531906d45f5126438528b720bcad28be48e519af"}) as unknown as TypedDocumentString<WithdrawEndorsementMutation, WithdrawEndorsementMutationVariables>;
export const FoundCommunityDocument = new TypedDocumentString(`
    mutation FoundCommunity($input: FoundCommunityInput!) {
  foundCommunity(input: $input) {
    community {
      id
      name
      slug
      visibility
      memberCount
      revision
      founder {
        handle
      }
      viewerMembership {
        status
      }
    }
    ...outcome
    position
  }
}
    fragment outcome on FoundCommunityPayload {
  errors {
    code
    message
    path
  }
}`, {"hash":"sha256:c07077e00551d155374c9ab20ba37bdb0179b374334d23442dbf485c25bb398c"}) as unknown as TypedDocumentString<FoundCommunityMutation, FoundCommunityMutationVariables>;
export const RenameCommunityDocument = new TypedDocumentString(`
    mutation RenameCommunity($input: RenameCommunityInput!) {
  renameCommunity(input: $input) {
    community {
      name
      revision
    }
    errors {
      ... on Conflict {
        actualRevision
      }
      code
      path
    }
  }
}
    `, {"hash":"sha256:942936be9e7853ef95f64812c65d7e53465e17113c833c6b3de729fb6253ffa8"}) as unknown as TypedDocumentString<RenameCommunityMutation, RenameCommunityMutationVariables>;
export const JoinCommunityDocument = new TypedDocumentString(`
    mutation JoinCommunity($input: JoinCommunityInput!) {
  joinCommunity(input: $input) {
    community {
      memberCount
      viewerMembership {
        status
      }
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:430f5076fb4d248706d49897dac27cbb75f9df12fb516c30829f3bea2bcee251"}) as unknown as TypedDocumentString<JoinCommunityMutation, JoinCommunityMutationVariables>;
export const InviteMemberDocument = new TypedDocumentString(`
    mutation InviteMember($input: InviteMemberInput!) {
  inviteMember(input: $input) {
    community {
      id
    }
    member {
      handle
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:087e9c6166a12cca52f820f4a85b05c06063cbedc1f9b5d13670682329d7f1e7"}) as unknown as TypedDocumentString<InviteMemberMutation, InviteMemberMutationVariables>;
export const LeaveCommunityDocument = new TypedDocumentString(`
    mutation LeaveCommunity($input: LeaveCommunityInput!) {
  leaveCommunity(input: $input) {
    community {
      id
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:2a565e265a3daf933c2657eb0a4b3c8ecb3e58a47b8ead2e3090d2f82200955a"}) as unknown as TypedDocumentString<LeaveCommunityMutation, LeaveCommunityMutationVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    id
    handle
    name
    isErased
    communities {
      nodes {
        slug
      }
    }
  }
  viewerRoles
}
    `, {"hash":"sha256:9a0181ba1de0b437972b378e41140fd221ec547038cb1036a38a0f4ac7c3f2e0"}) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const CommunityPageDocument = new TypedDocumentString(`
    query CommunityPage($slug: String!, $first: Int) {
  community(slug: $slug) {
    id
    name
    posts(first: $first) {
      totalCount
      nodes {
        id
        kind
        title
        commentCount
        reactionCount
        author {
          name
        }
      }
    }
  }
}
    `, {"hash":"sha256:7558f1e6645e1170119851ac7af4cd1f2819dd4be65210a8c2961aba30bf71b4"}) as unknown as TypedDocumentString<CommunityPageQuery, CommunityPageQueryVariables>;
export const SaveDraftDocument = new TypedDocumentString(`
    mutation SaveDraft($input: SaveDraftInput!) {
  saveDraft(input: $input) {
    draft {
      ...draftFields
    }
    errors {
      code
      path
    }
    position
  }
}
    fragment draftFields on Draft {
  id
  status
  kind
  title
  body
  isErased
  revision
  scheduledAt
  publicationFailure {
    code
    at
  }
  post {
    id
  }
  feedback {
    body
    mentor {
      handle
    }
  }
}`, {"hash":"sha256:7e7d5c08ee943db4efebb3f19dc417a5f26be1e7a27d91fc1abe8dc373fc834a"}) as unknown as TypedDocumentString<SaveDraftMutation, SaveDraftMutationVariables>;
export const DiscardDraftDocument = new TypedDocumentString(`
    mutation DiscardDraft($input: DiscardDraftInput!) {
  discardDraft(input: $input) {
    draft {
      ...draftFields
    }
    errors {
      code
    }
  }
}
    fragment draftFields on Draft {
  id
  status
  kind
  title
  body
  isErased
  revision
  scheduledAt
  publicationFailure {
    code
    at
  }
  post {
    id
  }
  feedback {
    body
    mentor {
      handle
    }
  }
}`, {"hash":"sha256:0c156989ad016e3f5ed26ae594f97feca3b7fe1515d9d8e8903edcd1e784d331"}) as unknown as TypedDocumentString<DiscardDraftMutation, DiscardDraftMutationVariables>;
export const SchedulePostDocument = new TypedDocumentString(`
    mutation SchedulePost($input: SchedulePostInput!) {
  schedulePost(input: $input) {
    draft {
      ...draftFields
    }
    errors {
      code
    }
  }
}
    fragment draftFields on Draft {
  id
  status
  kind
  title
  body
  isErased
  revision
  scheduledAt
  publicationFailure {
    code
    at
  }
  post {
    id
  }
  feedback {
    body
    mentor {
      handle
    }
  }
}`, {"hash":"sha256:37017cc30b9651f21963ff6eed2134099faccbcd74e0afad5ab3955e452caefd"}) as unknown as TypedDocumentString<SchedulePostMutation, SchedulePostMutationVariables>;
export const PublishDraftDocument = new TypedDocumentString(`
    mutation PublishDraft($input: PublishPostInput!) {
  publishPost(input: $input) {
    post {
      id
      title
      body
      publishedAt
      promise {
        isTighter
        status
      }
    }
    errors {
      code
      path
    }
    position
  }
}
    `, {"hash":"sha256:84fb340032fbfaa1b070626a8eed3487fe8b51e3aa2aa09dd8cc3b6d503013e9"}) as unknown as TypedDocumentString<PublishDraftMutation, PublishDraftMutationVariables>;
export const RequestReviewDocument = new TypedDocumentString(`
    mutation RequestReview($input: RequestReviewInput!) {
  requestReview(input: $input) {
    review {
      ...reviewFields
    }
    draft {
      id
    }
    errors {
      code
      message
    }
  }
}
    fragment reviewFields on Review {
  id
  status
  topic
  requestedBy {
    handle
  }
  offeredTo {
    handle
  }
  offerDueAt
  mentor {
    handle
  }
  draft {
    title
    body
  }
}`, {"hash":"sha256:1519ca29c6e9a0f228733f49023a656bfb30f3d4c7fa493a6577f864ab2a7ac6"}) as unknown as TypedDocumentString<RequestReviewMutation, RequestReviewMutationVariables>;
export const VolunteerAsMentorDocument = new TypedDocumentString(`
    mutation VolunteerAsMentor($input: VolunteerAsMentorInput!) {
  volunteerAsMentor(input: $input) {
    mentor {
      topics
      load
      openReviews
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:fc06cf6b948703d176ad0304c4e885955b23782b3ae386320f26164eaf6fdf3d"}) as unknown as TypedDocumentString<VolunteerAsMentorMutation, VolunteerAsMentorMutationVariables>;
export const SetMentoringTopicsDocument = new TypedDocumentString(`
    mutation SetMentoringTopics($input: SetMentoringTopicsInput!) {
  setMentoringTopics(input: $input) {
    community {
      mentoringTopics
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:eb27c151da245660bf3432e76d606a15917abb0972c26f680490ccd852fa56fb"}) as unknown as TypedDocumentString<SetMentoringTopicsMutation, SetMentoringTopicsMutationVariables>;
export const AcceptReviewDocument = new TypedDocumentString(`
    mutation AcceptReview($input: AcceptReviewInput!) {
  acceptReview(input: $input) {
    review {
      ...reviewFields
    }
    errors {
      code
    }
  }
}
    fragment reviewFields on Review {
  id
  status
  topic
  requestedBy {
    handle
  }
  offeredTo {
    handle
  }
  offerDueAt
  mentor {
    handle
  }
  draft {
    title
    body
  }
}`, {"hash":"sha256:d7eb1d8831c55d8ccb307571f7ab328e5e94348b769bcf1c4aecb2be3820f70c"}) as unknown as TypedDocumentString<AcceptReviewMutation, AcceptReviewMutationVariables>;
export const DeclineReviewDocument = new TypedDocumentString(`
    mutation DeclineReview($input: DeclineReviewInput!) {
  declineReview(input: $input) {
    review {
      id
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:bb055981dfb6c2ba19b2249557953335289e40ef5c72b5487262125e7ccf01dc"}) as unknown as TypedDocumentString<DeclineReviewMutation, DeclineReviewMutationVariables>;
export const GiveFeedbackDocument = new TypedDocumentString(`
    mutation GiveFeedback($input: GiveFeedbackInput!) {
  giveFeedback(input: $input) {
    review {
      ...reviewFields
    }
    errors {
      code
    }
  }
}
    fragment reviewFields on Review {
  id
  status
  topic
  requestedBy {
    handle
  }
  offeredTo {
    handle
  }
  offerDueAt
  mentor {
    handle
  }
  draft {
    title
    body
  }
}`, {"hash":"sha256:87984a7cae75ba0f5dd6afec5715fa89cf9151e86d7d974f57542101ac13e023"}) as unknown as TypedDocumentString<GiveFeedbackMutation, GiveFeedbackMutationVariables>;
export const WelcomeNewcomerDocument = new TypedDocumentString(`
    mutation WelcomeNewcomer($input: WelcomeNewcomerInput!) {
  welcomeNewcomer(input: $input) {
    post {
      welcome {
        by {
          handle
        }
      }
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:e702a7ee6ccf844d85b3794b1e2320e3f6fc9ea403b2b465880cc74013401921"}) as unknown as TypedDocumentString<WelcomeNewcomerMutation, WelcomeNewcomerMutationVariables>;
export const DraftOfDocument = new TypedDocumentString(`
    query DraftOf($id: ID!) {
  node(id: $id) {
    id
    ... on Draft {
      ...draftFields
    }
  }
}
    fragment draftFields on Draft {
  id
  status
  kind
  title
  body
  isErased
  revision
  scheduledAt
  publicationFailure {
    code
    at
  }
  post {
    id
  }
  feedback {
    body
    mentor {
      handle
    }
  }
}`, {"hash":"sha256:f313113d47558349950374e86e60e1d61d1e19eb1279737c8aaed4a78dc25927"}) as unknown as TypedDocumentString<DraftOfQuery, DraftOfQueryVariables>;
export const OwnDraftsDocument = new TypedDocumentString(`
    query OwnDrafts {
  drafts {
    totalCount
    nodes {
      ...draftFields
    }
  }
}
    fragment draftFields on Draft {
  id
  status
  kind
  title
  body
  isErased
  revision
  scheduledAt
  publicationFailure {
    code
    at
  }
  post {
    id
  }
  feedback {
    body
    mentor {
      handle
    }
  }
}`, {"hash":"sha256:a9debc17e0e3aae713a00fdab174700a408a7ffd3b6eb52a1b39dbed370efe3b"}) as unknown as TypedDocumentString<OwnDraftsQuery, OwnDraftsQueryVariables>;
export const OwnReviewsDocument = new TypedDocumentString(`
    query OwnReviews {
  reviews {
    totalCount
    nodes {
      ...reviewFields
    }
  }
}
    fragment reviewFields on Review {
  id
  status
  topic
  requestedBy {
    handle
  }
  offeredTo {
    handle
  }
  offerDueAt
  mentor {
    handle
  }
  draft {
    title
    body
  }
}`, {"hash":"sha256:e607bc42920f2cf36cc9a3aa5e0b5ce379d784df654547cdf76c0a37f520422e"}) as unknown as TypedDocumentString<OwnReviewsQuery, OwnReviewsQueryVariables>;
export const MentoringDocument = new TypedDocumentString(`
    query Mentoring($communityId: ID!) {
  node(id: $communityId) {
    ... on Community {
      mentoringTopics
      mentors {
        member {
          handle
        }
        topics
        load
        openReviews
      }
      waitingReviews {
        totalCount
        nodes {
          ...reviewFields
        }
      }
      firstContributions {
        totalCount
        nodes {
          id
          welcome {
            by {
              handle
            }
          }
        }
      }
    }
  }
}
    fragment reviewFields on Review {
  id
  status
  topic
  requestedBy {
    handle
  }
  offeredTo {
    handle
  }
  offerDueAt
  mentor {
    handle
  }
  draft {
    title
    body
  }
}`, {"hash":"sha256:010539094640f24c1cbb8136a0a65b7d92cf92730cc7d6413caeb16401c9933f"}) as unknown as TypedDocumentString<MentoringQuery, MentoringQueryVariables>;
export const PublishEarlyDocument = new TypedDocumentString(`
    mutation PublishEarly($input: PublishPostInput!) {
  publishPost(input: $input) {
    post {
      ...earlyPost
    }
    errors {
      code
      path
    }
    position
  }
}
    fragment earlyPost on Post {
  id
  title
  publishedAt
  isRetracted
  commentCount
  earlyAccess {
    opensAt
    openedAt
    withdrawnAt
    audience {
      roles
      members {
        handle
      }
    }
  }
}`, {"hash":"sha256:7de9f29efdccc30c5eee88a3fcb9b4bae9e5e40a671bb72865655f885795ff9a"}) as unknown as TypedDocumentString<PublishEarlyMutation, PublishEarlyMutationVariables>;
export const WithdrawEarlyAccessDocument = new TypedDocumentString(`
    mutation WithdrawEarlyAccess($input: WithdrawEarlyAccessInput!) {
  withdrawEarlyAccess(input: $input) {
    post {
      ...earlyPost
    }
    errors {
      code
      path
    }
  }
}
    fragment earlyPost on Post {
  id
  title
  publishedAt
  isRetracted
  commentCount
  earlyAccess {
    opensAt
    openedAt
    withdrawnAt
    audience {
      roles
      members {
        handle
      }
    }
  }
}`, {"hash":"sha256:77cf8de3ab04462af77355c788c223fc27fa1a8ed234a4205a7ebd23860919f4"}) as unknown as TypedDocumentString<WithdrawEarlyAccessMutation, WithdrawEarlyAccessMutationVariables>;
export const AssignRoleDocument = new TypedDocumentString(`
    mutation AssignRole($input: AssignRoleInput!) {
  assignRole(input: $input) {
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:c31e9521aafa86a33cae0c4c427fecaa69313fe4a27a72ae4ae83754582222c5"}) as unknown as TypedDocumentString<AssignRoleMutation, AssignRoleMutationVariables>;
export const EarlyPostDocument = new TypedDocumentString(`
    query EarlyPost($id: ID!) {
  node(id: $id) {
    ...earlyPost
  }
}
    fragment earlyPost on Post {
  id
  title
  publishedAt
  isRetracted
  commentCount
  earlyAccess {
    opensAt
    openedAt
    withdrawnAt
    audience {
      roles
      members {
        handle
      }
    }
  }
}`, {"hash":"sha256:c7383ee7ae50529513cd4f0238350214dffbf698c237f2b5defe4dd8657170ff"}) as unknown as TypedDocumentString<EarlyPostQuery, EarlyPostQueryVariables>;
export const EarlyListsDocument = new TypedDocumentString(`
    query EarlyLists($communityId: ID!) {
  feed {
    totalCount
    nodes {
      id
    }
  }
  community(id: $communityId) {
    postCount
    commentCount
    posts {
      totalCount
      nodes {
        id
      }
    }
    feed {
      totalCount
      nodes {
        id
      }
    }
  }
}
    `, {"hash":"sha256:fff743e7e53c3a4ef3f23ebee5ee17fdef3da40605e11b19460aa951aadc547a"}) as unknown as TypedDocumentString<EarlyListsQuery, EarlyListsQueryVariables>;
export const PublishPostDocument = new TypedDocumentString(`
    mutation PublishPost($input: PublishPostInput!) {
  publishPost(input: $input) {
    post {
      ...postFields
    }
    errors {
      code
      path
    }
    position
  }
}
    fragment postFields on Post {
  id
  title
  body
  revision
  isRetracted
  isErased
  editedAt
  commentCount
  author {
    name
    isErased
  }
}`, {"hash":"sha256:d538542917c4662360f1f3c47f0f560bed58472b53900410be8054bf5ea932ba"}) as unknown as TypedDocumentString<PublishPostMutation, PublishPostMutationVariables>;
export const EditPostDocument = new TypedDocumentString(`
    mutation EditPost($input: EditPostInput!) {
  editPost(input: $input) {
    post {
      ...postFields
    }
    errors {
      code
    }
  }
}
    fragment postFields on Post {
  id
  title
  body
  revision
  isRetracted
  isErased
  editedAt
  commentCount
  author {
    name
    isErased
  }
}`, {"hash":"sha256:98c24dde284dafcfa478edeccd5d87b1ee94f9f8be040dd63412765c6ddd0289"}) as unknown as TypedDocumentString<EditPostMutation, EditPostMutationVariables>;
export const RetractPostDocument = new TypedDocumentString(`
    mutation RetractPost($input: RetractPostInput!) {
  retractPost(input: $input) {
    post {
      ...postFields
    }
    errors {
      code
    }
  }
}
    fragment postFields on Post {
  id
  title
  body
  revision
  isRetracted
  isErased
  editedAt
  commentCount
  author {
    name
    isErased
  }
}`, {"hash":"sha256:e0eaa22175e89226c741a49f16e593ba4154a96476f3cbae2e476f345e521db3"}) as unknown as TypedDocumentString<RetractPostMutation, RetractPostMutationVariables>;
export const PublishCommentDocument = new TypedDocumentString(`
    mutation PublishComment($input: PublishCommentInput!) {
  publishComment(input: $input) {
    comment {
      id
      kind
      body
      depth
      post {
        commentCount
        answerCount
      }
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:0f81c86b60c181db8901d07fca1cc87461c4ec7fb41ca79645f8b583fe143726"}) as unknown as TypedDocumentString<PublishCommentMutation, PublishCommentMutationVariables>;
export const AcceptAnswerDocument = new TypedDocumentString(`
    mutation AcceptAnswer($input: AcceptAnswerInput!) {
  acceptAnswer(input: $input) {
    post {
      isResolved
      acceptedAnswer {
        id
        isAccepted
      }
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:666ab8d3c39fd50e180a6efb3cbde5b5ba0455c2266d387537f8e963c300448f"}) as unknown as TypedDocumentString<AcceptAnswerMutation, AcceptAnswerMutationVariables>;
export const AddReactionDocument = new TypedDocumentString(`
    mutation AddReaction($input: AddReactionInput!) {
  addReaction(input: $input) {
    target {
      reactionCount
      reactions {
        kind
        count
        viewerReacted
      }
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:d94671dba865e108ad741bd751b84d0a3521a42a483691092dcdc540dfaf26de"}) as unknown as TypedDocumentString<AddReactionMutation, AddReactionMutationVariables>;
export const ThreadDocument = new TypedDocumentString(`
    query Thread($id: ID!) {
  node(id: $id) {
    id
    ... on Post {
      ...postFields
      comments {
        nodes {
          id
          body
          isRetracted
          replies {
            nodes {
              id
            }
          }
        }
      }
    }
  }
}
    fragment postFields on Post {
  id
  title
  body
  revision
  isRetracted
  isErased
  editedAt
  commentCount
  author {
    name
    isErased
  }
}`, {"hash":"sha256:aac2c3ef09f867d37b9aefe852537b5432e1416fe9c3d7b19a4a6d62cf3e8d17"}) as unknown as TypedDocumentString<ThreadQuery, ThreadQueryVariables>;
export const HomeFeedDocument = new TypedDocumentString(`
    query HomeFeed($first: Int, $after: String, $last: Int, $before: String) {
  feed(first: $first, after: $after, last: $last, before: $before) {
    totalCount
    edges {
      cursor
      node {
        id
        title
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    `, {"hash":"sha256:ffc6a5fa00a2772e60fc13d96ed2174297813d233aa60e7da807f00ca764c394"}) as unknown as TypedDocumentString<HomeFeedQuery, HomeFeedQueryVariables>;
export const PostPublishedDocument = new TypedDocumentString(`
    subscription PostPublished($communityId: ID!, $after: String) {
  postPublished(communityId: $communityId, after: $after) {
    cursor
    caughtUp
    post {
      id
      title
    }
  }
}
    `, {"hash":"sha256:b8de16bceac350bb1378ddb834adf0be2fb58a37fad4b2bfbedefa28a9a9e334"}) as unknown as TypedDocumentString<PostPublishedSubscription, PostPublishedSubscriptionVariables>;
export const CommunityActivityDocument = new TypedDocumentString(`
    subscription CommunityActivity($communityId: ID!, $after: String) {
  communityActivity(communityId: $communityId, after: $after) {
    cursor
    caughtUp
    activity {
      kind
      post {
        id
      }
      comment {
        id
      }
    }
  }
}
    `, {"hash":"sha256:ac70b42d03c7aa56f10ae56c1c49e1d685004d05a1205488af192f974bf43388"}) as unknown as TypedDocumentString<CommunityActivitySubscription, CommunityActivitySubscriptionVariables>;
export const DeclareResponsePromiseDocument = new TypedDocumentString(`
    mutation DeclareResponsePromise($input: DeclareResponsePromiseInput!) {
  declareResponsePromise(input: $input) {
    community {
      promisePolicy {
        version
        firstResponseSeconds
        resolutionSeconds
        newcomerFirstResponseSeconds
        warnPercent
        calendar {
          version
          timeZone
          weeklyHours {
            day
            from
            to
          }
          holidays
        }
      }
    }
    errors {
      code
      message
      path
    }
  }
}
    `, {"hash":"sha256:af5c90ec4beb6369eeafa582d825f8dbca6b8540ef03e900581423b474cfc61a"}) as unknown as TypedDocumentString<DeclareResponsePromiseMutation, DeclareResponsePromiseMutationVariables>;
export const DefineWorkingCalendarDocument = new TypedDocumentString(`
    mutation DefineWorkingCalendar($input: DefineWorkingCalendarInput!) {
  defineWorkingCalendar(input: $input) {
    community {
      workingCalendar {
        version
      }
    }
    errors {
      code
      message
      path
    }
  }
}
    `, {"hash":"sha256:74e4a4e6ae7432cf929e01de8c732e8719ffceddf286824dd864d199dac7cee6"}) as unknown as TypedDocumentString<DefineWorkingCalendarMutation, DefineWorkingCalendarMutationVariables>;
export const AskDocument = new TypedDocumentString(`
    mutation Ask($input: PublishPostInput!) {
  publishPost(input: $input) {
    post {
      id
      publishedAt
      promise {
        ...promiseFields
      }
    }
    errors {
      code
    }
    position
  }
}
    fragment promiseFields on ResponsePromise {
  status
  policyVersion
  calendarVersion
  isTighter
  firstResponse {
    ...targetFields
  }
  resolution {
    ...targetFields
  }
  renegotiations {
    id
    status
    reason
    declineReason
  }
  renegotiation {
    id
    target
    dueAt
    reason
    agreedAt
    proposedBy {
      id
    }
  }
  transitions {
    status
    target
    at
  }
}
fragment targetFields on PromiseTarget {
  status
  ending
  dueAt
  originalDueAt
  fulfilledAt
  fulfilmentWithdrawnAt
}`, {"hash":"sha256:8f080a93d1a1314097a2ec23ac898c051145caaa0bd73f902a3bf452b988f754"}) as unknown as TypedDocumentString<AskMutation, AskMutationVariables>;
export const RenegotiatePromiseDocument = new TypedDocumentString(`
    mutation RenegotiatePromise($input: RenegotiatePromiseInput!) {
  renegotiatePromise(input: $input) {
    post {
      promise {
        ...promiseFields
      }
    }
    errors {
      code
    }
  }
}
    fragment promiseFields on ResponsePromise {
  status
  policyVersion
  calendarVersion
  isTighter
  firstResponse {
    ...targetFields
  }
  resolution {
    ...targetFields
  }
  renegotiations {
    id
    status
    reason
    declineReason
  }
  renegotiation {
    id
    target
    dueAt
    reason
    agreedAt
    proposedBy {
      id
    }
  }
  transitions {
    status
    target
    at
  }
}
fragment targetFields on PromiseTarget {
  status
  ending
  dueAt
  originalDueAt
  fulfilledAt
  fulfilmentWithdrawnAt
}`, {"hash":"sha256:e5b6a0214e271d19710b54b1e5cc384fbf4aef62a9f3652b47a035629a225888"}) as unknown as TypedDocumentString<RenegotiatePromiseMutation, RenegotiatePromiseMutationVariables>;
export const AgreeToRenegotiationDocument = new TypedDocumentString(`
    mutation AgreeToRenegotiation($input: AgreeToRenegotiationInput!) {
  agreeToRenegotiation(input: $input) {
    post {
      promise {
        ...promiseFields
      }
    }
    errors {
      code
    }
  }
}
    fragment promiseFields on ResponsePromise {
  status
  policyVersion
  calendarVersion
  isTighter
  firstResponse {
    ...targetFields
  }
  resolution {
    ...targetFields
  }
  renegotiations {
    id
    status
    reason
    declineReason
  }
  renegotiation {
    id
    target
    dueAt
    reason
    agreedAt
    proposedBy {
      id
    }
  }
  transitions {
    status
    target
    at
  }
}
fragment targetFields on PromiseTarget {
  status
  ending
  dueAt
  originalDueAt
  fulfilledAt
  fulfilmentWithdrawnAt
}`, {"hash":"sha256:51e43d5bf662f6c259babf410ad603a7239bf17073ad372dc621eb55505217fc"}) as unknown as TypedDocumentString<AgreeToRenegotiationMutation, AgreeToRenegotiationMutationVariables>;
export const PromiseOfDocument = new TypedDocumentString(`
    query PromiseOf($id: ID!) {
  node(id: $id) {
    ... on Post {
      isResolved
      acceptedAnswer {
        id
      }
      duplicateOf {
        id
      }
      promise {
        ...promiseFields
      }
    }
  }
}
    fragment promiseFields on ResponsePromise {
  status
  policyVersion
  calendarVersion
  isTighter
  firstResponse {
    ...targetFields
  }
  resolution {
    ...targetFields
  }
  renegotiations {
    id
    status
    reason
    declineReason
  }
  renegotiation {
    id
    target
    dueAt
    reason
    agreedAt
    proposedBy {
      id
    }
  }
  transitions {
    status
    target
    at
  }
}
fragment targetFields on PromiseTarget {
  status
  ending
  dueAt
  originalDueAt
  fulfilledAt
  fulfilmentWithdrawnAt
}`, {"hash":"sha256:5f5a9c27843af2558b1ebf77a6e9aa1d204508f068bad63371cd05a3197129fb"}) as unknown as TypedDocumentString<PromiseOfQuery, PromiseOfQueryVariables>;
export const PromisesInDocument = new TypedDocumentString(`
    query PromisesIn($communityId: ID!, $status: PromiseStatus) {
  node(id: $communityId) {
    ... on Community {
      promises(first: 10, status: $status) {
        totalCount
        nodes {
          status
          post {
            id
          }
        }
      }
    }
  }
  overdueQuestions(communityId: $communityId, first: 10) {
    totalCount
    nodes {
      id
    }
  }
}
    `, {"hash":"sha256:23d5d831d332ad8fca81c83b7c233ba75b5257a34895b29ef0095cd5563ca409"}) as unknown as TypedDocumentString<PromisesInQuery, PromisesInQueryVariables>;
export const PromiseTransitionsDocument = new TypedDocumentString(`
    subscription PromiseTransitions($communityId: ID!, $after: String) {
  promiseTransitions(communityId: $communityId, after: $after) {
    cursor
    caughtUp
    transition {
      status
      target
      at
      post {
        id
      }
    }
  }
}
    `, {"hash":"sha256:be1bfc2c3cde8a1fe957d9e029e7720606b9066ab284227153cc3035bb86e5b5"}) as unknown as TypedDocumentString<PromiseTransitionsSubscription, PromiseTransitionsSubscriptionVariables>;
export const ReopenQuestionDocument = new TypedDocumentString(`
    mutation ReopenQuestion($input: ReopenQuestionInput!) {
  reopenQuestion(input: $input) {
    post {
      isResolved
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:8c969997510f53fb0c6d56a76fe5579b181c390e40c35dd8966989866f461b25"}) as unknown as TypedDocumentString<ReopenQuestionMutation, ReopenQuestionMutationVariables>;
export const MarkDuplicateDocument = new TypedDocumentString(`
    mutation MarkDuplicate($input: MarkDuplicateInput!) {
  markDuplicate(input: $input) {
    post {
      duplicateOf {
        id
      }
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:01e30ac2c42b186c4d82cf242c54da08abb59e82f756977c6dde0d5e4fcfd7f1"}) as unknown as TypedDocumentString<MarkDuplicateMutation, MarkDuplicateMutationVariables>;
export const EndorseAnswerDocument = new TypedDocumentString(`
    mutation EndorseAnswer($input: EndorseAnswerInput!) {
  endorseAnswer(input: $input) {
    comment {
      endorsementCount
      endorsedBy {
        id
      }
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:6fc8f48f507e6e858efd17d5aba2c0b2152d377c49c477d45547aa0ad6f15391"}) as unknown as TypedDocumentString<EndorseAnswerMutation, EndorseAnswerMutationVariables>;
export const RetractCommentDocument = new TypedDocumentString(`
    mutation RetractComment($input: RetractCommentInput!) {
  retractComment(input: $input) {
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:285b48ebeca2e5f570026a74588972107fb671b25b2ccd48b03ccc5d1d8c7a72"}) as unknown as TypedDocumentString<RetractCommentMutation, RetractCommentMutationVariables>;
export const DeclineRenegotiationDocument = new TypedDocumentString(`
    mutation DeclineRenegotiation($input: DeclineRenegotiationInput!) {
  declineRenegotiation(input: $input) {
    post {
      promise {
        ...promiseFields
      }
    }
    errors {
      code
    }
  }
}
    fragment promiseFields on ResponsePromise {
  status
  policyVersion
  calendarVersion
  isTighter
  firstResponse {
    ...targetFields
  }
  resolution {
    ...targetFields
  }
  renegotiations {
    id
    status
    reason
    declineReason
  }
  renegotiation {
    id
    target
    dueAt
    reason
    agreedAt
    proposedBy {
      id
    }
  }
  transitions {
    status
    target
    at
  }
}
fragment targetFields on PromiseTarget {
  status
  ending
  dueAt
  originalDueAt
  fulfilledAt
  fulfilmentWithdrawnAt
}`, {"hash":"sha256:bc9a6cb3fafeab1b73deb22d76befc25c31af8acaeb29706d83ebce82143074a"}) as unknown as TypedDocumentString<DeclineRenegotiationMutation, DeclineRenegotiationMutationVariables>;
export const UnmarkDuplicateDocument = new TypedDocumentString(`
    mutation UnmarkDuplicate($input: UnmarkDuplicateInput!) {
  unmarkDuplicate(input: $input) {
    post {
      duplicateOf {
        id
      }
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:027dba026547ca0dba26e912bc8e0a11f02e522c7110fe7049c5ecee11558a2a"}) as unknown as TypedDocumentString<UnmarkDuplicateMutation, UnmarkDuplicateMutationVariables>;
export const ReopenCommunityDocument = new TypedDocumentString(`
    mutation ReopenCommunity($input: ReopenCommunityInput!) {
  reopenCommunity(input: $input) {
    community {
      status
      slug
    }
    errors {
      code
    }
  }
}
    `, {"hash":"sha256:08e6bb5d94d3a56f36f7fc863b40c3ea48f90ada91aa601ec2321c6700ab03e8"}) as unknown as TypedDocumentString<ReopenCommunityMutation, ReopenCommunityMutationVariables>;