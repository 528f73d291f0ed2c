import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId, localId } from '../../schema/global-id.ts';
import { type AnyCommand, type InputOf, type Principal, SYSTEM } from '../../src/core/decider.ts';
import { encodeCursor } from '../../src/core/position.ts';
import { openEarlyAccess } from '../../src/domain/early-access.ts';
import { commands } from '../../src/domain/index.ts';
import {
  type Comment,
  type Community,
  counted,
  fed,
  isInside,
  isTold,
  listed,
  MEMBERS,
  type Post,
  type Step,
  sees,
  steps,
  VIEWERS,
  type ViewerName,
} from '../support/audiences.ts';
import {
  CommunityActivityDocument,
  PostPublishedDocument,
  ViewerDocument,
} from '../support/operations/typed/graphql.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { type Asker, openService, type Service } from '../support/service.ts';
import { HASTY_WEBHOOKS, made } from '../support/webhooks.ts';
import { type CloudEvent, events } from './clients/events.ts';
import { connect } from './clients/graphql-ws.ts';
import * as sse from './clients/sse.ts';

// Whatever is published to whom, said, opened, withdrawn and taken back in whatever order: through every door each viewer gets the own
// slice of it, and the figures count what is open.

const LATER = '2090-01-01T00:00:00.000Z';
/** Those who follow, and have webhooks. */
const FOLLOWERS = ['bob', 'dora', 'analyst'] as const;
type Follower = (typeof FOLLOWERS)[number];

let service: Service;
const askers = new Map<ViewerName, Asker>();
const members = new Map<ViewerName, Principal>();
const receivers = new Map<Follower, Receiver>();
/** All communities of all runs: home feeds and the organisation's figures go beyond one. */
const world: Community[] = [];

const rolesOf = (name: ViewerName) => (name === 'analyst' ? ['member', 'analyst'] : ['member']);
const asker = (name: ViewerName) => askers.get(name) ?? expect.fail(`no ${name}`);
const member = (name: ViewerName) => members.get(name) ?? expect.fail(`no ${name}`);
const idOf = (name: ViewerName) => member(name).memberId;

beforeAll(async () => {
  service = await openService({ PALABRE_LIMITS: 'off', ...HASTY_WEBHOOKS });
  for (const name of VIEWERS) {
    askers.set(name, await service.as(name, rolesOf(name)));
    const { data } = await asker(name).ask(ViewerDocument, {});
    const memberId = localId('Member', data.viewer?.id ?? '');
    if (memberId) members.set(name, { memberId, kind: 'MEMBER', isAdmin: false });
  }
  for (const name of FOLLOWERS) {
    const receiver = await startReceiver();
    receivers.set(name, receiver);
    await made(asker(name), { url: receiver.url });
  }
});
afterAll(async () => {
  await service.close();
  await Promise.all([...receivers.values()].map((receiver) => receiver.close()));
});

const execute = async <C extends AnyCommand>(command: C, input: InputOf<C>, actor: Principal) => {
  const done = await service.app.execute(command, input, { actor });
  const last = done.last ?? expect.fail('nothing was written');
  const { names, waitFor } = service.app.readModels;
  expect(await waitFor(names, last, { timeoutMs: 30_000 })).toBe('reached');
  return { id: done.id, position: last.position };
};

let slugs = 0;
const found = async () => {
  const slug = `early-${++slugs}`;
  const { id: communityId } = await execute(commands.foundCommunity, { name: slug, slug }, member('ann'));
  for (const name of MEMBERS.slice(1)) await execute(commands.joinCommunity, { communityId }, member(name));
  const role = { communityId, reason: 'Knows it.' };
  const { assignRole } = commands;
  await execute(assignRole, { ...role, memberId: idOf('bob'), role: 'EXPERT' }, member('ann'));
  await execute(assignRole, { ...role, memberId: idOf('carl'), role: 'CURATOR' }, member('ann'));
  return communityId;
};

