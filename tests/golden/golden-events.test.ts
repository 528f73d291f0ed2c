import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openSealing } from '../../src/adapters/keys/sealing.ts';
import { createCatalogue, storedData } from '../../src/core/catalogue.ts';
import type { Sealed, StoredEvent } from '../../src/core/event.ts';
import { domainEvents } from '../../src/domain/index.ts';
import { upcasts } from '../../src/domain/upcasts.ts';
import { memoryKeys } from '../support/memory-keys.ts';

const folder = new URL('.', import.meta.url);
const json = (path: string) => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));

const shapes = readdirSync(new URL('events/', folder)).map((file) => file.replace(/\.json$/, ''));
const personal: Record<string, object> = json('personal.json');
const golden = (shape: string): StoredEvent => {
  const event = json(`events/${shape}.json`);
  return { ...event, position: BigInt(event.position) };
};

const keys: { subject: string; kid: string; wrapped: string }[] = json('keys.json');
const store = memoryKeys();
await store.add(keys.map((key) => ({ ...key, wrapped: Buffer.from(key.wrapped, 'base64') })));
const sealing = await openSealing(Buffer.alloc(32, 7), store);
const catalogue = createCatalogue(domainEvents, sealing, upcasts);

const sealedIn = (event: StoredEvent) => (catalogue.read(event)?.data as { sealed?: Sealed } | undefined)?.sealed;

describe.each(shapes)('%s', (shape) => {
  test('is understood as stored', () => {
    const event = golden(shape);
    expect(`${event.type}.v${event.version}`).toBe(shape.split('.', 2).join('.'));
    const folded = catalogue.read(event);
    expect(folded).not.toBeNull();
    const definition = domainEvents[folded?.type as keyof typeof domainEvents];
    const { sealed, ...clear } = (folded?.data ?? {}) as { sealed?: Sealed };
    expect(definition.data.safeParse(clear)).toMatchObject({ success: true });
    expect(sealed !== undefined).toBe('personal' in definition);
    expect(folded).toMatchObject({ id: event.id, stream: event.stream, ...event.metadata });
  });

  test('opens to what was sealed, and nothing of it stands in clear', async () => {
    const event = golden(shape);
    const sealed = sealedIn(event);
    expect(sealed !== undefined).toBe(shape in personal);
    if (!sealed) return;
    expect(await sealing.open(sealed)).toEqual({ erased: false, value: personal[shape] });
    const text = JSON.stringify(event.data);
    for (const value of Object.values(personal[shape] ?? {}))
      if (typeof value === 'string') expect(text).not.toContain(value);
  });
});

test('every declared event has an example of its current version, with all of its fields', () => {
  for (const [type, definition] of Object.entries(domainEvents)) {
    const shape = `${type}.v${definition.version}`;
    expect(shapes).toContain(shape);
    expect(storedData(definition).safeParse(golden(shape).data), shape).toMatchObject({ success: true });
  }
});

test('an envelope moved to another event does not open', async () => {
  const event = golden('PostPublished.v1');
  const moved = { ...event, stream: event.stream.replace(/.$/, (last) => (last === '0' ? '1' : '0')) };
  const sealed = sealedIn(moved) as Sealed;
  // A cache that knew the envelope by its key alone would answer here.
  const anew = await openSealing(Buffer.alloc(32, 7), store);
  await expect(anew.open(sealed)).rejects.toThrow();
});
