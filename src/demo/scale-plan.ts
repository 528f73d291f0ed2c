import type { AnyEmitted } from '../core/decider.ts';
import { derivedId } from '../core/ids.ts';
import { MAX_DEPTH } from '../domain/comment.ts';
import { membershipId } from '../domain/membership.ts';
import { reactionId } from '../domain/reaction.ts';
import { slugOf } from '../domain/words.ts';
import { atWork, bustle, DAY, HOUR, MINUTE, momentOf } from './calendar.ts';
import { type DemoCommunity, demoCommunities } from './communities.ts';
import type { Chosen } from './conversation.ts';
import { nameOf } from './people.ts';
import { createQueue } from './queue.ts';
import { createRandom } from './random.ts';
import { chooser } from './texts/choose.ts';
import { smallTalk } from './texts/small-talk.ts';
import type { Language, Topic } from './texts/topic.ts';

/** One event of the larger organisation, for a stream that it begins (`none`) or that has one event so far (0). */
export type ScaleEvent = {
  readonly at: number;
  readonly stream: string;
  readonly expected: 'none' | 0;
  readonly actor: string;
  readonly emitted: AnyEmitted;
};

export type ScaleSize = { readonly members: number; readonly posts: number; readonly seed: number };

/** The keyed hash of a handle or an address, as look-ups want it. */
type Hash = (kind: 'handle' | 'email', key: string) => string;

type Group = {
  readonly id: string;
  readonly model: DemoCommunity;
  readonly language: Language;
  readonly choose: ReturnType<typeof chooser>;
  readonly members: string[];
};
type Reply = { readonly id: string; readonly author: string; readonly depth: number };
type Thread = {
  readonly postId: string;
  readonly group: Group;
  readonly author: string;
  readonly chosen: Chosen;
  /** The latest replies, which others may still reply to. */
  readonly replies: Reply[];
  left: number;
  said: number;
};
type Due = { readonly at: number; readonly happen: (at: number) => Iterable<ScaleEvent> };

/** Public communities to model the many on. */
const models = demoCommunities.filter(({ isPrivate }) => !isPrivate);

/** So many replies stay open to further ones: a thread's memory does not grow with its length. */
const OPEN_REPLIES = 8;

/**
 * An organisation of any size as a stream of events in the order of time, in the shapes and proportions of a living one: about ten
 * events a post. Memory grows with the members and with what is under way, not with the posts.
 */
