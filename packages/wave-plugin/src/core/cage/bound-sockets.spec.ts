import { boundSockets, hideSockets } from './bound-sockets';
import { type CageRule } from './cage-policy';

const table = `Num       RefCount Protocol Flags    Type St Inode Path
ffff9a3c: 00000002 00000000 00010000 0001 01 12345 /home/a/agent.sock
ffff9a3d: 00000003 00000000 00000000 0001 03 12346
ffff9a3e: 00000003 00000000 00000000 0001 03 12347 @/tmp/.X11-unix/X0
0000000000000000: 00000002 00000000 00010000 0002 01   17 /run/a b.sock
ffff9a3f: 00000002 00000000 00000000 0001 03 12348 /home/a/agent.sock
`;

it('reads the paths of sockets, each once, those without a file left out', () => {
  expect(boundSockets(table)).toEqual(['/home/a/agent.sock', '/run/a b.sock']);
});

const rules: CageRule[] = [
  { path: '/home', access: 'read' },
  { path: '/run', access: 'private' },
  { path: '/home/a/.docker', access: 'none' },
  { path: '/home/a/tree', access: 'write' },
  { path: '/home/a/allowed.sock', access: 'write' },
];

it.each([
  ['where files can be read', '/home/a/agent.sock', true],
  ['where no rule is', '/opt/service.sock', true],
  ['in a folder of its own', '/run/docker.sock', false],
  ['where nothing can be seen', '/home/a/.docker/run.sock', false],
  ['where it may write', '/home/a/tree/test.sock', false],
  ['that is allowed', '/home/a/allowed.sock', false],
])('a socket %s: %s is hidden: %s', (_where, socket, isHidden) => {
  const added = hideSockets(rules, [socket]).filter((rule) => !rules.includes(rule));
  expect(added).toEqual(isHidden ? [{ path: socket, access: 'none' }] : []);
});
