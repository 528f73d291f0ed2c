import type { CommunityRow } from '../projections/communities.ts';
import type { MemberRow } from '../projections/members.ts';
import type { PostWithTotals } from '../projections/posts/queries.ts';
import type { CommentWithTotals } from '../projections/posts/threads.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';

// The nodes and the rows that they stand on. Their fields are in the module of each type.

/** Whoever holds it has the organisation itself. */
export type OrganisationFacts = { readonly isOrganisation: true };
export type ReactionTarget = PostWithTotals | CommentWithTotals;

export const Organisation = builder.objectRef<OrganisationFacts>('Organisation');
export const Member = builder.objectRef<MemberRow>('Member');
export const Community = builder.objectRef<CommunityRow>('Community');
export const Post = builder.objectRef<PostWithTotals>('Post');
export const Comment = builder.objectRef<CommentWithTotals>('Comment');

export type NodeRow = OrganisationFacts | MemberRow | CommunityRow | PostWithTotals | CommentWithTotals;

/** A row's type, by what only rows of that type have. */
export const typeOfNode = (row: NodeRow) => {
  if ('slug' in row) return 'Community';
  if ('handleHash' in row) return 'Member';
  if ('depth' in row) return 'Comment';
  return 'isOrganisation' in row ? 'Organisation' : 'Post';
};

export const Node = builder.interfaceRef<NodeRow>('Node').implement({
  description: 'Anything with an id. The same id names the same thing for ever, on every door.',
  resolveType: typeOfNode,
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'Opaque and permanent: store it, never take it apart.',
      resolve: () => '',
    }),
  }),
});

export const MemberConnection = connectionOf(Member, 'members');
export const CommunityConnection = connectionOf(Community, 'communities');
export const PostConnection = connectionOf(Post, 'posts');
export const CommentConnection = connectionOf(Comment, 'comments');
