import { main } from './cli/main.ts';

// Whoever reads our output may leave when they have seen enough: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Nothing is left to wait for, and nothing may keep a finished process alive.
process.exit(await main(process.argv.slice(2)));
