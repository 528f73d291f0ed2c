import {
  BY_DUE_TIME,
  countPromisesInEach,
  type PromiseRow,
  type PromiseStatus,
  promises,
  promisesInEach,
  promisesOf,
  statusAfter,
  transitionsOf,
} from '../projections/promises.ts';
import type { FoldedEvent } from '../src/core/event.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { connectionOf, pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, type PageArguments, pageOf } from './cursor.ts';
import { type Delivery, followCommunity } from './deliveries.ts';
import { fault } from './fault.ts';
import { localId } from './global-id.ts';
import { CAUGHT_UP, CURSOR } from './live.ts';
import { grouped } from './loaders.ts';
import { knownMember } from './member.ts';
import { aboutNode, commandField, idIn, repeatable } from './mutation.ts';
import { textIn } from './sealed.ts';
import { visibleCommunity, visiblePost } from './sight.ts';
import { Community, Member, Post, PostConnection } from './types.ts';

const StatusType = builder.enumType('PromiseStatus', {
  description: 'What became of a promise.',
  values: {
    PENDING: { description: 'Open, and there is time.' },
    IMMINENT_BREACH: { description: 'Open, and little of the working time is left.' },
    BREACHING: { description: 'Open, and the time is over.' },
    BREACHED: { description: 'Fulfilled after the time was over, or taken back then.' },
    ACHIEVED: { description: 'Fulfilled in time. It stays so when the response is taken back.' },
    CANCELLED: { description: 'The question was taken back in time: nothing is owed.' },
  },
});

const TargetNameType = builder.enumType('PromiseTargetName', {
  description: 'What is promised.',
  values: {
    FIRST_RESPONSE: { description: 'A reply by another member; not by a service account.' },
    RESOLUTION: { description: 'An accepted answer.' },
  },
});

type TargetFacts = {
  readonly status: PromiseStatus;
  readonly dueAt: Date;
  readonly originalDueAt: Date;
  readonly fulfilledAt: Date | null;
  readonly fulfilmentWithdrawnAt: Date | null;
};

const Target = builder.objectRef<TargetFacts>('PromiseTarget').implement({
  description: 'One thing that was promised: until when, and what became of it.',
  fields: (t) => ({
    status: t.field({ type: StatusType, description: 'What became of it.', resolve: ({ status }) => status }),
    dueAt: t.field({ type: 'DateTime', description: 'When it is due.', resolve: ({ dueAt }) => dueAt }),
    originalDueAt: t.field({
      type: 'DateTime',
      description: 'When it was due as promised at asking, whatever was agreed upon since.',
      resolve: ({ originalDueAt }) => originalDueAt,
    }),
    fulfilledAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was fulfilled, in time or not; null while it is not.',
      resolve: ({ fulfilledAt }) => fulfilledAt,
    }),
    fulfilmentWithdrawnAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the response that fulfilled it was taken back, or no answer was accepted any more; null when not.',
      resolve: ({ fulfilmentWithdrawnAt }) => fulfilmentWithdrawnAt,
    }),
  }),
});

type TransitionFacts = {
  readonly postId: string;
  readonly target: string;
  readonly status: PromiseStatus;
  readonly at: Date | string;
};

const Transition = builder.objectRef<TransitionFacts>('PromiseTransition').implement({
  description: 'A change of what became of a promise. That it was made, pending, is told by the question itself.',
  fields: (t) => ({
    status: t.field({ type: StatusType, description: 'What it became.', resolve: ({ status }) => status }),
    target: t.field({
      type: TargetNameType,
      description: 'What was promised.',
      resolve: ({ target }) => target as 'RESOLUTION',
    }),
    post: t.field({
      type: Post,
      nullable: true,
      description: 'The question; null for a viewer who does not see it any more.',
      resolve: ({ postId }, _, context) => visiblePost(context, postId),
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When it happened; a breach happens at the due time.',
      resolve: ({ at }) => at,
    }),
  }),
});

const Renegotiation = builder.objectRef<PromiseRow>('PromiseRenegotiation').implement({
  description: 'The last time that somebody asked the asker for more time.',
  fields: (t) => ({
    target: t.field({
      type: TargetNameType,
      description: 'For what more time was wanted.',
      resolve: ({ proposedTarget }) => proposedTarget as 'RESOLUTION',
    }),
    dueAt: t.field({
      type: 'DateTime',
      description: 'Until when they wanted it.',
      resolve: ({ proposedDueAt }) => proposedDueAt ?? '',
    }),
    reason: t.string({
      nullable: true,
      description: 'Why; null once who asked for it was erased.',
      resolve: ({ reason }, _, context) => (reason === null ? null : textIn(context, reason, 'reason')),
    }),
    proposedBy: t.field({
      type: Member,
      description: 'Who asked for it.',
      resolve: ({ proposedBy }, _, context) => knownMember(context, proposedBy ?? ''),
    }),
    proposedAt: t.field({
      type: 'DateTime',
      description: 'When they asked for it.',
      resolve: ({ proposedAt }) => proposedAt ?? '',
    }),
    agreedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the asker agreed; null before.',
      resolve: ({ agreedAt }) => agreedAt,
    }),
  }),
});

