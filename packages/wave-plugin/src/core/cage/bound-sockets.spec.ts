import { boundSockets, socketsToHide } from './bound-sockets';
import { type CageRule } from './cage-policy';

const table = `Num       RefCount Protocol Flags    Type St Inode Path
ffff9a3c: 00000002 00000000 00010000 0001 01 12345 /srv/a/agent.sock
ffff9a3d: 00000003 00000000 00000000 0001 03 12346
ffff9a3e: 00000003 00000000 00000000 0001 03 12347 @/tmp/.X11-unix/X0
0000000000000000: 00000002 00000000 00010000 0002 01   17 /run/a b.sock
ffff9a3f: 00000002 00000000 00000000 0001 03 12348 /srv/a/agent.sock
`;

it('reads the paths of sockets, each once, those without a file left out', () => {
  expect(boundSockets(table)).toEqual(['/run/a b.sock', '/srv/a/agent.sock']);
});

const rules: CageRule[] = [
  { path: '/srv', access: 'read' },
  { path: '/run', access: 'private' },
  { path: '/srv/a/.docker', access: 'none' },
  { path: '/srv/a/tree', access: 'write' },
  { path: '/srv/a/allowed.sock', access: 'write' },
];

it.each([
  ['where files can be read', '/srv/a/agent.sock', true],
  ['where no rule is', '/opt/service.sock', true],
  ['in a folder of its own', '/run/docker.sock', false],
  ['where nothing can be seen', '/srv/a/.docker/run.sock', false],
  ['where it may write', '/srv/a/tree/test.sock', false],
  ['that is allowed', '/srv/a/allowed.sock', false],
])('a socket %s: %s is hidden: %s', (_where, socket, isHidden) => {
  expect(socketsToHide(rules, [socket])).toEqual(isHidden ? [socket] : []);
});
