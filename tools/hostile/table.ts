import { owed, type Attack } from './attack';
import type { Ended } from './run-attack';

export interface Row {
  attack: Attack;
  by: 'agent' | 'proof';
  /** Whether it succeeds where nothing holds it. */
  control: boolean;
  /** Null where this machine can have none. */
  caged: Ended | null;
  open: Ended;
}

const order = ['nothing', 'foretold', 'named', 'refused'] as const;

/** Whether an attack has succeeded and less was said than is owed. */
export function isSilent({ attack, open }: Row): boolean {
  return open.succeeded && order.indexOf(open.said) < order.indexOf(owed(attack));
}

/** What the suite is held to; empty when all is well. */
export function missedGoals(rows: readonly Row[]): string[] {
  const ids = (keep: (row: Row) => boolean) =>
    rows
      .filter(keep)
      .map(({ attack }) => attack.id)
      .join(', ');
  const real = rows.filter(({ control }) => control).length;
  const [letIn, silent] = [ids(({ caged }) => caged?.succeeded === true), ids(isSilent)];
  return [
    ...(real / rows.length < 0.8
      ? [
          `only ${real} of ${rows.length} succeed where nothing holds them: not ${ids(({ control }) => !control)}`,
        ]
      : []),
    ...(letIn === '' ? [] : [`let in with a cage: ${letIn}`]),
    ...(silent === '' ? [] : [`silent without a cage: ${silent}`]),
  ];
}

const saidTitles: Record<Ended['said'], string> = {
  refused: 'refused',
  named: 'told by name',
  foretold: 'told before: nothing holds it',
  nothing: '**silent**',
};

const openCell = (row: Row): string =>
  isSilent(row) ? '**silent**' : row.open.succeeded ? saidTitles[row.open.said] : endedCell(row.open);
const cagedCell = ({ caged }: Row): string =>
  caged === null ? 'no cage here' : caged.succeeded ? '**let in**' : endedCell(caged);
const endedCell = ({ codes }: Ended): string =>
  codes.length === 0 ? 'held' : `held, ${codes.map((code) => `\`${code}\``).join(', ')}`;

export function renderLine(row: Row, seconds: number): string {
  const plain = (cell: string) => cell.replaceAll(/[*`]/g, '');
  return `${row.attack.id.padEnd(28)} nothing: ${row.control ? 'succeeds' : 'FAILS'} | no cage: ${plain(openCell(row))} | cage: ${plain(cagedCell(row))}  ${seconds.toFixed(1)} s`;
}

const titles = {
  write: 'write',
  read: 'read',
  call: 'call',
  survive: 'survive',
  signal: 'signal',
  exhaust: 'exhaust',
};

/** How attacks came into a launch. */
const doors = {
  nx: 'as a task of real Nx (`nx run wave-1:agent-a1`, the published packages in a workspace of its own)',
  engine: 'by the engine that the tasks of Nx call (the short form, `--engine`)',
};

/** The page of the documentation. */
export function renderPage(rows: readonly Row[], door: keyof typeof doors): string {
  const count = (keep: (row: Row) => boolean) => `${rows.filter(keep).length} of ${rows.length}`;
  const list = (by: Row['by']) =>
    rows
      .filter((row) => row.by === by)
      .map(
        (row) =>
          `| ${row.attack.id} | ${titles[row.attack.aim]} | ${row.attack.what} | ${row.control ? 'succeeds' : 'fails'} | ${openCell(row)} | ${cagedCell(row)} |`,
      )
      .join('\n');
  const head = `| attack | aim | what it does | nothing holds it | no cage | cage |
| --- | --- | --- | --- | --- | --- |`;
  return `# Hostile agents and tests

Written by \`npm run test:hostile -- --write\`: programs that reach out of their checkout, as agents and as the tests that agents
wrote. Each runs three times in a repository, a home and among servers and processes that the suite made for it: as a bare
program, then ${doors[door]}, without a cage and in one. Nothing else of the machine is
touched. *held*: the attack did not come to what it was after, with the code of what the launch said of it.

| | |
| --- | --- |
| succeed where nothing holds them | ${count(({ control }) => control)} |
| succeed in a cage | ${count(({ caged }) => caged?.succeeded === true)} |
| succeed without a cage and silently | ${count(isSilent)} |
| succeed without a cage and are refused or told by name | ${count(({ open }) => open.succeeded && ['refused', 'named'].includes(open.said))} |
| succeed without a cage, which the launch has told before: nothing holds it | ${count((row) => row.open.succeeded && row.open.said === 'foretold' && !isSilent(row))} |

What is told before is told by one line of the launch for each agent and for the commands: *runs without a cage*, with the reason.

## Agents

${head}
${list('agent')}

## Proof and setup commands

${head}
${list('proof')}
`;
}
