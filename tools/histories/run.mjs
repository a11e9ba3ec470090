import { fork } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeMemoryFolder } from '../memory-folder.mjs';
import { commitOf, markdownTable, writePromise } from '../promises.mjs';
import { bundleProgram } from '../weakened-bundle.mjs';
import { controls } from './controls.mjs';

/**
 * `npm run test:histories`: random histories of one wave on the real engine with real git, and a model that says what had to run.
 * Options: `--nx` (through real Nx), `--minutes m` (no history is begun after), `--journal file` (histories are kept there, and a run that was cut
 * short goes on), `--histories n`, `--length n` (launches of each after the first), `--seed s` (of the first history, the others follow),
 * `--workers n`, `--negative` (the negative controls alone), `--only <part of a control's title>`, `--tell` (each launch is printed),
 * `--write` (the table goes into docs/promises.md). Exit code 1 when a launch is red, or a negative control is not.
 */
const { values } = parseArgs({
  options: {
    histories: { type: 'string' },
    length: { type: 'string' },
    nx: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '600' },
    journal: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '1' },
    negative: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    tell: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const usual = values.nx ? { histories: 50, length: 6 } : { histories: 1000, length: 10 };
const [histories, length] = ['histories', 'length'].map((name) => Number(values[name] ?? usual[name]));
const seed = Number(values.seed);
const folder = realpathSync(
  mkdtempSync(join((values.nx ? null : makeMemoryFolder()) ?? tmpdir(), 'nx-wave-histories-')),
);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
const started = Date.now();
const endsAt = started + Number(values.minutes) * 60_000;

process.exitCode = values.negative ? await runControls() : await runAll();

async function runAll() {
  const worker = await bundleProgram(
    values.nx ? 'histories/main-nx.ts' : 'histories/main.ts',
    join(folder, 'worker'),
  );
  const results = await play(worker, { first: seed, count: histories });
  const text = render(results);
  console.log(`\n${text}`);
  if (values.write) await writePromise('npm run test:histories', text, values.nx ? ' --nx' : '');
  return results.some(isRed) ? 1 : 0;
}

/** Each control plays histories until the rule is missed, `--histories` at most (200 where absent). */
async function runControls() {
  let missed = 0;
  const most = process.argv.includes('--histories') ? histories : 200;
  for (const [number, { title, weakening, expected, causes }] of controls.entries()) {
    if (!title.includes(values.only)) continue;
    const worker = await bundleProgram('histories/main.ts', join(folder, `control-${number}`), weakening);
    const results = await play(worker, {
      first: seed,
      count: most,
      quiet: true,
      causes,
      until: ({ launches }) => kindsOf(launches).includes(expected),
    });
    const at = results.findIndex(({ launches }) => kindsOf(launches).includes(expected));
    if (at < 0) missed += 1;
    console.log(
      `negative control, ${title}: ${at < 0 ? `NOT RED in ${results.length} histories` : `red (${expected}) after ${results.length} histories, as it has to be`}`,
    );
  }
  return missed > 0 ? 1 : 0;
}

function kindsOf(launches) {
  return launches.flatMap(({ problems }) => problems.map(({ kind }) => kind));
}

function isRed({ broken, launches }) {
  return broken === true || kindsOf(launches).length > 0;
}

/** Histories (of these causes alone, where some are given) from the seed `first` on, on as many workers as are asked for; `until` ends them all. */
async function play(worker, { first, count, causes, quiet = false, until = () => false }) {
  const results = readJournal(quiet, first, count);
  const known = new Set(results.map((one) => one.seed));
  const waiting = Array.from({ length: count }, (_, at) => first + at).filter((one) => !known.has(one));
  let over = false;
  await Promise.all(
    Array.from({ length: Number(values.workers) }, async (_, at) => {
      const temporary = join(folder, `tmp-${at}`);
      mkdirSync(temporary, { recursive: true });
      while (!over && waiting.length > 0 && Date.now() < endsAt) {
        // What a killed runner leaves in memory goes with the process.
        const child = fork(worker, [], { env: { ...process.env, TMPDIR: temporary } });
        for (let turn = 0; turn < 25 && !over && waiting.length > 0 && Date.now() < endsAt; turn += 1) {
          const result = await ask(child, { seed: waiting.shift(), length, causes, tells: values.tell });
          results.push(result);
          if (values.journal && !quiet)
            appendFileSync(values.journal, `${JSON.stringify({ ...result, told: [] })}\n`);
          over ||= until(result);
          if (!quiet) tell(result, results.length);
        }
        child.kill('SIGKILL');
        rmSync(temporary, { recursive: true, force: true });
        mkdirSync(temporary, { recursive: true });
      }
    }),
  );
  return results.sort((a, b) => a.seed - b.seed);
}

/** What an earlier run of the same seeds has kept. */
function readJournal(quiet, first, count) {
  if (quiet || !values.journal || !existsSync(values.journal)) return [];
  return readFileSync(values.journal, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter((one) => one.seed >= first && one.seed < first + count);
}

function ask(child, message) {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code} at seed ${message.seed}`)));
    child.send(message);
  }).finally(() => child.removeAllListeners());
}

function tell(result, done) {
  for (const line of result.told) console.log(line);
  if (isRed(result)) console.log(`RED: seed ${result.seed}`);
  if (done % 100 === 0) console.log(`${done} histories, ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

/** The table, by what happened before a launch. */
function render(results) {
  const launches = results.flatMap((one) => one.launches);
  const causes = [...new Set(launches.map(({ cause }) => cause))].sort();
  const line = (title, some) => {
    const sum = (name) => some.reduce((all, one) => all + one[name], 0);
    const of = (...kinds) => kindsOf(some).filter((kind) => kinds.includes(kind)).length;
    const [paid, necessary] = [sum('paid'), sum('necessary')];
    return [
      title,
      some.length,
      necessary,
      paid,
      necessary === 0 ? (paid === 0 ? '-' : '∞') : (paid / necessary).toFixed(2),
      of('wrong hit', 'not run'),
      of('paid for nothing', 'planned'),
      sum('naivePaid'),
      sum('naiveWrong'),
    ];
  };
  const head = [
    'what happened before the launch',
    'launches',
    'runs necessary',
    'runs paid',
    'paid / necessary',
    'wrong hits',
    'paid for nothing',
    'naive wave: runs',
    'naive wave: wrong hits',
  ];
  const lines = causes.map((cause) =>
    line(
      cause,
      launches.filter((one) => one.cause === cause),
    ),
  );
  const chosen = [
    ...(values.nx ? ['--nx'] : []),
    ...['histories', 'length'].flatMap((name) => (values[name] ? [`--${name} ${values[name]}`] : [])),
  ];
  const options = chosen.map((one) => ` ${one}`).join('');
  return [
    markdownTable(head, [...lines, line('all', launches)]),
    [
      `Made by \`npm run test:histories -- --seed ${seed}${options}\` at commit ${commitOf('tools/histories')}.`,
      results.length < histories
        ? `Of ${histories} histories ${results.length} were run: this is the first part of a run, and not a whole one.`
        : `${results.length} histories of up to ${length + 1} launches.`,
    ].join('\n'),
  ].join('\n\n');
}
