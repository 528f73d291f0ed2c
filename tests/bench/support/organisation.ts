import type { App } from '../../../src/app.ts';
import type { AppendRequest } from '../../../src/core/event-log.ts';
import { derivedId, eventIdOf } from '../../../src/core/ids.ts';

/** How much of an organisation there is. Communities are alike; the first is the yardstick, of the same size in each. */
export type Plan = {
  readonly communities: number;
  readonly members: number;
  /** Each member joins this many communities, one after the other. */
  readonly memberships: number;
  readonly postsEach: number;
  readonly commentsPerPost: number;
  readonly reactionsPerPost: number;
  /** The first community: as many posts, whatever the others have. */
  readonly yardstickPosts: number;
};

const DAY_MS = 86_400_000;
const DAYS = 540;
/** The last moment at which anything happens in a bench's organisation. */
export const ENDS_AT = Date.parse('2026-11-01T00:00:00Z');
const BEGINS_AT = ENDS_AT - DAYS * DAY_MS;

export const memberId = (n: number) => derivedId('bench member', n);
export const communityId = (n: number) => derivedId('bench community', n);
export const postId = (community: number, n: number) => derivedId('bench post', community, n);
const commentId = (post: string, n: number) => derivedId('bench comment', post, n);

export const nameOf = (member: number) => `Member number ${member}`;
export const handleOf = (member: number) => `member-${member}`;
export const communityNameOf = (community: number) => `Community ${community}`;
export const slugOf = (community: number) => `community-${community}`;
export const titleOf = (community: number, n: number) => `What do we do about point ${n} of plan ${community}?`;
export const bodyOf = (community: number, n: number) =>
  `About point ${n} of plan ${community}. ${'It was said before and is said again, since nobody has settled it. '.repeat(1 + (n % 5))}`.trim();
export const authorOf = ({ members }: Plan, community: number, n: number) => (community * 31 + n * 7) % members;
export const postsIn = ({ postsEach, yardstickPosts }: Plan, community: number) =>
  community === 0 ? yardstickPosts : postsEach;

/** When the nth of `count` posts was published: evenly over eighteen months, no two of a community at once. */
export const publishedAt = (n: number, count: number, community = 0) =>
  new Date(BEGINS_AT + Math.floor((n * DAYS * DAY_MS) / count) + community * 1_000).toISOString();

