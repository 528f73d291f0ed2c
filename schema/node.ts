import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { fault } from './fault.ts';
import { type NodeType, readGlobalId } from './global-id.ts';
import { visibleComment, visibleCommunity, visiblePost } from './sight.ts';
import { Node, type NodeRow } from './types.ts';

export const MAX_NODES = 100;

const find: Readonly<Record<NodeType, (context: Context, id: string) => Promise<NodeRow | null>>> = {
  Organisation: async ({ log }, id) => (id === log.identity.logId ? { isOrganisation: true } : null),
  Member: async ({ loaders }, id) => (await loaders.member().load(id)) ?? null,
  Community: visibleCommunity,
  Post: visiblePost,
  Comment: visibleComment,
};

/** Whatever the id stands for, where the viewer sees it. */
const nodeOf = (context: Context, globalId: string): Promise<NodeRow | null> | null => {
  const read = readGlobalId(globalId);
  return read && find[read.type](context, read.id);
};

builder.queryField('node', (t) =>
  t.field({
    type: Node,
    nullable: true,
    authScopes: { may: 'communities:read' },
    description: 'Whatever this id stands for; null when it is not there, or not for the viewer to see.',
    args: { id: t.arg.id({ required: true, description: 'The id, as it was given out.' }) },
    resolve: (_, { id }, context) => nodeOf(context, id),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: [Node],
    nullable: { list: true, items: true },
    authScopes: { may: 'communities:read' },
    description: 'Whatever these ids stand for, in their order; null for each that is not there or not to be seen.',
    args: { ids: t.arg.idList({ required: true, description: `The ids: at most ${MAX_NODES}.` }) },
    resolve: (_, { ids }, context) => {
      if (ids.length > MAX_NODES)
        throw fault('LIST_TOO_LONG', `At most ${MAX_NODES} ids at a time: ${ids.length} were given.`);
      return ids.map((id) => nodeOf(context, id));
    },
  }),
);
