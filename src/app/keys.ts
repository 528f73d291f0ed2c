import type { Pool } from 'pg';
import { MasterKeyFileError, readMasterKey } from '../adapters/keys/master-key.ts';
import { postgresKeys } from '../adapters/keys/postgres-keys.ts';
import { openSealing, WrongMasterKey } from '../adapters/keys/sealing.ts';
import { createVault, type Vault } from '../adapters/keys/vault.ts';
import { type Config, parseMasterKey } from '../config.ts';
import type { Sealing } from '../core/sealing.ts';
import { Unusable } from './unusable.ts';

/** What the master key opens: the personal data of events, and the secrets of integrations. */
export type Keys = { readonly sealing: Sealing; readonly vault: Vault };

/**
 * Opens the keys of a database. Throws `Unusable` where the master key is missing, unreadable or another one; where it is `spared`, the keys
 * are locked instead, so that what needs none of them (the log as it is stored, read models) is reached after the key was lost.
 */
export const openKeys = async (
  { masterKey: source }: Config,
  pool: Pool,
  masterKey: 'required' | 'spared',
): Promise<Keys> => {
  try {
    const store = postgresKeys(pool);
    const isFirst = (await store.fingerprint()) === null;
    const key = await masterKeyOf(source, isFirst);
    return { sealing: await openSealing(key, store), vault: createVault(key) };
  } catch (error) {
    const fault = keyFault(error, source);
    if (masterKey === 'spared' && fault instanceof Unusable) return lockedKeys(fault);
    throw fault;
  }
};

/** A key is made only for a database that was never written with one: made in the place of a lost one, it would open nothing. */
const masterKeyOf = async (source: Config['masterKey'], isFirst: boolean): Promise<Buffer> => {
  if (source.from === 'value') return source.key;
  if (source.from === 'nowhere')
    throw new Unusable(
      'PALABRE_MASTER_KEY or PALABRE_MASTER_KEY_FILE must be set with DATABASE_URL: personal data is encrypted under it. ' +
        (isFirst
          ? '`openssl rand -base64 32` makes one; keep it apart from the database.'
          : 'This database was written with one: set that one.'),
    );
  return readMasterKey(source.path, { make: source.make && isFirst, parse: parseMasterKey });
};

const keyFault = (error: unknown, source: Config['masterKey']): unknown => {
  if (error instanceof WrongMasterKey && source.from === 'file')
    return new Unusable(
      `The master key in ${source.path} is not the one that this database was written with: put the first one back.`,
      error,
    );
  if (error instanceof WrongMasterKey || error instanceof MasterKeyFileError) return new Unusable(error.message, error);
  return error;
};

/** Keys that nobody has: whoever needs one hears why there is none. */
const lockedKeys = (fault: Unusable): Keys => {
  const locked = (): never => {
    throw new Unusable(`This needs the master key. ${fault.message}`, fault);
  };
  return {
    sealing: { prepare: async () => locked(), seal: locked, open: locked, destroy: async () => locked(), hash: locked },
    vault: { close: locked, open: locked },
  };
};
