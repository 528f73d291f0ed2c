import { z } from 'zod';
import { type Answer, at, type DecideContext, defineCommand } from '../core/decider.ts';
import { brokenBy, REQUIRED, Rejection } from '../core/rejection.ts';
import { assertMembersExist, earlyAccessFor, earlyAccessInput, forEverybody, membersIn } from './audience.ts';
import { assertActsByItself } from './by-itself.ts';
import type { Community } from './community.ts';
import { assertOwnDraft, assertUnpublished, type Draft, draft } from './draft.ts';
import { assertMember } from './membership.ts';
import { placeIn, post } from './post.ts';
import { promiseFor } from './promise-terms.ts';
import { type AuthorKind, authorKind, body, id, instant, type PostKind, postKind, title } from './words.ts';

/**
 * Publishes what is typed, or a draft of one's own; what is typed beside a draft goes before what it says. A post has the id of its
 * draft, so that none is published twice.
 */
export const publishPost = defineCommand({
  type: 'PublishPost',
  input: z.strictObject({
    communityId: id.optional(),
    kind: postKind.optional(),
    title: title.optional(),
    body: body.optional(),
    draftId: id.optional(),
    earlyAccess: earlyAccessInput.optional(),
  }),
  aggregate: post,
  creates: true,
  id: ({ draftId }, { newId }) => draftId ?? newId,
  needs: ({ draftId, earlyAccess }) => ({
    draft: draftId === undefined ? null : at(draft, draftId),
    published: draftId === undefined ? null : at(post, draftId),
    ...membersIn(earlyAccess),
  }),
  within: ({ draft }, actor, input) => placeIn(whereOf(input, draft), actor),
  asks: (input, { draft, community }, { memberId }) =>
    newcomerIn(community, { communityId: whereOf(input, draft), kind: input.kind ?? draft?.kind, memberId }),
  opens: ({ draft }) => draft?.sealed ?? null,
  decide: (
    input,
    _state,
    { id, actor, needs: { draft, published, community, membership, ...members }, ...context },
  ) => {
    if (draft) assertOwnDraft(draft, actor);
    if (draft) assertUnpublished(draft, published);
    assertStaysThere(input, draft);
    const kind = input.kind ?? draft?.kind;
    if (!kind) throw new Rejection('INVALID_INPUT', 'Say what kind of post it is.', ['kind'], [], REQUIRED);
    assertMember(community, membership);
    const author = { authorId: actor.memberId, authorKind: authorKind.parse(actor.kind) };
    const post = { postId: id, communityId: whereOf(input, draft), ...author, kind };
    const early = input.earlyAccess && earlyAccessFor(kind, input.earlyAccess, context.now);
    assertMembersExist(input.earlyAccess, members);
    return [publication(post, textOf(input, context), { community, draft, early, ...context })];
  },
});

/** For the process: the time of a scheduled draft has come. What stands in it then is published as its author would do it. */
export const publishScheduledPost = defineCommand({
  type: 'PublishScheduledPost',
  input: z.strictObject({ draftId: id, at: instant }),
  aggregate: post,
  creates: true,
  id: ({ draftId }) => draftId,
  needs: ({ draftId }) => ({ draft: at(draft, draftId), published: at(post, draftId) }),
  within: ({ draft }) => placeIn(draft.communityId, { memberId: draft.authorId }),
  asks: (_, { draft: { communityId, kind, authorId }, community }) =>
    newcomerIn(community, { communityId, kind, memberId: authorId }),
  opens: ({ draft }) => draft.sealed,
  decide: ({ draftId, at }, _state, { actor, needs: { draft, published, community, membership }, ...context }) => {
    assertActsByItself(actor, ', when its time has come');
    if (draft.status !== 'open' || draft.scheduledAt !== at || published.status !== 'none') return [];
    assertMember(community, membership);
    const { communityId, authorId, authorKind, kind } = draft;
    const post = { postId: draftId, communityId, authorId, authorKind, kind };
    const early = draft.earlyAccess ?? undefined;
    if (early && kind === 'QUESTION') throw forEverybody(['earlyAccess']);
    return [publication(post, textOf({}, context), { community, draft, early, ...context })];
  },
});

type Typed = {
  readonly communityId?: string | undefined;
  readonly title?: string | undefined;
  readonly body?: string | undefined;
};

const whereOf = ({ communityId }: Typed, draft: Draft | null): string => draft?.communityId ?? communityId ?? NOWHERE;
const NOWHERE = '';

const assertStaysThere = ({ communityId }: Typed, draft: Draft | null) => {
  const path = ['communityId'];
  if (!draft && communityId === undefined)
    throw new Rejection('INVALID_INPUT', 'Say in which community.', path, [], REQUIRED);
  if (draft && communityId !== undefined && communityId !== draft.communityId)
    throw new Rejection('INVALID_INPUT', 'A draft is published in the community that it was begun in.', path);
};

/** What is typed, else what the draft says; a post says something, and under a title. */
export const textOf = (typed: Typed, { opened }: Pick<DecideContext, 'opened'>): { title: string; body: string } => {
  if (opened?.erased) throw new Rejection('DRAFT_DISCARDED', 'The text of this draft is gone.', ['draftId']);
  const faults: Rejection[] = [];
  const code = opened ? 'DRAFT_INCOMPLETE' : 'INVALID_INPUT';
  const part = (name: 'title' | 'body', schema: z.ZodString) => {
    const read = schema.safeParse(typed[name] ?? opened?.value[name] ?? '');
    const [issue] = read.error?.issues ?? [];
    if (issue) faults.push(new Rejection(code, issue.message, [name], [], brokenBy(issue)));
    return read.data ?? '';
  };
  const text = { title: part('title', title), body: part('body', body) };
  const [first, ...others] = faults;
  if (first) throw new Rejection(first.code, first.message, first.path, others, first.broken);
  return text;
};

type Newcomer = { readonly communityId: string; readonly kind: PostKind | undefined; readonly memberId: string };

/** Newcomers are promised a sooner answer, where the community says so: only then it matters who is one. */
const newcomerIn = ({ promise }: Community, { communityId, kind, memberId }: Newcomer) =>
  kind === 'QUESTION' && promise.policy?.newcomerFirstResponseSeconds != null
    ? ({ kind: 'HAS_CONTRIBUTED', communityId, memberId } as const)
    : null;

type Published = {
  readonly postId: string;
  readonly communityId: string;
  readonly authorId: string;
  readonly authorKind: AuthorKind;
  readonly kind: PostKind;
};
type Known = {
  readonly community: Community;
  readonly draft: Draft | null;
  readonly early?: ReturnType<typeof earlyAccessFor> | undefined;
  readonly now: string;
  readonly answer: Answer | null;
};

const publication = (post: Published, personal: { title: string; body: string }, known: Known) => {
  // Whoever asks for a service account waits like everybody else, but nobody is promised anything.
  const isPromised = post.kind === 'QUESTION' && post.authorKind === 'MEMBER';
  const promise = isPromised ? promiseFor(known.community.promise, known.now, known.answer === false) : undefined;
  const { draft, early } = known;
  const data = {
    ...post,
    ...(promise && { promise }),
    ...(early && { earlyAccess: early }),
    ...(draft && { fromDraft: true as const }),
  };
  return { type: 'PostPublished' as const, data, personal };
};
