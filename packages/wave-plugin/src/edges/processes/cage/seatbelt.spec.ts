// What is made for macOS: no machine of these tests has a sandbox-exec, so the package that drives it is a fake one.
import { type CagePolicy } from '../../../core/cage/cage-policy';
import {
  encloseBySeatbelt,
  findSeatbelt,
  seatbeltConfig,
  type SandboxConfig,
  type SandboxRuntime,
} from './seatbelt';

const policy: CagePolicy = {
  rules: [
    { path: '/Users/a', access: 'read' },
    { path: '/private/tmp', access: 'private' },
    { path: '/Users/a/.ssh', access: 'none' },
    { path: '/Users/a/repo/.git', access: 'none' },
    { path: '/Users/a/repo/.git/objects', access: 'read' },
    { path: '/private/tmp/checkout', access: 'write' },
    { path: '/private/tmp/checkout/runner', access: 'none' },
    { path: '/private/tmp/checkout/owner.json', access: 'read' },
  ],
  network: { open: false, hosts: ['api.example:443', '*.example.com'], ports: [5432] },
  privateMb: 100,
  make: [],
};

it('makes a configuration of a policy: what is written, what is hidden, and what of the hidden is read', () => {
  expect(seatbeltConfig(policy)).toEqual({
    filesystem: {
      denyRead: ['/Users/a/.ssh', '/Users/a/repo/.git', '/private/tmp/checkout/runner'],
      allowRead: ['/Users/a/repo/.git/objects'],
      allowWrite: ['/private/tmp/checkout'],
      denyWrite: [
        '/Users/a/.ssh',
        '/Users/a/repo/.git',
        '/private/tmp/checkout/runner',
        '/private/tmp/checkout/owner.json',
      ],
    },
    network: {
      allowedDomains: ['api.example', '*.example.com'],
      deniedDomains: [],
      allowLocalBinding: true,
      allowUnixSockets: ['/private/tmp/checkout'],
    },
  });
});

it('names no domains where the network is open', () => {
  expect(seatbeltConfig({ ...policy, network: { open: true } }).network).not.toHaveProperty('allowedDomains');
});

it('says how to get a cage where the package is not there', async () => {
  const missing = await findSeatbelt(() => Promise.reject(new Error('Cannot find module')));
  expect(missing).toMatchObject({
    kind: 'none',
    next: expect.stringContaining('@anthropic-ai/sandbox-runtime'),
  });
});

it('starts the program through the package, each word as it stands', async () => {
  const seen: { line: string; config: SandboxConfig | undefined }[] = [];
  const runtime: SandboxRuntime = {
    SandboxManager: {
      initialize: () => Promise.resolve(),
      wrapWithSandbox: (line, _shell, config) => {
        seen.push({ line, config });
        return Promise.resolve(`wrapped ${line}`);
      },
    },
  };
  const load = () => Promise.resolve(runtime);
  expect(await findSeatbelt(load)).toMatchObject({ kind: 'sandbox-exec', network: true });
  const start = { command: process.execPath, args: ['-e', "it's $HOME; `x`"], cwd: '/', env: { A: '1' } };
  const caged = await encloseBySeatbelt(start, policy, load);
  const line = `exec '${process.execPath}' '-e' 'it'\\''s $HOME; \`x\`'`;
  expect(seen).toEqual([{ line, config: seatbeltConfig(policy) }]);
  expect(caged).toMatchObject({
    command: '/bin/sh',
    args: ['-c', `exec wrapped ${line}`],
    env: { A: '1' },
    guarded: false,
  });
});

it('answers the code of the system where the program is not there', async () => {
  const start = { command: '/no/such/program', args: [], cwd: '/', env: {} };
  expect(await encloseBySeatbelt(start, policy)).toEqual({ errorCode: 'ENOENT' });
});
