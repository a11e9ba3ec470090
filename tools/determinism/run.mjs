import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../packages.mjs';
import { commitOf, markdownTable, writePromise } from '../promises.mjs';
import { bundleProgram } from '../weakened-bundle.mjs';
import { controls } from './controls.mjs';

/**
 * `npm run test:determinism`: the same input in other orders, processes, languages, time zones and versions of Node, and the same bytes.
 * Options: `--permutations n`, `--seed s`, `--short` (what the long tests run: fewer, no other Node), `--negative` (the negative
 * controls alone), `--nodes <versions>` (fetched from npm into `.tmp/nodes` where they are not there), `--write` (the table goes into
 * docs/promises.md, that of the controls with `--negative`). Exit code 1 when bytes differ, or a negative control finds none that do.
 */
const { values } = parseArgs({
  options: {
    permutations: { type: 'string' },
    seed: { type: 'string', default: '1' },
    short: { type: 'boolean', default: false },
    negative: { type: 'boolean', default: false },
    nodes: { type: 'string', default: '22.23.5,24.22.3' },
    write: { type: 'boolean', default: false },
  },
});
const permutations = Number(values.permutations ?? (values.short ? 50 : 1000));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-determinism-')));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Languages whose sorting and letters are their own, and time zones that are no whole hours away. */
const places = [
  ['C', 'UTC'],
  ['en_US.UTF-8', 'America/St_Johns'],
  ['tr_TR.UTF-8', 'Asia/Kathmandu'],
  ['cs_CZ.UTF-8', 'Europe/Prague'],
  ['et_EE.UTF-8', 'Pacific/Chatham'],
  ['da_DK.UTF-8', 'Pacific/Apia'],
  ['ar_EG.UTF-8', 'Africa/Cairo'],
  ['th_TH.UTF-8', 'Asia/Bangkok'],
  ['sv_SE.UTF-8', 'America/Caracas'],
].map(([locale, zone]) => ({ title: `${locale}, ${zone}`, env: { LC_ALL: locale, LANG: locale, TZ: zone } }));

/** Another machine in one process: how its folders are listed, and what its clock says. */
const elsewhere = join(root, 'tools', 'determinism', 'elsewhere.cjs');
const otherMachines = [
  { title: 'folders listed backwards', env: { ...places[0].env, LISTED: 'backwards' } },
  { title: 'a year later', env: { ...places[0].env, AHEAD: String(366 * 86_400_000) } },
];
const nodes = values.short ? [] : values.nodes.split(',').map(fetchNode);
const command = `npm run test:determinism -- --seed ${values.seed}`;
const made = `at commit ${commitOf('tools/determinism', 'tools/histories')} with Node ${process.version}`;

const isGreen = [
  ...(values.negative ? [] : [await runAll()]),
  ...(values.negative || values.short ? [await runControls()] : []),
];
process.exitCode = isGreen.every(Boolean) ? 0 : 1;

async function runAll() {
  const pure = await bundleProgram('determinism/program.ts', join(folder, 'pure'));
  const launched = await bundleProgram('determinism/launched.ts', join(folder, 'launched'));
  const first = run(process.execPath, pure, [permutations, values.seed], places[0].env);
  const stored = run(process.execPath, launched, [], places[0].env);
  const rows = [row(`${permutations} orders of the input, one process`, first, first)];
  for (const { title, env } of places.slice(1))
    rows.push(
      row(title, first, run(process.execPath, pure, [permutations / 50, Number(values.seed) + 7_000], env)),
      ...(values.short ? [] : [row(`${title}: a launch`, stored, run(process.execPath, launched, [], env))]),
    );
  rows.push(
    row(
      'the same launch in another process and place',
      stored,
      run(process.execPath, launched, [], places[2].env),
    ),
  );
  for (const { title, env } of otherMachines)
    rows.push(row(`${title}: a launch`, stored, run(process.execPath, launched, [], env)));
  for (const node of nodes) {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    rows.push(
      row(
        `Node ${version}`,
        first,
        run(node, pure, [permutations / 10, Number(values.seed) + 9_000], places[4].env),
      ),
      row(`Node ${version}: a launch`, stored, run(node, launched, [], places[4].env)),
    );
  }
  const head = ['where and how', 'outputs', 'with other bytes'];
  const lines = rows.map(({ title, outputs, differing }) => [title, outputs, differing.length]);
  const text = [
    markdownTable(head, lines),
    `Made by \`${command}\` ${made}; each line is a process of its own.`,
  ].join('\n\n');
  console.log(text);
  for (const { title, differing } of rows)
    if (differing.length > 0) console.log(`RED: ${title}: ${differing.join(', ')}`);
  if (values.write) await writePromise('npm run test:determinism', text);
  return rows.every(({ differing }) => differing.length === 0);
}

async function runControls() {
  const found = [];
  for (const [number, { title, output, weakening, launch = false, node = false }] of controls.entries()) {
    if (node && nodes.length === 0) continue;
    const program = await bundleProgram(
      launch ? 'determinism/launched.ts' : 'determinism/program.ts',
      join(folder, `control-${number}`),
      weakening,
    );
    const words = (...given) => (launch ? [] : given);
    const first = run(process.execPath, program, words(10, 1), places[0].env);
    const rows = [
      ...(launch ? otherMachines : places.slice(1)).map(({ env }) => [process.execPath, env]),
      ...nodes.map((one) => [one, places[0].env]),
    ].map(([by, env]) => row('', first, run(by, program, words(3, 7), env)));
    const isFound = rows.some(({ differing }) => differing.includes(output));
    console.log(
      `negative control, ${title}: ${isFound ? 'red, as it has to be' : `NOT RED (${rows.flatMap(({ differing }) => differing).join(', ')})`}`,
    );
    found.push({ title, output, rows, isFound });
  }
  const head = ['with', 'what has other bytes then', 'processes', 'that showed it'];
  const lines = found.map(({ title, output, rows }) => [
    title,
    output,
    rows.length,
    rows.filter(({ differing }) => differing.includes(output)).length,
  ]);
  const text = [markdownTable(head, lines), `Made by \`${command} --negative\` ${made}.`].join('\n\n');
  if (values.negative) console.log(text);
  if (values.negative && values.write) await writePromise('npm run test:determinism', text, ' --negative');
  return found.every(({ isFound }) => isFound);
}

function run(node, program, words, env) {
  const output = execFileSync(
    node,
    ['--require', elsewhere, program, ...words.map((word) => String(Math.max(1, Math.floor(word))))],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    },
  );
  return JSON.parse(output);
}

/** What of one run is other than in the first one, in any of its permutations. */
function row(title, first, other) {
  const expected = new Map(first.map(({ name, digests }) => [name, digests[0]]));
  const differing = other
    .filter(({ name, digests }) => digests.length !== 1 || digests[0] !== expected.get(name))
    .map(({ name }) => name);
  const missing = first.map(({ name }) => name).filter((name) => !other.some((one) => one.name === name));
  return { title, outputs: other.length, differing: [...differing, ...missing] };
}

/** A version of Node from npm, in a folder that git ignores. */
function fetchNode(version) {
  const place = join(root, '.tmp', 'nodes', version);
  const name = `node-${process.platform}-${process.arch}`;
  const program = join(place, 'node_modules', name, 'bin', 'node');
  if (!existsSync(program)) {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), '{"private":true}\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`], {
      cwd: place,
      stdio: 'ignore',
    });
  }
  return program;
}
