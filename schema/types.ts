import type { CommunityRow } from '../projections/communities.ts';
import type { DraftRow } from '../projections/drafts.ts';
import type { ExpectationRow, ObjectiveRow } from '../projections/foundations.ts';
import type { MemberRow } from '../projections/members.ts';
import type { PostWithTotals } from '../projections/posts/queries.ts';
import type { CommentWithTotals } from '../projections/posts/threads.ts';
import type { MilestoneRow, ProjectRow } from '../projections/projects.ts';
import type { ReviewRow } from '../projections/reviews.ts';
import type { MachineKeyRow } from '../src/core/machine-keys.ts';
import type { DeliveryRow, WebhookRow } from '../src/core/webhooks.ts';
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
export const Project = builder.objectRef<ProjectRow>('Project');
export const Milestone = builder.objectRef<MilestoneRow>('Milestone');
export const Objective = builder.objectRef<ObjectiveRow>('Objective');
export const Expectation = builder.objectRef<ExpectationRow>('Expectation');
export const Draft = builder.objectRef<DraftRow>('Draft');
export const Review = builder.objectRef<ReviewRow>('Review');

export const Webhook = builder.objectRef<WebhookRow>('Webhook');
export const WebhookDelivery = builder.objectRef<DeliveryRow>('WebhookDelivery');
export const MachineKey = builder.objectRef<MachineKeyRow>('MachineKey');

export type NodeRow =
  | OrganisationFacts
  | MemberRow
  | CommunityRow
  | PostWithTotals
  | CommentWithTotals
  | WebhookRow
  | DeliveryRow
  | MachineKeyRow
  | ProjectRow
  | MilestoneRow
  | ObjectiveRow
  | ExpectationRow
  | DraftRow
  | ReviewRow;

/** A row's type, by what only rows of that type have. */
export const typeOfNode = (row: NodeRow) => {
  if ('slug' in row) return 'Community';
  if ('handleHash' in row) return 'Member';
  if ('depth' in row) return 'Comment';
  if ('statistic' in row) return 'Objective';
  if ('behaviour' in row) return 'Expectation';
  if ('begunAt' in row) return 'Draft';
  if ('requestedAt' in row) return 'Review';
  if ('outcome' in row) return 'Project';
  if ('reachedAt' in row) return 'Milestone';
  if ('url' in row) return 'Webhook';
  if ('webhookId' in row) return 'WebhookDelivery';
  if ('madeBy' in row) return 'MachineKey';
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
export const WebhookConnection = connectionOf(Webhook, 'webhooks');
export const WebhookDeliveryConnection = connectionOf(WebhookDelivery, 'deliveries');
export const MachineKeyConnection = connectionOf(MachineKey, 'machine keys');
export const ProjectConnection = connectionOf(Project, 'projects');
