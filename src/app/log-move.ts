import type { Pool } from 'pg';
import { openKurrentCopying } from '../adapters/kurrentdb-log/copying.ts';
import { KurrentFault } from '../adapters/kurrentdb-log/index.ts';
import type { Logger } from '../adapters/log-lines.ts';
import { translatePlaces } from '../adapters/places.ts';
import { openPool } from '../adapters/postgres.ts';
import { postgresCopying } from '../adapters/postgres-log/copying.ts';
import { setFollowed, standingOf } from '../adapters/postgres-log/followed.ts';
import { inTransaction } from '../adapters/postgres-tables/transaction.ts';
import { KURRENT_SCHEMES } from '../config/kurrentdb.ts';
import { type Config, kurrentdbNamed } from '../config.ts';
import {
  type Comparison,
  CopyFault,
  type CopyProgress,
  type CopySource,
  type CopyTarget,
  compareLogs,
  copyLog,
} from '../core/log-copy.ts';
import { isSameLog, type LogIdentity } from '../core/position.ts';
import { createClosers } from './closers.ts';
import { openDatabase } from './database.ts';
import { Unusable } from './unusable.ts';

type Ends = {
  readonly from: string;
  readonly to: string;
  readonly logger: Logger;
  readonly signal?: AbortSignal;
  /** How long appends may still be on their way to a KurrentDB after it was closed to them; only tests know better. */
  readonly grace?: number;
};

export type Moved = LogIdentity & {
  readonly events: number;
  /** What is to be done now. */
  readonly next: string;
};

/** Moves the log from Postgres to a KurrentDB or back. What else a database holds, of the same log, is carried over with it. */
export const moveLog = (
  config: Config,
  { onProgress, signal, ...ends }: Ends & { onProgress: (progress: CopyProgress) => void },
): Promise<Moved> =>
  between(config, ends, async ({ source, target, postgres, kurrent, toKurrent }) => {
    const { followed } = await standingOf(postgres.pool);
    if (toKurrent && followed && (await kurrent.state())?.state !== 'filling')
      throw new CopyFault(
        `The log of this database was moved already: it stands on a KurrentDB as incarnation ${followed.incarnation}.`,
      );
    const identity = { logId: source.identity.logId, incarnation: source.identity.incarnation + 1 };
    const events = await copyLog({
      ...{ source, target, onProgress },
      ...(signal && { signal }),
      moveOver: async (moved, places) => {
        await inTransaction(postgres.pool, async (client) => {
          if (await isMoved(client, moved)) return;
          await translatePlaces(client, places());
          if (toKurrent) await setFollowed(client, moved);
          else await postgres.log.open(client, moved);
        });
        if (toKurrent) await kurrent.target.open(moved);
      },
    });
    return { ...identity, events, next: toKurrent ? TO_KURRENT : TO_POSTGRES };
  });

const TO_KURRENT =
  'Start every server with KURRENTDB_URL now, beside DATABASE_URL: the database still holds keys, read models and all the rest. ' +
  'Its own copy of the log takes no more appends; keep it until you have a backup of both.';
const TO_POSTGRES = 'Start every server without KURRENTDB_URL now. The log on the KurrentDB takes no more appends.';

/** Compares two logs, wherever they stand. */
export const verifyLogs = (
  config: Config,
  { onEvents, signal, ...ends }: Ends & { onEvents: (events: number) => void },
): Promise<Comparison> =>
  between(config, ends, ({ source, target }) => compareLogs(source, target, { onEvents, ...(signal && { signal }) }));

type Sides = {
  readonly source: CopySource;
  readonly target: CopyTarget;
  readonly postgres: { readonly pool: Pool; readonly log: ReturnType<typeof postgresCopying> };
  readonly kurrent: Awaited<ReturnType<typeof openKurrentCopying>>;
  readonly toKurrent: boolean;
};

const isKurrent = (url: string) => KURRENT_SCHEMES.test(url);
const isPostgres = (url: string) => url === 'embedded' || /^postgres(ql)?:\/\//.test(url);

const between = async <R>(
  config: Config,
  { from, to, logger, grace }: Ends,
  work: (sides: Sides) => Promise<R>,
): Promise<R> => {
  const [postgresUrl, kurrentUrl] = isKurrent(from) ? [to, from] : [from, to];
  if (!isPostgres(postgresUrl) || !isKurrent(kurrentUrl))
    throw new Unusable(
      'A log is moved between a Postgres and a KurrentDB: one of --from and --to is postgres://… (or `embedded`, the database of ' +
        'PALABRE_DATA_DIR), the other kurrentdb://….',
    );
  const closers = createClosers();
  try {
    const settings = kurrentdbNamed(kurrentUrl);
    const databaseUrl = postgresUrl === 'embedded' ? null : postgresUrl;
    const { database, close } = await openDatabase({ ...config, databaseUrl }, logger);
    closers.add('The database', close);
    const pool = openPool(database, { name: 'log copy', max: 3 });
    closers.add('The connections', () => pool.end());
    const kurrent = await openKurrentCopying({ ...settings, logger, ...(grace !== undefined && { grace }) });
    closers.add('The KurrentDB', kurrent.close);
    const log = postgresCopying(pool, databaseUrl ? 'The Postgres database' : 'The embedded database');
    const toKurrent = isKurrent(to);
    const source = toKurrent ? await log.source() : await kurrent.source();
    const target = toKurrent ? kurrent.target : log.target;
    return await work({ source, target, postgres: { pool, log }, kurrent, toKurrent });
  } catch (error) {
    throw error instanceof CopyFault || error instanceof KurrentFault ? new Unusable(error.message, error) : error;
  } finally {
    await closers.close();
  }
};

/** Whether a copy that was killed had moved over already. */
const isMoved = async (client: Parameters<typeof standingOf>[0], moved: LogIdentity) => {
  const { followed } = await standingOf(client);
  return followed !== null && isSameLog(followed, moved);
};
