import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';

/** An identity provider on this machine: the variables that name it, and tokens of it. */
export type TestIssuer = {
  readonly variables: Record<string, string>;
  /** A token good for ten minutes unless said otherwise. */
  sign(claims: { readonly sub: string; readonly [claim: string]: unknown }, ttl?: string): Promise<string>;
  close(): void;
};

export const startIssuer = async (): Promise<TestIssuer> => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'test' }];
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    variables: {
      PALABRE_AUTH_ISSUER: issuer,
      PALABRE_AUTH_AUDIENCE: 'palabre',
      PALABRE_AUTH_JWKS_URL: `${issuer}/keys`,
    },
    sign: ({ sub, ...claims }, ttl = '10m') =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience('palabre')
        .setSubject(sub)
        .setIssuedAt()
        .setExpirationTime(ttl)
        .sign(privateKey),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
