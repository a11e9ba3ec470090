import { markdownTable } from './markdown-table.mjs';

/**
 * Each promise of the README and what was tried of it, taken from the tables that the trials have written themselves: no figure stands
 * anywhere twice by hand.
 */

const faults = ['npm run test:faults -- --write', 'npm run test:faults -- --nx --write'];
const histories = ['npm run test:histories -- --write', 'npm run test:histories -- --nx --write'];
const forged = ['npm run test:forged -- --write', 'npm run test:forged -- --nx --write'];

/** `read` gives how often it was tried and how often it did not hold, or null where nobody has tried it yet. */
const kept = [
  ...histories.map((command) => ({
    promise: 'You never pay twice',
    asked: 'launches in random histories that paid for nothing',
    command,
    read: inAll(command, 'launches', 'paid for nothing'),
  })),
  ...faults.map((command) => ({
    promise: 'You never pay twice',
    asked: 'kills, losses of power and errors after which somebody was paid again',
    command,
    read: inAll(command, 'trials', 'paid twice'),
  })),
  {
    promise: 'You never pay twice',
    asked: 'waves on many machines in which a program was started without a cause',
    command: 'npm run test:cluster -- --write',
    read: ({ cluster }) =>
      numbersOf(
        tableAfter(cluster, '<!-- made by npm run test:cluster -- --write -->').find(
          (row) => row[''] === 'I2',
        ),
        'put to the test',
        'trials in which it did not hold',
      ),
  },
  ...histories.map((command) => ({
    promise: 'Claims are not proof',
    asked: 'launches in random histories that took other work than was made',
    command,
    read: inAll(command, 'launches', 'wrong hits'),
  })),
  ...forged.map((command) => ({
    promise: 'Claims are not proof',
    asked: 'stored bytes that were damaged, replayed or forged, and came in',
    command,
    read: inAll(command, 'trials', 'let in'),
  })),
  {
    promise: 'Claims are not proof',
    asked: 'green commands without a result behind them that close a wave at the level of the defaults',
    command: 'npm run proof:cases',
    read: ({ cases }) => {
      const [refused, all] = shareOf(cases, 'cheats refused at the default level (`checked`)') ?? [];
      return all === undefined ? null : [all, all - refused];
    },
  },
  {
    promise: 'Your tree is yours',
    asked: 'attacks by agents and by tests that succeed in a cage',
    command: 'npm run test:hostile -- --write',
    read: ({ hostile }) => shareOf(hostile, 'succeed in a cage')?.reverse() ?? null,
  },
  ...faults.map((command) => ({
    promise: 'Finished work is never lost',
    asked: 'kills, losses of power and errors that lost or tore something, or left another tree',
    command,
    read: inAll(command, 'trials', 'lost', 'torn'),
  })),
];

/**
 * The rows, in the order of the README: `{ promise, asked, command, tried, broken }`, both null where a trial has not been run.
 * `pages`: texts by name (`promises`, `cluster`, `hostile`, `cases`).
 */
export function promisesOf(pages) {
  return kept.map(({ read, ...row }) => {
    const [tried, broken] = read(pages) ?? [null, null];
    return { ...row, tried, broken };
  });
}

/** The table of the page. */
export function renderSummary(pages) {
  const lines = promisesOf(pages).map(({ promise, asked, command, tried, broken }) => [
    promise,
    asked,
    `\`${command.replace(/( --)? --write$/, '')}\``,
    tried ?? 'not run yet',
    broken ?? '-',
  ]);
  return markdownTable(['the README says', 'what would break it', 'tried by', 'times', 'it did'], lines, 3);
}

/** The numbers of the last row of what a command has made: the first column, and the others in one. */
function inAll(command, ...columns) {
  return ({ promises }) =>
    numbersOf(
      tableAfter(promises, `<!-- made by ${command} -->`).find((row) => Object.values(row)[0] === 'all'),
      ...columns,
    );
}

function numbersOf(row, tried, ...broken) {
  if (row === undefined) return null;
  const numbers = [tried, ...broken].map((column) => {
    if (!/^\d+$/.test(row[column] ?? '')) throw new Error(`no number stands in the column ${column}`);
    return Number(row[column]);
  });
  return [numbers[0], numbers.slice(1).reduce((sum, one) => sum + one, 0)];
}

/** `3 of 7` in the row of that name, as numbers. */
function shareOf(page, name) {
  const line = page.split('\n').find((one) => one.startsWith(`| ${name} `));
  const [, part, all] = /\| (\d+) of (\d+) +\|/.exec(line ?? '') ?? [];
  return all === undefined ? null : [Number(part), Number(all)];
}

/** The table that a mark of a page stands above, its rows as objects by the titles of their columns; none where nothing was made yet. */
function tableAfter(page, mark) {
  const at = page.indexOf(mark);
  const [made = ''] = (at < 0 ? '' : page.slice(at + mark.length)).split('<!-- end');
  const [head = [], , ...rows] = made
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.map((row) => Object.fromEntries(head.map((title, column) => [title, row[column] ?? ''])));
}
