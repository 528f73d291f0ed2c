import fc from 'fast-check';

// What happens in a community whose posts are for some first, and what each who looks may know of it: counted by hand, from what was
// done and nothing else.

export const MEMBERS = ['ann', 'bob', 'carl', 'dora'] as const;
export type MemberName = (typeof MEMBERS)[number];

/** Bob is an expert and Carl a mentor. Eve has not joined; the analyst sees all. */
export const VIEWERS = [...MEMBERS, 'eve', 'analyst'] as const;
export type ViewerName = (typeof VIEWERS)[number];
const ROLES: Partial<Record<ViewerName, 'EXPERT' | 'CURATOR'>> = { bob: 'EXPERT', carl: 'CURATOR' };

export type Asked = { readonly roles: readonly ('EXPERT' | 'CURATOR')[]; readonly members: readonly MemberName[] };

export type Post = {
  readonly id: string;
  readonly kind: 'DISCUSSION' | 'ANNOUNCEMENT';
  readonly author: MemberName;
  /** Null for a post that was for everybody from the beginning. */
  readonly audience: Asked | null;
  state: 'open' | 'closed' | 'withdrawn';
  isRetracted: boolean;
  readonly publishedAt: bigint;
  openedAt: bigint | null;
};
export type Comment = { readonly id: string; readonly post: Post; readonly author: MemberName; isRetracted: boolean };
export type Reaction = { readonly post: Post; readonly by: MemberName };

export type Community = { readonly posts: Post[]; readonly comments: Comment[]; readonly reactions: Reaction[] };

const audience = fc
  .record({
    roles: fc.subarray(['EXPERT', 'CURATOR'] as const),
    members: fc.subarray([...MEMBERS], { maxLength: 2 }),
  })
  .filter(({ roles, members }) => roles.length + members.length > 0);

const member = fc.constantFrom(...MEMBERS);
const which = fc.nat({ max: 30 });

/** What somebody tries to do next; whatever cannot be done is left out. */
export const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('publish' as const),
        by: member,
        kind: fc.constantFrom('DISCUSSION', 'ANNOUNCEMENT'),
        audience: fc.option(audience, { freq: 4 }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('comment' as const), by: member, post: which }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('react' as const), by: member, post: which }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), post: which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('withdraw', 'edit', 'retract'), post: which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('retract comment' as const), comment: which }) },
  ),
  { minLength: 4, maxLength: 10 },
);
export type Step = (typeof steps extends fc.Arbitrary<infer S> ? S : never)[number];

/** Author, audience, and whoever sees all. */
export const isInside = ({ author, audience }: Post, viewer: ViewerName): boolean => {
  if (!audience || viewer === 'analyst' || viewer === author) return true;
  const role = ROLES[viewer];
  return audience.members.includes(viewer as MemberName) || (role !== undefined && audience.roles.includes(role));
};

export const sees = (post: Post, viewer: ViewerName): boolean => post.state === 'open' || isInside(post, viewer);

/** The posts that a viewer has in a list, the latest first. */
export const listed = ({ posts }: Community, viewer: ViewerName): string[] =>
  posts
    .filter((post) => !post.isRetracted && sees(post, viewer))
    .sort((a, b) => (a.publishedAt < b.publishedAt ? 1 : -1))
    .map(({ id }) => id);

/** The same in a feed: a post comes where it was published to this viewer. */
export const fed = ({ posts }: Community, viewer: ViewerName): string[] => {
  const placeOf = (post: Post) => (isInside(post, viewer) ? post.publishedAt : (post.openedAt ?? post.publishedAt));
  return posts
    .filter((post) => !post.isRetracted && sees(post, viewer))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1))
    .map(({ id }) => id);
};

/** What is counted, the same for everybody: nothing that is not open. */
export const counted = ({ posts, comments, reactions }: Community) => {
  const open = posts.filter(({ state }) => state === 'open');
  const under = comments.filter(({ post }) => post.state === 'open');
  const active = [
    ...open.map(({ author }) => author),
    ...under.map(({ author }) => author),
    ...reactions.filter(({ post }) => post.state === 'open').map(({ by }) => by),
  ];
  return {
    posts: open.filter(({ isRetracted }) => !isRetracted).length,
    comments: under.filter(({ isRetracted }) => !isRetracted).length,
    topics: open.length,
    messages: open.length + under.length,
    active: new Set(active).size,
  };
};

/** Whether a viewer is told of what happened to a post, or under it, at a place in the log. */
export const isTold = (post: Post, viewer: ViewerName, position: bigint): boolean =>
  isInside(post, viewer) || (post.openedAt !== null && position >= post.openedAt);
