// Tests run.mjs: the short form of `npm run test:faults`, with its negative controls.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

jest.setTimeout(900_000);

it('whatever ends a command, nothing is lost, paid twice, torn or left behind, and the trials would see it', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'run.mjs'), '--short'], {
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`).toContain('red, as it has to be');
  expect({ status, output: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, output: '' });
});
