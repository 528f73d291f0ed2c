import { defineCommand } from 'citty';
import { openProgress } from './progress.ts';
import { withApp } from './with-app.ts';

export const upgradeCommand = defineCommand({
  meta: {
    description:
      'Bring the database up to date and build the read models of this version beside those of a running older server',
  },
  run: () =>
    withApp({ projections: 'none', masterKey: 'spared' }, async ({ readModels }, signal) => {
      const display = openProgress('Building the read models');
      try {
        const { built, failures } = await readModels.upgrade({ signal, onProgress: display.show });
        for (const name of built) process.stdout.write(`${name}  built\n`);
        for (const [name, { message }] of failures) process.stdout.write(`${name}  failed: ${message}\n`);
        if (built.length + failures.size === 0)
          process.stdout.write('Every read model is served in this version already.\n');
        return failures.size > 0 ? 1 : 0;
      } finally {
        display.close();
      }
    }),
});
