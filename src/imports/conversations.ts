import { type Message, visible } from '../adapters/zulip-archive/index.ts';
import { at } from '../core/decider.ts';
import { comment } from '../domain/comment.ts';
import { post } from '../domain/post.ts';
import type { Draft } from './draft.ts';
import type { Mentions } from './mentions.ts';
import type { People } from './people.ts';
import type { Planning } from './plan.ts';
import type { StoredPost } from './stored.ts';

/** What Zulip puts before the name of a topic that was marked as resolved. */
export const RESOLVED = '✔ ';

/** Where a message stands here. */
export type Placed = { readonly type: 'POST' | 'COMMENT'; readonly postId: string };

export type Conversations = {
  /** Posts and comments to be appended, in the order of the archive. To be walked through once. */
  readonly drafts: Iterable<Draft>;
  /** Complete once `drafts` was walked through. By message. */
  readonly placed: ReadonlyMap<number, Placed>;
  readonly posts: ReadonlyMap<string, StoredPost>;
};

/** The topic of a message: names are compared without regard to case within a channel. */
export const topicOf = ({ channelId, subject }: Pick<Message, 'channelId' | 'subject'>) =>
  `${channelId} ${subject.toLowerCase()}`;

/**
 * A topic becomes a post, its opening message, and comments. What an earlier import stored stays where it is, whatever has
 * become of its topic; a new message goes to the post in which its topic stands here, and opens one where there is none.
 */
export const planConversations = (
  planning: Planning,
  people: People,
  mentions: Mentions,
  isErased: (memberId: string) => boolean,
): Conversations => {
  const { archive, ids, stored, tally } = planning;
  const posts = new Map(stored.posts);
  const placed = new Map<number, Placed>();
  const openPosts = postsOfTopics(planning);

  function* drafts(): Iterable<Draft> {
    for (const message of archive.messages) {
      const id = ids.message(message.id);
      const topic = topicOf(message);
      const current = openPosts.get(topic);
      const known = stored.posts.has(id) ? id : stored.comments.get(id)?.postId;
      if (known) {
        placed.set(message.id, { type: known === id ? 'POST' : 'COMMENT', postId: known });
        tally.present(known === id ? 'posts' : 'comments');
        if (known !== current?.postId) tally.leftOut('messages that have moved to another topic since', MOVED);
        continue;
      }
      const authorId = people.memberIdOf(message.senderId) ?? '';
      if (isErased(authorId)) {
        tally.leftOut('messages of members who were erased', 'nothing of theirs is stored again');
        continue;
      }
      const said = { id, authorId, body: mentions.inText(message.content, message.mentioned) };
      if (current) {
        placed.set(message.id, { type: 'COMMENT', postId: current.postId });
        yield commentDraft(planning, people, message, said, current);
      } else {
        const opened = { postId: id, communityId: ids.community(message.channelId), authorId };
        openPosts.set(topic, opened);
        posts.set(id, opened);
        placed.set(message.id, { type: 'POST', postId: id });
        yield postDraft(planning, people, message, said, opened);
      }
    }
  }
  return { drafts: drafts(), placed, posts };
};

const MOVED = 'they stay where they were first imported';

/**
 * The stored post in which each topic goes on: the first of its messages that is a post of the same community here. Where
 * the archive no longer has the opening message, the post that the topic's comments stand under.
 */
const postsOfTopics = ({ archive, ids, stored }: Planning): Map<string, StoredPost> => {
  const found = new Map<string, StoredPost>();
  if (stored.posts.size === 0) return found;
  const inArchive = new Set(archive.messages.map(({ id }) => ids.message(id)));
  const asPosts = (message: Message) => stored.posts.get(ids.message(message.id));
  const asComments = (message: Message) => {
    const { postId = '' } = stored.comments.get(ids.message(message.id)) ?? {};
    return inArchive.has(postId) ? undefined : stored.posts.get(postId);
  };
  for (const postOf of [asPosts, asComments])
    for (const message of archive.messages) {
      const topic = topicOf(message);
      const known = found.has(topic) ? undefined : postOf(message);
      if (known?.communityId === ids.community(message.channelId)) found.set(topic, known);
    }
  return found;
};

type Said = { readonly id: string; readonly authorId: string; readonly body: string };

const shared = ({ ids }: Planning, { id, sentAt }: Message, { authorId }: Said) => ({
  origin: `message ${id}`,
  expected: 'none' as const,
  commandId: ids.command('say', id),
  actor: authorId,
  at: sentAt,
});

const postDraft = (
  planning: Planning,
  people: People,
  message: Message,
  said: Said,
  { postId, communityId, authorId }: StoredPost,
): Draft => ({
  ...shared(planning, message, said),
  noun: 'posts',
  to: at(post, postId),
  events: [
    {
      type: 'PostPublished',
      data: { postId, communityId, authorId, authorKind: people.kindOf(message.senderId), kind: 'DISCUSSION' },
      personal: { title: titleOf(message.subject), body: said.body },
    },
  ],
});

const commentDraft = (
  planning: Planning,
  people: People,
  message: Message,
  said: Said,
  { postId, communityId, authorId: postAuthorId }: StoredPost,
): Draft => ({
  ...shared(planning, message, said),
  noun: 'comments',
  to: at(comment, said.id),
  events: [
    {
      type: 'CommentPublished',
      data: {
        commentId: said.id,
        postId,
        communityId,
        authorId: said.authorId,
        authorKind: people.kindOf(message.senderId),
        kind: 'COMMENT',
        parentId: null,
        depth: 1,
        postAuthorId,
        replyToMemberId: postAuthorId,
      },
      personal: { body: said.body },
    },
  ],
});

/** A topic's name as a title. */
export const titleOf = (subject: string) =>
  visible(subject.startsWith(RESOLVED) ? subject.slice(RESOLVED.length) : subject) || 'General';
