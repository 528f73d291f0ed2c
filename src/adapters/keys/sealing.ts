import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { v4 } from 'uuid';
import type { Sealed } from '../../core/event.ts';
import { type Binding, type Opened, type Sealing, unbind } from '../../core/sealing.ts';
import { decrypt, deriveKeys, encrypt, fingerprintOf, keyedHash, unwrap, wrap } from './cipher.ts';
import type { KeyStore, StoredKey } from './key-store.ts';

/** Keys and opened texts stay in memory no longer than this, so that another process' destruction is honoured. */
const MEMORY_MS = 60_000;
const MAX_KEYS = 100_000;
const MAX_OPENED_CHARS = 32 * 1024 * 1024;

type Key = { readonly kid: string; readonly key: Buffer | null };

/** The master key given is not the one that these keys were wrapped with. */
export class WrongMasterKey extends Error {
  constructor() {
    super(
      'This master key is not the one that this database was written with: set PALABRE_MASTER_KEY to the first one.',
    );
    this.name = 'WrongMasterKey';
  }
}

/** Sealing with a key for each person, wrapped by the master key (32 bytes). Throws `WrongMasterKey` for another one than before. */
export const openSealing = async (masterKey: Buffer, store: KeyStore): Promise<Sealing> => {
  const fingerprint = fingerprintOf(masterKey);
  if ((await store.claimFingerprint(fingerprint)) !== fingerprint) throw new WrongMasterKey();
  const { wrapping, hashing } = deriveKeys(masterKey);
  // What was made ready stays usable until it is made ready again: a key that turns old between two seals is not lost.
  const bySubject = new LRUCache<string, Key>({ max: MAX_KEYS, ttl: MEMORY_MS, noDeleteOnStaleGet: true });
  const byKid = new LRUCache<string, Key>({ max: MAX_KEYS, ttl: MEMORY_MS });
  const opened = new LRUCache<string, Opened>({ maxSize: MAX_OPENED_CHARS, ttl: MEMORY_MS });

  const remember = ({ subject, kid, wrapped }: StoredKey) => {
    const key = { kid, key: wrapped && unwrap(wrapping, kid, wrapped) };
    bySubject.set(subject, key);
    byKid.set(kid, key);
  };

  const prepare = async (subjects: readonly string[]) => {
    const missing = [...new Set(subjects)].filter((subject) => !bySubject.has(subject));
    if (missing.length === 0) return;
    for (const key of await store.find(missing)) remember(key);
    const without = missing.filter((subject) => !bySubject.has(subject));
    if (without.length === 0) return;
    await store.add(
      without.map((subject) => {
        const kid = v4();
        return { subject, kid, wrapped: wrap(wrapping, kid, randomBytes(32)) };
      }),
    );
    // Read back: another process may have been first.
    for (const key of await store.find(without)) remember(key);
  };

  const loadKids = batched(async (kids) => {
    for (const key of await store.findByKid(kids)) remember(key);
  });

  const openAnew = async (sealed: Sealed): Promise<Opened> => {
    const parts = unbind(sealed);
    if (!parts) throw new Error('This is not a sealed value.');
    const { envelope, binding } = parts;
    if (!byKid.has(envelope.kid)) await loadKids(envelope.kid);
    const key = byKid.get(envelope.kid, { allowStale: true })?.key;
    if (!key) return { erased: true };
    const clear = decrypt(
      key,
      additionalOf(binding),
      Buffer.from(envelope.iv, 'base64url'),
      Buffer.from(envelope.ct, 'base64url'),
    );
    const result: Opened = { erased: false, value: JSON.parse(clear.toString('utf8')) };
    opened.set(sealed, result, { size: sealed.length + clear.length + 100 });
    return result;
  };

  return {
    prepare,

    seal: (subject, binding, value) => {
      const key = bySubject.get(subject, { allowStale: true });
      if (!key?.key)
        throw new Error(`The key of ${subject} is not ready or was destroyed: nothing can be sealed under it.`);
      const { iv, ct } = encrypt(key.key, additionalOf(binding), JSON.stringify(value));
      return { v: 1, kid: key.kid, iv: iv.toString('base64url'), ct: ct.toString('base64url') };
    },

    // All of the value is the name: of one moved to another event, too. Rows hand over the same string again, whose hash is known.
    open: (sealed) => opened.get(sealed) ?? openAnew(sealed),

    destroy: async (subject) => {
      await store.destroy(subject);
      bySubject.delete(subject);
      byKid.clear();
      opened.clear();
    },

    hash: (purpose, text) => keyedHash(hashing, purpose, text),
  };
};

const additionalOf = ({ stream, eventId, type }: Binding) => `${stream}\n${eventId}\n${type}`;

/** Calls of one turn of the event loop become one call with all of their keys. */
const batched = (load: (keys: readonly string[]) => Promise<void>) => {
  let waiting: { keys: Set<string>; done: Promise<void> } | null = null;
  return (key: string): Promise<void> => {
    if (!waiting) {
      const keys = new Set<string>();
      const done = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        waiting = null;
        return load([...keys]);
      });
      waiting = { keys, done };
    }
    waiting.keys.add(key);
    return waiting.done;
  };
};
