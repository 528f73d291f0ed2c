import type { EngagementFigures } from '../../projections/engagement/figures.ts';

/** A history as plain rows: what the definitions of the figures speak of, and nothing else. */
export type History = {
  /** In order of registration. */
  readonly people: readonly { readonly id: string; readonly bot: boolean }[];
  readonly topics: readonly TopicRow[];
  readonly messages: readonly MessageRow[];
};
export type TopicRow = { readonly id: string; readonly community: string; readonly resolved: boolean };
export type MessageRow = {
  readonly topic: string;
  readonly opens: boolean;
  readonly sender: string;
  /** Milliseconds; `place` settles ties. */
  readonly at: number;
  readonly place: number;
  readonly retracted: boolean;
  readonly hidden: boolean;
};

/** The figures in the most literal way: every message looked at for every figure. */
export const figuresByHand = (
  history: History,
  communities: readonly string[],
  from: number,
  to: number,
): EngagementFigures => {
  const bots = new Set(history.people.filter(({ bot }) => bot).map(({ id }) => id));
  const topics = new Map(history.topics.map((topic) => [topic.id, topic]));
  const all = history.messages
    .filter(({ hidden, topic }) => !hidden && communities.includes(topics.get(topic)?.community ?? ''))
    .sort(inOrder);
  const messages = all.filter(({ at }) => at >= from && at < to);
  const ofMembers = messages.filter(({ sender }) => !bots.has(sender));
  const counts = history.people
    .filter(({ id }) => !bots.has(id))
    .map(({ id }) => ({ memberId: id, messages: ofMembers.filter(({ sender }) => sender === id).length }))
    .filter((contributor) => contributor.messages > 0);
  // Sorting is stable, so that ties stay in order of registration.
  const most = [...counts].sort((a, b) => b.messages - a.messages);
  const x = most.map((contributor) => contributor.messages).reverse();
  const total = sum(x);
  const n = x.length;
  const k = Math.ceil(n / 10);

  const openings = messages.filter(({ opens }) => opens);
  const started = openings.filter(({ sender }) => !bots.has(sender));
  const times = started
    .map((opening) => {
      const replies = all.filter(
        (message) =>
          message.topic === opening.topic &&
          inOrder(message, opening) > 0 &&
          !message.retracted &&
          !bots.has(message.sender) &&
          message.sender !== opening.sender,
      );
      return replies[0] ? (replies[0].at - opening.at) / 1000 : null;
    })
    .filter((time) => time !== null)
    .sort((a, b) => a - b);
  const within = (seconds: number) => times.filter((time) => time <= seconds).length;
  const debuts = counts.filter(({ memberId }) => (all.find(({ sender }) => sender === memberId)?.at ?? 0) >= from);

  return {
    messages: ofMembers.length,
    botMessages: messages.length - ofMembers.length,
    activeMembers: n,
    newContributors: debuts.length,
    topics: openings.length,
    topicsStarted: started.length,
    topicsStartedByBots: openings.length - started.length,
    topicsResolved: openings.filter(({ topic }) => topics.get(topic)?.resolved).length,
    topicsReplied: times.length,
    topicsReplied24h: within(86_400),
    topicsReplied72h: within(259_200),
    replied24hShare: started.length === 0 ? null : within(86_400) / started.length,
    replied72hShare: started.length === 0 ? null : within(259_200) / started.length,
    firstReplyP50Seconds: percentile(times, 0.5),
    firstReplyP90Seconds: percentile(times, 0.9),
    gini: n === 0 ? null : (2 * sum(x.map((count, i) => (i + 1) * count))) / (n * total) - (n + 1) / n,
    top10PctMembers: k,
    top10PctShare: n === 0 ? null : sum(most.slice(0, k).map((contributor) => contributor.messages)) / total,
    firstMessageAt: messages[0] ? new Date(messages[0].at) : null,
    lastMessageAt: messages.length > 0 ? new Date(messages[messages.length - 1]?.at ?? 0) : null,
    topContributors: most.slice(0, 10).map((contributor, i) => ({ rank: i + 1, ...contributor })),
  };
};

const inOrder = (a: MessageRow, b: MessageRow) => a.at - b.at || a.place - b.place;

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

const percentile = (v: readonly number[], q: number) => {
  if (v.length === 0) return null;
  const p = q * (v.length - 1);
  const low = v[Math.floor(p)] ?? 0;
  return low + (p - Math.floor(p)) * ((v[Math.floor(p) + 1] ?? low) - low);
};
