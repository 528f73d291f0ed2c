import { BlockList, isIP } from 'node:net';

/**
 * Where webhooks may be sent. `loopback`: this machine alone is allowed beside the internet, for tests. `hosts`: to these names alone,
 * `*.example.org` being all below it.
 */
export type AddressRules = { readonly loopback: boolean; readonly hosts?: readonly string[] | null };

const MAX_URL = 2_048;
const HTTPS_PORT = 443;
const FIRST_FREE_PORT = 1_024;
const INSIDE = /(^|\.)(local|internal|localhost|intranet|lan|corp|home|home\.arpa)$/;

/** Everything that is not the public internet, where clouds tell machines about themselves among it: private, shared, local, documentation, translated, multicast, reserved. */
const RANGES: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96],
  ['::ffff:0:0', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');

// A list of each family: in one list, the range of mapped addresses would take in all of IPv4.
const refused = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [network, bits] of RANGES) refused[familyOf(network)].addSubnet(network, bits, familyOf(network));

const own = new BlockList();
own.addSubnet('127.0.0.0', 8, 'ipv4');
own.addAddress('::1', 'ipv6');

/** Whether an address may be connected to. What is no address at all may not. */
export const mayConnect = (address: string, { loopback }: AddressRules): boolean => {
  if (isIP(address) === 0) return false;
  const family = familyOf(address);
  return (loopback && own.check(address, family)) || !refused[family].check(address, family);
};

/** Why events may not be sent to this URL; null when they may. Names are judged again when they are resolved. */
export const refusalOfUrl = (text: string, rules: AddressRules): string | null => {
  if (text.length > MAX_URL) return `A URL has at most ${MAX_URL} characters.`;
  if (!URL.canParse(text)) return 'This is not a URL: give one such as https://hooks.example.com/palabre.';
  const url = new URL(text);
  // The parser has brought every spelling of a numeric address (decimal, hexadecimal, octal, short) into the usual one.
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (url.username || url.password) return 'A URL must hold no user name and no password.';
  if (url.hash || text.includes('#')) return 'A URL must have no fragment.';
  if (rules.loopback && isThisMachine(host) && /^https?:$/.test(url.protocol)) return null;
  if (url.protocol !== 'https:') return 'A URL must begin with https://.';
  const port = Number(url.port || HTTPS_PORT);
  if (port !== HTTPS_PORT && port < FIRST_FREE_PORT) return `The port must be ${HTTPS_PORT}, or above 1023.`;
  if (isIP(host) !== 0) return 'The host must be a name, not an address.';
  if (!host.includes('.') || INSIDE.test(host.toLowerCase()))
    return 'The host must be a public name: one with a dot, and not of a local network.';
  if (rules.hosts && !rules.hosts.some((allowed) => isNamed(host.toLowerCase(), allowed)))
    return 'The host must be one that the operator allows: ask for it to be added to PALABRE_WEBHOOK_HOSTS.';
  return null;
};

const isNamed = (host: string, allowed: string) =>
  allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed;

const isThisMachine = (host: string) => host === 'localhost' || (isIP(host) !== 0 && own.check(host, familyOf(host)));
