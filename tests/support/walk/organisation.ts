import type { Asker, Service } from '../service.ts';

// An organisation made for the walk: a private community with one of everything in it, one that is open, and somebody in every
// relation to the private one. What stands in the private one says so in its text.

export const PLANTED = 'planted-in-private';
export const EARLY = 'planted-in-early-access';
export const UNPUBLISHED = 'planted-in-a-draft';

/** Everybody who walks; `sees` says what they may read. */
export const VIEWERS = {
  facilitator: { sees: [PLANTED, EARLY] },
  member: { sees: [PLANTED] },
  author: { sees: [PLANTED, UNPUBLISHED] },
  mentor: { sees: [PLANTED, EARLY, UNPUBLISHED] },
  audience: { sees: [PLANTED, EARLY] },
  invited: { sees: [PLANTED] },
  requested: { sees: [] },
  outsider: { sees: [] },
  exMember: { sees: [] },
  exAuthor: { sees: [] },
  exMentor: { sees: [] },
  analyst: { sees: [PLANTED, EARLY], roles: ['member', 'analyst'] },
  admin: { sees: [PLANTED, EARLY], roles: ['member', 'admin'] },
} as const satisfies Record<string, { sees: readonly string[]; roles?: readonly string[] }>;
export type ViewerName = keyof typeof VIEWERS;
const NAMES = Object.keys(VIEWERS) as ViewerName[];

export type Walkers = Readonly<Record<ViewerName, Asker>>;
export type Organisation = { readonly walkers: Walkers; readonly ids: readonly string[] };

/** Carries out a mutation, which must succeed, and gives its payload. */
const done = async (
  who: Asker,
  name: string,
  input: object,
  selection = '',
): Promise<Record<string, { id: string }>> => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await who.query(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} errors { code message } } }`,
    { input },
  );
  const payload = (data as Record<string, { errors: unknown[] }> | null)?.[name];
  if (!payload || payload.errors.length > 0) throw new Error(`${name}: ${JSON.stringify(errors ?? payload?.errors)}`);
  return payload as never;
};

export const makeOrganisation = async (service: Service): Promise<Organisation> => {
  const walkers = {} as Record<ViewerName, Asker>;
  const members = {} as Record<ViewerName, string>;
  for (const name of NAMES) {
    const { roles = ['member'] } = VIEWERS[name] as { roles?: readonly string[] };
    walkers[name] = await service.as(name, roles);
    const { data } = await walkers[name].query('{ viewer { id } }');
    members[name] = (data as { viewer: { id: string } }).viewer.id;
  }
  const { facilitator, member, author, mentor, exAuthor, exMentor, requested, outsider } = walkers;

  const found = async (who: Asker, slug: string, more: object) =>
    (await done(who, 'foundCommunity', { name: slug, slug, ...more }, 'community { id }')).community?.id ?? '';
  const open = await found(outsider, 'open', {});
  const secret = await found(facilitator, PLANTED, {
    visibility: 'PRIVATE',
    joinPolicy: 'BY_INVITATION',
    description: PLANTED,
  });
  const asking = await found(facilitator, 'asking', { joinPolicy: 'ON_REQUEST' });

  const inside = ['member', 'author', 'mentor', 'audience', 'exMember', 'exAuthor', 'exMentor'] as const;
  for (const name of [...inside, 'invited' as const])
    await done(facilitator, 'inviteMember', { communityId: secret, memberId: members[name] });
  for (const name of inside) await done(walkers[name], 'joinCommunity', { communityId: secret });
  await done(requested, 'requestMembership', { communityId: asking });

  const written = async (who: Asker, communityId: string, kind: string, text: string, more: object = {}) =>
    (await done(who, 'publishPost', { communityId, kind, title: text, body: text, ...more }, 'post { id }')).post?.id ??
    '';
  const question = await written(member, secret, 'QUESTION', PLANTED);
  const early = await written(facilitator, secret, 'ANNOUNCEMENT', EARLY, {
    earlyAccess: {
      audience: { memberIds: [members.audience, members.mentor] },
      opensAt: new Date(Date.now() + 86_400_000).toISOString(),
    },
  });
  const talk = await written(outsider, open, 'DISCUSSION', 'open to everybody');
  const answer = await done(
    author,
    'publishComment',
    { postId: question, kind: 'ANSWER', body: PLANTED },
    'comment { id }',
  );
  await done(member, 'acceptAnswer', { postId: question, commentId: answer.comment?.id });

  // What members write before it is published, and what mentors have to do with it.
  await done(facilitator, 'setMentoringTopics', { communityId: secret, topics: [PLANTED] });
  const drafted = async (who: Asker) => {
    const draft = await done(
      who,
      'saveDraft',
      { communityId: secret, title: UNPUBLISHED, body: UNPUBLISHED },
      'draft { id }',
    );
    return draft.draft?.id ?? '';
  };
  const reviewedBy = async (who: Asker, draftId: string) => {
    await done(who, 'volunteerAsMentor', { communityId: secret, topics: [], load: 5 });
    const asked = await done(author, 'requestReview', { draftId }, 'review { id }');
    await done(who, 'acceptReview', { reviewId: asked.review?.id });
    return asked.review?.id ?? '';
  };
  const ofExMentor = await drafted(author);
  const reviewOfExMentor = await reviewedBy(exMentor, ofExMentor);
  await done(exMentor, 'volunteerAsMentor', { communityId: secret, topics: [], load: 1 });
  const ofMentor = await drafted(author);
  const reviewOfMentor = await reviewedBy(mentor, ofMentor);
  const ofExAuthor = await done(
    exAuthor,
    'saveDraft',
    { communityId: secret, title: 'own', body: 'own' },
    'draft { id }',
  );

  for (const name of ['exMember', 'exAuthor', 'exMentor'] as const)
    await done(walkers[name], 'leaveCommunity', { communityId: secret });

  const ids = [open, secret, question, early, talk, answer.comment?.id ?? '', ofExMentor, reviewOfExMentor, ofMentor];
  return { walkers, ids: [...ids, reviewOfMentor, ofExAuthor.draft?.id ?? '', ...Object.values(members)] };
};