/** Does what can be done, and writes it down. */
const doing = (communityId: string, all: Community) => async (step: Step) => {
  const { posts, comments, reactions } = all;
  const at = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
  if (step.do === 'publish') {
    const { by, audience } = step;
    const kind = step.kind as Post['kind'];
    const earlyAccess = audience && {
      opensAt: LATER,
      audience: { roles: [...audience.roles], memberIds: audience.members.map(idOf) },
    };
    const input = { communityId, kind, title: 'A title', body: 'A body', ...(earlyAccess && { earlyAccess }) };
    const { id, position } = await execute(commands.publishPost, input, member(by));
    const state = audience ? 'closed' : 'open';
    return void posts.push({
      ...{ id, kind, author: by, audience, state, isRetracted: false, publishedAt: position, openedAt: null },
    });
  }
  if (step.do === 'retract comment') {
    const comment = at(comments, step.comment);
    if (!comment || comment.isRetracted) return;
    await execute(commands.retractComment, { commentId: comment.id }, member(comment.author));
    comment.isRetracted = true;
    return;
  }
  const post = at(posts, step.post);
  if (!post || post.isRetracted) return;
  const postId = post.id;
  if (step.do === 'comment' || step.do === 'react') {
    const { by } = step;
    if (!sees(post, by)) return;
    if (step.do === 'comment') {
      const { id } = await execute(commands.publishComment, { postId, body: 'Said.' }, member(by));
      comments.push({ id, post, author: by, isRetracted: false });
    } else if (!reactions.some((reaction) => reaction.post === post && reaction.by === by)) {
      const reaction = { targetId: postId, targetType: 'POST', kind: 'tada' } as const;
      await execute(commands.addReaction, reaction, member(by));
      reactions.push({ post, by });
    }
  } else if (step.do === 'open' && post.state === 'closed') {
    const { position } = await execute(openEarlyAccess, { postId }, SYSTEM);
    Object.assign(post, { state: 'open', openedAt: position });
  } else if (step.do === 'withdraw' && post.state === 'closed') {
    await execute(commands.withdrawEarlyAccess, { postId }, member(post.author));
    post.state = 'withdrawn';
  } else if (step.do === 'edit') {
    await execute(commands.editPost, { postId, title: 'Another', body: 'Another' }, member(post.author));
  } else if (step.do === 'retract') {
    await execute(commands.retractPost, { postId }, member(post.author));
    post.isRetracted = true;
  }
};

const WINDOW = 'from: "2020-01-01T00:00:00Z", to: "2040-01-01T00:00:00Z"';
const LATELY = () => `from: "2020-01-01T00:00:00Z", to: "${new Date(Date.now() + 60_000).toISOString()}"`;
const doors = () => `query ($community: ID!, $ids: [ID!]!) {
  nodes(ids: $ids) {
    id
    ... on Post { commentCount comments(first: 100) { nodes { id } } earlyAccess { openedAt } }
    ... on Comment { post { id } }
  }
  feed(first: 100) { totalCount nodes { ...shown } }
  community(id: $community) {
    postCount commentCount
    posts(first: 100) { totalCount nodes { ...shown } }
    earliest: posts(last: 2) { nodes { id } }
    ascending: posts(first: 100, orderBy: { field: PUBLISHED_AT, direction: ASC }) { nodes { id } }
    discussions: posts(first: 100, filter: { kind: DISCUSSION }) { totalCount nodes { id } }
    feed(first: 100) { totalCount nodes { ...shown } }
    announced: feed(first: 100, filter: { kind: ANNOUNCEMENT }) { totalCount nodes { id } }
    engagement(${WINDOW}) { messages topics topContributors { messages } }
    series: engagementSeries(${WINDOW}, bucket: MONTH) { figures { messages } }
    statistics(keys: ["active.monthly", "participation.levels"], ${LATELY()}) { key value cells { key value } }
  }
  organisation { totals { topics messagesAll } engagement(${WINDOW}) { messages } }
}
fragment shown on Post { id comments(first: 100) { nodes { id } } }`;

type List = { readonly totalCount: number; readonly nodes: readonly { readonly id: string }[] };
type Node = {
  readonly id: string;
  readonly commentCount?: number;
  readonly comments?: List;
  readonly post?: { readonly id: string };
} | null;
type Answer = {
  readonly nodes: readonly Node[];
  readonly feed: List;
  readonly community: Readonly<Record<string, List>> & {
    readonly postCount: number;
    readonly commentCount: number;
    readonly engagement: { messages: number; topics: number; topContributors: readonly { messages: number }[] };
    readonly series: readonly { figures: { messages: number } }[];
    readonly statistics: readonly { key: string; value: number; cells: readonly { key: string; value: number }[] }[];
  };
  readonly organisation: {
    readonly totals: { readonly topics: number; readonly messagesAll: number };
    readonly engagement: { readonly messages: number };
  };
};

const postIn = (text: string) => localId('Post', text) ?? expect.fail(`${text} is no post`);
const idsIn = ({ nodes }: List) => nodes.map(({ id }) => postIn(id));
const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

