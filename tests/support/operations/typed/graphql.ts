/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What `acceptAnswer` asks for. */
export type AcceptAnswerInput = {
  /** The answer. */
  commentId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
  idempotencyKey?: string | null | undefined;
  /** The question. */
  postId: string | number;
};

/** What happened in a community. */
export type ActivityKind =
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
  /** Its author changed a post. */
  | 'POST_EDITED'
  /** A post was published. */
  | 'POST_PUBLISHED'
  /** Its author took a post back. */
  | 'POST_RETRACTED';

/** What `addReaction` asks for. */
export type AddReactionInput = {
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
  idempotencyKey?: string | null | undefined;
  /** The short name of an emoji, such as `thumbs_up`. */
  kind: string;
  /** The post or comment. */
  targetId: string | number;
};

/** What a comment is. */
export type CommentKind =
  /** An answer to a question. */
  | 'ANSWER'
  /** Something said about a post or about another comment. */
  | 'COMMENT';

/** What `editPost` asks for. */
export type EditPostInput = {
  /** The new text: 1 to 40,000 characters. */
  body: string;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
  idempotencyKey?: string | null | undefined;
  /** The post. */
  postId: string | number;
  /** The new title: 1 to 300 characters. */
  title: string;
};

/** Where an event came from. */
export type EventSource =
  /** An archive. */
  | 'IMPORT'
  /** Somebody, or an integration, did it here. */
  | 'NATIVE'
  /** The generator of demonstration data. */
  | 'SEED';

