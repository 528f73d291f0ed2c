import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { type Asker, openService, type Service } from '../support/service.ts';
import {
  act,
  create,
  deliveriesOf,
  first,
  found,
  HASTY_WEBHOOKS,
  made,
  publish,
  show,
  subjects,
} from '../support/webhooks.ts';

let service: Service;
let ann: Asker;
let bob: Asker;
let receiver: Receiver;

beforeAll(async () => {
  service = await openService({ PALABRE_LIMITS: 'off', ...HASTY_WEBHOOKS });
  [ann, bob] = await Promise.all([service.as('ann'), service.as('bob')]);
});
afterAll(() => service.close());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const isIn = async (communityId: string) => {
  const { id } = await first<{ id: string }>(bob, '{ viewer { id } }');
  await first(ann, 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { errors { code } } }', {
    input: { communityId, memberId: id },
  });
  await first(bob, 'mutation ($input: JoinCommunityInput!) { joinCommunity(input: $input) { errors { code } } }', {
    input: { communityId },
  });
};
const leave = (communityId: string) =>
  first(bob, 'mutation ($input: LeaveCommunityInput!) { leaveCommunity(input: $input) { errors { code } } }', {
    input: { communityId },
  });

test('rights are those of the moment: what was waiting is withheld from whoever has left', async () => {
  const communityId = await found(ann, 'PRIVATE');
  const open = await found(ann);
  await isIn(communityId);
  const { id } = await made(bob, { url: receiver.url, types: ['PostPublished'] });
  const seen = await publish(ann, communityId);
  expect(subjects(await receiver.until(1))).toEqual([seen]);

  receiver.answer = (_, response) => void response.writeHead(503, { 'retry-after': '1' }).end();
  await publish(ann, communityId);
  await receiver.until(2);
  await leave(communityId);
  await publish(ann, communityId);
  receiver.answer = (_, response) => void response.writeHead(204).end();
  const last = await publish(ann, open);
  await receiver.until(1, ({ event }) => (event.data as { postId?: string }).postId === last);
  const all = await deliveriesOf(bob, id, (nodes) => nodes.every(({ state }) => state !== 'PENDING'));
  expect(all.map(({ state }) => state)).toEqual(['DELIVERED', 'WITHHELD', 'DELIVERED']);
  expect(receiver.received).toHaveLength(3);
});

test('an admin who is one no longer is told of private communities no longer', async () => {
  const communityId = await found(ann, 'PRIVATE');
  const open = await found(ann);
  const boss = await service.as('boss', ['member', 'admin']);
  await made(boss, { url: receiver.url, types: ['PostPublished'] });
  const seen = await publish(ann, communityId);
  expect(subjects(await receiver.until(1))).toEqual([seen]);
  await first(await service.as('boss', ['member']), '{ viewer { id } }');
  await publish(ann, communityId);
  const last = await publish(ann, open);
  expect(subjects(await receiver.until(2))).toEqual([seen, last]);
});

test("what is somebody else's looks like what is not there", async () => {
  const { id } = await made(ann, { url: receiver.url });
  expect(await show(bob, id)).toBeNull();
  const admin = await service.as('watcher', ['member', 'admin']);
  expect(await first(admin, 'query ($id: ID!) { webhook(id: $id) { url owner { name } } }', { id })).toEqual({
    url: receiver.url,
    owner: { name: 'ann' },
  });
  expect(await first(bob, 'query ($id: ID!) { node(id: $id) { id } }', { id })).toBeNull();
  for (const name of ['rotateWebhookSecret', 'enableWebhook', 'deleteWebhook'])
    for (const webhookId of [id, 'nonsense'])
      expect((await act(bob, name, { webhookId })).errors).toEqual([
        { code: 'WEBHOOK_NOT_FOUND', path: ['webhookId'] },
      ]);
  expect(await first(bob, '{ webhooks { nodes { url } } }')).not.toMatchObject({ nodes: [{ url: receiver.url }] });
  const secret = await found(ann, 'PRIVATE');
  expect(await create(bob, { url: receiver.url, communityId: secret })).toMatchObject({
    webhook: null,
    errors: [{ code: 'COMMUNITY_NOT_FOUND', path: ['communityId'] }],
  });
});
