import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../packages.mjs';

/** Marks in docs/promises.md, with the options that make what stands between them. */
const begin = (options) => `<!-- made by npm run test:faults --${options} --write -->`;
const end = '<!-- end of what is made -->';

/** One line for each kind of fault, as markdown. `options`: those of the command, as they are written. */
export function renderTable(rows, { seed, commit, options, cpuMinutes }) {
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
  const command = `npm run test:faults -- --seed ${seed}${options}`;
  const all = rows.flatMap(({ done }) => done);
  const how = (kind) => all.filter((one) => one.reached && one.how === kind).length;
  const planned = rows.reduce((count, { of, chosen }) => count + (of ?? chosen.length), 0);
  return [
    [text(head), align, ...[...lines, sum].map(text)].join('\n'),
    [
      `Made by \`${command}\` at commit ${commit}, with ${cpuMinutes.toFixed(0)} minutes of CPU.`,
      `Of these trials ${how('disturbed')} disturbed a real process, ${how('copied')} began with the files as they were at that moment,`,
      `and ${how('same')} with the same bytes as one of those, whose outcome they share.`,
      `Of ${planned} trials that there are, ${all.filter((one) => !one.reached).length} did not meet their effect, and`,
      planned === all.length
        ? '0 were not run.'
        : `${planned - all.length} were not run: this is the first part of a run, some of every row, and not a whole one.`,
    ].join('\n'),
  ].join('\n\n');
}

/** Puts a table into docs/promises.md, between its two marks. `options`: what makes it, besides `--write`. */
export function writePromises(table, options = '') {
  const path = join(root, 'docs', 'promises.md');
  const text = readFileSync(path, 'utf8');
  const [before, rest] = text.split(begin(options));
  const [, ...after] = (rest ?? '').split(end);
  if (after.length === 0) throw new Error(`${path} has lost the marks around its table.`);
  writeFileSync(path, `${before}${begin(options)}\n\n${table}\n\n${end}${after.join(end)}`);
}
