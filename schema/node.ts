import { may, type Scope } from '../src/core/scopes.ts';
import { builder } from './builder.ts';
import { subjectOf } from './cloud-event.ts';
import type { Context } from './context.ts';
import { charged } from './cost.ts';
import { Event } from './events.ts';
import { visibleExpectation } from './expectation.ts';
import { fault } from './fault.ts';
import { type NodeType, readGlobalId } from './global-id.ts';
import { visibleMachineKey } from './machine-key.ts';
import { milestoneById } from './milestone.ts';
import { visibleObjective } from './objective.ts';
import { projectById } from './project.ts';
import { visibleComment, visibleCommunity, visibleDraft, visiblePost, visibleReview } from './sight.ts';
import { cellSubject, StatisticCell } from './statistic.ts';
import { Node, type NodeRow } from './types.ts';
import { visibleWebhook } from './webhook.ts';
import { visibleDelivery } from './webhook-delivery.ts';

export const MAX_NODES = 100;

const find: Readonly<Record<NodeType, (context: Context, id: string) => Promise<NodeRow | null>>> = {
  Organisation: async ({ log }, id) => (id === log.identity.logId ? { isOrganisation: true } : null),
  Member: async ({ loaders }, id) => (await loaders.member().load(id)) ?? null,
  Community: visibleCommunity,
  Post: visiblePost,
  Comment: visibleComment,
  Webhook: visibleWebhook,
  WebhookDelivery: visibleDelivery,
  MachineKey: visibleMachineKey,
  Project: projectById,
  Objective: visibleObjective,
  Expectation: visibleExpectation,
  Draft: visibleDraft,
  Review: visibleReview,
  Milestone: milestoneById,
};

/** An id is good for no more than the root field of its type is. */
const scopes: Readonly<Record<NodeType, Scope>> = {
  Organisation: 'organisation:read',
  Member: 'members:read',
  Community: 'communities:read',
  Post: 'posts:read',
  Comment: 'posts:read',
  Project: 'projects:read',
  Milestone: 'projects:read',
  Objective: 'communities:read',
  Expectation: 'communities:read',
  Draft: 'posts:read',
  Review: 'posts:read',
  Webhook: 'webhooks:admin',
  WebhookDelivery: 'webhooks:admin',
  MachineKey: 'keys:admin',
};
const ANY = [...new Set(Object.values(scopes))];

/** Whatever the id stands for, where the viewer sees it. The id says what type it is of: to refuse that tells nothing. */
const nodeOf = async (context: Context, globalId: string): Promise<NodeRow | null> => {
  const read = readGlobalId(globalId);
  if (!read) return null;
  if (!may(context.viewer, scopes[read.type]))
    throw fault('FORBIDDEN', `This token does not allow to read a ${read.type}: it lacks \`${scopes[read.type]}\`.`);
  return find[read.type](context, read.id);
};

builder.queryField('node', (t) =>
  t.field({
    type: Node,
    nullable: true,
    authScopes: { may: ANY },
    description: 'Whatever this id stands for; null when it is not there, or not for the viewer to see.',
    args: { id: t.arg.id({ required: true, description: 'The id, as it was given out.' }) },
    resolve: (_, { id }, context) => nodeOf(context, id),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    ...charged({ times: ({ ids }) => (Array.isArray(ids) ? ids.length : 1) }),
    type: [Node],
    nullable: { list: true, items: true },
    authScopes: { may: ANY },
    description: 'Whatever these ids stand for, in their order; null for each that is not there or not to be seen.',
    args: { ids: t.arg.idList({ required: true, description: `The ids: at most ${MAX_NODES}.` }) },
    resolve: (_, { ids }, context) => {
      if (ids.length > MAX_NODES)
        throw fault('LIST_TOO_LONG', `At most ${MAX_NODES} ids at a time: ${ids.length} were given.`);
      // An item that fails is an error in the list: compiled execution would drop one that rejects later.
      return Promise.all(ids.map((id) => nodeOf(context, id).catch((error: Error) => error as never)));
    },
  }),
);

/** What an event or a cell is about, for viewers who see it and may read things of its type; else null. */
const subjectNode = async (context: Context, globalId: string | null): Promise<NodeRow | null> => {
  const read = globalId === null ? null : readGlobalId(globalId);
  return read && may(context.viewer, scopes[read.type]) ? find[read.type](context, read.id) : null;
};

builder.objectField(Event, 'subject', (t) =>
  t.field({
    type: Node,
    nullable: true,
    description:
      'What it is about, by the same id as everywhere else; null where it is about nothing that has one, and for what the viewer does not see.',
    resolve: ({ data }, _, context) => subjectNode(context, subjectOf(data)),
  }),
);

builder.objectField(StatisticCell, 'subject', (t) =>
  t.field({
    type: Node,
    nullable: true,
    description:
      'What the part is about, such as the expectation of `leaders.example`; null where it is about nothing that has an id.',
    resolve: ({ key }, _, context) => subjectNode(context, cellSubject(key)),
  }),
);
