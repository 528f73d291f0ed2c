import { at } from '../core/decider.ts';
import type { Sealing } from '../core/sealing.ts';
import { comment } from '../domain/comment.ts';
import { community } from '../domain/community.ts';
import { member } from '../domain/member.ts';
import { post } from '../domain/post.ts';
import { titleOf, topicOf } from './conversations.ts';
import type { Draft } from './draft.ts';
import type { Mentions } from './mentions.ts';
import type { People } from './people.ts';
import { NOBODY, type Planning } from './plan.ts';

// What a later export says otherwise than an earlier one. What was changed here since stays as it is.

/** When an archive is from, as far as it tells: nothing in it is younger. */
export const endOf = ({ archive }: Planning): number => archive.messages.at(-1)?.sentAt ?? archive.realm.createdAt;

/** Channels that were renamed, or made private: who was never let in reads nothing that is said afterwards. */
export const planCommunityChanges = (planning: Planning): Draft[] => {
  const { archive, ids, stored, tally } = planning;
  // What is said about the access of a channel that is left out holds for what an earlier import brought of it.
  return [...archive.channels, ...archive.heldBack.channels].flatMap((channel): Draft[] => {
    const communityId = ids.community(channel.id);
    const known = stored.communities.get(communityId);
    if (!known?.isOurs) return [];
    const shared = { to: at(community, communityId), expected: 'exists' as const, actor: NOBODY, at: endOf(planning) };
    const drafts: Draft[] = [];
    if (channel.isPrivate && known.visibility !== 'PRIVATE')
      drafts.push({
        ...shared,
        noun: 'communities made private',
        origin: `the access of channel ${channel.id}`,
        commandId: ids.command('close', channel.id, shared.at),
        events: [
          {
            type: 'CommunityAccessChanged',
            data: { communityId, visibility: 'PRIVATE', joinPolicy: 'BY_INVITATION' },
          },
        ],
      });
    if (!channel.isPrivate && known.visibility === 'PRIVATE')
      tally.leftOut('channels that are public by now', 'their communities stay private until somebody opens them');
    if (channel.name !== known.name)
      drafts.push({
        ...shared,
        noun: 'names changed',
        origin: `the name of channel ${channel.id}`,
        commandId: ids.command('rename', channel.id, channel.name),
        // Its address stays: others may have it by now.
        events: [{ type: 'CommunityRenamed', data: { communityId, name: channel.name, slug: known.slug } }],
      });
    return drafts;
  });
};

/** Channels that were deactivated. After all that was said in them. */
export const planArchivings = (planning: Planning): Draft[] => {
  const { archive, ids, stored } = planning;
  const last = new Map(archive.messages.map(({ channelId, sentAt }) => [channelId, sentAt]));
  return archive.channels.flatMap(({ id, isArchived, createdAt }): Draft[] => {
    const communityId = ids.community(id);
    if (!isArchived || stored.communities.get(communityId)?.isArchived) return [];
    return [
      {
        noun: 'communities archived',
        origin: `the deactivation of channel ${id}`,
        to: at(community, communityId),
        expected: 'exists',
        commandId: ids.command('archive', id),
        actor: NOBODY,
        at: last.get(id) ?? createdAt ?? archive.realm.createdAt,
        events: [{ type: 'CommunityArchived', data: { communityId } }],
      },
    ];
  });
};

type Open = (id: string) => Promise<Readonly<Record<string, unknown>> | null>;

/** What imports said last of somebody or something; null where that was never, or somebody else has said something since. */
const opening =
  ({ stored }: Planning, { open }: Pick<Sealing, 'open'>): Open =>
  async (id) => {
    const sealed = stored.words.get(id);
    const opened = sealed ? await open(sealed) : null;
    return opened && !opened.erased ? opened.value : null;
  };

