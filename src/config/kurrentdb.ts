/** Where the log stands, when it stands on a KurrentDB. */
export type KurrentSettings = {
  /** As the client takes it, with its secrets: never shown. */
  readonly connectionString: string;
  /** Hosts and ports, for people. */
  readonly address: string;
  readonly namespace: string;
};

export type KurrentReading =
  | { readonly settings: KurrentSettings; readonly isPlain: boolean }
  | { readonly fault: string };

export const KURRENT_SCHEMES = /^(kurrentdb|kurrent|kdb|esdb)(\+discover)?:\/\//;

const FORM = 'kurrentdb://user:password@host:2113?tls=true (kurrentdb+discover:// and several hosts for a cluster)';
const WHOLE = /^(?:kurrentdb|kurrent|kdb|esdb)(\+discover)?:\/\/(?:([^@/?]*)@)?([^@/?]+)\/?(?:\?(.*))?$/;
const HOST = /^[^:[\]\s]+(?::(\d{1,5}))?$/;
const NAMESPACE = /^[a-z][a-z0-9-]{0,39}$/;

/** What the client knows. It only warns of others, and quotes the whole string when it does. */
const OPTIONS = new Map(
  [
    'tls',
    'tlsVerifyCert',
    'tlsCAFile',
    'userCertFile',
    'userKeyFile',
    'connectionName',
    'nodePreference',
    'maxDiscoverAttempts',
    'discoveryInterval',
    'gossipTimeout',
    'defaultDeadline',
    'keepAliveInterval',
    'keepAliveTimeout',
  ].map((name) => [name.toLowerCase(), name]),
);

/** The client waits for one interval before its first read, half a second if nobody says otherwise. */
const DISCOVERY_INTERVAL = '20';

/**
 * Reads a connection string. The client's own complaints quote it, password and all, so everything is looked at first; a fault
 * names what is wrong and never what was given. `isPlain`: what is sent can be read, or its server not be known for certain.
 */
export const readKurrentUrl = (given: string, namespace = 'palabre'): KurrentReading => {
  const [whole, discover, userInfo, hosts = '', query = ''] = WHOLE.exec(given.trim()) ?? [];
  if (whole === undefined) return { fault: `must be a KurrentDB connection string: ${FORM}` };
  const places = hosts.split(',');
  for (const place of places) {
    const [, port] = HOST.exec(place) ?? [null];
    if (!HOST.test(place) || Number(port ?? 0) > 65_535)
      return { fault: 'must name hosts as host or host:port, with commas between them' };
  }
  if (userInfo !== undefined && !isUserInfo(userInfo))
    return { fault: 'must name a user as user:password@, both percent-encoded where they hold : / ? # @ or %' };
  const options = new Map<string, string>();
  for (const part of query === '' ? [] : query.split('&')) {
    const [name = '', value = ''] = part.split('=');
    const known = OPTIONS.get(name.toLowerCase().replace(/[_-]/g, ''));
    if (!known) return { fault: `has the option "${printable(name)}"; there are ${[...OPTIONS.values()].join(', ')}` };
    if (value === '') return { fault: `has the option ${known} without a value` };
    options.set(known, value);
  }
  for (const name of ['tls', 'tlsVerifyCert'])
    if (options.has(name) && !/^(true|false)$/.test(options.get(name) ?? ''))
      return { fault: `must have ${name}=true or ${name}=false` };
  if (!NAMESPACE.test(namespace)) return { fault: 'has a namespace of 1 to 40 small letters, digits and -' };
  const withoutTls = options.get('tls') === 'false';
  if (withoutTls && userInfo !== undefined)
    return { fault: 'must not carry a password without TLS: anybody on the way could read it. Use tls=true' };
  if (!options.has('discoveryInterval')) options.set('discoveryInterval', DISCOVERY_INTERVAL);
  const settings = [...options].map(([name, value]) => `${name}=${value}`).join('&');
  const credentials = userInfo === undefined ? '' : `${userInfo}@`;
  const isOwn = places.every((place) => /^(localhost|127(\.\d{1,3}){3})(:\d+)?$/.test(place));
  return {
    settings: {
      connectionString: `kurrentdb${discover ?? ''}://${credentials}${hosts}?${settings}`,
      address: places.map((place) => (/:\d+$/.test(place) ? place : `${place}:2113`)).join(','),
      namespace,
    },
    isPlain: (withoutTls || options.get('tlsVerifyCert') === 'false') && !isOwn,
  };
};

const isUserInfo = (text: string) => {
  if (!/^[^:]+:[^:]+$/.test(text)) return false;
  try {
    return decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
};

const printable = (name: string) => name.slice(0, 40).replace(/[^\w+-]/g, '?');
