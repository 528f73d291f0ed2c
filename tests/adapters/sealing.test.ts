import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { openSealing } from '../../src/adapters/keys/sealing.ts';
import { bind } from '../../src/core/sealing.ts';
import { memoryKeys } from '../support/memory-keys.ts';

const author = randomUUID();
const binding = { stream: 'post-1', eventId: randomUUID(), type: 'PostPublished' };
const said = { title: 'Seeds', body: 'Who has some?' };

const sealedOnce = async () => {
  const sealing = await openSealing(randomBytes(32), memoryKeys());
  await sealing.prepare([author]);
  return { sealing, envelope: sealing.seal(author, binding, said) };
};

test('what was sealed opens where it was sealed', async () => {
  const { sealing, envelope } = await sealedOnce();
  expect(await sealing.open(bind(envelope, binding))).toEqual({ erased: false, value: said });
});

test.each([
  ['event', { ...binding, eventId: randomUUID() }],
  ['stream', { ...binding, stream: 'post-2' }],
  ['type', { ...binding, type: 'PostEdited' }],
])(
  'an envelope that was moved to another %s does not open, also after it was opened where it belongs',
  async (_, elsewhere) => {
    const { sealing, envelope } = await sealedOnce();
    await sealing.open(bind(envelope, binding));
    await expect((async () => sealing.open(bind(envelope, elsewhere)))()).rejects.toThrow();
  },
);

test('a destroyed key erases what was opened before', async () => {
  const { sealing, envelope } = await sealedOnce();
  await sealing.open(bind(envelope, binding));
  await sealing.destroy(author);
  expect(await sealing.open(bind(envelope, binding))).toEqual({ erased: true });
});
