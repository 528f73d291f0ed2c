import { communities } from '../projections/communities.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { fault } from './fault.ts';
import { knownMember } from './member.ts';
import { isErased, textIn } from './sealed.ts';
import { sees } from './sight.ts';
import { Member, type ReactionTarget, typeOfNode } from './types.ts';

/** What posts and comments have in common: somebody wrote them. */
export const Written = builder.interfaceRef<ReactionTarget>('Written').implement({
  description: 'Something that a member wrote.',
  resolveType: typeOfNode,
  fields: (t) => ({
    body: t.string({
      nullable: true,
      description: 'Its text: 1 to 40,000 characters. Null once it was taken back or erased.',
      resolve: ({ retractedAt, sealed }, _, context) => (retractedAt ? null : textIn(context, sealed, 'body')),
    }),
    author: t.field({
      type: Member,
      description: 'The member or service account who wrote it.',
      resolve: ({ authorId }, _, context) => knownMember(context, authorId),
    }),
    publishedAt: t.field({
      type: 'DateTime',
      description: 'When it was published; for something imported, when that was in the archive.',
      resolve: ({ publishedAt }) => publishedAt,
    }),
    editedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its author last changed it; null when never.',
      resolve: ({ editedAt }) => editedAt,
    }),
    revision: t.int({
      description: 'Which state of it this is: send it as `expectedRevision` when you change it.',
      resolve: ({ revision }) => Number(revision),
    }),
    isRetracted: t.boolean({
      description: 'Whether its author took it back.',
      resolve: ({ retractedAt }) => retractedAt !== null,
    }),
    isErased: t.boolean({
      description: 'Whether its text is gone for ever, because its author was erased.',
      resolve: ({ sealed }, _, context) => isErased(context, sealed),
    }),
    isImported: t.boolean({
      description: 'Whether it came from an archive.',
      resolve: ({ imported }) => imported,
    }),
  }),
});

/**
 * Where something that the viewer sees stands: the community's own row may come a moment later. To see the thing is not to see the
 * community: an author keeps a draft of a community that they left, and nothing else of it.
 */
export const knownCommunity = async (context: Context, id: string) => {
  const row = (await context.loaders.community().load(id)) ?? (await communityLater(context, id));
  if (!row) throw fault('STALE_READ', 'This community cannot be read yet: read again.');
  if (!(await sees(context, row)))
    throw fault('NOT_FOUND', 'The community of this item is not visible to you: ask for the item without it.');
  return row;
};

const communityLater = async (context: Context, id: string) => {
  await context.waitFor([communities.name], await context.log.head());
  return context.loaders.community().clear(id).load(id);
};
