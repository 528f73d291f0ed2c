import { describe, expect, test } from 'vitest';
import { mayConnect, refusalOfUrl } from '../../src/adapters/webhooks/address.ts';
import { createPost } from '../../src/adapters/webhooks/post.ts';
import { newWebhookSecret } from '../../src/adapters/webhooks/signature.ts';

const strict = { loopback: false };

describe('where webhooks may be registered', () => {
  test.each([
    'https://hooks.example.com/palabre',
    'https://hooks.example.com:8443/a?b=c',
    'https://xn--bcher-kva.example/hook',
    'https://10.example.com/',
  ])('%s is taken', (url) => {
    expect(refusalOfUrl(url, strict)).toBeNull();
  });

  test.each([
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'nonsense',
    '',
    'https://user@hooks.example.com/',
    'https://user:password@hooks.example.com/',
    'https://hooks.example.com/#fragment',
    'https://hooks.example.com/#',
    'https://hooks.example.com:22/',
    'https://hooks.example.com:80/',
    'https://hooks.example.com:1023/',
    'https://localhost/',
    'https://localhost./',
    'https://palabre/',
    'https://palabre./',
    'https://db.internal/',
    'https://DB.INTERNAL./',
    'https://printer.local/',
    'https://a.localhost/',
    'https://nas.home.arpa/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://127.0.0.1./',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://0/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://8.8.8.8/',
    'https://１２７.０.０.１/',
    'https://127。0。0。1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[0:0:0:0:0:ffff:7f00:0001]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[2001:4860:4860::8888]/',
    'https://[64:ff9b::7f00:1]/',
    `https://hooks.example.com/${'a'.repeat(2_048)}`,
  ])('%s is refused, with a sentence', (url) => {
    expect(refusalOfUrl(url, strict)).toMatch(/^[A-Z].+\.$/s);
  });

  test('this machine is allowed only where a test asked for it, and nothing else with it', () => {
    for (const url of ['http://127.0.0.1:4001/', 'http://localhost:4001/', 'http://[::1]:4001/']) {
      expect(refusalOfUrl(url, { loopback: true })).toBeNull();
      expect(refusalOfUrl(url, strict)).not.toBeNull();
    }
    for (const url of [
      'http://10.0.0.1/',
      'http://169.254.169.254/',
      'http://hooks.example.com/',
      'https://db.internal/',
    ])
      expect(refusalOfUrl(url, { loopback: true })).not.toBeNull();
  });
});

const PRIVATE = [
  '0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254',
  '172.16.0.1 172.31.255.255 192.0.0.1 192.168.1.1 198.18.0.1 198.19.255.255 224.0.0.1 239.255.255.255 240.0.0.1',
  '255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:7f00:1 64:ff9b::7f00:1 2002:7f00:1:: fc00::1 fd12::1',
  // Where clouds tell machines about themselves: AWS, Google and others above; Azure, Alibaba, Oracle, AWS by IPv6.
  '168.63.129.16 100.100.100.200 192.0.0.192 fd00:ec2::254',
  'fe80::1 febf::1 ff02::1 2001::1 2001:db8::1 nonsense 127.1',
].flatMap((line) => line.split(' '));

test.each(PRIVATE)('nothing is connected to %s', (address) => {
  expect(mayConnect(address, strict)).toBe(false);
});

test.each(
  '1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 198.20.0.1 2606:4700::1111'.split(' '),
)('%s is the public internet', (address) => {
  expect(mayConnect(address, strict)).toBe(true);
});

test('an operator may allow some hosts alone', () => {
  const rules = { loopback: false, hosts: ['hooks.example.org', '*.example.net'] };
  for (const url of ['https://hooks.example.org/x', 'https://HOOKS.example.org./x', 'https://a.b.example.net/x'])
    expect(refusalOfUrl(url, rules)).toBeNull();
  for (const url of [
    'https://example.org/',
    'https://x.hooks.example.org/',
    'https://example.net/',
    'https://evilexample.net/',
  ])
    expect(refusalOfUrl(url, rules)).toMatch(/PALABRE_WEBHOOK_HOSTS/);
});

describe('a name that leads inside', () => {
  const request = { id: 'id', body: '{}', secrets: [newWebhookSecret()], signal: new AbortController().signal };

  test.each([
    [['127.0.0.1']],
    [['93.184.215.14', '10.0.0.1']],
    [['::1']],
    [['::ffff:10.0.0.1']],
    [['169.254.169.254']],
    [[]],
  ])('to %j is not connected to', async (addresses) => {
    const asked: string[] = [];
    const post = createPost({
      loopback: false,
      resolve: async (name) => {
        asked.push(name);
        return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      },
    });
    const attempt = await post({ ...request, url: 'https://rebinding.example.com/hook' });
    expect(attempt).toMatchObject({ status: null, error: expect.stringContaining('not on the public internet') });
    expect(asked).toEqual(['rebinding.example.com']);
  });

  test('an address that was registered before the rules knew it is not connected to either', async () => {
    const attempt = await createPost(strict)({ ...request, url: 'https://10.0.0.1/' });
    expect(attempt).toMatchObject({ status: null, error: expect.stringContaining('a name, not an address') });
  });
});
