import { expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { startIssuer } from '../support/issuer.ts';
import { palabre, type Running } from '../support/palabre.ts';
import { startReceiver } from '../support/receiver.ts';

const POSTS = 30;

test('events reach a webhook when the process that sends them is killed: none is lost, and what comes twice has the same id', {
  timeout: 180_000,
}, async () => {
  await using database = await freshDatabase();
  const [issuer, receiver] = await Promise.all([startIssuer(), startReceiver()]);
  const variables = {
    ...issuer.variables,
    DATABASE_URL: database.connectionString,
    PALABRE_MASTER_KEY: 'ab'.repeat(32),
    PORT: '0',
    PALABRE_WEBHOOKS_LOOPBACK: '1',
    PALABRE_WEBHOOK_RETRIES: Array.from({ length: 20 }, () => '50ms').join(),
  };
  const token = await issuer.sign({ sub: 'ann', name: 'ann', roles: ['member'] });
  const running: Running[] = [];
  const start = async () => {
    const one = palabre(['start'], variables);
    running.push(one);
    const [url = ''] = await one.until(/http:\/\/127\.0\.0\.1:\d+/);
    return { url, ...one };
  };
  const ask = async (url: string, query: string, input: object) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const { data } = (await response.json()) as { data: Record<string, { community?: { id: string } }> };
    return Object.values(data)[0];
  };

  try {
    // Whoever comes first has the lease.
    const sender = await start();
    const other = await start();
    const founded = await ask(
      other.url,
      'mutation ($input: FoundCommunityInput!) { foundCommunity(input: $input) { community { id } } }',
      { name: 'killed', slug: 'killed', visibility: 'PUBLIC' },
    );
    const communityId = founded?.community?.id;
    await ask(other.url, 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }', {
      url: receiver.url,
      types: ['PostPublished'],
      communityId,
    });

    const acknowledged = new Set<string>();
    receiver.answer = ({ event }, response, n) => {
      if (n === 10) sender.process.kill('SIGKILL');
      if (n % 3 === 0) return void response.destroy();
      response.writeHead(204).end();
      acknowledged.add(event.id);
    };
    for (let n = 0; n < POSTS; n++)
      await ask(other.url, 'mutation ($input: PublishPostInput!) { publishPost(input: $input) { post { id } } }', {
        communityId,
        kind: 'DISCUSSION',
        title: `Post ${n}`,
        body: 'Something',
      });
    await receiver.until(POSTS, () => acknowledged.size >= POSTS);
    expect((await sender.ended).code).toBeNull();
    const ids = new Map<string, Set<string>>();
    for (const { event, headers } of receiver.received)
      ids.set(event.id, (ids.get(event.id) ?? new Set()).add(headers['webhook-id'] ?? ''));
    expect(ids.size).toBe(POSTS);
    expect([...ids.values()].every((one) => one.size === 1)).toBe(true);
    expect(receiver.received.length).toBeGreaterThan(POSTS);
  } finally {
    for (const { process } of running) process.kill('SIGKILL');
    await Promise.all(running.map(({ ended }) => ended));
    await receiver.close();
    issuer.close();
  }
});