export function* planScale(
  { members, posts, seed }: ScaleSize,
  start: number,
  until: number,
  hash: Hash,
): Generator<ScaleEvent> {
  const random = createRandom(seed, 'scale', members, posts);
  const id = (...parts: readonly (string | number)[]) => derivedId('scale', seed, members, posts, ...parts);
  const tag = id('tag').slice(0, 6);
  const due = createQueue<Due>();
  let [people, topics, words] = [0, 0, 0];

  const groups: Group[] = Array.from({ length: Math.max(4, Math.round(Math.sqrt(posts) / 4)) }, (_, n) => {
    const model = models[n % models.length] as DemoCommunity;
    const [language = 'EN', topics = []] = Object.entries(model.topics)[0] as [Language, readonly Topic[]];
    return { id: id('community', n), model, language, choose: chooser(topics, 'again'), members: [] };
  });

  /** The few come up often, the many rarely. */
  const tail = <T>(items: readonly T[], skew: number): T =>
    items[Math.floor(items.length * random.next() ** skew)] as T;

  function* found(at: number): Iterable<ScaleEvent> {
    for (const [n, { id: communityId, model }] of groups.entries()) {
      const slug = `${model.slug}-${n}-${tag}`;
      const stream = `community-${communityId}`;
      const data = {
        communityId,
        name: `${model.name} ${n + 1}`,
        slug,
        description: model.charter,
        visibility: 'PUBLIC',
        joinPolicy: 'OPEN',
        founderId: null,
      };
      yield event(at, `slug-${slug}`, 'system', 'KeyClaimed', { ownerId: communityId, ownerStream: stream });
      yield event(at, stream, 'system', 'CommunityFounded', data);
    }
  }

  function* arrive(at: number): Iterable<ScaleEvent> {
    const memberId = id('member', people);
    const name = nameOf(random);
    const handle = `${slugOf(name)}-${people}-${tag}`;
    const email = `${handle}@belorme.example`;
    people += 1;
    const [handleHash, emailHash] = [hash('handle', handle), hash('email', email)];
    const owner = { ownerId: memberId, ownerStream: `member-${memberId}` };
    yield event(at, `handle-${handleHash}`, 'system', 'KeyClaimed', owner);
    yield event(at, `email-${emailHash}`, 'system', 'KeyClaimed', owner);
    yield event(
      at,
      owner.ownerStream,
      'system',
      'MemberRegistered',
      { memberId, handleHash, emailHash },
      { name, handle, email },
    );
    for (const group of new Set(Array.from({ length: 1 + random.count(1.4) }, () => tail(groups, 1.6)))) {
      group.members.push(memberId);
      const data = { communityId: group.id, memberId, via: 'OPEN' };
      yield event(at, `membership-${membershipId(group.id, memberId)}`, memberId, 'MemberJoined', data);
    }
  }

  function* publish(at: number): Iterable<ScaleEvent> {
    const group = [tail(groups, 1.6), ...groups].find((each) => each.members.length > 0);
    const chosen = group?.choose(random);
    if (!group || !chosen) return;
    const postId = id('post', topics++);
    const author = tail(group.members, 2.2);
    const { kind, title, body } = chosen;
    const data = { postId, communityId: group.id, authorId: author, authorKind: 'MEMBER', kind };
    yield event(at, `post-${postId}`, author, 'PostPublished', data, { title, body });
    const thread: Thread = { postId, group, author, chosen, replies: [], left: repliesTo(kind), said: 0 };
    react(thread, { targetId: postId, targetType: 'POST', targetAuthorId: author }, at, 1.1);
    if (thread.left > 0) goOn(thread, at, 2.5);
    if (kind === 'DISCUSSION' && random.chance(0.04))
      later(at + random.integer(50) * MINUTE, function* (edited) {
        const place = { postId, communityId: group.id, authorId: author };
        const text = { title, body: `${body}\n\n${random.pick(smallTalk[group.language].correcting)}` };
        yield event(edited, `post-${postId}`, author, 'PostEdited', place, text, 0);
      });
  }

  const repliesTo = (kind: string) =>
    random.chance(kind === 'QUESTION' ? 0.08 : 0.15) ? 0 : Math.min(60, 1 + Math.floor(random.logNormal(3.1, 0.9)));

  const goOn = (thread: Thread, after: number, medianHours: number) =>
    later(atWork(after + random.logNormal(medianHours, 1.4) * HOUR, random), (at) => reply(thread, at));

  function* reply(thread: Thread, at: number): Iterable<ScaleEvent> {
    const { group, postId, chosen, replies } = thread;
    const isAnswer = chosen.kind === 'QUESTION' && thread.said < chosen.replies.length;
    const open = replies.filter(({ depth }) => depth < MAX_DEPTH);
    const parent = !isAnswer && open.length > 0 && random.chance(0.5) ? random.pick(open) : null;
    const author = tail(group.members, 1.8);
    const body = chosen.replies[thread.said] ?? random.pick(smallTalk[group.language][parent ? 'agreeing' : 'adding']);
    const commentId = id('comment', words++);
    thread.said += 1;
    thread.left -= 1;
    const place = { commentId, postId, communityId: group.id, authorId: author };
    const depth = (parent?.depth ?? 0) + 1;
    const kind = isAnswer ? 'ANSWER' : 'COMMENT';
    const context = { authorKind: 'MEMBER', kind, parentId: parent?.id ?? null, depth, postAuthorId: thread.author };
    const data = { ...place, ...context, replyToMemberId: parent?.author ?? thread.author };
    yield event(at, `comment-${commentId}`, author, 'CommentPublished', data, { body });
    react(thread, { targetId: commentId, targetType: 'COMMENT', targetAuthorId: author }, at, 0.5);
    if (replies.push({ id: commentId, author, depth }) > OPEN_REPLIES) replies.shift();
    if (isAnswer && thread.said === 1 && random.chance(0.6)) accept(thread, commentId, author, at);
    if (thread.left > 0) goOn(thread, at, 5);
  }

  const accept = ({ postId, group, author }: Thread, commentId: string, answerAuthorId: string, answeredAt: number) =>
    later(atWork(answeredAt + random.logNormal(5, 1) * HOUR, random), function* (at) {
      const data = { postId, communityId: group.id, commentId, answerAuthorId, acceptedBy: author };
      yield event(at, `post-${postId}`, author, 'AnswerAccepted', data, undefined, 0);
    });

  type Target = { readonly targetId: string; readonly targetType: 'POST' | 'COMMENT'; readonly targetAuthorId: string };
  const react = ({ group, postId }: Thread, target: Target, after: number, mean: number) => {
    const first = random.integer(group.members.length);
    const count = Math.min(random.count(mean), group.members.length);
    for (let n = 0; n < count; n++) {
      const memberId = group.members[(first + n) % group.members.length] as string;
      if (memberId === target.targetAuthorId) continue;
      const kind = random.pick(['thumbs_up', 'thumbs_up', 'heart', 'tada', 'bulb', 'eyes']);
      const data = { ...target, postId, communityId: group.id, memberId, kind, memberKind: 'MEMBER' };
      later(after + random.logNormal(3, 1.2) * HOUR, function* (at) {
        yield event(at, `reaction-${reactionId(target.targetId, memberId)}`, memberId, 'ReactionAdded', data);
      });
    }
  };

  const later = (at: number, happen: Due['happen']) => due.add({ at: Math.round(at), happen });

  later(start, found);
  const crowd = Math.ceil(members * 0.3);
  for (let n = 0; n < crowd; n++) later(start + 1 + n, arrive);
  const days = calendarOf(start + DAY, until);
  let [arrived, published] = [crowd, 0];
  for (const { day, share } of days) {
    for (; arrived < crowd + (members - crowd) * share; arrived++) later(momentOf(day, random), arrive);
    for (; published < Math.round(posts * share); published++) later(momentOf(day, random), publish);
    const end = Math.min(until, day + DAY);
    for (let next = due.next(); next && next.at < end; next = due.next()) {
      due.take();
      yield* next.happen(next.at);
    }
  }
}

/** Each day with the share of everything that has happened by its end: working days count for more, later ones too. */
const calendarOf = (from: number, until: number) => {
  const days = Array.from({ length: Math.max(1, Math.floor((until - from) / DAY)) }, (_, n) => from + n * DAY);
  const weights = days.map((day, n) => bustle(day) * (0.5 + n / days.length));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return days.map((day, n) => {
    sum += weights[n] ?? 0;
    return { day: Math.floor(day / DAY) * DAY, share: n === days.length - 1 ? 1 : sum / total };
  });
};

const event = (
  at: number,
  stream: string,
  actor: string,
  type: string,
  data: object,
  personal?: object,
  expected: 'none' | 0 = 'none',
): ScaleEvent => ({ at, stream, expected, actor, emitted: personal ? { type, data, personal } : { type, data } });
