import { openMemoryLog } from '../../src/adapters/memory-log.ts';
import { eventLogContract } from './event-log.contract.ts';

eventLogContract('the log in memory', async () => {
  const log = await openMemoryLog();
  return { log, close: () => log.close() };
});
