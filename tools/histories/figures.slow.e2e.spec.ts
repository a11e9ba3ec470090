// About run.mjs of tools/histories and of tools/fuzz: a few seconds of each. Whole runs are scripts of their own.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs a script; what it printed where it found nothing. */
function run(script: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, '..', script), ...words], {
    encoding: 'utf8',
  });
  expect({ status, output: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, output: '' });
  return stdout;
}

it('random histories pay for exactly what had to run, and are served nothing wrong', () => {
  expect(run('histories/run.mjs', '--histories', '2', '--length', '5')).toContain('| all | 12 |');
});

it('no text of an agent makes its reader throw or take what it must not, and a check that is taken out is found', () => {
  expect(run('fuzz/run.mjs', '--short', '--runs', '100', '--only', 'envelope')).toContain('negative control');
});
