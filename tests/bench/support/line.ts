import { cpus, totalmem } from 'node:os';
import pg from 'pg';

const GIGABYTE = 1024 ** 3;

/** Prints the one line of a bench: its figures, and the machine that they were measured on. */
export const printLine = async (bench: string, connectionString: string, figures: object): Promise<void> => {
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model.trim(),
    memoryGb: Math.round(totalmem() / GIGABYTE),
    node: process.versions.node,
    postgres: await postgresVersion(connectionString),
  };
  process.stdout.write(`${JSON.stringify({ bench, ...figures, machine })}\n`);
};

/** Progress is for people who wait; figures alone go to stdout. */
export const say = (text: string) => process.stderr.write(`${text}\n`);

const postgresVersion = async (connectionString: string): Promise<string> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
    return rows[0]?.version.split(' ')[0] ?? 'unknown';
  } finally {
    await client.end();
  }
};
