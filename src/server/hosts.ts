import { isLoopback } from '../config/limits.ts';

/**
 * Whether a page that got here could only be one of this machine. A name of somebody else's that resolves to this machine makes
 * their page and this server one origin for a browser, with the token in the page for trying things out.
 */
export const isOwnHost = (host: string | undefined): boolean => {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  const name = new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, '$1');
  return isLoopback(name) || name.endsWith('.localhost');
};

export const NOT_THIS_HOST =
  'The demo answers to localhost, 127.0.0.1 and [::1] alone: this request came for another Host. Set up an identity provider (PALABRE_AUTH_ISSUER) to serve it under a name.';
