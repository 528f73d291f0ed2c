import pg from 'pg';
import { deploy } from './support/deployment.ts';
import { printLine, say } from './support/line.ts';
import { assertTrue, median, rounded } from './support/measures.ts';
import { fillOrganisation, type Plan } from './support/organisation.ts';

// All read models from zero, swapped and served, next to one connection that reads the same rows of the log and does nothing with
// them. What was built must equal what was followed.

const PLAN: Plan = {
  communities: 40,
  members: 1_500,
  memberships: 3,
  postsEach: 215,
  yardstickPosts: 215,
  commentsPerPost: 3,
  reactionsPerPost: 2,
};
const ROUNDS = 5;
const PAGE = 5_000;
const REACH = 30_000;

await using deployment = await deploy();

await deployment.withApp(async (app) => {
  const events = await fillOrganisation(app, PLAN);
  const { names } = app.readModels;
  await app.readModels.run();
  const head = await app.log.head();
  assertTrue(
    (await app.readModels.waitFor(names, head, { timeoutMs: 60_000 })) === 'reached',
    'The read models are not level.',
  );
  say(`rebuild: ${events} events are stored and projected`);

  const reader = new pg.Client({ connectionString: deployment.connectionString });
  await reader.connect();
  const bytes = Number(
    (await reader.query('select sum(length(data::text) + length(meta::text)) as bytes from palabre_log.log')).rows[0]
      .bytes,
  );

  const [reads, rebuilds]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    assertTrue((await readRows(reader)) === events, 'The plain read missed events.');
    reads.push(events / ((performance.now() - began) / 1_000));
    const rebuilding = performance.now();
    assertTrue((await app.readModels.rebuild(names)).size === 0, 'A read model could not be rebuilt.');
    rebuilds.push(events / ((performance.now() - rebuilding) / 1_000));
    say(
      `rebuild: round ${round + 1}: ${Math.round(reads.at(-1) ?? 0)}/s read, ${Math.round(rebuilds.at(-1) ?? 0)}/s rebuilt`,
    );
  }
  await reader.end();
  const verifying = performance.now();
  for (const { projection, equal } of await app.readModels.verify(names))
    assertTrue(equal, `${projection} differs from the log.`);

  const [rebuilt, read] = [median(rebuilds), median(reads)];
  await printLine('rebuild', deployment.connectionString, {
    events,
    megabytes: rounded(bytes / 1e6, 1),
    projections: names.length,
    eventsPerSecond: Math.round(rebuilt),
    plainReadPerSecond: Math.round(read),
    shareOfPlainRead: rounded(rebuilt / read),
    verifySeconds: rounded((performance.now() - verifying) / 1_000),
    reach: REACH,
    reached: rebuilt >= REACH,
  });
});

async function readRows(client: pg.Client): Promise<number> {
  let [after, count] = ['0', 0];
  for (;;) {
    const { rows } = await client.query<string[]>({
      name: 'plain-read',
      text: `select position, event_id, type, stream, revision, version, recorded_at, data, meta
               from palabre_log.log where position > $1 order by position limit ${PAGE}`,
      values: [after],
      rowMode: 'array',
      types: { getTypeParser: () => String },
    });
    count += rows.length;
    after = rows.at(-1)?.[0] ?? after;
    if (rows.length < PAGE) return count;
  }
}
