import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createCatalogue } from '../../src/core/catalogue.ts';
import {
  defineEvents,
  type EventMetadata,
  type NewEvent,
  type Sealed,
  type StoredEvent,
} from '../../src/core/event.ts';
import { derivedId } from '../../src/core/ids.ts';
import { memorySealing } from '../support/memory-keys.ts';

const ada = derivedId('test', 'ada');
const subject = ({ treeId }: { treeId: string }) => treeId;

/** A tree was once a plant with a size in words; then its type was renamed; now its height is a number. */
const today = defineEvents({
  TreePlanted: {
    version: 2,
    data: z.strictObject({ treeId: z.uuid(), metres: z.number() }),
    personal: z.strictObject({ planter: z.string() }),
    subject,
  },
});
const yesterday = defineEvents({
  PlantPlanted: {
    version: 1,
    data: z.strictObject({ treeId: z.uuid(), size: z.enum(['SMALL', 'LARGE']) }),
    personal: z.strictObject({ planter: z.string() }),
    subject,
  },
});
const upcasts = {
  'PlantPlanted@1': (data: Record<string, unknown>) => ({ type: 'TreePlanted', version: 1, data }),
  'TreePlanted@1': ({ size, ...data }: Record<string, unknown>) => ({
    type: 'TreePlanted',
    version: 2,
    data: { ...data, metres: size === 'SMALL' ? 2 : 12 },
  }),
};

const metadata: EventMetadata = {
  actor: ada,
  occurredAt: '2026-01-01T00:00:00.000Z',
  commandId: derivedId('test', 'command'),
  inputHash: 'h',
  correlationId: 'c',
  causationId: 'c',
  source: 'NATIVE',
};
const place = { id: derivedId('test', 'event'), stream: `tree-${ada}`, metadata };
const stored = (event: NewEvent): StoredEvent => ({
  ...event,
  stream: place.stream,
  revision: 0,
  position: 1n,
  recordedAt: '2026-01-01T00:00:00.000Z',
});

const planted = { type: 'TreePlanted', data: { treeId: ada, metres: 3 }, personal: { planter: 'Ada' } };

describe('an old shape', () => {
  test('reads as today’s, through all that came between, and its sealed part still opens', async () => {
    const sealing = await memorySealing();
    await sealing.prepare([ada]);
    const before = createCatalogue(yesterday, sealing);
    const old = before.write(
      { type: 'PlantPlanted', data: { treeId: ada, size: 'LARGE' }, personal: { planter: 'Ada' } },
      place,
    );
    const now = createCatalogue(today, sealing, upcasts);
    const read = now.read(stored(old));
    expect(read).toMatchObject({ type: 'TreePlanted', data: { treeId: ada, metres: 12 } });
    const { sealed } = (read?.data ?? {}) as { sealed: Sealed };
    expect(await sealing.open(sealed)).toEqual({ erased: false, value: { planter: 'Ada' } });
  });

  test('that nothing leads from stops whoever reads it, and a type that nobody knows is passed by', async () => {
    const sealing = await memorySealing();
    await sealing.prepare([ada]);
    const catalogue = createCatalogue(today, sealing);
    const event = stored(catalogue.write(planted, place));
    expect(() => catalogue.read({ ...event, version: 3 })).toThrow('TreePlanted of version 3');
    expect(() => catalogue.read({ ...event, version: 1 })).toThrow('reads version 2');
    expect(catalogue.read({ ...event, type: 'HouseBuilt' })).toBeNull();
  });
});

describe('an upcast', () => {
  const stand = async (upcast: (data: Record<string, unknown>) => { type: string; version: number; data: object }) => {
    const sealing = await memorySealing();
    await sealing.prepare([ada]);
    const old = createCatalogue(yesterday, sealing).write(
      { type: 'PlantPlanted', data: { treeId: ada, size: 'LARGE' }, personal: { planter: 'Ada' } },
      place,
    );
    const now = createCatalogue(today, sealing, { 'PlantPlanted@1': upcast as never });
    return () => now.read(stored(old));
  };

  test('that throws stops whoever reads, and is not passed over', async () => {
    const read = await stand(() => {
      throw new Error('no size is known');
    });
    expect(read).toThrow('no size is known');
  });

  test('that leads to a version which nobody reads stops whoever reads', async () => {
    const read = await stand((data) => ({ type: 'TreePlanted', version: 9, data }));
    expect(read).toThrow('TreePlanted of version 9');
  });
});

describe('writing', () => {
  test('seals what is personal and keeps the rest clear', async () => {
    const sealing = await memorySealing();
    await sealing.prepare([ada]);
    const { data, version } = createCatalogue(today, sealing).write(planted, place);
    expect(version).toBe(2);
    expect(data).toEqual({
      treeId: ada,
      metres: 3,
      sealed: { v: 1, kid: expect.any(String), iv: expect.any(String), ct: expect.any(String) },
    });
    expect(JSON.stringify(data)).not.toContain('Ada');
  });

  test('refuses what is not as declared', async () => {
    const sealing = await memorySealing();
    await sealing.prepare([ada]);
    const { write } = createCatalogue(today, sealing);
    expect(() => write({ ...planted, type: 'HouseBuilt' }, place)).toThrow('No event type "HouseBuilt" is declared');
    expect(() => write({ ...planted, data: { treeId: ada, metres: 'three' } }, place)).toThrow(
      'its data is not as declared',
    );
    expect(() => write({ ...planted, data: { ...planted.data, name: 'Ada' } }, place)).toThrow(
      'its data is not as declared',
    );
    expect(() => write({ ...planted, personal: {} }, place)).toThrow('its personal is not as declared');
    expect(() => write({ ...planted, personal: { planter: 'A\0da' } }, place)).toThrow('its planter has a NUL');
  });
});
