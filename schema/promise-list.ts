import { BY_DUE_TIME, countPromisesInEach, type PromiseRow, promisesInEach } from '../projections/promise-rows.ts';
import { type PromiseStatus, promises } from '../projections/promises.ts';
import { builder } from './builder.ts';
import { connectionOf, pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, type PageArguments, pageOf } from './cursor.ts';
import { fault } from './fault.ts';
import { localId } from './global-id.ts';
import { PromiseStatusType, ResponsePromise } from './promise.ts';
import { visibleCommunity, visiblePost } from './sight.ts';
import { Community, PostConnection } from './types.ts';

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
      status: t.arg({ type: PromiseStatusType, description: 'Only those whose first response is so.' }),
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