/** Every door that is asked, against what was written down. */
const assertSlice = async (viewer: ViewerName, communityId: string, all: Community) => {
  const { posts, comments } = all;
  const things = [
    ...posts.map((post) => ({ post, id: globalId('Post', post.id), comment: null as Comment | null })),
    ...comments.map((comment) => ({ post: comment.post, id: globalId('Comment', comment.id), comment })),
  ];
  const { data, errors } = await asker(viewer).query(doors(), {
    community: globalId('Community', communityId),
    ids: things.map(({ id }) => id),
  });
  expect(errors).toBeUndefined();
  const answer: Answer = data;
  const { community } = answer;
  const own = listed(all, viewer);
  const count = counted(all);

  for (const [n, { post, id, comment }] of things.entries()) {
    const node = answer.nodes[n] ?? null;
    const under = comments.filter((one) => one.post === post);
    if (!sees(post, viewer)) expect(node).toBeNull();
    else if (comment) expect(node).toMatchObject({ id, post: { id: globalId('Post', post.id) } });
    else {
      expect(node).toMatchObject({ id, commentCount: under.filter((one) => !one.isRetracted).length });
      expect(node?.comments?.nodes.map((one) => one.id)).toEqual(under.map((one) => globalId('Comment', one.id)));
    }
  }
  const of = (kind: Post['kind']) => (id: string) => posts.find((post) => post.id === id)?.kind === kind;
  expect(idsIn(community.posts as List)).toEqual(own);
  expect(idsIn(community.ascending as List)).toEqual([...own].reverse());
  expect(idsIn(community.earliest as List)).toEqual(own.slice(-2));
  expect(idsIn(community.discussions as List)).toEqual(own.filter(of('DISCUSSION')));
  expect(idsIn(community.feed as List)).toEqual(fed(all, viewer));
  expect(idsIn(community.announced as List)).toEqual(fed(all, viewer).filter(of('ANNOUNCEMENT')));
  expect([community.postCount, community.commentCount]).toEqual([count.posts, count.comments]);
  // Whatever is listed for somebody is counted for them, and nothing else.
  expect([community.posts?.totalCount, community.feed?.totalCount]).toEqual([own.length, fed(all, viewer).length]);
  expect(community.discussions?.totalCount).toBe(own.filter(of('DISCUSSION')).length);
  expect(community.announced?.totalCount).toBe(fed(all, viewer).filter(of('ANNOUNCEMENT')).length);

  const isMember = (MEMBERS as readonly string[]).includes(viewer);
  const home = isMember ? [...world].reverse().flatMap((one) => fed(one, viewer)) : [];
  expect(idsIn(answer.feed)).toEqual(home.slice(0, 100));
  expect(answer.feed.totalCount).toBe(home.length);

  const { messages, topics, active } = count;
  expect(community.engagement).toMatchObject({ messages, topics });
  expect(sum(community.engagement.topContributors.map((one) => one.messages))).toBe(messages);
  expect(sum(community.series.map(({ figures }) => figures.messages))).toBe(messages);
  const statisticOf = (key: string) => community.statistics.find((one) => one.key === key);
  expect(statisticOf('active.monthly')?.value).toBe(active);
  const creators = new Set(posts.filter(({ state }) => state === 'open').map(({ author }) => author)).size;
  expect(statisticOf('participation.levels')?.cells.find(({ key }) => key === 'creator')?.value).toBe(creators);
  const everything = world.map(counted);
  expect(answer.organisation.totals).toEqual({
    topics: sum(everything.map((one) => one.topics)),
    messagesAll: sum(everything.map((one) => one.messages)),
  });
  expect(answer.organisation.engagement.messages).toBe(answer.organisation.totals.messagesAll);
};

/** Two at a time, from either end, the lists are the same. */
const assertPages = async (viewer: ViewerName, communityId: string, all: Community) => {
  for (const [list, expected] of [
    ['posts', listed(all, viewer)],
    ['feed', fed(all, viewer)],
  ] as const)
    for (const [size, from, has, cursor] of [
      ['first', 'after', 'hasNextPage', 'endCursor'],
      ['last', 'before', 'hasPreviousPage', 'startCursor'],
    ] as const) {
      const found: string[] = [];
      for (let place: string | null = null, more = true; more; ) {
        const { data } = await asker(viewer).query(
          `query ($id: ID!, $place: String) { community(id: $id) { list: ${list}(${size}: 2, ${from}: $place) { nodes { id } pageInfo { has: ${has} cursor: ${cursor} } } } }`,
          { id: globalId('Community', communityId), place },
        );
        const { nodes, pageInfo } = (
          data as { community: { list: List & { pageInfo: { has: boolean; cursor: string } } } }
        ).community.list;
        const page = nodes.map(({ id }) => postIn(id));
        if (size === 'first') found.push(...page);
        else found.unshift(...page);
        more = pageInfo.has;
        place = pageInfo.cursor;
      }
      expect(found).toEqual(expected);
    }
};

