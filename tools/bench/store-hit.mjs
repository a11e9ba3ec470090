import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What a proof from the store costs where the cache of Nx has nothing: `npm run build && node tools/bench/store-hit.mjs`.
 * The published packages in a workspace of their own, against an executor that does nothing, one after the other in the
 * same run.
 */
const rounds = Number(process.env.NX_WAVE_BENCH_ROUNDS ?? 7);
const goal = 1.2;
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const built = join(root, 'dist', 'packages');
if (!existsSync(built)) throw new Error('There is nothing built yet: npm run build');

const dir = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-bench-')));
const workspace = join(dir, 'workspace');
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CI$|NX_|GIT_|npm_|NODE_OPTIONS$)/.test(name)),
  ),
  HOME: dir,
  TMPDIR: dir,
  GIT_CONFIG_NOSYSTEM: '1',
  NX_CACHE_DIRECTORY: join(dir, 'cache'),
  NX_WORKSPACE_DATA_DIRECTORY: join(dir, 'data'),
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
};

try {
  layOut();
  nx('wave-1:agent-a1');
  const empty = [];
  const hit = [];
  for (let round = 0; round < rounds; round += 1) {
    empty.push(timed(() => nx('empty:run')));
    hit.push(timed(() => nx('wave-1:agent-a1', 'from the proof store, no agent runs')));
  }
  const ratio = median(hit) / median(empty);
  console.log('empty executor, ms  store hit, ms  ratio  at most 1.2');
  console.log(
    [
      median(empty).toFixed(0).padStart(18),
      median(hit).toFixed(0).padStart(13),
      ratio.toFixed(2).padStart(5),
      (ratio <= goal ? 'yes' : 'NO').padStart(11),
    ].join('  '),
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}

function nx(task, says = '') {
  const bin = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const output = execFileSync(
    process.execPath,
    [bin, 'run', task, '--skip-nx-cache', '--outputStyle=static'],
    {
      cwd: workspace,
      env,
      encoding: 'utf8',
      stdio: 'pipe',
    },
  );
  if (!output.includes(says)) throw new Error(output);
}

function timed(work) {
  const from = performance.now();
  work();
  return performance.now() - from;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** A workspace with one wave, one project with the empty executor, and the built packages. */
function layOut() {
  const write = (path, text) => {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  };
  const json = (path, value) => write(path, `${JSON.stringify(value, null, 2)}\n`);
  json('package.json', { name: 'bench', version: '0.0.0', private: true });
  json('nx.json', { plugins: ['@nx-wave/plugin'], analytics: false });
  json('wave.config.json', { version: 1, executors: { default: 'local' } });
  json('empty/project.json', { name: 'empty', targets: { run: { executor: 'empty:noop', inputs: [] } } });
  write('.gitignore', 'node_modules/\n.tmp/\n.nx/\n');
  write(
    'docs/plans/waves/wave-1.md',
    '# Wave 1 - Bench\n\n## Agent A1: Writes a file\n\n### Executor\n\n- id: local\n- local.command: node agent.mjs\n\n' +
      '### Prompt\n\n```text\nWrite it.\n\nFile ownership (only touch these paths):\n- src/a.txt\n```\n',
  );
  write(
    'agent.mjs',
    `import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('src', { recursive: true });
writeFileSync('src/a.txt', 'written');
const proof = { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null };
const implementation = { docDelta: { state: 'none', paths: [], detail: null }, components: [] };
const envelope = { schemaVersion: 2, agentId: 'A1', role: 'implementation', proof, implementation };
writeFileSync(process.env.WAVE_RESULT_ENVELOPE, JSON.stringify(envelope));
`,
  );
  const modules = join(workspace, 'node_modules');
  mkdirSync(join(modules, '@nx-wave'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')).filter(
    (one) => one !== '@nx-wave' && one !== '.cache',
  ))
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  for (const [name, folder] of [
    ['plugin', 'wave-plugin'],
    ['schemas', 'wave-schemas'],
  ])
    cpSync(join(built, folder), join(modules, '@nx-wave', name), { recursive: true });
  json('node_modules/empty/package.json', { name: 'empty', version: '0.0.0', executors: './executors.json' });
  json('node_modules/empty/executors.json', {
    executors: { noop: { implementation: './noop.js', schema: './schema.json', description: 'Nothing.' } },
  });
  json('node_modules/empty/schema.json', { version: 2, type: 'object', properties: {} });
  write('node_modules/empty/noop.js', 'module.exports = { default: async () => ({ success: true }) };\n');
  const git = (...args) => execFileSync('git', args, { cwd: workspace, env, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.test', 'commit', '-q', '-m', 'first');
}