const later = (at: string, minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();

/** One event that begins a stream. */
type Happening = {
  readonly stream: string;
  readonly actor: string;
  readonly at: string;
  readonly event: Parameters<App['catalogue']['write']>[0];
};

const CHUNK = 5_000;

/** Appends the whole organisation through the log's port; answers how many events that were. */
export const fillOrganisation = async ({ log, catalogue, sealing }: App, plan: Plan): Promise<number> => {
  let [count, pending] = [0, Promise.resolve()];
  const requestOf = ({ stream, actor, at, event }: Happening): AppendRequest => {
    const commandId = derivedId('bench command', stream);
    const metadata = {
      actor,
      occurredAt: at,
      commandId,
      inputHash: 'bench',
      correlationId: commandId,
      causationId: commandId,
    };
    const id = eventIdOf(commandId, stream, 0);
    const stored = catalogue.write(event, { id, stream, metadata: { ...metadata, source: 'SEED' } });
    return { commandId, inputHash: 'bench', stream, expected: 'none', events: [stored] };
  };
  const append = async (requests: readonly AppendRequest[]) => {
    const outcomes = await log.append(requests);
    const failed = outcomes.find(({ status }) => status !== 'appended');
    if (failed) throw new Error(`The log did not take an event: ${JSON.stringify(failed)}`);
    count += requests.length;
  };
  for (const chunk of chunksOf(happenings(plan), CHUNK)) {
    await sealing.prepare(chunk.map(({ actor }) => actor).filter((actor) => actor !== 'system'));
    const requests = chunk.map(requestOf);
    // While one chunk is on its way, the next one is made.
    await pending;
    pending = append(requests);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await pending;
  return count;
};

function* happenings(plan: Plan): Generator<Happening> {
  const began = new Date(BEGINS_AT - DAY_MS).toISOString();
  const system = { actor: 'system', at: began };
  yield { ...system, stream: 'organisation-main', event: { type: 'OrganisationNamed', data: { name: 'Bench' } } };
  for (let n = 0; n < plan.members; n++) yield registration(n, began);
  for (let n = 0; n < plan.communities; n++) yield founding(n, system);
  for (let n = 0; n < plan.members; n++)
    for (let k = 0; k < plan.memberships; k++) yield joining((n + k) % plan.communities, n, began);
  const rounds = Math.max(plan.postsEach, plan.yardstickPosts);
  for (let round = 0; round < rounds; round++)
    for (let community = 0; community < plan.communities; community++) {
      const posts = postsIn(plan, community);
      const n = Math.floor((round * posts) / rounds);
      if (n < Math.floor(((round + 1) * posts) / rounds)) yield* topic(plan, community, n);
    }
}

const registration = (n: number, at: string): Happening => ({
  stream: `member-${memberId(n)}`,
  actor: memberId(n),
  at,
  event: {
    type: 'MemberRegistered',
    data: { memberId: memberId(n), handleHash: `bench-${n}`, emailHash: null },
    personal: { name: nameOf(n), handle: handleOf(n), email: null },
  },
});

const founding = (n: number, system: { actor: string; at: string }): Happening => ({
  ...system,
  stream: `community-${communityId(n)}`,
  event: {
    type: 'CommunityFounded',
    data: {
      communityId: communityId(n),
      name: communityNameOf(n),
      slug: slugOf(n),
      description: `Where plan ${n} is talked about.`,
      visibility: 'PUBLIC',
      joinPolicy: 'OPEN',
      founderId: memberId(0),
    },
  },
});

const joining = (community: number, member: number, at: string): Happening => ({
  stream: `membership-${communityId(community)}-${memberId(member)}`,
  actor: memberId(member),
  at,
  event: {
    type: 'MemberJoined',
    data: { communityId: communityId(community), memberId: memberId(member), via: 'OPEN' },
  },
});

function* topic(plan: Plan, community: number, n: number): Generator<Happening> {
  const author = authorOf(plan, community, n);
  const at = publishedAt(n, postsIn(plan, community), community);
  const place = { postId: postId(community, n), communityId: communityId(community) };
  yield {
    stream: `post-${place.postId}`,
    actor: memberId(author),
    at,
    event: {
      type: 'PostPublished',
      data: { ...place, authorId: memberId(author), authorKind: 'MEMBER', kind: 'DISCUSSION' },
      personal: { title: titleOf(community, n), body: bodyOf(community, n) },
    },
  };
  for (let k = 0; k < plan.commentsPerPost; k++)
    yield reply(place, memberId(author), memberId((author + 1 + k) % plan.members), k, later(at, 30 * (k + 1)));
  for (let k = 0; k < plan.reactionsPerPost; k++)
    yield reaction(place, memberId(author), memberId((author + 5 + k) % plan.members), later(at, 10 * (k + 1)));
}

type Place = { readonly postId: string; readonly communityId: string };

const reply = (place: Place, postAuthorId: string, authorId: string, k: number, at: string): Happening => {
  const id = commentId(place.postId, k);
  const facts = { commentId: id, ...place, authorId, authorKind: 'MEMBER', kind: 'COMMENT', parentId: null, depth: 1 };
  return {
    stream: `comment-${id}`,
    actor: authorId,
    at,
    event: {
      type: 'CommentPublished',
      data: { ...facts, postAuthorId, replyToMemberId: postAuthorId },
      personal: { body: `This is what I think of it, and it is my ${k + 1}. thought.` },
    },
  };
};

const reaction = (place: Place, targetAuthorId: string, memberId: string, at: string): Happening => ({
  stream: `reaction-${place.postId}-${memberId}`,
  actor: memberId,
  at,
  event: {
    type: 'ReactionAdded',
    data: {
      targetId: place.postId,
      targetType: 'POST',
      ...place,
      memberId,
      memberKind: 'MEMBER',
      targetAuthorId,
      kind: 'thumbs_up',
    },
  },
});

function* chunksOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items)
    if (chunk.push(item) === size) {
      yield chunk;
      chunk = [];
    }
  if (chunk.length > 0) yield chunk;
}
