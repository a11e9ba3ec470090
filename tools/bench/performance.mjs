import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as echarts from 'echarts';
import { format, resolveConfig } from 'prettier';
import { isWithin, shown } from './report.mjs';

/**
 * `docs/performance.md` and its plots, from the rows of one run. A figure stands beside the command that measures it; of the machine
 * only what matters for it is said.
 */
export async function writePerformance(root, { machine, rows }) {
  const plots = join(root, 'docs', 'performance');
  rmSync(plots, { recursive: true, force: true });
  mkdirSync(plots, { recursive: true });
  const grown = rows.filter(({ points }) => points !== undefined);
  for (const row of grown) writeFileSync(join(plots, `${fileOf(row)}.svg`), `${plotOf(row)}\n`);
  const path = join(root, 'docs', 'performance.md');
  const text = textOf({ machine, rows, grown });
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}

const subjectOf = ({ name }) => name.replace(/^exponent, /, '');
const fileOf = (row) =>
  subjectOf(row)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-+$/, '');

/** Both axes logarithmic: the slope is the exponent. The dotted line grows in proportion. */
function plotOf({ points, about, ours, ...row }) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 480, height: 320 });
  const [[size, ms]] = points;
  const inProportion = points.map(([one]) => [one, (ms * one) / size]);
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: subjectOf(row), subtext: `exponent ${ours.toFixed(2)}`, left: 'center' },
    grid: { left: 70, right: 30, top: 70, bottom: 50 },
    xAxis: { type: 'log', name: about, nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'log', name: 'ms' },
    series: [
      { type: 'line', data: points },
      { type: 'line', data: inProportion, symbol: 'none', lineStyle: { type: 'dotted' } },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function textOf({ machine, rows, grown }) {
  const { cores, memoryGiB, node, git, loadBefore } = machine;
  const quiet =
    loadBefore <= 0.5
      ? 'It did nothing else.'
      : `It was busy with other work (load ${loadBefore} before the run): counts hold, times do not, and rows of two things done in turn hold roughly.`;
  const missed = rows.filter((row) => isWithin(row) === false).map(({ name }) => `- ${name}`);
  const byCommand = Map.groupBy ? Map.groupBy(rows, ({ command }) => command) : groupBy(rows);
  return `# Performance

What the runner costs, beside the same thing without it. This page is written by \`npm run bench -- --write\`; every figure is of the last
run of the command that it stands below, which measures it alone. A machine of ${cores} cores and ${memoryGiB} GiB, ${node.replace('v', 'Node ')}, ${git.replace('git version', 'git')}. ${quiet}

**ours** is what the runner takes, **floor** what the same takes without it, done in turn within one run after one round that warms the
machine; **ratio** is the median of theirs, **±** half the distance between its quartiles. **budget** is the most that the ratio may
be, or the figure itself where nothing is compared.

${missed.length === 0 ? 'Every row is within its budget.' : `Beyond their budgets in this run:\n\n${missed.join('\n')}`}

## What the floors are

- **A live wave** starts the same agent and proof programs from an executor that does nothing else, in the same task graph. Each task
  there is a process that loads Nx; agents, gates and the proof of a wave run as commands, in processes that load ours and not Nx, make
  checkouts, collect, prove and store. The budget of 1.5 is that of one agent that builds and three stewards, at level \`exit\` without a cage. What the defaults take (the strength of
  proof measured, a cage around every program), and what agents take that build beside each other and share the cores, have rows of their own,
  with budgets set by what was measured; one agent more has to add the same to a wave of 40 as to one of ten.
- **Where the time of a live wave goes** (\`where.mjs\`) tells what of it is ours to change: until our code is loaded it is Node, and Nx in
  the task that closes the wave; git and the agents are programs; the row _had our own code taken no time_ is what would be left if
  loading and running our code were free.
- **The earlier system** is its last release, from the registry, on its own starter wave with its own local executor; its telemetry is
  off by its own settings, and a call to any host would fail the row. It runs its agents in one process, where Nx starts one for each task:
  the row of empty executors against it is what tasks of executors would take that do nothing but start the same programs.
- **A cached launch and a store hit** have commands or an empty executor in their place.
- **A graph** has a plugin that reads and hashes the same files and answers from a table. The budgets (1 for a later graph, 1.3 for a first one) are
  those of a table plugin that is a file of the workspace; Nx then loads what reads TypeScript, and the rows _beside a package_ are without that.
- **A checkout** has \`git worktree add\`, the agent, and a diff; **merged slices** have \`git apply\`, one patch after the other.
- **Processes, flushes, modules and memory** are counted in the process of the task and are the same on a busy machine.

## What was done

- The tasks of one command share its snapshot and its merges where the tree is provably the same
  ([shared work](decisions/2026-11-28-shared-work-of-a-command.md)); a clean tree is HEAD; slices that fit are laid by one git process.
- Agents, gates and the proof of the merged tree run as commands: Nx does not load itself around them
  ([tasks as commands](decisions/2026-11-29-tasks-as-commands.md)).
- Executors are bundled, what they share is one file, and schemas are made when they are first used
  ([bundles](decisions/2026-11-28-bundles.md)).
- Small files are read and written at once, links in place of packages are made once for a workspace and have a name more in each checkout, and
  the list of processes is read once where a program has ended ([what a task costs](decisions/2026-11-28-what-a-task-costs.md)).
- The compiled code of the runner comes from a cache from the second task on, as Nx does it for its own processes that live long, and no function
  is compiled for a schema that a task uses once ([bundles](decisions/2026-11-28-bundles.md)).
- What is kept of a wave from one graph to the next is an outline ([outlines](decisions/2026-11-29-outlines-of-waves.md)).
- Looks outside of a checkout ask the system nothing about files that are not compared ([looks outside](decisions/2026-11-29-looks-outside.md)).
- Folders are flushed when they get their place, once; what was collected is on the device before the first judgement.

${[...byCommand].map(([command, of]) => section(command, of)).join('\n\n')}

## Growth

The exponent is the slope of the line through the sizes where both axes are logarithmic: 1 is linear, 2 quadratic.

${grown.map((row) => `![${subjectOf(row)}](performance/${fileOf(row)}.svg)`).join('\n')}
`;
}

function groupBy(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.command, [...(groups.get(row.command) ?? []), row]);
  return groups;
}

const columns = ['ours', 'floor', 'unit', 'ratio', '±', 'budget', 'within'];

function section(command, rows) {
  const head = `| ${['', ...columns].join(' | ')} |\n| ${['---', ...columns.map(() => '---')].join(' | ')} |`;
  const lines = rows.map((row) => {
    const cells = shown(row);
    return `| ${[row.name, ...columns.map((name) => cells[name])].join(' | ')} |`;
  });
  return `## \`${command}\`\n\n${head}\n${lines.join('\n')}`;
}
