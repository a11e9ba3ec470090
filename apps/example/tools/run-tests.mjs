// Runs the tests of the library: all of them, or those of the modules named, as in
// `node apps/example/tools/run-tests.mjs oven clock`. One process, one line per failure.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const workspaceRoot = fileURLToPath(new URL('../../..', import.meta.url));
process.chdir(workspaceRoot);
const folder = 'apps/example/src';
const named = process.argv.slice(2).map((name) => `${name}.test.ts`);
const all = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
const tests = (named.length > 0 ? named : all.sort()).map((name) => `${folder}/${name}`);
const missing = tests.filter((path) => !existsSync(path));

if (missing.length > 0) {
  console.error(`no such test: ${missing.join(', ')}`);
  process.exitCode = 1;
} else {
  const load = ['--test-reporter=./apps/example/tools/reporter.mjs'];
  const { status } = spawnSync(process.execPath, [...load, 'apps/example/tools/load-tests.cjs', ...tests], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
