import { neededHost } from './network-need';

it.each<[string, string | null]>([
  ['Error: getaddrinfo EAI_AGAIN registry.npmjs.org', 'registry.npmjs.org'],
  ['npm error network request to https://a.test failed, reason: getaddrinfo ENOTFOUND a.test', 'a.test'],
  ['Error: connect ENETUNREACH 192.0.2.7:443 - Local (0.0.0.0:0)', '192.0.2.7:443'],
  ['curl: (6) Could not resolve host: example.com', 'example.com'],
  ["fatal: unable to access 'https://example.com/': Could not resolve host: example.com", 'example.com'],
  ['curl: (6) Could not resolve host: münchen.test', 'münchen.test'],
  ['curl: (5) Could not resolve proxy: proxy.test', 'proxy.test'],
  ["Could not resolve proxy 'proxy.test'", 'proxy.test'],
  ['wget: unable to resolve host address ‘example.com’', 'example.com'],
  ['dial tcp: lookup proxy.golang.org on 127.0.0.11:53: no such host', 'proxy.golang.org'],
  ['unable to resolve host address example.com', 'example.com'],
  ['lookup "example.com": no such host', 'example.com'],
  ['dial tcp: lookup registry on 127.0.0.11:53: no such host', 'registry'],
  ['dial tcp 192.0.2.7:443: connect: no route to host', '192.0.2.7'],
  ['dial tcp: 192.0.2.7:443: i/o timeout', '192.0.2.7'],
  ['(getaddrinfo ENOTFOUND a.test), and that was all', 'a.test'],
  ['ssh: Could not resolve hostname münchen.test: Temporary failure', 'münchen.test'],
  ['ssh: Could not resolve hostname github.com: Temporary failure', 'github.com'],
  ['socket.gaierror: [Errno -3] Temporary failure in name resolution', 'a host'],
  ['curl: (56) Received HTTP code 403 from proxy after CONNECT', 'a host'],
  ['Received 403 from proxy', 'a host'],
  ['AssertionError: expected 403 to equal 200', null],
  ['connect ECONNREFUSED 127.0.0.1:5432', null],
  ['', null],
])('reads from %p that %s was called', (output, host) => {
  expect(neededHost(output)).toBe(host);
});

it('believes its own proxy before any output', () => {
  expect(neededHost('getaddrinfo ENOTFOUND a.test', ['b.test:443', 'c.test:443'])).toBe('b.test:443');
});
