import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../packages.mjs';
import { commitOf, markdownTable, writePromise } from '../promises.mjs';
import { bundleProgram } from '../weakened-bundle.mjs';
import { controls } from './controls.mjs';

/**
 * `npm run test:fuzz`: random texts for everything that reads what others wrote: no throw, nothing taken that the contract refuses, and a
 * time that grows with the length. Options: `--runs n` (texts of each reader), `--seed s`, `--only <part of a reader's name>`, `--short`
 * (what the long tests run: fewer texts, none of 50 MB), `--negative` (the negative controls alone), `--keep` (what is found goes into
 * tools/fuzz/kept.json, which each run begins with), `--write` (the table goes into docs/promises.md, that of the controls with
 * `--negative`). Exit code 1 when a reader is red, or a negative control is not.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
    negative: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const mostGrowth = 3;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-fuzz-')));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
const options = {
  runs: Number(values.runs ?? (values.short ? 300 : 20_000)),
  seed: Number(values.seed),
  only: values.only,
  growsTo: values.short ? 2 ** 19 : 2 ** 22,
  largest: values.short ? 0 : 50 * 10 ** 6,
};

const command = `npm run test:fuzz -- --seed ${values.seed}${values.short ? ' --short' : ''}${values.runs ? ` --runs ${values.runs}` : ''}`;
const commit = commitOf('tools/fuzz');

const isGreen = [
  ...(values.negative ? [] : [await runTexts()]),
  ...(values.negative || values.short ? [await runControls()] : []),
];
process.exitCode = isGreen.every(Boolean) ? 0 : 1;

async function runTexts() {
  const rows = run(await bundleProgram('fuzz/program.ts', join(folder, 'product')), options);
  for (const line of rows.flatMap(({ told }) => told)) console.log(`RED: ${line}`);
  const text = [render(rows), `Made by \`${command}\` at commit ${commit}.`].join('\n\n');
  console.log(text);
  if (values.write) await writePromise('npm run test:fuzz', text);
  return rows.length > 0 && !rows.some(isRed);
}

async function runControls() {
  const found = [];
  const chosen = controls.filter(({ subject }) => subject.includes(values.only));
  for (const [number, { title, weakening, subject, ...more }] of chosen.entries()) {
    const program = await bundleProgram('fuzz/program.ts', join(folder, `control-${number}`), weakening);
    const [row] = run(program, { ...options, growsTo: 0, largest: 0, only: subject, ...more });
    console.log(
      `negative control, ${title}: ${isRed(row) ? `red (${row.told[0]?.slice(0, 160) ?? `growth ${row.growth.toFixed(1)}`})` : 'NOT RED'}`,
    );
    found.push({ title, row });
  }
  const head = ['where', 'what is read', 'texts', 'thrown', 'wrongly taken', 'time of a doubled text'];
  const lines = found.map(({ title, row: { name, trials, thrown, wrong, growth } }) => [
    title,
    name,
    trials,
    thrown,
    wrong,
    growthOf(growth, '-'),
  ]);
  const text = [markdownTable(head, lines), `Made by \`${command} --negative\` at commit ${commit}.`].join(
    '\n\n',
  );
  if (values.negative) console.log(text);
  if (values.negative && values.write) await writePromise('npm run test:fuzz', text, ' --negative');
  return found.every(({ row }) => isRed(row));
}

function run(program, given) {
  const output = execFileSync(
    process.execPath,
    [program, JSON.stringify(given), ...(values.keep ? ['--keep'] : [])],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return JSON.parse(output);
}

function isRed({ thrown, wrong, growth }) {
  return thrown + wrong > 0 || growth > mostGrowth;
}

function render(rows) {
  const head = [
    'what is read',
    'texts',
    'taken',
    'thrown',
    'wrongly taken',
    'time of a doubled text',
    'slowest text',
    '50 MB of it',
  ];
  const lines = rows.map(({ name, trials, accepted, thrown, wrong, growth, slowest, largestMs }) => [
    name,
    trials,
    accepted,
    thrown,
    wrong,
    growthOf(growth, 'too fast to tell'),
    slowest,
    largestMs === null ? '-' : `${(largestMs / 1000).toFixed(1)} s`,
  ]);
  return markdownTable(head, lines);
}

function growthOf(growth, none) {
  return growth === 0 ? none : `× ${growth.toFixed(1)}`;
}
