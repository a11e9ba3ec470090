import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../packages.mjs';
import { commitOf, markdownTable, writePromise } from '../promises.mjs';
import { areas } from './areas.mjs';

/**
 * `npm run test:mutation`: Stryker changes what decides, one operator or condition at a time, and the unit tests have to notice.
 * Options: `--area <name>` (one of tools/mutation/areas.mjs; all where absent), `--mutate <glob>` (of its files only these), `--survivors`
 * (prints what nobody noticed), `--table` (runs nothing: the table is made from the last runs), `--concurrency n`, `--write` (the table
 * goes into docs/promises.md). Stryker is fetched from npm into `.tmp/stryker` where it is not there: packages that nothing else needs.
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
/** Stryker as the last version that runs on Node 20, and mocha as the last that it knows. */
const packages = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/mocha-runner@9.6.1', 'mocha@11.7.5'];
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
  if (existsSync(join(home, 'node_modules', '@stryker-mutator', 'mocha-runner'))) return;
  writeFileSync(join(home, 'package.json'), '{"private":true}\n');
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'];
  execFileSync('npm', ['install', ...options, ...packages], { cwd: home, stdio: 'inherit' });
}

function fileOf(name) {
  return join(results, `${name.replaceAll(' ', '-')}.json`);
}

/** At which commit an area was run last. */
function commitFileOf(name) {
  return fileOf(name).replace(/\.json$/, '.commit');
}

/** Files of the repository that a list of patterns of git names. */
function filesOf(patterns) {
  return execFileSync('git', ['ls-files', '--', ...patterns.map((one) => `:(glob)${one}`)], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '');
}

function runArea({ name, mutate, specs }) {
  const unit = filesOf(specs).filter((path) => path.endsWith('.spec.ts') && !path.includes('.e2e.'));
  const sources = filesOf(values.mutate ? [values.mutate] : mutate).filter(
    (path) => !path.endsWith('.spec.ts'),
  );
  const config = join(home, `stryker-${name.replaceAll(' ', '-')}.json`);
  writeFileSync(
    config,
    JSON.stringify({
      testRunner: 'mocha',
      plugins: [join(home, 'node_modules', '@stryker-mutator', 'mocha-runner', 'dist', 'src', 'index.js')],
      mochaOptions: {
        spec: [fileURLToPath(new URL('jest-in-mocha.cjs', import.meta.url))],
        'no-config': true,
        'no-package': true,
      },
      mutate: sources,
      coverageAnalysis: 'perTest',
      concurrency: Number(values.concurrency),
      // What a mutant makes endless is ended; a busy machine is not.
      timeoutMS: 15_000,
      timeoutFactor: 4,
      // A text of a message that changes is for the specs of messages.
      mutator: { excludedMutations: ['StringLiteral'] },
      reporters: ['json', 'progress-append-only'],
      jsonReporter: { fileName: fileOf(name) },
      tempDirName: join(home, 'sandbox'),
      ignorePatterns: ['.nx', '.tmp', 'apps', 'docs', 'coverage', 'tools/bench', 'tools/report', '**/dist'],
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
    env: { ...process.env, SPECS: JSON.stringify(unit) },
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status} for ${name}`);
  writeFileSync(commitFileOf(name), commitOf('tools/mutation'));
}

function mutantsOf(name) {
  const { files } = JSON.parse(readFileSync(fileOf(name), 'utf8'));
  return Object.entries(files).flatMap(([file, { mutants, source }]) =>
    mutants.map((mutant) => ({ file, source, ...mutant })),
  );
}

function render(all) {
  const count = (mutants, ...states) => mutants.filter(({ status }) => states.includes(status)).length;
  const line = (name, mutants, commit) => {
    const [killed, late] = [count(mutants, 'Killed'), count(mutants, 'Timeout')];
    const [survived, uncovered] = [count(mutants, 'Survived'), count(mutants, 'NoCoverage')];
    const valid = killed + late + survived + uncovered;
    const score = valid === 0 ? '-' : `${((100 * (killed + late)) / valid).toFixed(1)} %`;
    return [name, valid, killed, late, survived, uncovered, score, commit];
  };
  const parts = all.map(({ name }) => [name, mutantsOf(name)]);
  const head = [
    'what decides',
    'mutants',
    'noticed',
    'endless',
    'not noticed',
    'in no test',
    'score',
    'at commit',
  ];
  return [
    markdownTable(head, [
      ...parts.map(([name, mutants]) => line(name, mutants, readFileSync(commitFileOf(name), 'utf8'))),
      line(
        'all',
        parts.flatMap(([, mutants]) => mutants),
        '',
      ),
    ]),
    `Made by \`npm run test:mutation\` with ${packages.join(', ')}; no chance is in it, and so no seed.`,
  ].join('\n\n');
}

function printSurvivors(name) {
  for (const { file, status, location, replacement, mutatorName, source } of mutantsOf(name)) {
    if (status !== 'Survived' && status !== 'NoCoverage') continue;
    const { start, end } = location;
    const lines = source.split('\n').slice(start.line - 1, end.line);
    const from = lines
      .map((line, at) =>
        line.slice(at === 0 ? start.column - 1 : 0, at === lines.length - 1 ? end.column - 1 : undefined),
      )
      .join(' ')
      .replace(/\s+/g, ' ');
    console.log(
      `${file}:${start.line}:${start.column} ${status} ${mutatorName}: ${from.slice(0, 160)}  ->  ${(replacement ?? '').replace(/\s+/g, ' ').slice(0, 100)}`,
    );
  }
}