/** What an analyst is shown of a figure is what it counted. */
const assertDrillDown = async (communityId: string, all: Community) => {
  const { data } = await asker('analyst').query(
    `query ($id: ID!) { community(id: $id) { statistics(keys: ["active.monthly", "participation.levels"], ${LATELY()}) { value events(first: 100) { totalCount nodes { data } } } } }`,
    { id: globalId('Community', communityId) },
  );
  type Shown = { value: number | null; events: { totalCount: number; nodes: { data: { postId: string } }[] } };
  const [active, levels] = (data as { community: { statistics: Shown[] } }).community.statistics;
  expect(active?.events.totalCount).toBe(counted(all).active);
  expect(levels?.events.totalCount).toBe(counted(all).messages);
  const open = new Set(all.posts.filter(({ state }) => state === 'open').map(({ id }) => id));
  for (const { events } of [active, levels].filter((one) => one !== undefined))
    for (const { data } of events.nodes) expect(open).toContain(data.postId);
};

const ACTIVITY: Readonly<Record<string, string>> = {
  PostPublished: 'POST_PUBLISHED',
  PostEdited: 'POST_EDITED',
  PostRetracted: 'POST_RETRACTED',
  EarlyAccessOpened: 'EARLY_ACCESS_OPENED',
  EarlyAccessWithdrawn: 'EARLY_ACCESS_WITHDRAWN',
  CommentPublished: 'COMMENT_PUBLISHED',
  CommentRetracted: 'COMMENT_RETRACTED',
};

/** What there is to be told of the posts of a community, from a place in the log on: read in the log itself. */
const toldOf = async (viewer: ViewerName, communityId: string, all: Community, after: bigint) => {
  const { events } = await service.app.log.readAll({ after: { position: after, eventId: '' }, limit: 1_000 });
  return events.filter(({ type, position, data }) => {
    const { postId, communityId: where } = data as { postId?: string; communityId?: string };
    const post = all.posts.find(({ id }) => id === postId);
    return (
      post && where === communityId && (viewer === 'analyst' || type in ACTIVITY) && isTold(post, viewer, position)
    );
  });
};

/** Follows through every live door from a place on, until it has heard of a post; answers what was heard. */
const follow = (viewer: Follower, communityId: string, after: string) => {
  const leaving = new AbortController();
  const { signal } = leaving;
  const server = { url: service.url, token: () => service.token(viewer, { roles: rolesOf(viewer) }) };
  const of = { communityId: globalId('Community', communityId), after };
  const socket = connect(server);
  const until = async <T>(items: AsyncIterable<T>, nameOf: (item: T) => string | null, last: string) => {
    const heard: string[] = [];
    for await (const item of items) {
      const name = nameOf(item);
      if (name !== null) heard.push(name);
      if (name?.endsWith(last)) break;
    }
    return heard;
  };
  type Published = { readonly post?: { readonly id: string } | null };
  type Active = {
    readonly activity?: { readonly kind: string; readonly post?: { readonly id: string } | null } | null;
  };
  const post = ({ post }: Published) => post?.id ?? null;
  const activity = ({ data }: { data?: { communityActivity: Active } | null }) => {
    const told = data?.communityActivity.activity;
    return told ? `${told.kind} ${told.post?.id}` : null;
  };
  const event = ({ id, data }: CloudEvent) => (data.postId ? `${id} ${data.postId}` : null);
  const streams = {
    '/events': events(server, { after, signal }),
    'postPublished over SSE': sse.subscribe(server, PostPublishedDocument, of, { signal }),
    'communityActivity over WebSocket': socket.iterate<{ communityActivity: Active }>({
      query: String(CommunityActivityDocument),
      variables: of,
    }),
  };
  return async (last: string) => {
    const id = globalId('Post', last);
    const heard = await Promise.all([
      until(streams['/events'], event, id),
      until(streams['postPublished over SSE'] as AsyncGenerator<Published>, post, id),
      until(streams['communityActivity over WebSocket'], activity, id),
    ]);
    leaving.abort();
    await socket.dispose();
    return heard;
  };
};

