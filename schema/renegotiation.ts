import { type PromiseRow, type RenegotiationRow, renegotiationsOf } from '../projections/promise-rows.ts';
import { promises } from '../projections/promises.ts';
import { Rejection } from '../src/core/rejection.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { keysIn, PART_ID, partId } from './global-id.ts';
import { grouped } from './loaders.ts';
import { knownMember } from './member.ts';
import { commandField, idIn, repeatable } from './mutation.ts';
import { aboutPost, postNow } from './post.ts';
import { PromiseTargetType, ResponsePromise } from './promise.ts';
import { textIn } from './sealed.ts';
import { visiblePost } from './sight.ts';
import { Member, Post } from './types.ts';

const RENEGOTIATION = 'PromiseRenegotiation';

const Status = builder.enumType('RenegotiationStatus', {
  description: 'What became of a request for more time.',
  values: {
    OPEN: { description: 'Who asked the question has not decided about it.' },
    AGREED: { description: 'They gave the time.' },
    DECLINED: { description: 'They did not: what was promised stands.' },
    WITHDRAWN: { description: 'Another request took its place.' },
    LAPSED: { description: 'The promise was settled or broken before they decided.' },
  },
});

type Proposed = RenegotiationRow & { readonly promise: PromiseRow };

const UNDECIDED = ['PENDING', 'IMMINENT_BREACH'];

/** What is settled or broken can no longer be given more time. */
const statusOf = ({ status, target, promise }: Proposed) => {
  const became = target === 'RESOLUTION' ? promise.resolutionStatus : promise.responseStatus;
  return status === 'OPEN' && !UNDECIDED.includes(became) ? 'LAPSED' : status;
};

const Renegotiation = builder.objectRef<Proposed>(RENEGOTIATION).implement({
  description: 'A request for more time, made to who asked a question.',
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: PART_ID,
      resolve: ({ id, postId }) => partId(RENEGOTIATION, postId, id),
    }),
    status: t.field({
      type: Status,
      description: 'What became of it.',
      resolve: (row) => statusOf(row) as 'OPEN',
    }),
    target: t.field({
      type: PromiseTargetType,
      description: 'For what more time was wanted.',
      resolve: ({ target }) => target as 'RESOLUTION',
    }),
    dueAt: t.field({ type: 'DateTime', description: 'Until when they wanted it.', resolve: ({ dueAt }) => dueAt }),
    reason: t.string({
      nullable: true,
      description: 'Why; null once who asked for it was erased.',
      resolve: ({ reason }, _, context) => (reason === null ? null : textIn(context, reason, 'reason')),
    }),
    proposedBy: t.field({
      type: Member,
      description: 'Who asked for it.',
      resolve: ({ proposedBy }, _, context) => knownMember(context, proposedBy),
    }),
    proposedAt: t.field({
      type: 'DateTime',
      description: 'When they asked for it.',
      resolve: ({ proposedAt }) => proposedAt,
    }),
    agreedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the asker agreed; null where they did not.',
      resolve: ({ status, decidedAt }) => (status === 'AGREED' ? decidedAt : null),
    }),
    decidedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was agreed upon, declined or withdrawn; null where it was not.',
      resolve: ({ decidedAt }) => decidedAt,
    }),
    declineReason: t.string({
      nullable: true,
      description: 'Why it was declined; null where it was not, or no reason was given.',
      resolve: ({ declined }, _, context) => (declined === null ? null : textIn(context, declined, 'reason')),
    }),
  }),
});

const proposalsFor = async ({ loaders, read }: Context, promise: PromiseRow): Promise<readonly Proposed[]> => {
  const load = async (ids: readonly string[]) =>
    grouped('postId', ids, await renegotiationsOf(read.from(promises), ids));
  return (await loaders.each('renegotiations', load).load(promise.postId)).map((row) => ({ ...row, promise }));
};

builder.objectFields(ResponsePromise, (t) => ({
  renegotiation: t.field({
    type: Renegotiation,
    nullable: true,
    description: 'The last request for more time; null when there was none.',
    resolve: async (row, _, context) => (await proposalsFor(context, row)).at(-1) ?? null,
  }),
  renegotiations: t.field({
    type: [Renegotiation],
    description: 'Every request for more time, in the order in which they were made.',
    resolve: (row, _, context) => proposalsFor(context, row),
  }),
}));

const reads = ['posts', 'promises', 'communities', 'memberships', 'members'];
const answers = {
  post: {
    type: Post,
    description: 'The question as it is now.',
    load: postNow,
  },
};

commandField({
  command: commands.renegotiatePromise,
  description:
    'Asks whoever asked a question for more time to answer it; a request that is still open is withdrawn by it. The promise changes only when they agree; a member who asked may give the time at once. Not once the time is over. For facilitators and experts of the community, who asked, and admins.',
  scope: 'posts:write',
  input: builder.inputType('RenegotiatePromiseInput', {
    description: 'What `renegotiatePromise` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The question that was asked.' }),
      target: t.field({ type: PromiseTargetType, description: 'For what: FIRST_RESPONSE unless given.' }),
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
  about: aboutPost,
  reads,
  answers,
});

type Named = { readonly postId?: string | number | null; readonly proposalId?: string | number | null };

/** The question and the proposal that an input names; a question alone stands for the proposal that is open. */
const namedBy = ({ postId, proposalId }: Named): { readonly postId: string; readonly proposalId?: string } => {
  if (proposalId === null || proposalId === undefined) return { postId: idIn('Post', { postId }, 'postId') };
  const [of, id] = keysIn(RENEGOTIATION, String(proposalId)) ?? [];
  if (of === undefined || id === undefined)
    throw new Rejection('NO_PROPOSAL', 'There is no such request for more time.', ['proposalId']);
  return { postId: of, proposalId: id };
};

/** What is asked about a question that the viewer does not see gets the answer that one which is not there gets. */
const aboutProposal = {
  isSeen: async (input: Named, context: Context) => (await visiblePost(context, namedBy(input).postId)) !== null,
  refusal: () => new Rejection('NO_PROPOSAL', 'There is no such request for more time.', ['proposalId']),
};

const PROPOSAL_ID = 'The request for more time, as it was read: `PromiseRenegotiation.id`.';

commandField({
  command: commands.agreeToRenegotiation,
  description: 'Gives the time that was asked for. For who asked the question.',
  scope: 'posts:write',
  input: builder.inputType('AgreeToRenegotiationInput', {
    description: 'What `agreeToRenegotiation` asks for.',
    fields: (t) => ({
      proposalId: t.id({ description: `${PROPOSAL_ID} Required where \`postId\` is not given.` }),
      postId: t.id({
        description: 'The question that was asked; refused where one request took the place of another.',
        deprecationReason: 'Use `proposalId`. Removal on 2027-10-01.',
      }),
      ...repeatable(t),
    }),
  }),
  toCommand: namedBy,
  about: aboutProposal,
  reads,
  answers,
});

commandField({
  command: commands.declineRenegotiation,
  description: 'Does not give the time that was asked for: what was promised stands. For who asked the question.',
  scope: 'posts:write',
  input: builder.inputType('DeclineRenegotiationInput', {
    description: 'What `declineRenegotiation` asks for.',
    fields: (t) => ({
      proposalId: t.id({ required: true, description: PROPOSAL_ID }),
      reason: t.string({ description: 'Why: 1 to 2,000 characters. None unless given.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ reason, ...input }) => ({
    postId: namedBy(input).postId,
    proposalId: namedBy(input).proposalId ?? '',
    reason: reason ?? undefined,
  }),
  about: aboutProposal,
  reads,
  answers,
});
