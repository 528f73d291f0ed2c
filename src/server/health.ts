import type { App } from '../app.ts';
import type { ProjectionStatus } from '../core/read-models.ts';

/** How one projection stands. */
export type ProjectionHealth = Pick<ProjectionStatus, 'name' | 'state' | 'lagEvents' | 'lagSeconds' | 'fault'>;

export type Health = {
  /** False: do not send requests here. */
  readonly ready: boolean;
  readonly reason?: string;
  readonly projections: readonly ProjectionHealth[];
};

/**
 * Ready when the log answers and every read model can be read. One that stands still is named, but is no reason to send
 * requests away: the others go on, here as everywhere.
 */
export const healthOf = async ({ readModels }: App): Promise<Health> => {
  const projections = (await readModels.status()).map(({ name, state, lagEvents, lagSeconds, fault }) => ({
    name,
    state,
    lagEvents,
    lagSeconds: Math.round(lagSeconds * 1_000) / 1_000,
    fault,
  }));
  const namesOf = (wanted: string) => projections.filter(({ state }) => state === wanted).map(({ name }) => name);
  const building = namesOf('building');
  const halted = namesOf('halted');
  const reason = [
    ...(building.length > 0 ? [`Not built yet: ${building.join(', ')}.`] : []),
    ...(halted.length > 0 ? [`Standing still: ${halted.join(', ')}.`] : []),
  ].join(' ');
  return { ready: building.length === 0, ...(reason ? { reason } : {}), projections };
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
