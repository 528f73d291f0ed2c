import { type PromiseRow, promisesOf, type TransitionFact } from '../projections/promise-rows.ts';
import { type PromiseStatus, promises } from '../projections/promises.ts';
import type { PromiseEnding } from '../src/domain/promise.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { fault } from './fault.ts';
import { PART_ID, partId } from './global-id.ts';
import { visiblePost } from './sight.ts';
import { Post } from './types.ts';

export const PromiseStatusType = builder.enumType('PromiseStatus', {
  description: 'What became of a promise.',
  values: {
    PENDING: { description: 'Open, and there is time.' },
    IMMINENT_BREACH: { description: 'Open, and little of the working time is left.' },
    BREACHING: { description: 'Open, and the time is over.' },
    BREACHED: { description: 'Fulfilled, or no longer owed, after the time was over.' },
    ACHIEVED: { description: 'Fulfilled in time. It stays so when the response is taken back.' },
    CANCELLED: { description: 'Nothing is owed any more, and that was so in time: `ending` says why.' },
  },
});

export const PromiseTargetType = builder.enumType('PromiseTargetName', {
  description: 'What is promised.',
  values: {
    FIRST_RESPONSE: { description: 'A reply by another member; not by a service account.' },
    RESOLUTION: { description: 'An accepted answer.' },
  },
});

const PromiseEndingType = builder.enumType('PromiseEnding', {
  description: 'Why nothing is owed any more, though nobody fulfilled it.',
  values: {
    RETRACTED: { description: 'The question was taken back.' },
    ARCHIVED: { description: 'The community was archived.' },
    RESOLVED: { description: 'An answer was accepted, and no other member had replied: who asked found it alone.' },
    DUPLICATE: { description: 'The question repeats one that is answered.' },
  },
});

type TargetFacts = {
  readonly id: string;
  readonly status: PromiseStatus;
  readonly ending: PromiseEnding | null;
  readonly dueAt: Date;
  readonly originalDueAt: Date;
  readonly fulfilledAt: Date | null;
  readonly fulfilmentWithdrawnAt: Date | null;
};

const Target = builder.objectRef<TargetFacts>('PromiseTarget').implement({
  description: 'One thing that was promised: until when, and what became of it.',
  fields: (t) => ({
    id: t.field({ type: 'ID', description: PART_ID, resolve: ({ id }) => id }),
    status: t.field({ type: PromiseStatusType, description: 'What became of it.', resolve: ({ status }) => status }),
    ending: t.field({
      type: PromiseEndingType,
      nullable: true,
      description: 'Why it is no longer owed; null while it is, and where it was fulfilled.',
      resolve: ({ status, fulfilledAt, ending }) =>
        status === 'CANCELLED' || (status === 'BREACHED' && !fulfilledAt) ? ending : null,
    }),
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

export type TransitionFacts = {
  /** Of the event that tells of it. */
  readonly id: string;
  readonly postId: string;
  readonly target: string;
  readonly status: PromiseStatus;
  readonly at: Date | string;
};

export const PromiseTransition = builder.objectRef<TransitionFacts>('PromiseTransition').implement({
  description: 'A change of what became of a promise. That it was made, pending, is told by the question itself.',
  fields: (t) => ({
    id: t.field({ type: 'ID', description: PART_ID, resolve: ({ id }) => partId('PromiseTransition', id) }),
    status: t.field({ type: PromiseStatusType, description: 'What it became.', resolve: ({ status }) => status }),
    target: t.field({
      type: PromiseTargetType,
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

const postOf = async (context: Context, { postId }: PromiseRow) => {
  const post = await visiblePost(context, postId);
  if (!post) throw fault('STALE_READ', 'The question cannot be read yet: read again.');
  return post;
};

/** What was told of a promise, and what its status says already though it is told a moment later. */
const transitionsOf = (row: PromiseRow): readonly TransitionFacts[] => {
  const { postId } = row;
  const told: readonly TransitionFact[] = JSON.parse(row.transitions);
  const now = [
    ['FIRST_RESPONSE', row.responseStatus, row.respondedAt ?? row.responseEndedAt],
    ['RESOLUTION', row.resolutionStatus, row.resolvedAt ?? row.resolutionEndedAt],
  ] as const;
  const untold = now.flatMap(([target, status, at]) => {
    const last = told.findLast((transition) => transition.target === target)?.status ?? 'PENDING';
    return at && status !== last ? [{ id: `${postId} ${target} ${status}`, postId, target, status, at }] : [];
  });
  return [...told.map((transition) => ({ ...transition, postId, at: new Date(transition.at) })), ...untold];
};

export const ResponsePromise = builder.objectRef<PromiseRow>('ResponsePromise').implement({
  description: 'What was promised to whoever asked a question, frozen when it was asked, and what became of it.',
  fields: (t) => ({
    id: t.field({ type: 'ID', description: PART_ID, resolve: ({ postId }) => partId('ResponsePromise', postId) }),
    post: t.field({
      type: Post,
      description: 'The question that was asked.',
      resolve: (row, _, context) => postOf(context, row),
    }),
    status: t.field({
      type: PromiseStatusType,
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
        id: partId('PromiseTarget', row.postId, 'FIRST_RESPONSE'),
        status: row.responseStatus,
        ending: row.responseEnding,
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
          id: partId('PromiseTarget', row.postId, 'RESOLUTION'),
          status: row.resolutionStatus,
          ending: row.resolutionEnding,
          dueAt: resolutionDueAt,
          originalDueAt: resolutionOriginalDueAt,
          fulfilledAt: row.resolvedAt,
          fulfilmentWithdrawnAt: post?.acceptedAnswerId ? null : row.unresolvedAt,
        };
      },
    }),
    transitions: t.field({
      type: [PromiseTransition],
      description: 'What became of it, in the order of time: the last one of a target is its status.',
      resolve: transitionsOf,
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