const assertHeard = async (
  viewer: Follower,
  communityId: string,
  all: Community,
  { after, heard }: { after: bigint; heard: readonly (readonly string[])[] },
) => {
  const told = await toldOf(viewer, communityId, all, after);
  const postOf = ({ data }: { readonly data: object }) => globalId('Post', (data as { postId: string }).postId);
  const published = told
    .filter((event) => {
      const post = all.posts.find(({ id }) => postOf(event) === globalId('Post', id));
      if (event.type !== 'EarlyAccessOpened') return event.type === 'PostPublished';
      return post !== undefined && !isInside(post, viewer);
    })
    .map(postOf);
  const active = told.filter(({ type }) => type in ACTIVITY).map((event) => `${ACTIVITY[event.type]} ${postOf(event)}`);
  const [fromEvents, ...fromSubscriptions] = heard;
  expect(fromEvents).toEqual(told.map((event) => `${event.id} ${postOf(event)}`));
  expect(fromSubscriptions).toEqual([published, active]);
};

/** What each webhook was sent of this community's posts, up to one of them. */
const assertHooked = async (
  viewer: Follower,
  communityId: string,
  all: Community,
  { after, last }: { after: bigint; last: string },
) => {
  const receiver = receivers.get(viewer) ?? expect.fail('no receiver');
  const postOf = ({ event }: (typeof receiver.received)[number]) => (event.data as { postId?: string }).postId;
  const id = globalId('Post', last);
  await receiver.until(1, (request) => postOf(request) === id);
  const told = await toldOf(viewer, communityId, all, after);
  // What is told comes, in whatever order; what is not never does.
  await receiver.until(told.length, (request) => told.some((event) => event.id === request.event.id));
  const own = new Set(all.posts.map((post) => globalId('Post', post.id)));
  const sent = receiver.received.filter((request) => own.has(postOf(request) ?? ''));
  expect(new Set(sent.map(({ event }) => event.id))).toEqual(new Set(told.map((event) => event.id)));
};

/** What comes before whatever else happens, so that there is always something to be kept from somebody. */
const BEGINNING: readonly Step[] = [
  { do: 'publish', by: 'ann', kind: 'ANNOUNCEMENT', audience: { roles: ['EXPERT'], members: [] } },
  { do: 'comment', by: 'bob', post: 0 },
  { do: 'publish', by: 'carl', kind: 'DISCUSSION', audience: { roles: [], members: ['dora'] } },
  { do: 'react', by: 'dora', post: 1 },
];

test('every door gives each viewer the own slice, whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (planned) => {
      const communityId = await found();
      const all: Community = { posts: [], comments: [], reactions: [] };
      world.push(all);
      const { position: after, eventId } = await service.app.log.head();
      const start = encodeCursor(service.app.log.identity, { position: after, eventId });
      const live = FOLLOWERS.map((viewer) => follow(viewer, communityId, start));
      const doStep = doing(communityId, all);
      for (const step of BEGINNING) await doStep(step);
      for (const [n, step] of planned.entries()) {
        await doStep(step);
        await assertSlice(VIEWERS[n % VIEWERS.length] ?? 'dora', communityId, all);
      }
      await doStep({ do: 'publish', by: 'ann', kind: 'DISCUSSION', audience: null });
      const last = all.posts.at(-1)?.id ?? expect.fail('no post');
      for (const viewer of VIEWERS) await assertSlice(viewer, communityId, all);
      await assertPages('bob', communityId, all);
      await assertPages('dora', communityId, all);
      await assertDrillDown(communityId, all);
      for (const [n, viewer] of FOLLOWERS.entries()) {
        const heard = (await live[n]?.(last)) ?? [];
        await assertHeard(viewer, communityId, all, { after, heard });
        // Read up from storage it is the same: what was not told then is not told afterwards.
        const again = await follow(viewer, communityId, start)(last);
        await assertHeard(viewer, communityId, all, { after, heard: again });
        await assertHooked(viewer, communityId, all, { after, last });
      }
    }),
    { numRuns: 3, endOnFailure: true },
  );
}, 120_000);

test('the log shows an analyst everything, and the read models are what a rebuild makes of it', async () => {
  const { names, verify } = service.app.readModels;
  expect((await verify([...names])).filter(({ equal }) => !equal)).toEqual([]);
});
