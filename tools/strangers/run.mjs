import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkMachine, installIfNeeded } from '../install.mjs';
import { packageNames, root } from '../packages.mjs';
import { startRegistry } from './registry.mjs';
import { createStory, firstFiveMinutes, secondWave } from './story.mjs';
import { createStranger } from './stranger.mjs';

/**
 * `npm run e2e`: a stranger adopts the published packages. Fresh workspaces of every package manager install them from a
 * registry on loopback and run the commands of the README's first screen, word for word; some go on with a second wave. A table
 * of workspaces and steps, with the time of those commands, ends it. `--short`: one workspace, from tarballs, without a
 * registry; words choose workspaces by their names. Needs npm and the registry of npm.
 */
const short = process.argv.includes('--short');
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const budgetMs = 5 * 60_000;

const project = (name) => `${JSON.stringify({ name })}\n`;
// Yarn resolves the binaries of every platform, which not every registry has of every version.
const everyPlatform = '24.0.6';
const trials = [
  { name: 'npm, Nx 24', manager: 'npm', nx: '24.0.0', second: true },
  { name: 'npm, Nx 23.2', manager: 'npm', nx: '23.2.1' },
  { name: 'pnpm 10', manager: 'pnpm', nx: '24.0.0', second: true },
  { name: 'pnpm 10, hoisted', manager: 'pnpm, hoisted', nx: '24.0.0' },
  { name: 'yarn 1', manager: 'yarn 1', nx: everyPlatform },
  { name: 'yarn 4, node_modules', manager: 'yarn 4', nx: everyPlatform },
  { name: "yarn 4, Plug'n'Play", manager: 'yarn 4, PnP', nx: everyPlatform, refused: /install-unsupported/ },
  {
    name: 'subfolder, a project named wave-1, daemon',
    manager: 'npm',
    nx: '24.0.0',
    folder: 'apps/frontend',
    files: { 'libs/one/project.json': project('wave-1') },
    daemon: true,
    wave: 2,
  },
];

checkMachine();
installIfNeeded(root);
const work = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-strangers-')));
const summary = join(root, '.tmp', 'test-reports', 'summary-e2e.txt');
mkdirSync(dirname(summary), { recursive: true });
// A run that is cut short leaves no result of an earlier one.
rmSync(summary, { force: true });
const rows = [];
let registry = null;
process.once('SIGINT', () => process.exit(130));
process.once('exit', () => registry?.stop());
try {
  const tarballs = pack(join(work, 'packed'));
  if (!short) registry = await startRegistry(join(work, 'registry'), tarballs);
  const chosen = trials.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  for (const trial of short ? trials.slice(0, 1) : chosen) rows.push(await runTrial(trial, tarballs));
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
show(rows);
const failed = rows.filter(({ problem }) => problem !== null).length;
const line = `${rows.length - failed} passed, ${failed} failed`;
console.log(line);
writeFileSync(summary, `${line}\n`);
process.exit(failed === 0 && rows.length > 0 ? 0 : 1);

/** The packages as npm packs them, without types: `npm run check:packages` looks at those. */
function pack(folder) {
  mkdirSync(folder, { recursive: true });
  const made = execFileSync(process.execPath, [join(root, 'tools', 'test-packages.mjs')], {
    encoding: 'utf8',
  });
  for (const name of packageNames) {
    const args = ['pack', '--ignore-scripts', '--pack-destination', folder, join(made, name)];
    execFileSync('npm', args, { stdio: 'pipe' });
  }
  return readdirSync(folder).map((file) => join(folder, file));
}

async function runTrial(trial, tarballs) {
  const { name, manager, nx, folder, files, daemon, wave, second = false, refused } = trial;
  console.log(`... ${name}`);
  const dir = join(work, `trial-${rows.length}`);
  const row = { name, steps: [], fiveMs: null, problem: null };
  try {
    const stranger = await createStranger({
      dir,
      manager,
      nx,
      folder,
      files,
      daemon,
      registry: registry?.url ?? null,
    });
    const story = createStory(stranger);
    row.steps = story.steps;
    if (refused !== undefined) {
      story.step('nx add', 'npx nx add @nx-wave/plugin', { code: 1, says: [refused] });
      return row;
    }
    const instead = {};
    if (registry === null) {
      const { code, output } = stranger.install(tarballs.find((path) => path.includes('plugin')));
      if (code !== 0) throw new Error(output);
      instead['npx nx add @nx-wave/plugin'] = 'npx nx g @nx-wave/plugin:init';
    }
    row.fiveMs = firstFiveMinutes(story, { instead, wave });
    if (row.fiveMs > budgetMs) throw new Error(`The first screen took ${(row.fiveMs / 1000).toFixed(0)} s.`);
    if (second) secondWave(story, stranger);
    stranger.run('npx nx daemon --stop');
  } catch (error) {
    row.problem = error.message;
    console.log(`FAILED ${name}\n${error.message}`);
  }
  return row;
}

function show(table) {
  console.log('\nStrangers: seconds of each step');
  for (const { name, steps, fiveMs, problem } of table) {
    console.log(
      `${problem === null ? 'ok    ' : 'FAILED'} ${name}${fiveMs === null ? '' : `: first screen ${(fiveMs / 1000).toFixed(1)} s`}`,
    );
    console.log(`         ${steps.map((step) => `${step.name} ${(step.ms / 1000).toFixed(1)}`).join(' | ')}`);
  }
}
