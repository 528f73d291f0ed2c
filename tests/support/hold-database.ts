import { once } from 'node:events';
import { startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/index.ts';

// A process of its own that holds the embedded database of the folder it is given, until it reads a line.
const [dataDir = ''] = process.argv.slice(2);
const postgres = await startEmbeddedPostgres({ dataDir });
process.stdout.write(`${postgres.connectionString}\n`);
await once(process.stdin, 'data');
await postgres.stop();
process.stdout.write('stopped\n');
process.stdin.destroy();
