import type { Message } from '../adapters/zulip-archive/index.ts';
import { at } from '../core/decider.ts';
import { post } from '../domain/post.ts';
import { type Conversations, RESOLVED, topicOf } from './conversations.ts';
import type { Draft } from './draft.ts';
import { NOBODY, type Planning } from './plan.ts';

/** The platform's own notice, in the language that most servers speak. */
const NOTICE = /has marked this topic as resolved/;

/** Marks the posts whose opening message now stands in a topic that was marked as resolved. To be walked through after the posts. */
export function* planResolutions(
  { archive, ids, stored, tally }: Planning,
  { placed, posts }: Conversations,
): Iterable<Draft> {
  const times = timesOfMarks(archive.messages);
  for (const message of archive.messages) {
    const place = placed.get(message.id);
    if (place?.type !== 'POST') continue;
    const { postId } = place;
    const { communityId } = posts.get(postId) ?? {};
    if (!communityId) continue;
    const isMarked = stored.resolved.has(postId);
    const isResolved = message.subject.startsWith(RESOLVED);
    if (isMarked && isResolved) tally.present('marks as resolved');
    if (isMarked && !isResolved) tally.leftOut('topics that are no longer resolved', 'their posts stay marked');
    if (isMarked || !isResolved) continue;
    yield {
      noun: 'marks as resolved',
      origin: `the topic of message ${message.id}`,
      to: at(post, postId),
      expected: 'exists',
      commandId: ids.command('resolve', message.id),
      actor: NOBODY,
      at: times.get(topicOf(message)) ?? message.sentAt,
      events: [{ type: 'PostMarkedResolved', data: { postId, communityId } }],
    };
  }
}

/** When each topic was marked: at the last notice that says so, else by its last message. */
const timesOfMarks = (messages: readonly Message[]): Map<string, number> => {
  const last = new Map<string, number>();
  const noticed = new Map<string, number>();
  for (const message of messages) {
    if (!message.subject.startsWith(RESOLVED)) continue;
    last.set(topicOf(message), message.sentAt);
    if (NOTICE.test(message.content)) noticed.set(topicOf(message), message.sentAt);
  }
  return new Map([...last, ...noticed]);
};
