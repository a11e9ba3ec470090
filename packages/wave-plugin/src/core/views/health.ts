import type { Failure } from '@nx-wave/schemas/plain';
import type { CageFound } from '../cage/hold-cage';
import type { WaveGround } from '../validate/ground';
import { stateRootNotIgnored } from '../validate/state-root';
import { count } from '../count';
import { ciLines, type CiFacts } from './ci-health';
import { fail, ok, warn, type HealthLine } from './health-line';
import { alignTable } from './table';

/** What was seen of a machine and a workspace. Everything is a value: the judgement below looks at nothing else. */
export interface MachineFacts {
  platform: string;
  /** Versions by name; null where nothing was found. */
  node: string;
  nx: string | null;
  /** Formats what generators write; nothing else needs it. */
  devkit: string | null;
  plugin: string;
  git: { version: string } | { problem: string; next: string | null };
  /** Null where there is no repository. */
  worktree: {
    linked: boolean;
    shallow: boolean;
    partial: boolean;
    sparse: boolean;
    submodules: boolean;
    unmerged: number;
    changed: number;
  } | null;
  /** Folders that must be ignored by git, and folders that must not. */
  ignored: { path: string; ignored: boolean; wanted: boolean }[];
  /** Files that waves own or promise and whose filter git does not know here. */
  unfiltered: WaveGround['unfiltered'];
  programs: {
    executorId: string;
    displayName: string;
    available: boolean;
    sandboxed: boolean;
    units: string[];
  }[];
  /** Which cage the machine can have. */
  cage: CageFound;
  writable: { path: string; problem: string | null; next: string | null }[];
  /** Free space for the files of checkouts, in MiB; null where the system does not tell. */
  freeMib: number | null;
  /** What is seen of CI, of distribution and of caches that others write to. */
  ci: CiFacts;
  env: { cacheFailures: boolean; ci: boolean; runMode: string | null; runModeProblem: string | null };
  config: { present: boolean; problems: string[]; warnings: string[] };
  /** Wave files that cannot be read, with their projects' paths. */
  brokenWaves: string[];
  /** The command that shows what is wrong in the waves. */
  lintCommand: string;
}

/** Free space below which a checkout of a middle-sized repository may not fit, in MiB. */
const lowSpaceMib = 1024;

/** Judges a machine line by line, in the order in which a person would put things right. */
export function judgeHealth(facts: MachineFacts): HealthLine[] {
  return [
    ...platformLines(facts.platform),
    nodeLine(facts.node),
    nxLine(facts),
    'version' in facts.git ? ok('git', facts.git.version) : fail('git', facts.git.problem, facts.git.next),
    ...worktreeLines(facts.worktree),
    ...facts.ignored.flatMap(ignoredLine),
    ...filterLines(facts.unfiltered),
    configLine(facts),
    ...wavesLine(facts),
    ...facts.programs.map((program) => programLine(program, facts)),
    cageLine(facts.cage),
    ...facts.writable.map(({ path, problem, next }) =>
      problem === null ? ok('writable', path) : fail('writable', problem, next),
    ),
    ...spaceLine(facts.freeMib),
    ...environmentLines(facts.env),
    ...ciLines(facts.ci),
  ];
}

/** What nx.json does to the targets of waves: what stops them, and advice. */
export function settingsLines(settings: readonly Failure[]): HealthLine[] {
  return settings.map(({ severity, message, next }) =>
    (severity === 'error' ? fail : warn)('nx.json', message, next ?? null),
  );
}

/** What is other than on Linux, where everything is tried; Windows is refused before anybody looks. */
function platformLines(platform: string): HealthLine[] {
  if (platform === 'linux') return [];
  if (platform !== 'darwin')
    return [warn('system', `${platform} was never tried: waves run on Linux and macOS.`)];
  return [
    warn('system', 'macOS: the runner is written for it, and tried on Linux only.'),
    warn(
      'system',
      'macOS: processes are found by ps, not by /proc: one that has left its family and thrown its marker away is not ended.',
    ),
    warn(
      'system',
      'macOS: where the file system does not tell upper from lower case, two paths that differ in case only are one file.',
      'Keep the owned paths of a wave apart by more than case.',
    ),
  ];
}

function nodeLine(version: string): HealthLine {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  return enough
    ? ok('node', version)
    : fail('node', `${version} is too old.`, 'Install Node 20.19 or newer.');
}

function nxLine({ nx, devkit, plugin }: MachineFacts): HealthLine {
  if (nx === null) return fail('nx', 'The package nx is not installed here.', 'npm install --save-dev nx');
  const [major = 0, minor = 0] = nx.split('.').map(Number);
  if (major < 23 || (major === 23 && minor < 2))
    return fail('nx', `nx ${nx} is older than 23.2, the first that the plugin knows.`, 'nx migrate latest');
  if (major > 24)
    return warn('nx', `nx ${nx} is newer than 24, the last that @nx-wave/plugin ${plugin} was tried with.`);
  if (devkit !== null && devkit !== nx)
    return warn('nx', `nx ${nx} and @nx/devkit ${devkit} differ.`, `npm install --save-dev @nx/devkit@${nx}`);
  return ok('nx', `${nx}, @nx-wave/plugin ${plugin}`);
}

/** One line for each filter that is missing: landing refuses a change of its files. */
function filterLines(unfiltered: MachineFacts['unfiltered']): HealthLine[] {
  const byFilter = new Map(unfiltered.map((one) => [one.filter, one]));
  return [...byFilter.values()].map(({ filter, path, advice }) => {
    const rest = unfiltered.filter((one) => one.filter === filter).length - 1;
    const files = rest === 0 ? path : `${path} and ${count(rest, 'more file')}`;
    return warn(
      'filter',
      `git does not know the filter "${filter}" of ${files}: no change can land.`,
      advice,
    );
  });
}

