import { decrypt, deriveKeys, encrypt } from './cipher.ts';

/** Keeps secrets that are not a person's: encrypted under the master key, and bound to what they are for. */
export type Vault = {
  close(use: string, secret: string): Buffer;
  open(use: string, sealed: Buffer): string;
};

/** Which key it was: the first byte of what is kept. */
const VERSION = 1;
const IV_BYTES = 12;

export const createVault = (masterKey: Buffer): Vault => {
  const { secrets } = deriveKeys(masterKey);
  return {
    close: (use, secret) => {
      const { iv, ct } = encrypt(secrets, use, secret);
      return Buffer.concat([Buffer.from([VERSION]), iv, ct]);
    },
    open: (use, sealed) => {
      if (sealed[0] !== VERSION) throw new Error('This secret was kept by a newer version of Palabre.');
      return decrypt(secrets, use, sealed.subarray(1, 1 + IV_BYTES), sealed.subarray(1 + IV_BYTES)).toString('utf8');
    },
  };
};
