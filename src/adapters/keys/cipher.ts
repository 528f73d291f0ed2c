import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The keys that the master key gives, one for each use. */
export const deriveKeys = (masterKey: Buffer) => {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', masterKey, '', `palabre ${use}`, 32));
  return { wrapping: derive('wrapping'), hashing: derive('hashing'), secrets: derive('secrets') };
};

/** Tells two master keys apart without telling anything of either. */
export const fingerprintOf = (masterKey: Buffer) =>
  createHash('sha256').update('palabre fingerprint').update(masterKey).digest('hex').slice(0, 32);

/** AES-256-GCM; the ciphertext ends with its tag, and opens only with the same additional data. */
export const encrypt = (key: Buffer, additional: string, clear: Buffer | string): { iv: Buffer; ct: Buffer } => {
  const iv = freshIv();
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(additional));
  const body = typeof clear === 'string' ? cipher.update(clear, 'utf8') : cipher.update(clear);
  return { iv, ct: Buffer.concat([body, cipher.final(), cipher.getAuthTag()]) };
};

// Random bytes are drawn for many values at once: drawing them one by one costs more than encrypting. None is used twice.
const POOLED = 1_024;
let pool = Buffer.alloc(0);

const freshIv = (): Buffer => {
  if (pool.length < IV_BYTES) pool = randomBytes(POOLED * IV_BYTES);
  const iv = pool.subarray(0, IV_BYTES);
  pool = pool.subarray(IV_BYTES);
  return iv;
};

/** Throws when key, additional data or text are not the ones of the encryption. */
export const decrypt = (key: Buffer, additional: string, iv: Buffer, ct: Buffer): Buffer => {
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(additional));
  decipher.setAuthTag(ct.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(ct.subarray(0, -TAG_BYTES)), decipher.final()]);
};

export const wrap = (wrapping: Buffer, kid: string, key: Buffer): Buffer => {
  const { iv, ct } = encrypt(wrapping, kid, key);
  return Buffer.concat([iv, ct]);
};

export const unwrap = (wrapping: Buffer, kid: string, wrapped: Buffer): Buffer =>
  decrypt(wrapping, kid, wrapped.subarray(0, IV_BYTES), wrapped.subarray(IV_BYTES));

export const keyedHash = (hashing: Buffer, purpose: string, text: string): string =>
  createHmac('sha256', hashing).update(purpose).update('\0').update(text).digest('hex');
