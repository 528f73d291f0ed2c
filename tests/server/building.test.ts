import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { openLogLines } from '../../src/adapters/log-lines.ts';
import { openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { openServer } from '../../src/server.ts';
import { freshDatabase } from '../support/database.ts';
import { startIssuer } from '../support/issuer.ts';

test('a server that builds its read models is live, not ready, and tells how far it is', {
  timeout: 60_000,
}, async () => {
  await using database = await freshDatabase();
  const issuer = await startIssuer();
  const config = loadConfig({
    ...issuer.variables,
    DATABASE_URL: database.connectionString,
    PALABRE_MASTER_KEY: 'ab'.repeat(32),
    PORT: '0',
  });
  const logger = openLogLines({ level: 'silent', readable: false });
  const app = await openApp(config, { projections: 'none', logger });
  const server = await openServer(app);
  const operator = new pg.Client({ connectionString: database.connectionString });
  await operator.connect();
  const health = async (path = '/health/ready') => {
    const response = await fetch(`${server.url}${path}`);
    return { code: response.status, ...((await response.json()) as Record<string, unknown>) };
  };
  try {
    await app.people.enrol('iss ann', { iss: 'iss', sub: 'ann', name: 'Ann' });
    expect(await health('/health/live')).toMatchObject({ code: 200 });
    expect(await health()).toMatchObject({
      code: 503,
      status: 'not ready',
      reason: expect.stringContaining('Not built'),
    });
    const asked = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await issuer.sign({ sub: 'ann', name: 'Ann', roles: ['member'] }, '10m')}`,
      },
      body: JSON.stringify({ query: '{ communities { nodes { slug } } }' }),
    });
    expect(await asked.json()).toMatchObject({ errors: [{ extensions: { code: 'STALE_READ' } }] });

    // Nothing can be served while somebody holds the pointers.
    await operator.query('begin');
    await operator.query('lock table palabre_projections.pointers in exclusive mode');
    const run = app.run();
    await vi.waitFor(
      async () => {
        expect(await health()).toMatchObject({
          code: 503,
          building: { phase: 'catching up', projections: [expect.any(String)] },
        });
      },
      { timeout: 20_000, interval: 50 },
    );
    await operator.query('rollback');
    await run;
    expect(await health()).toMatchObject({ code: 200, status: 'ready' });
    expect(await health()).not.toHaveProperty('building');
  } finally {
    await operator.end();
    await server.close();
    await app.close();
    issuer.close();
  }
});
