import * as fc from 'fast-check';
import { cagePolicy, hostAllowance, networkOf, noGrants, type Access, type CageGround } from './cage-policy';

const ground: CageGround = {
  home: '/people/ada',
  repo: { topLevel: '/people/ada/repo', commonDir: '/people/ada/repo/.git' },
  ofRunner: ['/people/ada/repo/.git/nx-wave', '/people/ada/repo/.tmp/main-wave-launcher'],
  scratchRoot: '/tmp/nx-wave-1/ab',
  envFiles: ['/people/ada/repo/.env'],
  heldOut: ['/people/ada/repo/checks/slug.mjs'],
  checkout: {
    home: '/tmp/nx-wave-1/ab/one/checkout',
    runnerGitDir: '/tmp/nx-wave-1/ab/one/checkout/runner',
    borrowed: ['/tmp/nx-wave-1/ab/one/base'],
  },
  temporary: ['/tmp', '/run'],
  memoryMb: 1000,
  programs: ['/usr', '/people/ada/.nvm'],
};

/** What holds for a path: the rule furthest down. */
function accessTo(path: string, grants = noGrants): Access {
  const { rules } = cagePolicy(ground, [grants]);
  return rules.findLast((one) => path === one.path || path.startsWith(`${one.path}/`))?.access ?? 'read';
}

it.each<[string, Access]>([
  ['/people/ada/repo/src/a.ts', 'read'],
  ['/people/ada/repo/.env', 'none'],
  ['/people/ada/repo/checks/slug.mjs', 'none'],
  ['/people/ada/repo/checks/other.mjs', 'read'],
  ['/people/ada/repo/.git/config', 'none'],
  ['/people/ada/repo/.git/hooks/pre-commit', 'none'],
  ['/people/ada/repo/.git/objects/ab/cd', 'read'],
  ['/people/ada/repo/.git/nx-wave/proofs/x', 'none'],
  ['/people/ada/repo/.tmp/main-wave-launcher/closure/wave-1.json', 'none'],
  ['/people/ada/notes.txt', 'read'],
  ['/people/ada/.bashrc', 'read'],
  ['/people/ada/.ssh/id_ed25519', 'none'],
  ['/people/ada/.aws/credentials', 'none'],
  ['/people/ada/.nvm/bin/node', 'read'],
  ['/tmp/anything', 'private'],
  ['/run/docker.sock', 'private'],
  ['/tmp/nx-wave-1/ab/two/checkout/tree/x', 'none'],
  ['/tmp/nx-wave-1/ab/one/checkout/tree/x', 'write'],
  ['/tmp/nx-wave-1/ab/one/checkout/runner/index', 'none'],
  ['/tmp/nx-wave-1/ab/one/checkout/owner.json', 'read'],
  ['/tmp/nx-wave-1/ab/one/base/objects', 'read'],
  ['/etc/passwd', 'read'],
])('gives %s: %s', (path, access) => {
  expect(accessTo(path)).toBe(access);
});

it('writes what is granted, and what stands further down keeps its own rule', () => {
  const grants = { folders: ['~/', '/srv/cache/'], calls: ['/run/docker.sock'] };
  expect(accessTo('/srv/cache/x', grants)).toBe('write');
  expect(accessTo('/people/ada/x', grants)).toBe('write');
  expect(accessTo('/run/docker.sock', grants)).toBe('write');
  expect(accessTo('/people/ada/.ssh/id', grants)).toBe('none');
  expect(accessTo('/people/ada/repo/.git/hooks/x', grants)).toBe('none');
});

it.each(['relative', '/', '/srv/../etc', '~other', ''])('grants nothing by the folder %p', (folder) => {
  expect(cagePolicy(ground, [{ folders: [folder], calls: [] }])).toEqual(cagePolicy(ground, [noGrants]));
});

