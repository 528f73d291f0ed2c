import { randomUUID } from 'node:crypto';
import { median, percentile, rounded } from './measures.ts';

/** How fast it went, and how long each write took, in milliseconds. */
export type Round = { readonly perSecond: number; readonly latencies: readonly number[] };

/** So many callers write under new ids, each the next when its last is acknowledged, until the time is over. */
export const writeFor = async (
  milliseconds: number,
  callers: number,
  write: (id: string) => Promise<void>,
): Promise<Round> => {
  const latencies: number[] = [];
  const began = performance.now();
  const end = began + milliseconds;
  const writeUntilTheEnd = async () => {
    for (let sent = performance.now(); sent < end; ) {
      await write(randomUUID());
      const now = performance.now();
      latencies.push(now - sent);
      sent = now;
    }
  };
  await Promise.all(Array.from({ length: callers }, writeUntilTheEnd));
  return { perSecond: (latencies.length * 1_000) / (performance.now() - began), latencies };
};

/** The median rate of rounds, and the latencies of all their writes. */
export const figuresOf = (rounds: readonly Round[]) => {
  const latencies = rounds.flatMap((round) => round.latencies);
  return {
    perSecond: Math.round(median(rounds.map(({ perSecond }) => perSecond))),
    p50Ms: rounded(percentile(latencies, 0.5)),
    p99Ms: rounded(percentile(latencies, 0.99)),
  };
};