const postOf = async (context: Context, { postId }: PromiseRow) => {
  const post = await visiblePost(context, postId);
  if (!post) throw fault('STALE_READ', 'The question cannot be read yet: read again.');
  return post;
};

const ResponsePromise = builder.objectRef<PromiseRow>('ResponsePromise').implement({
  description: 'What was promised to whoever asked a question, frozen when it was asked, and what became of it.',
  fields: (t) => ({
    post: t.field({
      type: Post,
      description: 'The question that was asked.',
      resolve: (row, _, context) => postOf(context, row),
    }),
    status: t.field({
      type: StatusType,
      description: 'What became of the first response.',
      resolve: ({ responseStatus }) => responseStatus,
    }),
    policyVersion: t.exposeInt('policyVersion', {
      description: "Which version of the community's promise it follows.",
    }),
    calendarVersion: t.exposeInt('calendarVersion', {
      nullable: true,
      description: 'Which version of its working calendar; null where every hour counts.',
    }),
    isTighter: t.exposeBoolean('isTighter', {
      description: "Whether it was tighter, because it was the asker's first contribution to the community.",
    }),
    firstResponse: t.field({
      type: Target,
      description: 'A first reply by another member.',
      resolve: (row) => ({
        status: row.responseStatus,
        dueAt: row.responseDueAt,
        originalDueAt: row.responseOriginalDueAt,
        fulfilledAt: row.respondedAt,
        fulfilmentWithdrawnAt: row.responseWithdrawnAt,
      }),
    }),
    resolution: t.field({
      type: Target,
      nullable: true,
      description: 'An accepted answer; null where none was promised.',
      resolve: async (row, _, context) => {
        const { resolutionDueAt, resolutionOriginalDueAt } = row;
        if (!resolutionDueAt || !resolutionOriginalDueAt) return null;
        const post = await visiblePost(context, row.postId);
        return {
          status: row.resolutionStatus,
          dueAt: resolutionDueAt,
          originalDueAt: resolutionOriginalDueAt,
          fulfilledAt: row.resolvedAt,
          fulfilmentWithdrawnAt: post?.acceptedAnswerId ? null : row.unresolvedAt,
        };
      },
    }),
    renegotiation: t.field({
      type: Renegotiation,
      nullable: true,
      description: 'The last request for more time; null when there was none.',
      resolve: (row) => (row.proposedDueAt === null ? null : row),
    }),
    transitions: t.field({
      type: [Transition],
      description: 'What became of it, in the order of time.',
      resolve: async ({ postId }, _, { loaders, read }) => {
        const load = async (ids: readonly string[]) =>
          grouped('postId', ids, await transitionsOf(read.from(promises), ids));
        const rows = await loaders.each('promise transitions', load).load(postId);
        return rows.map((row) => ({ ...row, status: row.status as PromiseStatus }));
      },
    }),
  }),
});

const promiseOf = async ({ loaders, read }: Context, postId: string): Promise<PromiseRow | null> => {
  const load = async (ids: readonly string[]) =>
    new Map((await promisesOf(read.from(promises), ids)).map((row) => [row.postId, row]));
  return (await loaders.each('promise', load).load(postId)) ?? null;
};

builder.objectField(Post, 'promise', (t) =>
  t.field({
    type: ResponsePromise,
    nullable: true,
    description: 'What was promised to whoever asked it; null where nothing was, and for what is no question.',
    resolve: ({ id, kind }, _, context) => (kind === 'QUESTION' ? promiseOf(context, id) : null),
  }),
);

const ResponsePromiseConnection = connectionOf(ResponsePromise, 'promises');
const byDue = (of: string): ListOrder => ({ name: 'promises', of, parts: ['time', 'position'] });

const promisesIn = async (context: Context, communityId: string, args: PageArguments, status?: PromiseStatus) => {
  const order = byDue(communityId);
  const page = pageOf(order, args);
  const db = context.read.from(promises);
  const load = (ids: readonly string[]) => promisesInEach(db, ids, page, status);
  const paged = await context.loaders.each(`promises ${status} ${JSON.stringify(args)}`, load).load(communityId);
  const count = (ids: readonly string[]) => countPromisesInEach(db, ids, status);
  return {
    order,
    page,
    paged,
    place: (row: PromiseRow) => BY_DUE_TIME.columns.map((column) => row[column]),
    count: () => context.loaders.each(`promise count ${status}`, count).load(communityId),
  };
};

