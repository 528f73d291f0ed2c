import { migrate } from '../../../../src/adapters/migrate.ts';
import { openPostgresLog } from '../../../../src/adapters/postgres-log/index.ts';
import type { EventMetadata } from '../../../../src/core/event.ts';
import { START } from '../../../../src/core/position.ts';
import type { Store } from '../store.ts';

export const open = async (connectionString: string): Promise<Store> => {
  await migrate({ connectionString });
  const log = await openPostgresLog({ connectionString });
  return {
    append: async ({ id, type, data, metadata }) => {
      const events = [{ id, type, version: 1, data, metadata: metadata as EventMetadata }];
      const [outcome] = await log.append([
        { commandId: id, inputHash: 'bench', stream: `post-${id}`, expected: 'none', events },
      ]);
      if (outcome?.status !== 'appended') throw new Error(`Not appended: ${JSON.stringify(outcome)}`);
    },
    follow: async (onEvent) => {
      const stopping = new AbortController();
      const ended = (async () => {
        for await (const { events } of log.subscribe({ after: START, signal: stopping.signal }))
          for (const { id } of events) onEvent(id);
      })();
      return {
        stop: () => {
          stopping.abort();
          return ended;
        },
      };
    },
    stored: async () => {
      const ids: string[] = [];
      for (let [after, caughtUp] = [START, false]; !caughtUp; ) {
        const batch = await log.readAll({ after, limit: 10_000 });
        ids.push(...batch.events.map(({ id }) => id));
        ({ cursor: after, caughtUp } = batch);
      }
      return ids;
    },
    close: () => log.close(),
  };
};
