import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../packages.mjs';

const begin = '<!-- made by npm run test:faults -- --write -->';
const end = '<!-- end of what is made -->';

/** One line for each kind of fault, as markdown. */
export function renderTable(rows, { seed, commit, short, cpuMinutes, left }) {
  const lines = rows.map(({ title, done }) => {
    const reached = done.filter((one) => one.reached);
    const of = (kind) => reached.filter(({ problems }) => problems.some((one) => one.kind === kind)).length;
    const distinct = new Set(reached.map(({ scenario, label }) => `${scenario} ${label}`)).size;
    const survived = reached.filter(({ problems }) => problems.length === 0).length;
    return [
      title,
      reached.length,
      distinct,
      survived,
      of('lost'),
      of('paid twice'),
      of('torn'),
      of('left'),
      of('defect'),
    ];
  });
  const sum = [
    'all',
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((at) => lines.reduce((total, line) => total + line[at], 0)),
  ];
  const head = [
    'fault',
    'trials',
    'distinct effects',
    'survived',
    'lost',
    'paid twice',
    'torn',
    'left behind',
    'defects',
  ];
  const text = (cells) => `| ${cells.join(' | ')} |`;
  const align = text(head.map((_, at) => (at === 0 ? '---' : '--:')));
  const command = `npm run test:faults -- --seed ${seed}${short ? ' --short' : ''}`;
  const all = rows.flatMap(({ done }) => done);
  const how = (kind) => all.filter((one) => one.reached && one.how === kind).length;
  return [
    [text(head), align, ...[...lines, sum].map(text)].join('\n'),
    [
      `Made by \`${command}\` at commit ${commit}, with ${cpuMinutes.toFixed(0)} minutes of CPU.`,
      `Of these trials ${how('disturbed')} disturbed a real process, ${how('copied')} began with the files as they were at that moment,`,
      `and ${how('same')} with the same bytes as one of those, whose outcome they share.`,
      `Of ${rows.reduce((count, { chosen }) => count + chosen.length, 0)} trials that were planned,`,
      `${all.filter((one) => !one.reached).length} did not meet their effect, and ${left} were left out when the time of the run was over.`,
    ].join('\n'),
  ].join('\n\n');
}

/** Puts the table into docs/promises.md, between its two marks. */
export function writePromises(table) {
  const path = join(root, 'docs', 'promises.md');
  const text = readFileSync(path, 'utf8');
  const [before, rest] = text.split(begin);
  const [, after] = (rest ?? '').split(end);
  if (after === undefined) throw new Error(`${path} has lost the marks around its table.`);
  writeFileSync(path, `${before}${begin}\n\n${table}\n\n${end}${after}`);
}
