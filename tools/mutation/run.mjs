import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../packages.mjs';
import { commitOf, markdownTable, writePromise } from '../promises.mjs';
import { areas } from './areas.mjs';

/**
 * `npm run test:mutation`: Stryker changes what decides, one operator or condition at a time, and the unit tests have to notice.
 * Options: `--area <name>` (one of tools/mutation/areas.mjs; all where absent), `--mutate <glob>` (of its files only these), `--survivors`
 * (prints what nobody noticed), `--table` (runs nothing: the table is made from the last runs), `--write` (the table goes into
 * docs/promises.md). Stryker is fetched from npm into `.tmp/stryker` where it is not there: 168 packages that nothing else needs. About
 * two hours of CPU for all areas.
 */
const { values } = parseArgs({
  options: {
    area: { type: 'string' },
    mutate: { type: 'string' },
    survivors: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    concurrency: { type: 'string', default: '1' },
  },
});
/** The last version that runs on Node 20. */
const version = '9.6.1';
const home = join(root, '.tmp', 'stryker');
const results = join(home, 'results');
mkdirSync(results, { recursive: true });

const wanted = areas.filter(({ name }) => values.area === undefined || name === values.area);
if (!values.table) {
  fetchStryker();
  for (const area of wanted) runArea(area);
}
const known = areas.filter(({ name }) => existsSync(fileOf(name)));
const text = render(known);
console.log(text);
if (values.survivors) for (const { name } of wanted) printSurvivors(name);
if (values.write) await writePromise('npm run test:mutation', text);

function fetchStryker() {
  if (existsSync(join(home, 'node_modules', '@stryker-mutator', 'core'))) return;
  writeFileSync(join(home, 'package.json'), '{"private":true}\n');
  const packages = ['core', 'jest-runner'].map((name) => `@stryker-mutator/${name}@${version}`);
  execFileSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', ...packages],
    {
      cwd: home,
      stdio: 'inherit',
    },
  );
}

function fileOf(name) {
  return join(results, `${name.replaceAll(' ', '-')}.json`);
}

function runArea({ name, mutate, specs }) {
  const slug = name.replaceAll(' ', '-');
  const jestConfig = join(home, `jest-${slug}.cjs`);
  writeFileSync(
    jestConfig,
    `module.exports = { ...require(${JSON.stringify(join(root, 'jest.config.cjs'))}), rootDir: process.cwd(), roots: ['<rootDir>/packages/wave-plugin/src'], testMatch: ${JSON.stringify(specs.map((glob) => `<rootDir>/${glob}`))}, testPathIgnorePatterns: ['e2e'], testSequencer: undefined };\n`,
  );
  const config = join(home, `stryker-${slug}.json`);
  writeFileSync(
    config,
    JSON.stringify({
      testRunner: 'jest',
      plugins: [join(home, 'node_modules', '@stryker-mutator', 'jest-runner', 'dist', 'src', 'index.js')],
      jest: { projectType: 'custom', configFile: jestConfig, enableFindRelatedTests: false },
      mutate: values.mutate ? [values.mutate] : [...mutate, '!**/*.spec.ts'],
      coverageAnalysis: 'perTest',
      concurrency: Number(values.concurrency),
      // What a mutant makes endless is ended; a busy machine is not.
      timeoutMS: 20_000,
      timeoutFactor: 4,
      // A text of a message that changes is for the specs of messages.
      mutator: { excludedMutations: ['StringLiteral'] },
      reporters: ['json', 'progress-append-only'],
      jsonReporter: { fileName: fileOf(name) },
      tempDirName: join(home, 'sandbox'),
      ignorePatterns: ['.nx', 'apps', 'docs', 'coverage', 'tools/bench', '**/dist'],
      symlinkNodeModules: true,
      allowEmpty: false,
      checkers: [],
      incremental: false,
    }),
  );
  const stryker = join(home, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
  const { status } = spawnSync(process.execPath, [stryker, 'run', config], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status} for ${name}`);
}

function mutantsOf(name) {
  const { files } = JSON.parse(readFileSync(fileOf(name), 'utf8'));
  return Object.entries(files).flatMap(([file, { mutants, source }]) =>
    mutants.map((mutant) => ({ file, source, ...mutant })),
  );
}

function render(all) {
  const count = (mutants, ...states) => mutants.filter(({ status }) => states.includes(status)).length;
  const line = (name, mutants) => {
    const [killed, survived] = [count(mutants, 'Killed', 'Timeout'), count(mutants, 'Survived')];
    const uncovered = count(mutants, 'NoCoverage');
    const valid = killed + survived + uncovered;
    return [
      name,
      valid,
      killed,
      survived,
      uncovered,
      valid === 0 ? '-' : `${((100 * killed) / valid).toFixed(1)} %`,
    ];
  };
  const parts = all.map(({ name }) => [name, mutantsOf(name)]);
  const head = ['what decides', 'mutants', 'noticed', 'not noticed', 'in no test', 'score'];
  return [
    markdownTable(head, [
      ...parts.map(([name, mutants]) => line(name, mutants)),
      line(
        'all',
        parts.flatMap(([, mutants]) => mutants),
      ),
    ]),
    `Made by \`npm run test:mutation\` with Stryker ${version} at commit ${commitOf('tools/mutation')}.`,
  ].join('\n\n');
}

function printSurvivors(name) {
  for (const { file, status, location, replacement, mutatorName, source } of mutantsOf(name)) {
    if (status !== 'Survived' && status !== 'NoCoverage') continue;
    const line = source.split('\n')[location.start.line - 1] ?? '';
    console.log(
      `${file}:${location.start.line}:${location.start.column} ${status} ${mutatorName}: ${line.trim()}  ->  ${(replacement ?? '').replaceAll('\n', ' ').slice(0, 120)}`,
    );
  }
}
