import { promises as dns, type LookupAddress, type LookupOptions } from 'node:dns';
import { type AddressRules, mayConnect } from './address.ts';

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export const resolveName: Resolve = (hostname) => dns.lookup(hostname, { all: true, verbatim: true });

/** A name leads to an address that events are not sent to. */
export class AddressRefused extends Error {
  constructor() {
    super('The name leads to an address that is not on the public internet.');
    this.name = 'AddressRefused';
  }
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * Resolves a name for one connection, and refuses it if any of its addresses is not public. The connection is made to the very
 * addresses that were looked at: a name that changes its mind in between changes nothing.
 */
export const guardedLookup =
  (resolve: Resolve, rules: AddressRules) =>
  (hostname: string, options: LookupOptions, found: Found): void => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (!first || addresses.some(({ address }) => !mayConnect(address, rules)))
          return found(new AddressRefused(), []);
        if (options.all) return found(null, [...addresses]);
        return found(null, first.address, first.family);
      },
      (error: Error) => found(error, []),
    );
  };