it('hides what is kept in both homes, where HOME names another than the account has', () => {
  const { rules } = cagePolicy({ ...ground, accountHome: '/people/account' }, []);
  for (const path of ['/people/account/.ssh', '/people/ada/.ssh'])
    expect(rules).toContainEqual({ path, access: 'none' });
});

it('lets settings of a program be read and not written in a folder that it may write', () => {
  const grants = { folders: ['~/.tool'], calls: [], settings: ['~/.tool/config.toml', '~/.tool/hooks'] };
  expect(accessTo('/people/ada/.tool/sessions/1', grants)).toBe('write');
  expect(accessTo('/people/ada/.tool/config.toml', grants)).toBe('read');
  expect(accessTo('/people/ada/.tool/hooks/start.sh', grants)).toBe('read');
});

it('gives all private folders together a quarter of the memory', () => {
  expect(cagePolicy(ground, []).privateMb).toBe(250);
});

it('has one rule for each path, the outer path first, whatever is granted', () => {
  const paths = fc.array(
    fc.constantFrom('~/', '/people/ada/repo', '/tmp', '/tmp/x', '/people/ada/.ssh', '/usr'),
  );
  fc.assert(
    fc.property(paths, (folders) => {
      const { rules } = cagePolicy(ground, [{ folders, calls: [] }]);
      const all = rules.map(({ path }) => path);
      expect(new Set(all).size).toBe(all.length);
      rules.forEach(({ path }, at) =>
        expect(rules.slice(at + 1).some((later) => path.startsWith(`${later.path}/`))).toBe(false),
      );
    }),
  );
});

it.each<[string[], object]>([
  [[], { open: false, hosts: [], ports: [] }],
  [['*'], { open: true }],
  [['localhost:5432', '127.0.0.1:80', '[::1]:81'], { open: false, hosts: [], ports: [80, 81, 5432] }],
  [
    ['B.example', 'a.example:443', 'b.example'],
    { open: false, hosts: ['a.example:443', 'b.example'], ports: [] },
  ],
  [['localhost:0', 'localhost:99999', '/run/a.sock'], { open: false, hosts: [], ports: [] }],
])('reads %j as the network %j', (calls, network) => {
  expect(networkOf(calls)).toEqual(network);
});

it.each<[string[], string, number, 'named' | 'pattern' | null]>([
  [['example.com'], 'example.com', 443, 'named'],
  [['example.com'], 'EXAMPLE.com.', 80, 'named'],
  [['example.com'], 'www.example.com', 443, null],
  [['example.com'], 'notexample.com', 443, null],
  [['*.example.com'], 'a.b.example.com', 443, 'pattern'],
  [['*.example.com', 'a.example.com'], 'a.example.com', 443, 'named'],
  [['*.example.com'], 'example.com', 443, null],
  [['*.example.com'], 'example.com.evil.test', 443, null],
  [['example.com:8443'], 'example.com', 8443, 'named'],
  [['example.com:8443'], 'example.com', 443, null],
  [['example.com'], 'example.com', 0, null],
  [['example.com'], 'example.com', 65_536, null],
  [['example.com'], 'example.com', 443.5, null],
  [['example.com'], 'example.com', NaN, null],
])('%j lets %s:%d be called as: %s', (allowed, host, port, expected) => {
  expect(hostAllowance(allowed, host, port)).toBe(expected);
});

it('lets a sealed checkout read no object of the repository', () => {
  const sealed = { ...ground, checkout: { ...ground.checkout, borrowed: [], sealed: true as const } };
  const paths = cagePolicy(sealed, []).rules.map(({ path }) => path);
  expect(paths).not.toContain('/people/ada/repo/.git/objects');
  expect(paths).toContain('/tmp/nx-wave-1/ab/one/checkout/objects');
});

it('makes the folders that a program would make at its first start, and no other', () => {
  const grants = { folders: ['~/.tool', '/srv/cache'], ownFolders: ['~/.tool', '/data/tool'], calls: [] };
  expect(cagePolicy(ground, [grants, noGrants]).make).toEqual(['/people/ada/.tool', '/data/tool']);
});
