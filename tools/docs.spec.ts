import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { failureCodes } from '@nx-wave/schemas/plain';
import { laneCommands } from '../packages/wave-plugin/src/core/infer/lane-project';
import { waveCommands } from '../packages/wave-plugin/src/core/infer/wave-commands';
import { executors } from '../packages/wave-plugin/executors.json';
import { generators } from '../packages/wave-plugin/generators.json';
import { scripts } from '../package.json';

const root = resolve(__dirname, '..');
const plugin = join(root, 'packages', 'wave-plugin');
/** What people read, without the plans of waves and without what is generated. */
const pages = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) =>
    /^(README|CONTRIBUTING|docs\/(guides|decisions)\/.*|docs\/[^/]*|packages\/[^/]*\/README|apps\/example\/README)\.md$/.test(
      path,
    ),
  )
  .sort();
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

const targets = new Map<string, string>([
  ...waveCommands.map(({ target }): [string, string] => [target, target]),
  ...laneCommands.map(({ target, executor }): [string, string] => [target, executor]),
  ['launch', 'launch'],
  ['prove', 'prove'],
]);
const optionsOf = (door: { schema: string }) => {
  const path = join(plugin, door.schema.replace('./dist/', 'src/'));
  return Object.keys((JSON.parse(readFileSync(path, 'utf8')) as { properties: object }).properties);
};
/** Options that Nx takes itself. */
const ofNx = ['help', 'skip-nx-cache', 'interactive', 'dry-run', 'verbose'];
const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Options that a command line names and its schema does not. */
function strange(line: string, known: readonly string[]): string[] {
  return [...line.matchAll(/\s--(no-)?([a-z][\w-]*)/gi)]
    .map(([, no = '', name = '']) => ({ whole: `${no}${name}`, name }))
    .filter(
      ({ whole, name }) =>
        !ofNx.includes(name) && !known.includes(camel(name)) && !known.includes(camel(whole)),
    )
    .map(({ whole }) => `--${whole}`);
}

/** Commands in a page, as they stand in code: whole lines of blocks, and what is between backticks. */
function commandsIn(text: string): string[] {
  const joined = text.replace(/\r/g, '');
  const blocks = [...joined.matchAll(/^```\w*\n([^]*?)^```$/gm)].flatMap(([, body = '']) => body.split('\n'));
  const inline = [...joined.replace(/^```[^]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replace(/\s+/g, ' '),
  );
  return [...blocks.map((line) => line.replace(/\s# .*$/, '')), ...inline];
}

/** Anchors of the headings of a page, as forges make them. */
function anchorsOf(text: string): string[] {
  return [...text.replace(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages)('%s', (page) => {
  const text = textOf(page);
  const commands = commandsIn(text);

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('runs targets that there are, with options that they have', () => {
    const wrong = commands.flatMap((line) =>
      [...line.matchAll(/\bnx run (\S+?):([a-z][\w-]*)((?:\s+(?:--|"|[^\s|&;])\S*)*)/g)].flatMap(
        ([whole, , target = '', rest = '']) => {
          if (/^(agent|gate)-/.test(target)) return [];
          const executor = targets.get(target) as keyof typeof executors | undefined;
          if (executor === undefined) return [whole];
          return strange(rest, optionsOf(executors[executor])).map((option) => `${whole}: ${option}`);
        },
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('runs generators that there are, with options that they have', () => {
    const wrong = commands.flatMap((line) =>
      [...line.matchAll(/\bnx g @nx-wave\/plugin:([\w-]+)(.*)/g)].flatMap(([whole, name = '', rest = '']) =>
        name in generators
          ? strange(rest, optionsOf(generators[name as keyof typeof generators])).map(
              (option) => `${whole}: ${option}`,
            )
          : [whole],
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('names scripts that there are', () => {
    const named = [...text.matchAll(/\bnpm run (?:-s )?(\w[\w:-]*)/g)].map(([, name = '']) => name);
    const usual = [...text.matchAll(/\bnpm (start|test)\b/g)].map(([, name = '']) => name);
    expect([...named, ...usual].filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('docs/guides/troubleshooting.md', () => {
  it('explains codes that there are', () => {
    const codes = [...textOf('docs/guides/troubleshooting.md').matchAll(/^\| `([a-z-]+)`/gm)].map(
      ([, code = '']) => code,
    );
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !(code in failureCodes))).toEqual([]);
  });
});
