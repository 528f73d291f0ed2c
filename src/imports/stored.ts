import type { Envelope, Sealed } from '../core/event.ts';
import type { EventLog } from '../core/event-log.ts';
import { type Cursor, START } from '../core/position.ts';
import { bind } from '../core/sealing.ts';

/** What the log holds already of what an import would write. Of posts and comments, those of earlier imports only. */
export type Stored = {
  organisationIsNamed: boolean;
  readonly members: Set<string>;
  /** Those that an import registered. */
  readonly ourMembers: Set<string>;
  readonly communities: Map<string, StoredCommunity>;
  /** By claim stream: who holds the key now, and the stream's revision. */
  readonly claims: Map<string, { ownerId: string | null; revision: number }>;
  /** Streams in which anything stands. */
  readonly memberships: Set<string>;
  /** Streams of memberships that an import began, and that nothing has ended or begun anew since. */
  readonly joinedByImport: Map<string, { readonly communityId: string; readonly memberId: string }>;
  /** What the events of imports of other organisations are correlated by. */
  readonly otherImports: Set<string>;
  readonly posts: Map<string, StoredPost>;
  readonly comments: Map<string, { readonly postId: string }>;
  readonly resolved: Set<string>;
  /** Every kind that was ever added, by reaction stream: what somebody took back does not come again. */
  readonly reactions: Map<string, Set<string>>;
  /** What imports said last of a member, a post or a comment, sealed; null where somebody else has said something since. */
  readonly words: Map<string, Sealed | null>;
};

export type StoredPost = { readonly postId: string; readonly communityId: string; readonly authorId: string };

export type StoredCommunity = {
  /** Whether an import founded it. */
  readonly isOurs: boolean;
  readonly name: string;
  readonly slug: string;
  readonly visibility: string;
  readonly isArchived: boolean;
};

const PAGE = 5_000;

type Options = {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  /** Comments whose words are wanted: those that the archive says were edited. */
  readonly wanted?: ReadonlySet<string>;
};

/**
 * Reads the log once, up to its present end. `scope` tells the posts and comments of this organisation's imports.
 * A fraction of a millisecond an event; nothing for an empty log.
 */
export const readStored = async (
  log: EventLog,
  scope: string,
  { signal, onProgress, wanted = new Set() }: Options = {},
): Promise<Stored> => {
  const stored = nothing();
  const { position: end } = await log.head();
  let after: Cursor = START;
  while (after.position < end) {
    signal?.throwIfAborted();
    const { events, cursor } = await log.readAll({ after, limit: PAGE, filter: { types: Object.keys(takes) } });
    for (const { id, type, data, stream, revision, metadata } of events) {
      const { sealed } = data as { sealed?: Envelope };
      const isOurs = metadata.correlationId === scope;
      if (!isOurs && metadata.source === 'IMPORT') stored.otherImports.add(metadata.correlationId);
      const words = sealed && isOurs ? bind(sealed, { stream, eventId: id, type }) : null;
      takes[type]?.(stored, data as Data, { stream, revision, isOurs, words, wanted });
    }
    if (cursor.position <= after.position) break;
    after = cursor;
    onProgress?.(Number(after.position), Number(end));
  }
  return stored;
};

const nothing = (): Stored => ({
  organisationIsNamed: false,
  members: new Set(),
  ourMembers: new Set(),
  communities: new Map(),
  claims: new Map(),
  memberships: new Set(),
  joinedByImport: new Map(),
  otherImports: new Set(),
  posts: new Map(),
  comments: new Map(),
  resolved: new Set(),
  reactions: new Map(),
  words: new Map(),
});

type Data = Readonly<Record<string, string>>;
type Place = {
  readonly stream: string;
  readonly revision: number;
  readonly isOurs: boolean;
  readonly words: Sealed | null;
  readonly wanted: ReadonlySet<string>;
};
type Take = (stored: Stored, data: Data, place: Place) => void;

const registered: Take = ({ members, ourMembers, words }, { memberId = '' }, place) => {
  members.add(memberId);
  if (!place.isOurs) return;
  ourMembers.add(memberId);
  words.set(memberId, place.words);
};

const changed =
  (change: (data: Data) => Partial<StoredCommunity>): Take =>
  ({ communities }, data) => {
    const before = communities.get(data.communityId ?? '');
    if (before) communities.set(data.communityId ?? '', { ...before, ...change(data) });
  };

/** What was edited here is nobody's to overwrite. */
const reworded =
  (key: 'memberId' | 'postId' | 'commentId'): Take =>
  ({ words }, data, place) => {
    const id = data[key] ?? '';
    if (words.has(id)) words.set(id, place.words);
  };

const takes: Readonly<Record<string, Take>> = {
  OrganisationNamed: (stored) => {
    stored.organisationIsNamed = true;
  },
  MemberRegistered: registered,
  ServiceAccountRegistered: registered,
  ProfileChanged: reworded('memberId'),
  KeyClaimed: ({ claims }, { ownerId = '' }, { stream, revision }) => claims.set(stream, { ownerId, revision }),
  KeyReleased: ({ claims }, _, { stream, revision }) => claims.set(stream, { ownerId: null, revision }),
  CommunityFounded: ({ communities }, { communityId = '', name = '', slug = '', visibility = '' }, { isOurs }) =>
    communities.set(communityId, { isOurs, name, slug, visibility, isArchived: false }),
  CommunityRenamed: changed(({ name = '', slug = '' }) => ({ name, slug })),
  CommunityAccessChanged: changed(({ visibility = '' }) => ({ visibility })),
  // What was reopened here is not archived again: only its address may be another one.
  CommunityReopened: changed(({ slug = '' }) => ({ slug })),
  CommunityArchived: changed(() => ({ isArchived: true })),
  InvitationSent: ({ memberships }, _, { stream }) => memberships.add(stream),
  MemberJoined: ({ memberships, joinedByImport }, { communityId = '', memberId = '' }, { stream, isOurs }) => {
    memberships.add(stream);
    if (isOurs) joinedByImport.set(stream, { communityId, memberId });
    else joinedByImport.delete(stream);
  },
  MemberLeft: ({ joinedByImport }, _, { stream }) => joinedByImport.delete(stream),
  PostMarkedResolved: ({ resolved }, { postId = '' }) => resolved.add(postId),
  ReactionAdded: ({ reactions }, { kind = '' }, { stream }) =>
    reactions.set(stream, (reactions.get(stream) ?? new Set()).add(kind)),
  PostPublished: ({ posts, words }, { postId = '', communityId = '', authorId = '' }, place) => {
    if (!place.isOurs) return;
    posts.set(postId, { postId, communityId, authorId });
    words.set(postId, place.words);
  },
  CommentPublished: ({ comments, words }, { commentId = '', postId = '' }, place) => {
    if (!place.isOurs) return;
    comments.set(commentId, { postId });
    if (place.wanted.has(commentId)) words.set(commentId, place.words);
  },
  PostEdited: reworded('postId'),
  CommentEdited: reworded('commentId'),
  PostRetracted: ({ words }, { postId = '' }) => words.delete(postId),
  CommentRetracted: ({ words }, { commentId = '' }) => words.delete(commentId),
};
