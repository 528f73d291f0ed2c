import { once } from 'node:events';
import { openPostgresLog } from '../../../src/adapters/postgres-log/index.ts';
import { openPostgresTables } from '../../../src/adapters/postgres-tables/index.ts';
import { createReadModels } from '../../../src/core/read-models.ts';
import type { TableStore } from '../../../src/core/table-store.ts';
import { ledger, read } from './ledger.ts';

/**
 * A process of its own that leads the ledger, or rebuilds it once, and says what it does, a line of JSON each. It may live in
 * another time: `clock` is by how many milliseconds its clock is wrong.
 */
const [connectionString = '', task = 'lead', clock = '0'] = process.argv.slice(2);
const { now } = Date;
Date.now = () => now() + Number(clock);

// A leader holds its first batch in hand until it was stopped and wakes up again.
let woken: Promise<unknown> = task === 'lead' ? once(process, 'SIGCONT') : Promise.resolve();

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const log = await openPostgresLog({ connectionString });
const tables = openPostgresTables({ connectionString });
const store: TableStore = {
  ...tables,
  apply: async (advance, projection) => {
    const { from, to } = advance;
    say({ applying: Number(to.position) });
    await woken;
    woken = Promise.resolve();
    const answer = await tables.apply(advance, projection);
    say({ applied: Number(to.position), from: Number(from.position), answer });
    return answer;
  },
};
const models = createReadModels({ log, store, projections: [ledger()], read, leases: { seconds: 1, askEvery: 50 } });
if (task === 'lead') {
  await models.run();
  say({ leading: true });
} else {
  await models.follow();
  say({ building: true });
  const failures = await models.rebuild(['ledger'], { onProgress: ({ phase }) => say({ phase }) });
  say({ built: failures.size === 0 });
  await models.stop();
  await tables.close();
  await log.close();
}
