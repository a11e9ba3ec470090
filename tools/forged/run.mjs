import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeMemoryFolder } from '../memory-folder.mjs';
import { commitOf, markdownTable, writePromise } from '../promises.mjs';
import { bundleProgram } from '../weakened-bundle.mjs';
import { controls } from './controls.mjs';

/**
 * `npm run test:forged`: everything that is stored is damaged and forged, one thing at a time, and the wave is launched (or landed): what
 * comes out has to be the true work, whoever does it. Options: `--seed s`, `--limit n` (trials of each place and kind), `--only <part of
 * a place's name>`, `--short` (what the long tests run), `--negative` (the negative controls alone), `--write` (the table goes into
 * docs/promises.md). Exit code 1 when something came in, or a negative control let nothing in.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    limit: { type: 'string' },
    only: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
    negative: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const folder = realpathSync(mkdtempSync(join(makeMemoryFolder() ?? tmpdir(), 'nx-wave-forged-')));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
const options = {
  seed: Number(values.seed),
  limit: Number(values.limit ?? (values.short ? 3 : 60)),
  only: values.only,
};

let red = false;
if (!values.negative) {
  const rows = run(await bundleProgram('forged/main.ts', join(folder, 'product')), options);
  for (const line of rows.flatMap(({ told }) => told)) console.log(`RED: ${line}`);
  const text = render(rows);
  console.log(text);
  red = rows.some(({ letIn, defects }) => letIn + defects > 0);
  if (values.write) await writePromise('npm run test:forged', text);
}
if (values.negative)
  for (const [number, { title, only, damage, weakening }] of controls.entries()) {
    const program = await bundleProgram('forged/main.ts', join(folder, `control-${number}`), weakening);
    const rows = run(program, { ...options, only, damage });
    const letIn = rows.reduce((sum, one) => sum + one.letIn, 0);
    console.log(
      `negative control, ${title}: ${letIn > 0 ? `red (${letIn} let in), as it has to be` : 'NOT RED'}`,
    );
    red ||= letIn === 0;
  }
process.exitCode = red ? 1 : 0;

function run(program, given) {
  const output = execFileSync(process.execPath, [program, JSON.stringify(given)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temporary },
  });
  return JSON.parse(output);
}

function render(rows) {
  const head = [
    'where',
    'what was done',
    'trials',
    'refused by name',
    'a miss',
    'of no effect',
    'believed',
    'let in',
    'defects',
  ];
  const lines = rows.map(({ place, damage, trials, refused, missed, unharmed, believed, letIn, defects }) => [
    place,
    damage,
    trials,
    refused,
    missed,
    unharmed,
    believed,
    letIn,
    defects,
  ]);
  const sums = head.slice(2).map((_, at) => lines.reduce((sum, line) => sum + line[at + 2], 0));
  const command = `npm run test:forged -- --seed ${values.seed}${values.limit ? ` --limit ${values.limit}` : ''}`;
  return [
    markdownTable(head, [...lines, ['all', '', ...sums]]),
    `Made by \`${command}\` at commit ${commitOf('tools/forged', 'tools/histories')}.`,
  ].join('\n\n');
}
