import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { makeMemoryFolder } from '../memory-folder.mjs';
import { commitOf, markdownTable, writePromise } from '../promises.mjs';
import { bundleProgram } from '../weakened-bundle.mjs';
import { controls, withoutRule } from './controls.mjs';

/**
 * `npm run test:forged`: everything that is stored is changed and forged, one thing at a time, and somebody comes in by the door where
 * it is read: the wave closes on the work of an undisturbed run, or says what it does not take. Options: `--seed s`, `--limit n` (trials of
 * each row), `--nx` (the caches of real Nx, and nothing else), `--place <name>` and `--kind <name>` (again and again; all where absent), `--short` (a few of each), `--negative` (the
 * negative controls alone), `--write` (the table goes into docs/promises.md, that of the controls with `--negative`). Exit code 1
 * when something came in, nothing was done for a row, or a negative control let nothing in.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    limit: { type: 'string' },
    place: { type: 'string', multiple: true, default: [] },
    kind: { type: 'string', multiple: true, default: [] },
    short: { type: 'boolean', default: false },
    negative: { type: 'boolean', default: false },
    nx: { type: 'boolean', default: false },
    told: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const folder = realpathSync(mkdtempSync(join(makeMemoryFolder() ?? tmpdir(), 'nx-wave-forged-')));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
const limit = Number(values.limit ?? (values.short ? 2 : values.nx ? 6 : values.negative ? 40 : 60));
const options = { seed: Number(values.seed), limit, places: values.place, kinds: values.kind };
const kindOfRun = values.nx ? ' --nx' : '';
const command = `npm run test:forged --${kindOfRun} --seed ${values.seed}${values.limit ? ` --limit ${values.limit}` : ''}`;
const commit = commitOf('tools/forged', 'tools/histories');

const isRed = values.negative ? await runControls() : await runTrials();
process.exitCode = isRed ? 1 : 0;

async function runTrials() {
  const rows = await run(await bundleProgram(program(), join(folder, 'product')), options);
  for (const line of rows.flatMap(({ told }) => told)) console.log(`RED: ${line}`);
  if (values.told)
    for (const { place, unharmed } of rows) for (const line of unharmed) console.log(`${place}: ${line}`);
  const text = [render(rows), `Made by \`${command}\` at commit ${commit}.`].join('\n\n');
  console.log(text);
  if (values.write) await writePromise('npm run test:forged', text, kindOfRun);
  const uncontrolled = rows.filter(
    (row) => ![...controls.flatMap((one) => one.rows), ...withoutRule].some(isRowOf(row)),
  );
  for (const { place, kind } of uncontrolled)
    console.log(`RED: ${place}, ${kind}: no negative control turns it red`);
  return (
    rows.length === 0 || uncontrolled.length > 0 || rows.some((row) => row.trials === 0 || badEnds(row) > 0)
  );
}

function isRowOf(row) {
  return (one) => one.place === row.place && one.kind === row.kind;
}

function program() {
  return values.nx ? 'forged/main-nx.ts' : 'forged/main.ts';
}

async function runControls() {
  const found = [];
  for (const [number, { rule, cuts = null, without, rows, file }] of controls.entries()) {
    if ((without !== undefined) !== values.nx) continue;
    const wanted = rows.filter(
      ({ place, kind }) =>
        (values.place.length === 0 || values.place.includes(place)) &&
        (values.kind.length === 0 || values.kind.includes(kind)),
    );
    if (wanted.length === 0) continue;
    const bundle = await bundleProgram(program(), join(folder, `control-${number}`), cuts);
    const given = {
      ...options,
      ...(without === undefined ? {} : { without, file }),
      untilLetIn: true,
      places: [...new Set(wanted.map(({ place }) => place))],
      kinds: [...new Set(wanted.map(({ kind }) => kind))],
    };
    const made = await run(bundle, given);
    for (const { place, kind } of wanted) {
      const row = made.find((one) => one.place === place && one.kind === kind);
      const letIn = row?.ends['let in'] ?? 0;
      console.log(
        `negative control, ${rule}: ${place}, ${kind}: ${letIn > 0 ? `red (${letIn} let in), as it has to be` : 'NOT RED'}`,
      );
      found.push({ rule, place, kind, trials: row?.trials ?? 0, letIn });
    }
  }
  const head = ['without the rule that', 'where', 'what was done', 'trials', 'let in'];
  const lines = found.map(({ rule, place, kind, trials, letIn }) => [rule, place, kind, trials, letIn]);
  const text = [markdownTable(head, lines), `Made by \`${command} --negative\` at commit ${commit}.`].join(
    '\n\n',
  );
  console.log(text);
  if (values.write) await writePromise('npm run test:forged', text, `${kindOfRun} --negative`);
  return found.length === 0 || found.some(({ letIn }) => letIn === 0);
}

async function run(bundle, given) {
  const { stdout } = await execa(process.execPath, [bundle, JSON.stringify(given)], {
    stderr: 'inherit',
    env: { TMPDIR: temporary },
  });
  return JSON.parse(stdout);
}

function badEnds({ ends }) {
  return (ends['let in'] ?? 0) + (ends.defect ?? 0);
}

function render(rows) {
  const ends = ['refused', 'missed', 'proven again', 'unharmed', 'believed', 'let in', 'defect'];
  const titles = [
    'refused by name',
    'done again',
    'proven again',
    'nothing rests on it',
    'believed',
    'let in',
    'defects',
  ];
  const lines = rows.map((row) => [
    row.place,
    row.kind,
    row.trials,
    ...ends.map((end) => row.ends[end] ?? 0),
  ]);
  const sums = ['trials', ...ends].map((_, at) => lines.reduce((sum, line) => sum + line[at + 2], 0));
  return markdownTable(['where', 'what was done', 'trials', ...titles], [...lines, ['all', '', ...sums]]);
}
