// Tests tools/promises-summary.mjs and the first table of docs/promises.md.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Row {
  promise: string;
  asked: string;
  command: string;
  tried: number | null;
  broken: number | null;
}

/** What an expression makes of the module `name` of this folder. */
function evaluate(name: string, expression: string): unknown {
  const module = pathToFileURL(join(__dirname, name)).href;
  const text = `import { readFileSync } from 'node:fs';
    import * as it from ${JSON.stringify(module)};
    console.log(JSON.stringify(await (${expression})));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', text], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

const rowsOf = (pages: Record<string, string>) =>
  evaluate('promises-summary.mjs', `it.promisesOf(${JSON.stringify(pages)})`) as Row[];

const page = join(__dirname, '..', 'docs', 'promises.md');
const made = (command: string, ...lines: string[]) =>
  [`<!-- made by npm run ${command} -->`, '', ...lines, '', '<!-- end of what is made -->', ''].join('\n');
const empty = { promises: '', cluster: '', hostile: '', cases: '' };

it('the first table of the page says what the others say', () => {
  const path = JSON.stringify(page);
  const expression = `it.formatted(${path}, it.withSummary(readFileSync(${path}, 'utf8')))`;
  expect(evaluate('promises.mjs', expression)).toBe(readFileSync(page, 'utf8'));
});

it('what was not run is said to be that, also where another table follows', () => {
  const promises =
    made('test:faults -- --write', 'Not run yet.') +
    made('test:forged -- --write', '| where | trials | let in |', '| --- | --: | --: |', '| all | 7 | 0 |');
  const rows = rowsOf({ ...empty, promises });
  expect(rows.filter(({ tried }) => tried !== null)).toEqual([
    {
      promise: 'Claims are not proof',
      asked: 'stored bytes that were damaged, replayed or forged, and came in',
      command: 'npm run test:forged -- --write',
      tried: 7,
      broken: 0,
    },
  ]);
});

it('what broke is counted, in whichever column it stands', () => {
  const promises = made(
    'test:faults -- --nx --write',
    '| fault | trials | lost | paid twice | torn |',
    '| --- | --: | --: | --: | --: |',
    '| killed | 5 | 1 | 1 | 2 |',
    '| all | 9 | 1 | 2 | 3 |',
  );
  const hostile = '| succeed in a cage | 4 of 69 |';
  const cases = '| cheats refused at the default level (`checked`) | 61 of 70 |';
  const rows = rowsOf({ ...empty, promises, hostile, cases }).filter(({ tried }) => tried !== null);
  expect(rows.map(({ promise, tried, broken }) => [promise, tried, broken])).toEqual([
    ['You never pay twice', 9, 2],
    ['Claims are not proof', 70, 9],
    ['Your tree is yours', 69, 4],
    ['Finished work is never lost', 9, 4],
  ]);
});

it('a table without the column that is asked for is no table that says nothing broke', () => {
  const promises = made('test:forged -- --write', '| where | trials |', '| --- | --: |', '| all | 7 |');
  expect(() => rowsOf({ ...empty, promises })).toThrow('no number stands in the column let in');
});

it('every promise of the README has a row, or a sentence below the table', () => {
  const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
  const promised = [...readme.matchAll(/^- \*\*(.+?)\.?\*\*/gm)].map(([, name = '']) => name);
  const text = readFileSync(page, 'utf8');
  const told = ['Nothing leaves the machine', 'It is Nx'];
  expect(promised.slice(0, 6)).toEqual([
    ...['You never pay twice', 'Claims are not proof', 'Your tree is yours', 'Finished work is never lost'],
    ...told,
  ]);
  expect(promised.slice(0, 4).filter((name) => !text.includes(`| ${name} `))).toEqual([]);
  expect(told.filter((name) => !text.includes(name[0]?.toLowerCase() + name.slice(1)))).toEqual([]);
});
