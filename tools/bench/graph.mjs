import { execFileSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './bench-workspace.mjs';
import { report } from './report.mjs';

/**
 * What the language costs in the project graph: `npm run bench:graph -- [waves] [rounds] [all]`, 1000 and 5 where absent. The
 * plugin as it is published against one that reads and hashes the same files and answers from a table: as a file of the workspace,
 * which is what the budgets are of, where Nx isolates plugins as it does by default, and as a package, which Nx loads faster. The first graph of a workspace has nothing that is
 * kept from earlier ones: it is the price of reading every wave. `all`: also where Nx does not isolate plugins.
 */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const waves = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 5);
const agents = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A8', 'A9', 'A0'];
const all = process.argv[4] === 'all';
const files = Array.from({ length: waves }, (_, index) => `docs/plans/waves/wave-${index + 1}.md`);

const packages = [join(root, 'tools', 'test-packages.mjs')];
const built = execFileSync(process.execPath, packages, { encoding: 'utf8' });
const dir = mkdtempSync(join(tmpdir(), 'nx-wave-bench-'));
try {
  const ours = makeWorkspace('ours', '@nx-wave/plugin');
  const file = makeWorkspace('file', './table-plugin/index.js');
  const table = makeWorkspace('table', 'table-plugin');
  const nodes = callPlugin(loadPlugin(ours, '@nx-wave/plugin'), ours);
  if (nodes.length !== waves + 1)
    throw new Error(`the plugin gave ${nodes.length} projects for ${waves} waves`);
  writeTablePlugin(nodes, join(file, 'table-plugin'));
  writeTablePlugin(nodes, join(table, 'node_modules', 'table-plugin'));
  const plugins = {
    ours: loadPlugin(ours, '@nx-wave/plugin'),
    table: loadPlugin(table, 'table-plugin'),
  };
  const call = {
    ours: () => callPlugin(plugins.ours, ours),
    table: () => callPlugin(plugins.table, table),
  };
  const show = (isolated, floor) => ({
    ours: () => showProjects(ours, isolated),
    table: () => showProjects(floor, isolated),
  });
  const shown = (what, isolated, { graph, before }) => [
    compare(what, rounds, { ...show(isolated, file), before, graph }),
    compare(`${what}, beside a package`, rounds, { ...show(isolated, table), before }),
  ];
  const rows = [
    compare('plugin alone, in one process', rounds * 4, call),
    compare('plugin alone, first graph', rounds, { ...call, before: forget }),
    ...shown('nx show projects, plugins isolated', 'true', { graph: 'later' }),
    ...shown('nx show projects, plugins isolated, first graph', 'true', { graph: 'first', before: forget }),
    ...(all
      ? [
          ...shown('nx show projects, not isolated', 'false', {}),
          ...shown('nx show projects, not isolated, first graph', 'false', { before: forget }),
        ]
      : []),
  ];
  report(
    `${waves} wave files × ${agents.length} agents, no daemon, against a plugin that answers from a table`,
    rows,
  );
} finally {
  if (process.env.KEEP_BENCH) console.log(dir);
  else rmSync(dir, { recursive: true, force: true });
}

/** Runs both in turn, so that a busy moment hits both. `graph`: whether it is the first one or a later one, which have budgets. */
function compare(what, times, { ours, table, graph, before = () => undefined }) {
  const spent = { ours: [], table: [] };
  ours();
  table();
  for (let round = 0; round < times; round += 1) {
    const order = round % 2 === 0 ? ['ours', 'table'] : ['table', 'ours'];
    for (const name of order) {
      before();
      const started = process.hrtime.bigint();
      (name === 'ours' ? ours : table)();
      spent[name].push(Number(process.hrtime.bigint() - started) / 1e6);
    }
  }
  const ratio = median(spent.ours) / median(spent.table);
  const budget = { first: 1.3, later: 1 }[graph];
  const name = `graph of ${waves} waves, ${what}`;
  return {
    name,
    ours: median(spent.ours),
    floor: median(spent.table),
    unit: 'ms',
    ratio,
    ...(budget ? { budget } : {}),
  };
}

/** Takes away what the plugin keeps from one graph to the next. */
function forget() {
  for (const folder of readdirSync(join(dir, 'ours', '.nx'))) {
    const data = join(dir, 'ours', '.nx', folder);
    for (const name of readdirSync(data)) if (name.startsWith('nx-wave-')) rmSync(join(data, name));
  }
}

