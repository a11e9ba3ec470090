import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../packages.mjs';
import { commitOf, markdownTable, writePromise } from '../promises.mjs';
import { areas } from './areas.mjs';
import { figureRows, judgeMutants } from './survivors.mjs';

/**
 * `npm run test:mutation`: Stryker changes what decides, one operator or condition at a time, and the unit tests have to notice.
 * Options: `--area <name>` (one of tools/mutation/areas.mjs; all where absent), `--mutate <glob>` (of its files only these: to look at, no
 * figures), `--survivors` (prints what nobody noticed or explained), `--table` (runs nothing: the table is made from the last runs),
 * `--concurrency n`, `--write` (the figures of these areas go into tools/mutation/results, and the table of all into docs/promises.md).
 *
 * Why something may stay unnoticed stands in `tools/mutation/explained/<area>.json`. Ends with 1 where something is neither noticed nor
 * explained, and where an explanation is needless. Stryker is fetched from npm into `.tmp/stryker` where it is not there: packages that
 * nothing else needs.
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
const results = join(home, values.mutate ? 'part' : 'results');
const kept = (folder, name) => join(import.meta.dirname, folder, `${fileNameOf(name)}.json`);
mkdirSync(results, { recursive: true });

const wanted = areas.filter(({ name }) => values.area === undefined || name === values.area);
if (!values.table) {
  fetchStryker();
  for (const area of wanted) runArea(area);
}
const judged = new Map(wanted.filter(hasRun).map(({ name }) => [name, judgeArea(name)]));
for (const [name, { figures, unexplained, needless }] of judged)
  sayOpen(name, { figures, unexplained, needless });
const text = render();
console.log(text);
if (values.write && !values.mutate) {
  for (const [name, { figures }] of judged) writeFileSync(kept('results', name), asJson(figures));
  await writePromise('npm run test:mutation', text);
}

function fetchStryker() {
  if (existsSync(join(home, 'node_modules', '@stryker-mutator', 'mocha-runner'))) return;
  writeFileSync(join(home, 'package.json'), '{"private":true}\n');
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'];
  execFileSync('npm', ['install', ...options, ...packages], { cwd: home, stdio: 'inherit' });
}

function fileOf(name) {
  return join(results, `${fileNameOf(name)}.json`);
}

function fileNameOf(name) {
  return name.replaceAll(' ', '-');
}

function hasRun({ name }) {
  return existsSync(fileOf(name));
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
  const config = join(home, `stryker-${fileNameOf(name)}.json`);
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
  // Figures and explanations change no test.
  const commit = commitOf('tools/mutation/*.mjs', 'tools/mutation/*.cjs');
  const { status } = spawnSync(process.execPath, [stryker, 'run', config], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SPECS: JSON.stringify(unit) },
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status} for ${name}`);
  writeFileSync(commitFileOf(name), commit);
}

function mutantsOf(name) {
  const { files } = JSON.parse(readFileSync(fileOf(name), 'utf8'));
  return Object.entries(files).flatMap(([file, { mutants, source }]) =>
    mutants.map((mutant) => ({ file, source, ...mutant })),
  );
}

/** What the last run of an area has shown, and at which commit. */
function judgeArea(name) {
  const explained = existsSync(kept('explained', name)) ? readJson(kept('explained', name)) : [];
  const { figures, unexplained, needless } = judgeMutants(mutantsOf(name), explained);
  const commit = readFileSync(commitFileOf(name), 'utf8');
  // Of some files only, explanations of the others are not needless.
  return { figures: { commit, ...figures }, unexplained, needless: values.mutate ? [] : needless };
}

function sayOpen(name, { figures, unexplained, needless }) {
  const { survived, uncovered, same, elsewhere } = figures;
  console.log(`${name}: not noticed ${survived + uncovered}, of them explained ${same + elsewhere}`);
  if (values.survivors)
    for (const { name: text, location, status } of unexplained)
      console.log(`  line ${location.start.line}, ${status}: ${JSON.stringify(text)}`);
  for (const text of needless) console.log(`  explained, but noticed or not there: ${JSON.stringify(text)}`);
  if (unexplained.length + needless.length > 0) process.exitCode = 1;
}

/** All areas: those that are asked about as they are now, the others as they were written last. */
function render() {
  const figuresOf = (name) =>
    judged.get(name)?.figures ?? (existsSync(kept('results', name)) && readJson(kept('results', name)));
  const { head, rows } = figureRows(
    areas.map(({ name }) => ({ name, ...figuresOf(name) })).filter(({ commit }) => commit !== undefined),
  );
  return [
    markdownTable(head, rows),
    `Made by \`npm run test:mutation\` with ${packages.join(', ')}; no chance is in it, and so no seed.`,
  ].join('\n\n');
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function asJson(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
