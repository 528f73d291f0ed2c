import {
  BY_FIRST_WORD,
  countFirstContributionsInEach,
  type FirstContributionRow,
  firstContributionsInEach,
  isFirstContribution,
  type WelcomeRow,
  welcomesOf,
} from '../projections/engagement/first-contributions.ts';
import { engagement } from '../projections/engagement/index.ts';
import { Rejection } from '../src/core/rejection.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, pageOf } from './cursor.ts';
import { PART_ID, partId } from './global-id.ts';
import { knownMember } from './member.ts';
import { commandField, idIn, repeatable } from './mutation.ts';
import { aboutPost, postNow } from './post.ts';
import { visiblePost } from './sight.ts';
import { Community, Member, Post, PostConnection } from './types.ts';

const byFirstWord = (of: string): ListOrder => ({ name: 'first contributions', of, parts: ['time', 'position'] });

builder.objectField(Community, 'firstContributions', (t) =>
  t.field({
    type: PostConnection,
    authScopes: { may: 'posts:read' },
    description:
      'Posts that are the first thing their author said here, and that nobody else has replied to: whoever waits longest comes first. Imported ones wait no more.',
    args: pageArguments(t.arg),
    resolve: async ({ id }, args, context) => {
      const { loaders, read } = context;
      const order = byFirstWord(id);
      const page = pageOf(order, args);
      const db = read.from(engagement);
      const load = async (ids: readonly string[]) => {
        // It stands on the facts of the figures, which mutations do not wait for.
        await context.waitFor([engagement.name], await context.log.head());
        return firstContributionsInEach(db, ids, page);
      };
      const paged = await loaders.each(`first contributions ${JSON.stringify(args)}`, load).load(id);
      const posts = await Promise.all(paged.rows.map(({ postId }) => visiblePost(context, postId)));
      const found = new Map(posts.map((post) => [post?.id, post]));
      return toConnection({
        order,
        page,
        paged,
        place: (row: FirstContributionRow) => BY_FIRST_WORD.columns.map((column) => row[column]),
        node: ({ postId }) => found.get(postId) ?? null,
        count: () => loaders.each('first contribution count', (ids) => countFirstContributionsInEach(db, ids)).load(id),
      });
    },
  }),
);

const Welcome = builder.objectRef<WelcomeRow>('Welcome').implement({
  description: 'Somebody said to a newcomer that they are welcome.',
  fields: (t) => ({
    id: t.field({ type: 'ID', description: PART_ID, resolve: ({ postId }) => partId('Welcome', postId) }),
    by: t.field({
      type: Member,
      description: 'Who said so.',
      resolve: ({ welcomedBy }, _, context) => knownMember(context, welcomedBy),
    }),
    at: t.field({ type: 'DateTime', description: 'When they said so.', resolve: ({ at }) => at }),
  }),
});

const welcomeOf = async ({ loaders, read }: Context, postId: string): Promise<WelcomeRow | null> => {
  const load = async (ids: readonly string[]) =>
    new Map((await welcomesOf(read.from(engagement), ids)).map((row) => [row.postId, row]));
  return (await loaders.each('welcome', load).load(postId)) ?? null;
};

builder.objectField(Post, 'welcome', (t) =>
  t.field({
    type: Welcome,
    nullable: true,
    description: 'Who welcomed its author for it; null where nobody did.',
    resolve: ({ id }, _, context) => welcomeOf(context, id),
  }),
);

commandField({
  command: commands.welcomeNewcomer,
  description:
    'Welcomes the author of a first contribution: the first thing that they said in the community. For members of the community; the first welcome stands.',
  scope: 'posts:write',
  input: builder.inputType('WelcomeNewcomerInput', {
    description: 'What `welcomeNewcomer` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The post with which they spoke for the first time.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: async (input, context) => {
    const postId = idIn('Post', input, 'postId');
    await context.waitFor([engagement.name], await context.log.head());
    if (!(await isFirstContribution(context.read.from(engagement), postId)))
      throw new Rejection(
        'NOT_A_FIRST_CONTRIBUTION',
        'Its author has spoken here before: answer, react or thank instead of welcoming.',
        ['postId'],
      );
    return { postId };
  },
  about: aboutPost,
  reads: ['posts', 'communities', 'memberships', 'members', engagement.name],
  answers: {
    post: {
      type: Post,
      description: 'The post as it is now.',
      load: postNow,
    },
  },
});
