import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../packages.mjs';

const seconds = (ms) => (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);

/** What was seen, for whoever watches. */
export function show(rows) {
  console.log('\nStrangers: seconds of each step');
  for (const { name, steps, closedMs, fiveMs, problem } of rows) {
    const first =
      fiveMs === null ? '' : `: closed after ${seconds(closedMs)}, first screen ${seconds(fiveMs)}`;
    console.log(`${problem === null ? 'ok    ' : 'FAILED'} ${name}${first}`);
    for (const [chapter, of] of byChapter(steps))
      console.log(`         ${chapter}: ${of.map((step) => `${step.name} ${seconds(step.ms)}`).join(' | ')}`);
  }
}

function byChapter(steps) {
  const chapters = new Map();
  for (const step of steps) chapters.set(step.chapter, [...(chapters.get(step.chapter) ?? []), step]);
  return chapters;
}

const head = `# Strangers

What \`npm run e2e\` has seen: workspaces that are not ours, made for this, install the packages from a registry on loopback and do what
people do. This page is written by \`npm run e2e -- --write\`, for which every workspace has to be green.
`;

/** Writes what was seen into the documentation: no path and no name of a machine. */
export async function writePage(rows) {
  const path = join(root, 'docs', 'strangers.md');
  const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const { version } = JSON.parse(readFileSync(join(root, 'packages', 'wave-plugin', 'package.json'), 'utf8'));
  const gib = Math.round(totalmem() / 2 ** 30);
  const text = [
    head,
    `Commit ${commit.trim()}, version ${version}, ${availableParallelism()} cores and ${gib} GiB, Node ${process.versions.node}. Seconds by the`,
    'clock; the machine may have had other work beside. `nx add` holds the install from the registry.',
    '',
    '## The first screen of the README',
    '',
    ...firstScreen(rows),
    '',
    '**to closed** is the time from the beginning of `nx add` to the end of `launch`. The budget of the whole screen is 5:00.',
    '',
    '## What followed',
    '',
    ...rows
      .filter(({ steps }) => steps.some(({ chapter }) => chapter !== 'first screen'))
      .flatMap(({ name, steps }) => [
        `- **${name}**`,
        ...[...byChapter(steps)]
          .filter(([chapter]) => chapter !== 'first screen')
          .map(
            ([chapter, of]) =>
              `  - ${chapter}: ${of.map((step) => `${step.name} ${seconds(step.ms)}`).join(', ')}`,
          ),
      ]),
    '',
  ].join('\n');
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }));
}

function firstScreen(rows) {
  const names = ['nx add', 'generate', 'plan', 'launch', 'report', 'land'];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(['workspace', ...names, 'to closed', 'all']),
    line(Array(names.length + 3).fill('---')),
    ...rows.map(({ name, steps, refused, closedMs, fiveMs }) => {
      if (refused) return line([name, 'refused, with what to do', ...Array(names.length + 1).fill('-')]);
      const of = (step) => steps.find((one) => one.chapter === 'first screen' && one.name === step);
      return line([name, ...names.map((step) => seconds(of(step).ms)), seconds(closedMs), seconds(fiveMs)]);
    }),
  ];
}
