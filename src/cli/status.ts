import { defineCommand } from 'citty';
import { encodeCursor } from '../core/position.ts';
import { standsStill } from '../core/status.ts';
import { processTable, projectionTable } from './projections.ts';
import { withApp } from './with-app.ts';

export const statusCommand = defineCommand({
  meta: { description: 'The database, the end of the log, and how far the read models are' },
  run: () =>
    withApp({ projections: 'follow', masterKey: 'spared' }, async ({ config, log, readModels, processes }) => {
      const head = await log.head();
      const standings = await readModels.status();
      const acting = await processes.status();
      const database = config.databaseUrl
        ? 'your own Postgres (DATABASE_URL)'
        : `embedded Postgres in ${config.dataDir}`;
      process.stdout.write(
        [
          `Database     ${database}`,
          `Log          ${log.identity.logId}, incarnation ${log.identity.incarnation}`,
          ...(config.kurrentdb ? [`Stands on    KurrentDB at ${config.kurrentdb.address} (KURRENTDB_URL)`] : []),
          ...(log.capabilities.densePositions ? [`Events       ${head.position}`] : []),
          `Head         ${encodeCursor(log.identity, head)}`,
          '',
          projectionTable(standings) + processTable(acting),
        ].join('\n'),
      );
      return [...standings, ...acting].some(standsStill) ? 1 : 0;
    }),
});
