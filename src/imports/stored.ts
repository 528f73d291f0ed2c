import type { EventLog } from '../core/event-log.ts';
import { type Cursor, START } from '../core/position.ts';

/** What the log holds already of what an import would write. Of posts and comments, those of earlier imports only. */
export type Stored = {
  organisationIsNamed: boolean;
  readonly members: Set<string>;
  readonly communities: Set<string>;
  /** By claim stream: who holds the key now, and the stream's revision. */
  readonly claims: Map<string, { ownerId: string | null; revision: number }>;
  /** Streams in which anything stands. */
  readonly memberships: Set<string>;
  readonly posts: Map<string, StoredPost>;
  readonly comments: Map<string, { readonly postId: string }>;
  readonly resolved: Set<string>;
  /** Every kind that was ever added, by reaction stream: what somebody took back does not come again. */
  readonly reactions: Map<string, Set<string>>;
};

export type StoredPost = { readonly postId: string; readonly communityId: string; readonly authorId: string };

const TYPES = [
  'OrganisationNamed',
  'MemberRegistered',
  'ServiceAccountRegistered',
  'KeyClaimed',
  'KeyReleased',
  'CommunityFounded',
  'InvitationSent',
  'MemberJoined',
  'PostPublished',
  'CommentPublished',
  'PostMarkedResolved',
  'ReactionAdded',
];
const PAGE = 5_000;

/**
 * Reads the log once, up to its present end. `scope` tells the posts and comments of this organisation's imports.
 * A fraction of a millisecond an event; nothing for an empty log.
 */
export const readStored = async (
  log: EventLog,
  scope: string,
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: (done: number, total: number) => void } = {},
): Promise<Stored> => {
  const stored = nothing();
  const { position: end } = await log.head();
  let after: Cursor = START;
  while (after.position < end) {
    signal?.throwIfAborted();
    const { events, cursor } = await log.readAll({ after, limit: PAGE, filter: { types: TYPES } });
    for (const { type, data, stream, revision, metadata } of events)
      take(stored, type, data as Data, { stream, revision, isOurs: metadata.correlationId === scope });
    if (cursor.position <= after.position) break;
    after = cursor;
    onProgress?.(Number(after.position), Number(end));
  }
  return stored;
};

const nothing = (): Stored => ({
  organisationIsNamed: false,
  members: new Set(),
  communities: new Set(),
  claims: new Map(),
  memberships: new Set(),
  posts: new Map(),
  comments: new Map(),
  resolved: new Set(),
  reactions: new Map(),
});

type Data = Readonly<Record<string, string>>;
type Place = { readonly stream: string; readonly revision: number; readonly isOurs: boolean };

const take = (stored: Stored, type: string, data: Data, { stream, revision, isOurs }: Place): void => {
  const { memberId = '', ownerId = '', communityId = '', postId = '', commentId = '', authorId = '', kind = '' } = data;
  if (type === 'OrganisationNamed') stored.organisationIsNamed = true;
  else if (type === 'MemberRegistered' || type === 'ServiceAccountRegistered') stored.members.add(memberId);
  else if (type === 'KeyClaimed') stored.claims.set(stream, { ownerId, revision });
  else if (type === 'KeyReleased') stored.claims.set(stream, { ownerId: null, revision });
  else if (type === 'CommunityFounded') stored.communities.add(communityId);
  else if (type === 'InvitationSent' || type === 'MemberJoined') stored.memberships.add(stream);
  else if (type === 'PostMarkedResolved') stored.resolved.add(postId);
  else if (type === 'ReactionAdded')
    stored.reactions.set(stream, (stored.reactions.get(stream) ?? new Set()).add(kind));
  else if (isOurs && type === 'PostPublished') stored.posts.set(postId, { postId, communityId, authorId });
  else if (isOurs && type === 'CommentPublished') stored.comments.set(commentId, { postId });
};
