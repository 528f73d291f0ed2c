import { setTimeout as sleep } from 'node:timers/promises';
import { globalId } from '../../schema/global-id.ts';
import { follow, foundCommunity, publishUntil } from './clients.ts';
import { type Deployment, deploy } from './deployment.ts';
import { type History, type LogEntry, violations } from './history.ts';

export type Verdict = {
  readonly history: History;
  readonly violations: readonly string[];
  readonly kills: Kills;
};

/** How often each victim was killed; `recovery` counts the kills that met somebody who had just been killed. */
export type Kills = Readonly<Record<Victim | 'recovery', number>>;

export type Round = {
  readonly round: number;
  readonly victim: Victim;
  readonly inRecovery: boolean;
  readonly acknowledged: number;
  /** From the kill to the first answer after it, in milliseconds. */
  readonly away: number;
};

const WRITERS = 12;
const SUBSCRIBERS = 2;
/** How long a subscriber may take to get what it has not yet, when nothing is killed any more. */
const LAST_WAIT = 120_000;
/** How often the kill is followed by another one while the victim comes back. */
const AGAIN = 0.2;

const victims = {
  server: ({ killServer }: Deployment) => killServer(),
  database: ({ killDatabase }: Deployment) => killDatabase(),
  both: async ({ killDatabase, killServer }: Deployment) => {
    await Promise.all([killDatabase(), killServer()]);
  },
};
export type Victim = keyof typeof victims;
const names = Object.keys(victims) as Victim[];

/**
 * Real clients publish and follow over HTTP while the server, the database, or both are killed with SIGKILL, `rounds` times at
 * random moments. Answers the whole history and the laws that it breaks. A server whose database was killed is left alone: it
 * has to find its database again.
 */
export const killAtRandom = async (
  rounds: number,
  { random = Math.random, onRound = (_: Round) => {} } = {},
): Promise<Verdict> => {
  const deployment = await deploy();
  try {
    const communityId = await foundCommunity(deployment, 'under-fire');
    const stop = new AbortController();
    let acknowledged = 0;
    const onAcknowledged = () => void acknowledged++;
    const writing = Array.from({ length: WRITERS }, (_, n) =>
      publishUntil(deployment, communityId, `writer-${n}`, { stopped: stop.signal, onAcknowledged }),
    );
    let total = Number.POSITIVE_INFINITY;
    let giveUp = Number.POSITIVE_INFINITY;
    // Whoever misses something waits for it in vain: in the end that is told, not waited for.
    const enough = () => (Date.now() > giveUp ? 0 : total);
    const start = await firstCursor(deployment);
    const following = Array.from({ length: SUBSCRIBERS }, () => follow(deployment, communityId, start, enough));
    const answered = async (more: number) => {
      for (const aim = acknowledged + more; acknowledged < aim; ) {
        await deployment.start();
        await sleep(50);
      }
    };

    const kills: Record<Victim | 'recovery', number> = { server: 0, database: 0, both: 0, recovery: 0 };
    for (let round = 0; round < rounds; round++) {
      // Under load, and at a random moment of it.
      await answered(WRITERS);
      await sleep(random() * 700);
      const victim = names[round < names.length ? round : Math.floor(random() * names.length)] ?? 'both';
      const inRecovery = random() < AGAIN;
      const killed = performance.now();
      await victims[victim](deployment);
      deployment.launch();
      if (inRecovery) {
        await sleep(random() * 2_000);
        await victims[victim](deployment);
      }
      await answered(1);
      kills[victim]++;
      if (inRecovery) kills.recovery++;
      onRound({ round, victim, inRecovery, acknowledged, away: Math.round(performance.now() - killed) });
    }
    await answered(WRITERS);
    stop.abort();
    const publications = (await Promise.all(writing)).flat();
    const log = await publicationsIn(deployment);
    total = log.length;
    giveUp = Date.now() + LAST_WAIT;
    const readings = (await Promise.all(following)).map((postIds, n) => ({ subscriber: `subscriber ${n}`, postIds }));
    const history = { publications, log, readings };
    return { history, violations: [...violations(history), ...(await unproven(deployment))], kills };
  } finally {
    await deployment.remove();
  }
};

/** Live = rebuilt, whatever was killed in between. */
const unproven = async ({ run }: Deployment): Promise<string[]> =>
  run('projections', 'verify').then(
    () => [],
    ({ stdout, stderr }) => [`A read model is not what the log makes of it: ${stdout}${stderr}`],
  );

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
