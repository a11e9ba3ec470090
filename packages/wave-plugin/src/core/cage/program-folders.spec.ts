import { type CageRule } from './cage-policy';
import { programFolders, showProgram } from './program-folders';

it('names what programs are made of, too', () => {
  expect(programFolders('/opt/tool/bin:/usr/sbin/:relative:/people/ada/node_modules/.bin:/srv/x')).toEqual([
    '/opt/tool',
    '/usr',
    '/people/ada/node_modules',
    '/srv/x',
  ]);
});

const rules: CageRule[] = [
  { path: '/tmp', access: 'private' },
  { path: '/tmp/checkout', access: 'write' },
  { path: '/tmp/hidden', access: 'none' },
];

it.each<[string, string | null]>([
  ['/tmp/tool/bin/x', '/tmp/tool'],
  ['/tmp/a/node_modules/.bin/x', '/tmp/a/node_modules'],
  ['/tmp/x', '/tmp/x'],
  ['/tmp/bin/x', '/tmp/bin/x'],
  ['/tmp/checkout/x', null],
  ['/tmp/hidden/bin/x', null],
  ['/opt/tool/bin/x', null],
])('shows of %s no more than %s', (program, shown) => {
  const added = showProgram(rules, program).filter((rule) => !rules.includes(rule));
  expect(added).toEqual(shown === null ? [] : [{ path: shown, access: 'read' }]);
});