function makeWorkspace(name, plugin) {
  const workspace = join(dir, name);
  mkdirSync(join(workspace, 'docs', 'plans', 'waves'), { recursive: true });
  mkdirSync(join(workspace, 'node_modules', '@nx-wave'), { recursive: true });
  for (const entry of readdirSync(join(root, 'node_modules'))) {
    if (entry !== '@nx-wave' && entry !== '.cache')
      symlinkSync(join(root, 'node_modules', entry), join(workspace, 'node_modules', entry));
  }
  for (const [from, to] of [
    ['wave-schemas', 'schemas'],
    ['wave-plugin', 'plugin'],
  ])
    cpSync(join(built, from), join(workspace, 'node_modules', '@nx-wave', to), {
      recursive: true,
    });
  writeFileSync(join(workspace, 'package.json'), '{"name": "bench", "version": "0.0.0", "private": true}\n');
  writeFileSync(join(workspace, 'nx.json'), `${JSON.stringify({ plugins: [plugin], analytics: false })}\n`);
  writeFileSync(join(workspace, 'wave.config.json'), '{"version": 1, "executors": {"default": "codex"}}\n');
  writeFileSync(join(workspace, '.gitignore'), 'node_modules/\n.nx/\n.nx-projects.txt\n');
  for (const [index, path] of files.entries()) writeFileSync(join(workspace, path), waveText(index + 1));
  const git = (...args) => execFileSync('git', args, { cwd: workspace, stdio: 'ignore' });
  git('init', '-q');
  git('add', '-A');
  return workspace;
}

function waveText(number) {
  const block = (id) =>
    [
      `## Agent ${id}: Part ${id} of step ${number}`,
      '### Executor',
      '- id: codex',
      '- model: gpt-5-codex',
      '- codex.config: model_reasoning_effort=medium',
      '- budget.minutes: 45',
      '### Context7',
      '- bundle: none',
      ...(/^A[1-6]$/.test(id)
        ? [
            '### Components',
            `- part-${number}`,
            '### Exit contract',
            '- completion: integrated',
            '- durability: none',
            '- proof: unit',
            '- doc-impact: owned',
            '### Deliverables',
            `- src/step-${number}/${id.toLowerCase()}/index.ts`,
            '### Proof commands',
            `- node --test src/step-${number}/${id.toLowerCase()}`,
          ]
        : []),
      '### Prompt',
      '```text',
      'Primary goal:',
      `- Make part ${id} of step ${number} work, with tests, and leave everything else as it is.`,
      'Required context before coding:',
      '- Read docs/guide.md and docs/rules.md (all of both).',
      'Specific expectations:',
      ...Array.from(
        { length: 6 },
        (_, line) => `- expectation ${line} says what a reviewer will look at first`,
      ),
      'File ownership (only touch these paths):',
      `- src/step-${number}/${id.toLowerCase()}/`,
      '```',
    ].join('\n');
  return `# Wave ${number} - Step ${number}\n\n**Commit message**: \`feat: step ${number}\`\n\n## Component promotions\n\n- part-${number}: repo-landed\n\n${agents.map(block).join('\n\n')}\n`;
}

/** A plugin that does what no plugin can do without: reads and hashes its files. Everything else stands in a table. */
function writeTablePlugin(nodes, folder) {
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    '{"name": "table-plugin", "version": "0.0.0", "main": "index.js"}\n',
  );
  writeFileSync(join(folder, 'nodes.json'), JSON.stringify(nodes));
  writeFileSync(
    join(folder, 'index.js'),
    `const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const nodes = JSON.parse(readFileSync(join(__dirname, 'nodes.json'), 'utf8'));
exports.name = 'table-plugin';
exports.createNodes = [
  '{**/wave-*.md,**/wave-*.ledger/*.json,**/wave.config.json}',
  (files, _options, context) => {
    for (const file of files) createHash('sha256').update(readFileSync(join(context.workspaceRoot, file))).digest('hex');
    return nodes;
  },
];
`,
  );
}

function loadPlugin(workspace, name) {
  return createRequire(join(workspace, 'package.json'))(name);
}

function callPlugin(plugin, workspace) {
  const [, createNodes] = plugin.createNodes;
  return createNodes([...files, 'wave.config.json'], undefined, {
    workspaceRoot: workspace,
    nxJsonConfiguration: {},
  });
}

function showProjects(workspace, isolated) {
  const manifest = join(workspace, 'node_modules', 'nx', 'package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(NX_|npm_|CI$)/.test(key)));
  // Into a file: a program that ends while its pipe is full loses what it wrote last.
  const listing = join(workspace, '.nx-projects.txt');
  const out = openSync(listing, 'w');
  execFileSync(process.execPath, [join(dirname(manifest), bin.nx), 'show', 'projects'], {
    cwd: workspace,
    stdio: ['ignore', out, 'inherit'],
    env: {
      ...env,
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: isolated,
      NX_NO_CLOUD: 'true',
      NX_CACHE_DIRECTORY: join(workspace, '.nx', 'cache'),
      NX_WORKSPACE_DATA_DIRECTORY: join(workspace, '.nx', `data-${isolated}`),
    },
  });
  closeSync(out);
  const listed = readFileSync(listing, 'utf8').split('\n');
  const found = listed.filter((line) => /^waves?(-\d+)?$/.test(line)).length;
  if (found !== waves + 1) throw new Error(`nx lists ${found} waves of ${waves}`);
}
