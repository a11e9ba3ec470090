import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkMachine, installIfNeeded } from '../install.mjs';
import { packageNames, root } from '../packages.mjs';
import { chapters } from './chapters.mjs';
import { startRegistry } from './registry.mjs';
import { createStory, firstFiveMinutes } from './story.mjs';
import { createStranger } from './stranger.mjs';
import { trials } from './trials.mjs';

/**
 * `npm run e2e`: a stranger adopts the published packages. Fresh workspaces of every package manager install them from a
 * registry on loopback and run the commands of the README's first screen, word for word; then each goes on in its own way. A table
 * of workspaces and steps, with the time of those commands, ends it. `--short`: one workspace and its first wave, from a tarball,
 * without a registry; words choose workspaces by their names; `--write` writes docs/strangers.md where all are green; `--keep` leaves
 * the workspaces where they are; `--jobs=2` tries two at a time. Needs npm and the registry of npm; `script` gives a terminal.
 */
const asked = (flag) => process.argv.includes(flag);
const short = asked('--short');
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const jobs = Number(process.argv.find((word) => word.startsWith('--jobs='))?.slice('--jobs='.length) ?? 1);
const budgetMs = 5 * 60_000;

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
  const chosen = short
    ? trials.filter(({ ci }) => ci)
    : trials.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const waiting = [...chosen.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      rows[next[0]] = await runTrial(next[1], { place: join(work, `trial-${next[0]}`), tarballs });
  };
  await Promise.all(Array.from({ length: jobs }, worker));
} finally {
  if (asked('--keep')) console.log(`Kept: ${work}`);
  else rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
const { show, writePage } = await import('./table.mjs');
show(rows);
const failed = rows.filter(({ problem }) => problem !== null).length;
const whole = failed === 0 && rows.length === trials.length;
if (asked('--write') && whole) await writePage(rows);
else if (asked('--write'))
  console.log('docs/strangers.md stays as it is: it is written where every workspace is green.');
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

async function runTrial(trial, { place, tarballs }) {
  const { name, refused } = trial;
  console.log(`... ${name}`);
  const row = {
    name,
    steps: [],
    closedMs: null,
    fiveMs: null,
    refused: refused !== undefined,
    problem: null,
  };
  try {
    const npmCache = short ? undefined : join(work, 'npm-cache');
    const from = performance.now();
    const stranger = await createStranger({
      ...trial,
      dir: place,
      registry: registry?.url ?? null,
      npmCache,
    });
    console.log(
      `    ${name}: the workspace is there after ${((performance.now() - from) / 1000).toFixed(0)} s`,
    );
    await tell(row, trial, { stranger, story: createStory(stranger), tarballs });
    await stranger.run('npx nx daemon --stop', { inTerminal: false });
  } catch (error) {
    row.problem = error.message;
    console.log(`FAILED ${name}\n${error.message}`);
  }
  return row;
}

async function tell(row, { refused, nx, wave = 1, chapters: following = [] }, { stranger, story, tarballs }) {
  const within = async (chapter, work) => {
    const from = story.steps.length;
    try {
      return await work();
    } finally {
      row.steps.push(...story.steps.slice(from).map((step) => ({ ...step, chapter })));
      console.log(`    ${row.name}: ${chapter}`);
    }
  };
  if (refused !== undefined) {
    await within('first screen', () =>
      story.step('nx add', 'npx nx add @nx-wave/plugin', { code: 1, says: [refused] }),
    );
    return;
  }
  const instead = {};
  if (registry === null) {
    const { code, output } = await stranger.install(tarballs.find((path) => path.includes('plugin')));
    if (code !== 0) throw new Error(output);
    instead['npx nx add @nx-wave/plugin'] = 'npx nx g @nx-wave/plugin:init';
  }
  row.fiveMs = await within('first screen', () => firstFiveMinutes(story, { instead, wave }));
  const launched = row.steps.findIndex(({ name }) => name === 'launch');
  row.closedMs = row.steps.slice(0, launched + 1).reduce((sum, { ms }) => sum + ms, 0);
  if (row.fiveMs > budgetMs) {
    const told = `${row.name}: the first screen took ${(row.fiveMs / 1000).toFixed(0)} s`;
    const [load] = loadavg();
    if (load <= availableParallelism() + jobs)
      throw new Error(`${told}, at most ${budgetMs / 1000} are promised.`);
    console.log(`${told}, on a machine with other work (load ${load.toFixed(1)}): it says nothing.`);
  }
  if (short) return;
  for (const chapter of following) {
    const next = nextNumber(stranger.names('docs/plans/waves'));
    await within(chapter, () =>
      chapters[chapter](story, stranger, { wave: `wave-${next}`, before: `wave-${wave}`, nx }),
    );
  }
}

/** The number that the generator gives to the next wave: chapters make one, two, or none. */
function nextNumber(names) {
  return 1 + Math.max(...names.map((name) => Number(/^wave-(\d+)\.md$/.exec(name)?.[1] ?? 0)));
}