builder.objectField(Community, 'promises', (t) =>
  t.field({
    type: ResponsePromiseConnection,
    authScopes: { may: 'posts:read' },
    description: 'The promises to whoever asked here, the earliest due time first.',
    args: {
      ...pageArguments(t.arg),
      status: t.arg({ type: StatusType, description: 'Only those whose first response is so.' }),
    },
    resolve: async ({ id }, { status, ...args }, context) =>
      toConnection({ ...(await promisesIn(context, id, args, status ?? undefined)), node: (row) => row }),
  }),
);

builder.queryField('overdueQuestions', (t) =>
  t.field({
    type: PostConnection,
    nullable: true,
    authScopes: { may: 'posts:read' },
    description: 'Questions of a community that nobody has answered in the promised time, longest overdue first.',
    args: {
      communityId: t.arg.id({ required: true, description: 'The community that was asked.' }),
      ...pageArguments(t.arg),
    },
    resolve: async (_, { communityId, ...args }, context) => {
      const id = localId('Community', String(communityId));
      if (!id || !(await visibleCommunity(context, id))) throw fault('NOT_FOUND', 'There is no such community.');
      const list = await promisesIn(context, id, args, 'BREACHING');
      const posts = await Promise.all(list.paged.rows.map(({ postId }) => visiblePost(context, postId)));
      const found = new Map(posts.map((post) => [post?.id, post]));
      return toConnection({ ...list, node: ({ postId }) => found.get(postId) ?? null });
    },
  }),
);

const Delivered = builder.objectRef<Delivery>('PromiseTransitionDelivery').implement({
  description: 'What became of a promise, or a mark without anything that tells how far the subscription is.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    caughtUp: t.exposeBoolean('caughtUp', { description: CAUGHT_UP }),
    transition: t.field({
      type: Transition,
      nullable: true,
      description: 'What became of it; null in a mark.',
      resolve: ({ event }) => event && transitionIn(event),
    }),
  }),
});

const transitionIn = ({ type, data, occurredAt }: FoldedEvent): TransitionFacts => {
  const { postId, target } = data as { postId: string; target: string };
  return { postId, target, status: statusAfter[type as keyof typeof statusAfter], at: occurredAt };
};

builder.subscriptionField('promiseTransitions', (t) =>
  t.field({
    type: Delivered,
    nullable: true,
    authScopes: { may: 'posts:read' },
    description: 'What becomes of the promises of a community, as it happens.',
    args: {
      communityId: t.arg.id({ required: true, description: 'The community that was asked.' }),
      after: t.arg.string({ description: 'Begin after this cursor; without it, with what comes from now on.' }),
    },
    subscribe: (_, args, context) =>
      followCommunity(context, { ...args, types: Object.keys(statusAfter), isWanted: () => true }),
    resolve: (delivery) => delivery,
  }),
);

const reads = ['posts', 'promises', 'communities', 'memberships', 'members'];
const about = aboutNode('Post', 'postId', visiblePost);
const answers = {
  post: {
    type: Post,
    description: 'The question as it is now.',
    load: ({ id }: { readonly id: string }, context: Context) => visiblePost(context, id),
  },
};

commandField({
  command: commands.renegotiatePromise,
  description:
    'Asks whoever asked a question for more time to answer it. The promise changes only when they agree; a member who asked may give the time at once. Not once the time is over.',
  scope: 'posts:write',
  input: builder.inputType('RenegotiatePromiseInput', {
    description: 'What `renegotiatePromise` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The question that was asked.' }),
      target: t.field({ type: TargetNameType, description: 'For what: FIRST_RESPONSE unless given.' }),
      dueAt: t.field({ type: 'DateTime', required: true, description: 'Until when; later than what stands.' }),
      reason: t.string({ required: true, description: 'Why: 1 to 2,000 characters.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    postId: idIn('Post', input, 'postId'),
    target: input.target ?? undefined,
    dueAt: input.dueAt.toISOString(),
    reason: input.reason,
  }),
  about,
  reads,
  answers,
});

commandField({
  command: commands.agreeToRenegotiation,
  description: 'Gives the time that was asked for last. For who asked the question.',
  scope: 'posts:write',
  input: builder.inputType('AgreeToRenegotiationInput', {
    description: 'What `agreeToRenegotiation` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The question that was asked.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId') }),
  about,
  reads,
  answers,
});
