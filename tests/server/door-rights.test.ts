import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { doors, type Said } from '../support/doors.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { type Answer, type Asker, openService, type Service } from '../support/service.ts';
import { eventually, first, found, publish, subjects } from '../support/webhooks.ts';

// Who comes through which door: root fields, one by one, are in ../schema/rights.test.ts.

let service: Service;
let receiver: Receiver;
let ann: Asker;
/** A private community of Ann's, and one that everybody sees. */
let hidden: string;
let open: string;

beforeAll(async () => {
  service = await openService({ PALABRE_LIMITS: 'off', PALABRE_WEBHOOKS_LOOPBACK: '1' });
  receiver = await startReceiver();
  ann = await service.as('ann');
  hidden = await found(ann, 'PRIVATE');
  open = await found(ann);
  // A member of another private community.
  await found(await service.as('olga'), 'PRIVATE');
});
afterAll(async () => {
  await receiver.close();
  await service.close();
});

type Outcome = { readonly code: string | null; readonly told: readonly (string | null)[] };

const CREATE = `mutation ($input: CreateWebhookInput!) {
  createWebhook(input: $input) { webhook { id } errors { code } }
}`;
const READ = 'query ($id: ID!) { node(id: $id) { ... on Community { posts { nodes { id } } } } }';

const refusalIn = ({ errors }: Answer<unknown>) => errors?.[0]?.extensions.code ?? null;

/** What somebody hears of the hidden community, and then of the open one, behind each door. */
const outcomes: Readonly<Record<string, (token: string) => Promise<Outcome>>> = {
  'a query': async (token) => {
    const answer = await service.bearing(token).query(READ, { id: hidden });
    const { node } = (answer.data ?? {}) as { node?: { posts: { nodes: { id: string }[] } } | null };
    return { code: refusalIn(answer), told: node?.posts.nodes.map(({ id }) => id) ?? [] };
  },
  ...Object.fromEntries(
    doors.map(([name, follow]) => [
      name,
      async (token: string): Promise<Outcome> => {
        await using door = follow(service, token, { communityId: hidden });
        const said: Said[] = [await door.next()];
        if (said[0]?.is === 'mark') {
          const last = await publishBoth();
          while (!said.some(({ is, id }) => is === 'end' || id === last.hidden || id === last.open))
            said.push(await door.next());
        }
        const told = said.filter(({ is }) => is === 'thing').map(({ id }) => nameOf(id));
        return { code: said.find(({ is }) => is === 'end')?.code ?? null, told };
      },
    ]),
  ),
  'a webhook of the community': (token) => hook(token, { communityId: hidden }),
  'a webhook of everything': (token) => hook(token, {}),
};

const names = new Map<string, string>();
const nameOf = (id: string | null | undefined) => names.get(id ?? '') ?? null;

const publishBoth = async () => {
  const ids = { hidden: await publish(ann, hidden), open: await publish(ann, open) };
  names.set(ids.hidden, 'hidden').set(ids.open, 'open');
  return ids;
};

const hook = async (token: string, narrower: object): Promise<Outcome> => {
  const input = { url: receiver.url, types: ['PostPublished'], ...narrower };
  const answer = await service.bearing(token).query(CREATE, { input });
  const { createWebhook: made } = (answer.data ?? {}) as {
    createWebhook?: { webhook: { id: string } | null; errors: { code: string }[] } | null;
  };
  const code = refusalIn(answer) ?? made?.errors[0]?.code ?? null;
  if (code !== null) return { code, told: [] };
  const from = receiver.received.length;
  const { hidden: secret, open: last } = await publishBoth();
  const end = 'communityId' in narrower ? secret : last;
  const heard = await eventually(
    async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return subjects(receiver.received.slice(from));
    },
    (ids) => ids.includes(end),
  );
  await first(
    service.bearing(token),
    'mutation ($id: ID!) { deleteWebhook(input: { webhookId: $id }) { errors { code } } }',
    {
      id: made?.webhook?.id,
    },
  );
  return { code: null, told: [...new Set(heard.map(nameOf))].sort() };
};

describe.each(Object.keys(outcomes))('%s', (door) => {
  const outcome = async (token: string) => (outcomes[door] ?? expect.fail(`There is no door ${door}.`))(token);

  test.each([
    ['no token', ''],
    ['a token that proves nothing', 'a.b.c'],
    ['a machine key that nobody was given', `pal_${'x'.repeat(43)}`],
  ])('is closed to %s', async (_, token) => {
    expect(await outcome(token)).toEqual({ code: 'UNAUTHENTICATED', told: [] });
  });

  test('is closed to a token that is for something else', async () => {
    const token = await service.token('ann', { scope: 'figures:read keys:admin' });
    expect(await outcome(token)).toMatchObject({ code: 'FORBIDDEN', told: [] });
  });

  test('tells a member of another community nothing of this one, as if it were not there', async () => {
    const { code, told } = await outcome(await service.token('olga'));
    expect(told).not.toContain('hidden');
    const refused = { 'GraphQL over SSE': 'NOT_FOUND', 'GraphQL over WebSocket': 'NOT_FOUND' } as const;
    const unknown = door === 'a webhook of the community' ? 'COMMUNITY_NOT_FOUND' : null;
    expect(code).toBe(refused[door as keyof typeof refused] ?? unknown);
    if (door === '/events' || door === 'a webhook of everything') expect(told).toEqual(['open']);
  });

  test('is open to the members of the community', async () => {
    const { code, told } = await outcome(await service.token('ann'));
    expect(code).toBeNull();
    if (door !== 'a query') expect(told[0]).toBe('hidden');
  });
});
