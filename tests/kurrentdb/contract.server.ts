import { randomUUID } from 'node:crypto';
import { openKurrentLog } from '../../src/adapters/kurrentdb-log/index.ts';
import { readKurrentUrl } from '../../src/config/kurrentdb.ts';
import { eventLogContract } from '../adapters/event-log.contract.ts';
import { atLength } from '../support/at-length.ts';

eventLogContract(
  'the log on a real KurrentDB',
  async () => {
    const read = readKurrentUrl(process.env.TEST_KURRENTDB_URL ?? '', `test-${randomUUID().slice(0, 8)}`);
    if ('fault' in read) throw new Error(`TEST_KURRENTDB_URL ${read.fault}.`);
    const log = await openKurrentLog(read.settings);
    return { log, close: () => log.close() };
  },
  { seams: atLength(30, 500) },
);
