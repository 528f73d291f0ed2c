import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globalId, localId, readGlobalId } from '../../schema/global-id.ts';

test('a global id is its type and its uuid, and reads back as both', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.constantFrom('Member', 'Post', 'MachineKey'), (id, type) => {
      const text = globalId(type, id);
      expect(text).toMatch(/^[\w-]{24}$/);
      expect(readGlobalId(text)).toEqual({ type, id });
      expect(localId(type, text)).toBe(id);
      expect(localId('Draft', text)).toBeNull();
    }),
  );
});

test('the global ids that were given out stay what they are', () => {
  expect(globalId('Post', '00112233-4455-6677-8899-aabbccddeeff')).toBe('AQQAESIzRFVmd4iZqrvM3e7_');
  expect(globalId('Post', '00112233-4455-6677-8899-AABBCCDDEEFF')).toBe('AQQAESIzRFVmd4iZqrvM3e7_');
  expect(globalId('MachineKey', '00000000-0000-0000-0000-000000000000')).toBe('ARYAAAAAAAAAAAAAAAAAAAAA');
});

test('another text of the same id is no id', () => {
  expect(readGlobalId('AQQAESIzRFVmd4iZqrvM3e7/')).toBeNull();
  expect(readGlobalId('AQQAESIzRFVmd4iZqrvM3e7_=')).toBeNull();
  expect(readGlobalId('AQMA')).toBeNull();
});
