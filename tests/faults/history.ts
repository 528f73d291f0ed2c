/** One publication as its client saw it. Times are of one monotonic clock, in milliseconds. */
export type Publication = {
  readonly key: string;
  readonly asked: number;
  /** Null while no answer came: it may or may not have happened. */
  readonly acknowledged: { readonly at: number; readonly postId: string } | null;
};

/** What the log holds in the end, in its order. */
export type LogEntry = { readonly revision: number; readonly stream: string; readonly postId: string };

/** What one subscriber was given, in the order of arrival, over all of its reconnections. */
export type Reading = { readonly subscriber: string; readonly postIds: readonly string[] };

export type History = {
  readonly publications: readonly Publication[];
  readonly log: readonly LogEntry[];
  readonly readings: readonly Reading[];
};

/**
 * The laws that a history breaks, in words; empty when it breaks none:
 * acknowledged ⊆ stored, stored once, in the order in which answers and questions followed each other in time,
 * and every subscriber was given the log: in order, without omission, without repetition.
 */
export const violations = ({ publications, log, readings }: History): string[] => {
  const places = new Map<string, number>();
  const found: string[] = [];
  log.forEach(({ postId, stream, revision }, place) => {
    if (places.has(postId)) found.push(`${postId} is stored twice.`);
    if (revision !== 0) found.push(`${stream} has its publication at revision ${revision}.`);
    places.set(postId, place);
  });
  return [
    ...found,
    ...acknowledgedButLost(publications, places),
    ...outOfTime(publications, places),
    ...misread(readings, log),
  ];
};

const acknowledgedButLost = (publications: readonly Publication[], places: ReadonlyMap<string, number>) => {
  const keys = new Map<string, string>();
  return publications.flatMap(({ key, acknowledged }) => {
    if (!acknowledged) return [];
    const { postId } = acknowledged;
    const other = keys.get(postId);
    keys.set(postId, key);
    if (other) return [`${key} and ${other} were both answered with ${postId}.`];
    return places.has(postId) ? [] : [`${key} was acknowledged as ${postId} and is not stored.`];
  });
};

/** What was answered before something else was asked stands before it. */
const outOfTime = (publications: readonly Publication[], places: ReadonlyMap<string, number>) => {
  const known = publications.flatMap(({ key, asked, acknowledged }) => {
    const place = acknowledged && places.get(acknowledged.postId);
    return acknowledged && place !== undefined && place !== null
      ? [{ key, asked, answered: acknowledged.at, place }]
      : [];
  });
  const byAnswer = known.toSorted((a, b) => a.answered - b.answered);
  const byQuestion = known.toSorted((a, b) => a.asked - b.asked);
  const found: string[] = [];
  let next = 0;
  let furthest = { key: '', place: -1 };
  for (const { key, asked, place } of byQuestion) {
    for (let earlier = byAnswer[next]; earlier && earlier.answered < asked; earlier = byAnswer[++next])
      if (earlier.place > furthest.place) furthest = earlier;
    if (furthest.place > place) found.push(`${furthest.key} was answered before ${key} was asked and stands after it.`);
  }
  return found;
};

const misread = (readings: readonly Reading[], log: readonly LogEntry[]) =>
  readings.flatMap(({ subscriber, postIds }) => {
    const wrong = log.findIndex(({ postId }, n) => postIds[n] !== postId);
    if (wrong >= 0)
      return [`${subscriber} was given ${postIds[wrong] ?? 'nothing'} where the log has ${log[wrong]?.postId}.`];
    return postIds.length > log.length
      ? [`${subscriber} was given ${postIds.length - log.length} more than the log has.`]
      : [];
  });
