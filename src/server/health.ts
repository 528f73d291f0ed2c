/** How one projection stands. */
export type ProjectionHealth = {
  readonly name: string;
  readonly state: 'running' | 'behind' | 'rebuilding' | 'halted' | 'stopped';
  /** Events between the log's head and its checkpoint. */
  readonly lag: number;
  /** The event at which it halted, and why. */
  readonly fault?: string;
};

export type Health = {
  /** False: do not send requests here. */
  readonly ready: boolean;
  readonly reason?: string;
  readonly head: number;
  readonly projections: readonly ProjectionHealth[];
};

/** Answers a health path with a status and JSON; undefined for other paths. */
export const answerHealth = async (
  path: string,
  look: () => Promise<Health>,
): Promise<{ readonly status: number; readonly body: object } | undefined> => {
  if (path === '/health/live') return { status: 200, body: { status: 'live' } };
  if (path !== '/health/ready' && path !== '/health') return undefined;
  try {
    const { ready, ...rest } = await look();
    return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not ready', ...rest } };
  } catch {
    return { status: 503, body: { status: 'not ready', reason: 'The database gives no answer.' } };
  }
};
