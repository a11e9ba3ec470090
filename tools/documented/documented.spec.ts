// Holds every command of the documentation against what there is: judge-command.ts, documented-commands.ts, shell-words.ts.
import { documentedCommands, readFences } from './documented-commands';
import { judgeCommand, programs } from './judge-command';
import { allDocumented, pages, textOf } from './pages';
import { shellCommands } from './shell-words';
import { readWorld } from './world';

const world = readWorld();

describe.each(pages)('%s', (page) => {
  it('names only commands that there are, with options and values that they take', () => {
    const wrong = allDocumented([page]).flatMap(({ line, text }) =>
      judgeCommand(text, world).map((problem) => `${page}:${line}: \`${text}\`: ${problem}`),
    );
    expect(wrong).toEqual([]);
  });

  it('says of each block what language it is in', () => {
    const { fences } = readFences(textOf(page));
    expect(fences.filter(({ language }) => language === '').map(({ line }) => line)).toEqual([]);
  });
});

describe('commands of the documentation', () => {
  const all = allDocumented();

  it('are found in blocks and in sentences', () => {
    expect(all.filter(({ from }) => from === 'block').length).toBeGreaterThan(80);
    expect(all.filter(({ from }) => from === 'sentence').length).toBeGreaterThan(150);
  });

  // The negative control: whatever option of ours, of Nx or of a script a page has, its name matters.
  const withOptions = [
    ...new Set(
      all.map(({ text }) => text).filter((text) => /\b(nx|nx-wave|npm run) .*\s--[a-z]/i.test(text)),
    ),
  ];

  it.each(withOptions)('is no longer held for true once an option has another name: %s', (text) => {
    expect(judgeCommand(text, world)).toEqual([]);
    for (const option of text.matchAll(/\s--([A-Za-z][\w-]*)/g)) {
      const at = option.index + option[0].length;
      const changed = `${text.slice(0, at)}x${text.slice(at)}`;
      // What stands in a value, such as `--proof="npx jest --ci"`, is the affair of another program.
      if ((text.slice(0, at).match(/"/g) ?? []).length % 2 === 0)
        expect({ changed, wrong: judgeCommand(changed, world) }).not.toMatchObject({ wrong: [] });
    }
  });

  it.each([
    ['a target that there is not', 'nx run wave-1:lanch'],
    ['a target of a wave asked of a lane', 'nx run waves:land'],
    ['a value of another type', 'npx nx run wave-3:wait --minutes=soon'],
    ['a value that no enumeration has', 'npx nx g @nx-wave/plugin:wave --template=implementaton'],
    ['a code that nobody can waive', 'nx run wave-1:decide --waive=slice-emtpy --agent=A1'],
    ['a generator that there is not', 'npx nx g @nx-wave/plugin:waev'],
    ['a generator of somebody else', 'npx nx g @nx/js:library'],
    ['a command that Nx has not', 'npx nx resett'],
    ['an option that this command of Nx has not', 'npx nx reset --only-caches'],
    ['a command that nx-wave has not', 'npx nx-wave validate wave-1.md'],
    ['a script that there is not', 'npm run e3e'],
    ['a flag that a script does not read', 'npm run e2e -- --shrt'],
    ['a flag that npm takes for itself', 'npm run e2e --short'],
    ['a program that nobody has heard of', 'nxwave plan'],
    ['the second command of a line', 'npx nx reset && npx nx run wave-3:lunch'],
    ['the command in a command', 'echo "$(npx nx run wave-3:lunch)"'],
    ['a file of ours that there is not', 'node tools/bench/cages.mjs'],
    ['a variable that nobody reads', 'NX_WAVE_MODE=never npx nx run wave-1:launch'],
    ['a quote that nobody closes', 'nx run wave-1:answer --text="yes'],
  ])('are refused with %s', (_, line) => {
    expect(judgeCommand(line, world)).not.toEqual([]);
  });
});

describe('the reading of pages', () => {
  const page = `Run \`npx nx reset\`, or \`nx\` alone; \`nodeLinker: node-modules\` is none,
\`npm run
build\` is one.

\`\`\`sh
npx nx graph   # looks
# a remark
NX_WAVE_RUN=never npx nx run wave-1:launch
\`\`\`

\`\`\`\`md
\`\`\`sh
text of a wave
\`\`\`
\`\`\`\`

\`\`\`sh
set -eu
cd somewhere
\`\`\`
`;

  it('finds commands with their lines, and leaves out what is no command', () => {
    expect(
      documentedCommands('page', page, new Set(['npx', 'npm', 'nx'])).map((one) => Object.values(one)),
    ).toEqual([
      ['page', 'block', 6, 'npx nx graph'],
      ['page', 'block', 8, 'NX_WAVE_RUN=never npx nx run wave-1:launch'],
      ['page', 'sentence', 1, 'npx nx reset'],
      ['page', 'sentence', 2, 'npm run build'],
    ]);
  });

  it.each([
    ['a && b c; d', [['a'], ['b', 'c'], ['d']]],
    ['a "b c" \'d e\' # f', [['a', 'b c', 'd e']]],
    ['a > b', [['a']]],
    ['a "x $(b c)" >> d && e', [['b', 'c'], ['a', 'x \uFFFC'], ['e']]],
    [
      'a --id=<id> --text="…" ~/.config/x $name',
      [['a', '--id=\uFFFC', '--text=\uFFFC', '\uFFFC/.config/x', '\uFFFC']],
    ],
  ])('splits %s as a shell does', (line, commands) => {
    expect(shellCommands(line)).toEqual({ ok: true, commands });
  });

  it('knows programs by a table alone', () => expect(programs.has('curl')).toBe(false));
});
