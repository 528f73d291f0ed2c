import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type JWTVerifyGetKey, SignJWT } from 'jose';

export const DEMO_ISSUER = 'palabre-demo';
export const DEMO_AUDIENCE = 'palabre';
/** A demo token is good for so long at most, and unless somebody wants less. */
export const DEMO_MAX_SECONDS = 30 * 24 * 60 * 60;

/** An issuer of one's own for trying things out: its key pair lies in the data folder, so tokens outlive a restart. */
export type DemoIssuer = {
  readonly key: JWTVerifyGetKey;
  /** A signed token, good for 30 days unless said otherwise. */
  sign(claims: { readonly sub: string; readonly [claim: string]: unknown }, ttlSeconds?: number): Promise<string>;
};

export const openDemoIssuer = async (dataDir: string): Promise<DemoIssuer> => {
  const path = join(dataDir, 'demo-issuer.pem');
  if (!existsSync(path)) await makeKey(dataDir, path);
  const privateKey = createPrivateKey(await readFile(path));
  const publicKey = createPublicKey(privateKey);
  const kid = keyId(publicKey);
  return {
    key: async () => publicKey,
    sign: ({ sub, ...claims }, ttlSeconds = DEMO_MAX_SECONDS) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' })
        .setIssuer(DEMO_ISSUER)
        .setAudience(DEMO_AUDIENCE)
        .setSubject(sub)
        .setIssuedAt()
        .setExpirationTime(`${ttlSeconds}s`)
        .sign(privateKey),
  };
};

/** A link is all or nothing: a second process that comes at once finds the first one's whole key. */
const makeKey = async (dataDir: string, path: string) => {
  await mkdir(dataDir, { recursive: true });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
};

const keyId = (publicKey: KeyObject) =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
    .slice(0, 16);
