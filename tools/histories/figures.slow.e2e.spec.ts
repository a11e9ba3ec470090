// About tools/histories, tools/fuzz and tools/determinism: their short forms. Whole runs are scripts of their own.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const run = (script: string, ...words: string[]) =>
  execFileSync(process.execPath, [join(__dirname, '..', script), ...words], { encoding: 'utf8' });

it('a few random histories pay for exactly what had to run, and are served nothing wrong', () => {
  expect(run('histories/run.mjs', '--histories', '4', '--length', '6')).toMatch(/\| all +\| +28 \|/);
});

it('a rule that is taken out of the keys is found by the same histories', () => {
  const told = run('histories/run.mjs', '--negative', '--only', 'the ledger', '--histories', '40');
  expect(told).toContain('red (wrong hit)');
});

it('nothing that reads what others wrote throws or takes what it must not, and each check that is taken out is found', () => {
  expect(run('fuzz/run.mjs', '--short')).not.toContain('NOT RED');
});

it('the same input gives the same bytes in any order, language and time zone', () => {
  expect(run('determinism/run.mjs', '--short')).not.toContain('NOT RED');
});