/** People who are called otherwise by now. An account that was deleted there is reported, and keeps its name. */
export const planPeopleChanges = async (
  planning: Planning,
  people: People,
  sealing: Pick<Sealing, 'open'>,
): Promise<Draft[]> => {
  const { archive, ids, tally } = planning;
  const open = opening(planning, sealing);
  const drafts: Draft[] = [];
  for (const { id, name, isPlaceholder } of archive.users) {
    const memberId = people.memberIdOf(id);
    const words = memberId === ids.member(id) ? await open(memberId) : null;
    if (!memberId || !words || words.name === name) continue;
    if (isPlaceholder) tally.leftOut('accounts that were deleted there', 'they stay here, with what they said');
    else
      drafts.push({
        noun: 'names changed',
        origin: `the name of user ${id}`,
        to: at(member, memberId),
        expected: 'exists',
        commandId: ids.command('call', id, name),
        actor: NOBODY,
        at: endOf(planning),
        events: [{ type: 'ProfileChanged', data: { memberId }, personal: { name } }],
      });
  }
  return drafts;
};

/** Messages that were edited, and topics that were renamed, since an import stored them. */
export const planTextChanges = async (
  planning: Planning,
  people: People,
  mentions: Mentions,
  sealing: Pick<Sealing, 'open'>,
): Promise<Draft[]> => {
  const { archive, ids, stored, tally } = planning;
  if (stored.posts.size === 0) return [];
  const open = opening(planning, sealing);
  const firstOfTopic = new Map<string, string>();
  for (const message of archive.messages) {
    const id = ids.message(message.id);
    if (stored.posts.has(id) && !firstOfTopic.has(topicOf(message))) firstOfTopic.set(topicOf(message), id);
  }
  const drafts: Draft[] = [];
  for (const message of archive.messages) {
    const id = ids.message(message.id);
    const asPost = stored.posts.get(id);
    const { postId = id } = stored.comments.get(id) ?? {};
    if ((!asPost && message.editedAt === null) || stored.words.get(id) === undefined) continue;
    const words = await open(id);
    if (!words) {
      if (message.editedAt !== null && stored.words.get(id) === null)
        tally.leftOut('messages that were edited here and there', 'they stay as they are here');
      continue;
    }
    const body = message.editedAt === null ? words.body : mentions.inText(message.content, message.mentioned);
    // What went into another topic was moved and not renamed.
    const title = asPost && firstOfTopic.get(topicOf(message)) === id ? titleOf(message.subject) : words.title;
    if (body === words.body && title === words.title) continue;
    const { communityId, authorId } = asPost ?? stored.posts.get(postId) ?? { communityId: '', authorId: '' };
    const shared = {
      noun: 'texts edited' as const,
      origin: `the edit of message ${message.id}`,
      expected: 'exists' as const,
      commandId: ids.command('edit', message.id, String(title), String(body)),
      actor: NOBODY,
      at: body === words.body ? endOf(planning) : (message.editedAt ?? endOf(planning)),
    };
    if (asPost)
      drafts.push({
        ...shared,
        to: at(post, id),
        events: [{ type: 'PostEdited', data: { postId: id, communityId, authorId }, personal: { title, body } }],
      });
    else
      drafts.push({
        ...shared,
        to: at(comment, id),
        events: [
          {
            type: 'CommentEdited',
            data: { commentId: id, postId, communityId, authorId: people.memberIdOf(message.senderId) ?? '' },
            personal: { body },
          },
        ],
      });
  }
  return drafts;
};

/** What is gone there is told by number and kind, and stays here. */
export const tellWhatIsGone = ({ archive, ids, stored, tally }: Planning) => {
  for (const _ of stored.otherImports) tally.leftOut('imports of another organisation that stand here', BESIDE);
  const messages = new Set([...archive.messages.map(({ id }) => id), ...archive.heldBack.messages].map(ids.message));
  const people = new Set(archive.users.map(({ id }) => ids.member(id)));
  const channels = new Set([...archive.channels, ...archive.heldBack.channels].map(({ id }) => ids.community(id)));
  for (const id of [...stored.posts.keys(), ...stored.comments.keys()])
    if (!messages.has(id)) tally.leftOut('messages that are no longer in the export', KEPT);
  for (const id of stored.ourMembers)
    if (!people.has(id)) tally.leftOut('accounts that are no longer in the export', KEPT);
  for (const [id, { isOurs }] of stored.communities)
    if (isOurs && !channels.has(id)) tally.leftOut('channels that are no longer in the export', KEPT);
};
/** The same organisation on another server, or restored there, has another number, and nothing tells that it is the same. */
const BESIDE =
  'people with the same e-mail address are the same here; channels and messages of both stand side by side';
const KEPT = 'they stay here: an import takes nothing back';
