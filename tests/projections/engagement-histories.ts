import fc from 'fast-check';
import { patch } from '../../projections/engagement/tables.ts';
import type { History, MessageRow } from './engagement-twin.ts';
import type { Step } from './folded-tables.ts';

const uuid = (kind: number, n: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const communities = [uuid(1, 1), uuid(1, 2), uuid(1, 3)];

// A few weeks around the turn of a year, thick with the edges of days, weeks and months, and with equal instants.
const DAY = 86_400_000;
const MONDAY = Date.UTC(2020, 11, 28);
export const instant = fc
  .tuple(fc.integer({ min: -10, max: 20 }), fc.constantFrom(0, 0, 1, 500, DAY / 2, DAY - 1))
  .map(([days, rest]) => MONDAY + days * DAY + rest);

const flag = fc.integer({ min: 0, max: 5 }).map((n) => n === 0);
const person = fc.record({ bot: fc.integer({ min: 0, max: 3 }).map((n) => n === 0) });
const message = fc.record({
  /** Opens a topic in a community, or speaks in one of those that are open already. */
  community: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 3 }),
  topic: fc.nat(),
  sender: fc.nat(),
  at: instant,
  kind: fc.constantFrom('DISCUSSION', 'QUESTION'),
  retracted: flag,
  hidden: flag,
  resolved: fc.constantFrom('no', 'no', 'no', 'marked', 'accepted', 'accepted once'),
});

/** Small random histories, as events for the projection and as rows for the figures by hand. */
export const histories = fc
  .record({
    people: fc.array(person, { minLength: 1, maxLength: 25 }),
    messages: fc.array(message, { maxLength: 60 }),
  })
  // Ids against the order of registration, so that no tie is settled by them.
  .map(({ people, messages }) => {
    const members = people.map(({ bot }, i) => ({ bot, id: uuid(2, 1000 - i) }));
    const steps: Step[] = members.map(({ bot, id }) => ({
      type: bot ? 'ServiceAccountRegistered' : 'MemberRegistered',
      at: new Date(0).toISOString(),
      data: { memberId: id, system: false },
    }));
    const history: { people: typeof members; topics: History['topics'][number][]; messages: MessageRow[] } = {
      people: members,
      topics: [],
      messages: [],
    };
    const openers = new Map<string, string>();
    messages.forEach((message, n) => {
      const author = members[message.sender % members.length];
      const topicOf = history.topics[message.topic % Math.max(1, history.topics.length)];
      const opens = message.community !== null || !topicOf;
      const id = uuid(3, n);
      const topic = opens ? { id, community: communities[message.community ?? 0] ?? '', resolved: false } : topicOf;
      if (!author) throw new Error('Nobody is there to speak.');
      const at = new Date(message.at).toISOString();
      const said = { communityId: topic.community, authorId: author.id, authorKind: author.bot ? 'SERVICE' : 'MEMBER' };
      history.messages.push({
        topic: topic.id,
        opens,
        sender: author.id,
        at: message.at,
        place: n,
        retracted: message.retracted,
        hidden: message.hidden,
      });
      if (opens) {
        openers.set(id, author.id);
        const resolved = message.resolved === 'marked' || message.resolved === 'accepted';
        history.topics.push({ ...topic, resolved });
        const post = { postId: id, communityId: topic.community };
        steps.push({ type: 'PostPublished', at, data: { ...said, postId: id, kind: message.kind } });
        if (message.resolved === 'marked') steps.push({ type: 'PostMarkedResolved', at, data: post });
        if (message.resolved.startsWith('accepted'))
          steps.push({
            type: 'AnswerAccepted',
            at,
            data: { ...post, commentId: id, answerAuthorId: author.id, acceptedBy: author.id },
          });
        if (message.resolved === 'accepted once')
          steps.push({ type: 'AnswerUnaccepted', at, data: { ...post, commentId: id } });
        if (message.retracted) steps.push({ type: 'PostRetracted', at, data: post });
      } else {
        const postAuthorId = openers.get(topic.id);
        const comment = { commentId: id, postId: topic.id, kind: 'COMMENT' };
        steps.push({
          type: 'CommentPublished',
          at,
          data: { ...said, ...comment, postAuthorId, replyToMemberId: postAuthorId },
        });
        if (message.retracted) steps.push({ type: 'CommentRetracted', at, data: { ...said, ...comment } });
      }
      if (message.hidden) {
        steps.push(patch('contributions', { id }, { hiddenAt: at }));
        if (opens) steps.push(patch('topics', { id }, { hiddenAt: at }));
      }
    });
    return { history: history as History, steps };
  });
