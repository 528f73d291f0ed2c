import { setTimeout as sleep } from 'node:timers/promises';
import { globalId } from '../../schema/global-id.ts';
import { follow, foundCommunity, publishUntil } from './clients.ts';
import { type Deployment, deploy } from './deployment.ts';
import { type History, type LogEntry, violations } from './history.ts';

export type Verdict = {
  readonly history: History;
  readonly violations: readonly string[];
  readonly kills: Readonly<Record<string, number>>;
};

const WRITERS = 12;
const SUBSCRIBERS = 2;

const victims = {
  server: async ({ killServer }: Deployment) => killServer(),
  database: async ({ killDatabase }: Deployment) => killDatabase(),
  both: async ({ killDatabase, killServer }: Deployment) => {
    await Promise.all([killDatabase(), killServer()]);
  },
};
export type Victim = keyof typeof victims;

/**
 * Real clients publish and follow over HTTP while the server, the database, or both are killed with SIGKILL, `rounds` times at
 * random moments. Answers the whole history and the laws that it breaks.
 */
export const killAtRandom = async (
  rounds: number,
  { random = Math.random, onRound = (_: number, __: Victim) => {} } = {},
): Promise<Verdict> => {
  const deployment = await deploy();
  try {
    const communityId = await foundCommunity(deployment, 'under-fire');
    const stop = new AbortController();
    const writing = Array.from({ length: WRITERS }, (_, n) =>
      publishUntil(deployment, communityId, `writer-${n}`, stop.signal),
    );
    let total = Number.POSITIVE_INFINITY;
    const start = await firstCursor(deployment);
    const following = Array.from({ length: SUBSCRIBERS }, () => follow(deployment, communityId, start, () => total));

    const kills: Record<Victim, number> = { server: 0, database: 0, both: 0 };
    const names = Object.keys(victims) as Victim[];
    for (let round = 0; round < rounds; round++) {
      await sleep(200 + random() * 1_300);
      const victim = round < names.length ? names[round] : names[Math.floor(random() * names.length)];
      if (!victim) continue;
      await victims[victim](deployment);
      // A server whose database was killed may recover by itself or end; both are started anew here.
      await deployment.killServer();
      await deployment.start();
      kills[victim]++;
      onRound(round, victim);
    }
    await sleep(500);
    stop.abort();
    const publications = (await Promise.all(writing)).flat();
    const log = await publicationsIn(deployment);
    total = log.length;
    const readings = (await Promise.all(following)).map((postIds, n) => ({ subscriber: `subscriber ${n}`, postIds }));
    const history = { publications, log, readings };
    return { history, violations: violations(history), kills };
  } finally {
    await deployment.remove();
  }
};

type ExportedEvent = {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
};

const exported = async (deployment: Deployment, ...options: string[]): Promise<ExportedEvent[]> =>
  (await deployment.run('events', 'export', ...options))
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

const firstCursor = async (deployment: Deployment) => (await exported(deployment))[0]?.position ?? null;

const publicationsIn = async (deployment: Deployment): Promise<LogEntry[]> =>
  (await exported(deployment, '--types', 'PostPublished')).map(({ stream, revision }) => ({
    stream,
    revision,
    postId: globalId('Post', stream.slice('post-'.length)),
  }));