/** What `foundCommunity` asks for. */
export type FoundCommunityInput = {
  /** What it is for: at most 2,000 characters. Empty unless given. */
  description?: string | null | undefined;
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
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

/** What `inviteMember` asks for. */
export type InviteMemberInput = {
  /** The community. */
  communityId: string | number;
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
  idempotencyKey?: string | null | undefined;
  /** Whom to invite. */
  memberId: string | number;
};

/** What `joinCommunity` asks for. */
export type JoinCommunityInput = {
  /** The community. */
  communityId: string | number;
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
  idempotencyKey?: string | null | undefined;
};

/** How one becomes a member of a community. */
export type JoinPolicy =
  /** By an invitation of one of its members. */
  | 'BY_INVITATION'
  /** By asking. */
  | 'OPEN';

/** What `leaveCommunity` asks for. */
export type LeaveCommunityInput = {
  /** The community. */
  communityId: string | number;
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
  idempotencyKey?: string | null | undefined;
};

/** How a member belongs to a community. */
export type MembershipStatus =
  /** Asked to join, and has not answered. */
  | 'INVITED'
  /** A member of the community. */
  | 'JOINED';

/** What a post is. */
export type PostKind =
  /** Something to be known. */
  | 'ANNOUNCEMENT'
  /** Something to talk about. */
  | 'DISCUSSION'
  /** Something to be answered; the asker accepts the answer that helped. */
  | 'QUESTION';

/** What `publishComment` asks for. */
export type PublishCommentInput = {
  /** Its text: 1 to 40,000 characters. */
  body: string;
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
  idempotencyKey?: string | null | undefined;
  /** What it is: COMMENT unless given. */
  kind?: CommentKind | null | undefined;
  /** The comment that it replies to; none for a reply to the post itself. */
  parentId?: string | number | null | undefined;
  /** The post. */
  postId: string | number;
};

/** What `publishPost` asks for. */
export type PublishPostInput = {
  /** Its text: 1 to 40,000 characters. */
  body: string;
  /** Where it shall stand. */
  communityId: string | number;
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
  idempotencyKey?: string | null | undefined;
  /** What it is. */
  kind: PostKind;
  /** Its title: 1 to 300 characters. */
  title: string;
};

/** What `renameCommunity` asks for. */
export type RenameCommunityInput = {
  /** The community. */
  communityId: string | number;
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
  idempotencyKey?: string | null | undefined;
  /** The new name: 1 to 120 characters. */
  name: string;
  /** The new slug; the old one is free again. Unchanged unless given. */
  slug?: string | null | undefined;
};

/** What `retractPost` asks for. */
export type RetractPostInput = {
  /** The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`. */
  expectedRevision?: number | null | undefined;
  /** Any text of at most 255 characters. Repeating the mutation with the same key and input does it once and answers the same; kept for 14 days. */
  idempotencyKey?: string | null | undefined;
  /** The post. */
  postId: string | number;
};

/** What a token lets its bearer do. */
export type Role =
  /** Reads everything, writes, and decides for the organisation. */
  | 'ADMIN'
  /** Reads everything, the events too, and writes nothing. */
  | 'ANALYST'
  /** Takes part: reads what members see, and writes. */
  | 'MEMBER';

/** Why a command was refused. The list grows: treat a code that you do not know as its message. */
export type UserErrorCode =
  /** There is no such answer to this question. */
  | 'ANSWER_NOT_FOUND'
  /** An answer replies to the question itself, never to a comment. */
  | 'ANSWER_REPLIES_TO_POST'
  /** What was typed is too long to be stored. */
  | 'APPEND_TOO_LARGE'
  /** There is no such comment, or none that the viewer sees. */
  | 'COMMENT_NOT_FOUND'
  /** Its author took the comment back. */
  | 'COMMENT_RETRACTED'
  /** The community is archived: nothing can be added to it. */
  | 'COMMUNITY_ARCHIVED'
  /** There is no such community, or none that the viewer sees. */
  | 'COMMUNITY_NOT_FOUND'
  /** Another member has this e-mail address. */
  | 'EMAIL_TAKEN'
  /** What was typed is too long to be stored. */
  | 'EVENT_TOO_LARGE'
  /** What the command creates exists already. */
  | 'EXISTS_ALREADY'
  /** Another member has this handle. */
  | 'HANDLE_TAKEN'
  /** The idempotency key came with another input before: take a new key. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A field of the input is not as it must be: `path` says which. */
  | 'INVALID_INPUT'
  /** The community is joined by invitation. */
  | 'INVITATION_NEEDED'
  /** The login belongs to another member. */
  | 'LOGIN_TAKEN'
  /** There is no such member. */
  | 'MEMBER_NOT_FOUND'
  /** Somebody else may do this, the viewer may not. */
  | 'NOT_ALLOWED'
  /** Only members of the community may do this: join it first. */
  | 'NOT_A_MEMBER'
  /** Only a question has answers. */
  | 'NOT_A_QUESTION'
  /** A value cannot be stored as it is. */
  | 'NOT_STORABLE'
  /** There is no such post, or none that the viewer sees. */
  | 'POST_NOT_FOUND'
  /** Its author took the post back. */
  | 'POST_RETRACTED'
  /** Somebody else was first: read again, decide again. */
  | 'REVISION_CONFLICT'
  /** Another community has this slug. */
  | 'SLUG_TAKEN'
  /** There is no such post or comment, or none that the viewer sees. */
  | 'TARGET_NOT_FOUND'
  /** A text has characters that cannot be stored, such as NUL or half of a surrogate pair. */
  | 'TEXT_NOT_STORABLE'
  /** A thread has no further level. */
  | 'THREAD_TOO_DEEP';

/** Who sees a community. */
export type Visibility =
  /** Its members and whoever is invited; to the others it is not there. */
  | 'PRIVATE'
  /** Everybody of the organisation. */
  | 'PUBLIC';

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

export type FoundACommunityMutationVariables = Exact<{ [key: string]: never; }>;


export type FoundACommunityMutation = { foundCommunity: { position: string | null, community: { id: string, slug: string, memberCount: number, viewerMembership: { status: MembershipStatus } | null } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type EngagementQueryVariables = Exact<{
  slug: string;
  from: string;
  to: string;
}>;


export type EngagementQuery = { community: { name: string, engagement: { messages: number, activeMembers: number, newContributors: number, topicsStarted: number, topicsReplied: number, replied24hShare: number | null, firstReplyP50Seconds: number | null, throughPosition: string, topContributors: Array<{ rank: number, messages: number, member: { name: string | null, handle: string | null } }> } | null, engagementSeries: Array<{ from: string, to: string, figures: { messages: number, activeMembers: number, newContributors: number } }> | null } | null };

export type LiveSubscriptionVariables = Exact<{
  communityId: string | number;
  after?: string | null | undefined;
}>;


export type LiveSubscription = { communityActivity: { cursor: string, caughtUp: boolean, activity: { kind: ActivityKind, occurredAt: string, post: { title: string | null, author: { name: string | null } } | null, comment: { body: string | null, author: { name: string | null } } | null } | null } | null };

export type EventsQueryVariables = Exact<{
  after?: string | null | undefined;
  types?: Array<string> | string | null | undefined;
}>;


export type EventsQuery = { events: { nodes: Array<{ position: string, type: string, stream: string, revision: number, occurredAt: string, source: EventSource, data: unknown }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

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
    | { id: string, title: string | null, body: string | null, revision: number, isRetracted: boolean, isErased: boolean, editedAt: string | null, commentCount: number, comments: { nodes: Array<{ id: string, body: string | null, isRetracted: boolean, replies: { nodes: Array<{ id: string }> } }> }, author: { name: string | null, isErased: boolean } }
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
    `) as unknown as TypedDocumentString<CommunitiesQuery, CommunitiesQueryVariables>;
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
    `) as unknown as TypedDocumentString<ConversationQuery, ConversationQueryVariables>;
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
    `) as unknown as TypedDocumentString<FeedQuery, FeedQueryVariables>;
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
    `) as unknown as TypedDocumentString<PublishMutation, PublishMutationVariables>;
export const FoundACommunityDocument = new TypedDocumentString(`
    mutation FoundACommunity {
  foundCommunity(
    input: {name: "First steps", slug: "first-steps", description: "Where we try things out.", idempotencyKey: "first-steps"}
  ) {
    community {
      id
      slug
      memberCount
      viewerMembership {
        status
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
    `) as unknown as TypedDocumentString<FoundACommunityMutation, FoundACommunityMutationVariables>;
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
    `) as unknown as TypedDocumentString<EngagementQuery, EngagementQueryVariables>;
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
    `) as unknown as TypedDocumentString<LiveSubscription, LiveSubscriptionVariables>;
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
    `) as unknown as TypedDocumentString<EventsQuery, EventsQueryVariables>;
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
}`) as unknown as TypedDocumentString<FoundCommunityMutation, FoundCommunityMutationVariables>;
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
    `) as unknown as TypedDocumentString<RenameCommunityMutation, RenameCommunityMutationVariables>;
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
    `) as unknown as TypedDocumentString<JoinCommunityMutation, JoinCommunityMutationVariables>;
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
    `) as unknown as TypedDocumentString<InviteMemberMutation, InviteMemberMutationVariables>;
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
    `) as unknown as TypedDocumentString<LeaveCommunityMutation, LeaveCommunityMutationVariables>;
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
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
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
    `) as unknown as TypedDocumentString<CommunityPageQuery, CommunityPageQueryVariables>;
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
}`) as unknown as TypedDocumentString<PublishPostMutation, PublishPostMutationVariables>;
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
}`) as unknown as TypedDocumentString<EditPostMutation, EditPostMutationVariables>;
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
}`) as unknown as TypedDocumentString<RetractPostMutation, RetractPostMutationVariables>;
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
    `) as unknown as TypedDocumentString<PublishCommentMutation, PublishCommentMutationVariables>;
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
    `) as unknown as TypedDocumentString<AcceptAnswerMutation, AcceptAnswerMutationVariables>;
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
    `) as unknown as TypedDocumentString<AddReactionMutation, AddReactionMutationVariables>;
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
}`) as unknown as TypedDocumentString<ThreadQuery, ThreadQueryVariables>;
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
    `) as unknown as TypedDocumentString<HomeFeedQuery, HomeFeedQueryVariables>;
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
    `) as unknown as TypedDocumentString<PostPublishedSubscription, PostPublishedSubscriptionVariables>;
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
    `) as unknown as TypedDocumentString<CommunityActivitySubscription, CommunityActivitySubscriptionVariables>;