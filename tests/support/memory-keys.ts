import type { KeyStore, StoredKey } from '../../src/adapters/keys/key-store.ts';
import { openSealing } from '../../src/adapters/keys/sealing.ts';

/** A key store that lives and dies with the test. */
export const memoryKeys = (): KeyStore => {
  const keys = new Map<string, StoredKey>();
  let known: string | undefined;
  return {
    find: async (subjects) => subjects.flatMap((subject) => keys.get(subject) ?? []),
    findByKid: async (kids) => [...keys.values()].filter(({ kid }) => kids.includes(kid)),
    add: async (added) => {
      for (const key of added) if (!keys.has(key.subject)) keys.set(key.subject, key);
    },
    destroy: async (subject) => {
      const key = keys.get(subject);
      if (key) keys.set(subject, { ...key, wrapped: null });
    },
    fingerprint: async () => known ?? null,
    claimFingerprint: async (first) => {
      known ??= first;
      return known;
    },
  };
};

/** Sealing as in production, with a master key that everybody may know. */
export const memorySealing = () => openSealing(Buffer.alloc(32, 7), memoryKeys());
