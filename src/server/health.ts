import type { App } from '../app.ts';
import { LogUnavailable } from '../core/outage.ts';
import type { ProcessStatus } from '../core/processes.ts';
import type { ProjectionStatus } from '../core/read-models.ts';
import type { Progress } from '../core/rebuild.ts';
import { standsStill } from '../core/status.ts';

/** How one projection stands. */
export type ProjectionHealth = Pick<ProjectionStatus, 'name' | 'state' | 'lagEvents' | 'lagSeconds' | 'fault'> & {
  /** Whether it lags no more than it may (limit LAG_MS). */
  readonly isWithinBudget: boolean;
};

/** How one process stands. */
export type ProcessHealth = Pick<ProcessStatus, 'name' | 'state' | 'lagEvents' | 'nextTimerAt' | 'fault'>;

/** How far a build is; `total` and `etaSeconds` are null where the log cannot tell. */
export type BuildingHealth = Pick<
  Progress,
  'projections' | 'phase' | 'events' | 'total' | 'eventsPerSecond' | 'etaSeconds'
>;

export type Health = {
  /** False: do not send requests here. */
  readonly ready: boolean;
  /** False: the last append was refused, and `reason` says why. Reads go on. */
  readonly writable: boolean;
  readonly reason?: string;
  /** How the read models that are being built stand; missing when none is. */
  readonly building?: BuildingHealth;
  readonly projections: readonly ProjectionHealth[];
  readonly processes: readonly ProcessHealth[];
};

/**
 * Ready when the log answers and every read model can be read, in the version that this program knows. One that stands still or lags is named, but is no reason to send
 * requests away: the others go on, here as everywhere.
 */
export const healthOf = async (app: App): Promise<Health> => {
  const { config } = app;
  const [standings, acting] = await Promise.all([app.readModels.status(), app.processes.status()]);
  const projections = standings.map(({ name, state, lagEvents, lagSeconds, fault }) => ({
    name,
    state,
    lagEvents,
    lagSeconds: Math.round(lagSeconds * 1_000) / 1_000,
    fault,
    isWithinBudget: lagSeconds * 1_000 <= config.edge.limits.LAG_MS,
  }));
  const namesOf = (wanted: string) => projections.filter(({ state }) => state === wanted).map(({ name }) => name);
  const building = namesOf('building');
  const progress = app.readModels.building();
  const superseded = projections.filter(({ state }) => state === 'superseded');
  const late = projections.filter((one) => !standsStill(one) && !one.isWithinBudget);
  const processes = acting.map(({ name, state, lagEvents, nextTimerAt, fault }) => ({
    name,
    state,
    lagEvents,
    nextTimerAt,
    fault,
  }));
  const halted = [
    ...namesOf('halted'),
    ...processes.flatMap(({ name, fault }) => (fault ? `the process ${name}` : [])),
  ];
  const whyReadOnly = app.log.whyReadOnly();
  const reason = [
    ...(whyReadOnly ? [whyReadOnly] : []),
    ...(building.length > 0 ? [`Not built yet: ${building.join(', ')}.`] : []),
    ...(app.readModels.isServing() || building.length > 0 ? [] : ['The server is starting.']),
    ...superseded.flatMap(({ fault }) => fault ?? []),
    ...(halted.length > 0 ? [`Standing still: ${halted.join(', ')}.`] : []),
    ...(late.length > 0 ? [`Lagging: ${late.map(({ name }) => name).join(', ')}.`] : []),
  ].join(' ');
  return {
    ready: app.readModels.isServing() && building.length + superseded.length === 0,
    writable: whyReadOnly === null,
    ...(reason ? { reason } : {}),
    ...(progress ? { building: progress } : {}),
    projections,
    processes,
  };
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
  } catch (error) {
    const reason = error instanceof LogUnavailable ? error.message : 'The database gives no answer.';
    return { status: 503, body: { status: 'not ready', reason } };
  }
};