function worktreeLines(tree: MachineFacts['worktree']): HealthLine[] {
  if (tree === null) return [];
  const lines: HealthLine[] = [];
  if (tree.unmerged > 0) {
    lines.push(
      fail(
        'worktree',
        `${count(tree.unmerged, 'path')} ${tree.unmerged === 1 ? 'is' : 'are'} unmerged: no base can be taken from them.`,
        'Finish the merge, then run the wave.',
      ),
    );
  }
  const kinds = [
    ...(tree.linked ? ['a linked worktree (it shares the proof store)'] : []),
    ...(tree.shallow ? ['a shallow clone'] : []),
    ...(tree.sparse ? ['a sparse checkout'] : []),
  ];
  const changed =
    tree.changed === 0
      ? 'no uncommitted changes'
      : `${tree.changed} uncommitted paths, which agents will see in their base`;
  lines.push(ok('worktree', [...kinds, changed].join(', ')));
  if (tree.partial) {
    lines.push(
      warn(
        'worktree',
        'A partial clone: agents get no network access through git, so objects must be here already.',
        'git checkout HEAD -- .',
      ),
    );
  }
  if (tree.submodules) {
    lines.push(warn('worktree', 'Submodules are empty folders in the checkout of an agent.'));
  }
  return lines;
}

function ignoredLine({ path, ignored, wanted }: MachineFacts['ignored'][number]): HealthLine[] {
  if (ignored === wanted) return [];
  return wanted
    ? [fail('gitignore', stateRootNotIgnored(path).message, stateRootNotIgnored(path).next ?? '')]
    : [
        fail(
          'gitignore',
          `${path} is ignored by git: decisions of people would be lost with the clone.`,
          `Take the rule that names it out of .gitignore.`,
        ),
      ];
}

function configLine({ config }: MachineFacts): HealthLine {
  const [problem] = config.problems;
  if (problem !== undefined) return fail('config', problem, 'Correct wave.config.json.');
  if (!config.present) return ok('config', 'no wave.config.json: every setting has its default');
  if (config.warnings.length === 0) return ok('config', 'wave.config.json is understood');
  return warn('config', config.warnings.join(' '));
}

function wavesLine({ brokenWaves, lintCommand }: MachineFacts): HealthLine[] {
  if (brokenWaves.length === 0) return [];
  return [fail('waves', `${brokenWaves.join(', ')} cannot be read.`, lintCommand)];
}

function cageLine(cage: CageFound): HealthLine {
  if (cage.kind === 'none') {
    const what = `None can be had: ${cage.why}. What agents and proof commands change outside of a checkout is compared, not prevented.`;
    return warn('cage', what, cage.next);
  }
  const name = [cage.kind, ...(cage.version === null ? [] : [cage.version])].join(' ');
  if (cage.kind === 'sandbox-exec')
    return warn(
      'cage',
      `${name}: never run on macOS by us; its settings are checked by a test, what it holds is not known.`,
      'Try it on something harmless before you rely on it.',
    );
  if (cage.network) return ok('cage', name);
  return warn('cage', `${name}: without socat the network of a caged agent is open.`, cage.next);
}

function programLine(
  program: MachineFacts['programs'][number],
  { env: { runMode }, cage }: Pick<MachineFacts, 'env' | 'cage'>,
): HealthLine {
  const { executorId, displayName, available, sandboxed, units } = program;
  const who = `${displayName}, for ${units.length === 1 ? units[0] : `${units.length} agents`}`;
  if (!available) {
    const missing = `${who}: its program is not on PATH.`;
    const next = `Install it, or name its command as executors.${executorId}.command in wave.config.json.`;
    return runMode === 'never' ? warn('program', missing, next) : fail('program', missing, next);
  }
  if (sandboxed || cage.kind !== 'none') return ok('program', who);
  return warn(
    'program',
    `${who}: it brings no sandbox of its own; what it changes outside its checkout is not prevented.`,
    'Run it in a container or as another user where that matters.',
  );
}

function spaceLine(freeMib: number | null): HealthLine[] {
  if (freeMib === null) return [];
  const text = freeMib < 10 * 1024 ? `${freeMib} MiB` : `${Math.floor(freeMib / 1024)} GiB`;
  if (freeMib >= lowSpaceMib) return [ok('space', `${text} free for checkouts`)];
  return [
    warn('space', `Only ${text} are free for checkouts.`, 'Free some space, or set TMPDIR to another disk.'),
  ];
}

function environmentLines(env: MachineFacts['env']): HealthLine[] {
  const lines: HealthLine[] = [];
  if (env.cacheFailures) {
    lines.push(
      fail(
        'environment',
        'NX_CACHE_FAILURES is set: Nx would store a failed agent as done, so agents refuse to run.',
        'Unset NX_CACHE_FAILURES.',
      ),
    );
  }
  if (env.runModeProblem !== null) lines.push(fail('run mode', env.runModeProblem, 'Unset NX_WAVE_RUN.'));
  else if (env.runMode === 'local-only' && env.ci) {
    lines.push(
      warn(
        'run mode',
        'CI is set: nothing that costs money runs here unasked.',
        'NX_WAVE_RUN=auto allows it.',
      ),
    );
  } else if (env.runMode !== null) lines.push(ok('run mode', env.runMode));
  return lines;
}

/** The lines for people: a table, and below each line that needs it what to do. */
export function healthLines(lines: readonly HealthLine[]): string[] {
  const rows = alignTable(lines.map(({ state, check, detail }) => [state, check, detail]));
  return lines.flatMap(({ next }, position) => [
    rows[position] ?? '',
    ...(next === null ? [] : [`      Next: ${next}`]),
  ]);
}
