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
 * docs/promises.md). Exit code 1 when bytes differ, or a negative control finds none that do.
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

let red = false;
if (!values.negative) {
  const pure = await bundleProgram('determinism/program.ts', join(folder, 'pure'));
  const launched = await bundleProgram('determinism/launched.ts', join(folder, 'launched'));
  const nodes = values.short ? [] : values.nodes.split(',').map(fetchNode);
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
  const text = render(rows);
  console.log(text);
  for (const { title, differing } of rows)
    if (differing.length > 0) console.log(`RED: ${title}: ${differing.join(', ')}`);
  red = rows.some(({ differing }) => differing.length > 0);
  if (values.write) await writePromise('npm run test:determinism', text);
}
if (values.negative || values.short)
  for (const [number, { title, output, weakening }] of controls.entries()) {
    const program = await bundleProgram(
      'determinism/program.ts',
      join(folder, `control-${number}`),
      weakening,
    );
    const first = run(process.execPath, program, [10, 1], places[0].env);
    const differing = places
      .slice(1)
      .flatMap(({ env }) => row('', first, run(process.execPath, program, [3, 7], env)).differing);
    const found = differing.includes(output);
    console.log(`negative control, ${title}: ${found ? 'red, as it has to be' : 'NOT RED'}`);
    red ||= !found;
  }
process.exitCode = red ? 1 : 0;

function run(node, program, words, env) {
  const output = execFileSync(
    node,
    [program, ...words.map((word) => String(Math.max(1, Math.floor(word))))],
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

function render(rows) {
  const own = `Node ${process.version}`;
  return [
    markdownTable(
      ['where and how', 'outputs', 'with other bytes'],
      rows.map(({ title, outputs, differing }) => [title, outputs, differing.length]),
    ),
    `Made by \`npm run test:determinism -- --seed ${values.seed}\` at commit ${commitOf('tools/determinism', 'tools/histories')} with ${own}; each line is a process of its own.`,
  ].join('\n\n');
}
