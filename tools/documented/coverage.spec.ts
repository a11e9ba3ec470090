// Tests that every command of the pages for users is run, or held back with a reason: coverage.ts, ../strangers/documented.cjs.
import { coverage, formsOf, staleEntries } from './coverage';
import { story } from '../strangers/documented.cjs';
import type { DocumentedCommand } from './documented-commands';
import { judgeCommand } from './judge-command';
import { readWorld } from './world';

const found = coverage();
const documented = (text: string, from: DocumentedCommand['from'] = 'block'): DocumentedCommand[] => [
  { page: 'docs/guides/page.md', line: 1, text, from },
];

describe('the commands of the pages for users', () => {
  it('are each run by somebody, or held back with a reason', () => {
    const open = found.filter(({ by, reason }) => by === null && reason === null);
    expect(open.map(({ text, places }) => `${places.join(', ')}: ${text}`)).toEqual([]);
  });

  it('are run where they are ours and need nobody else', () => {
    const ours = found.filter(({ text }) =>
      /\bnx (run|g|add|show|reset|graph|migrate)\b|\bnx-wave /.test(text),
    );
    expect(ours.length).toBeGreaterThan(80);
    expect(ours.filter(({ by }) => by === null).map(({ text }) => text)).toEqual([]);
  });

  it('have no entry in a table that no page needs, or that does not hold', () =>
    expect(staleEntries()).toEqual([]));

  it('are themselves told right where they are played', () => {
    const world = readWorld();
    const lines = Object.values(story).flatMap((steps) =>
      steps.flatMap(({ run, start, within, mistyped }) => (mistyped ? [] : (run ?? start ?? within ?? []))),
    );
    expect(lines.flatMap((line) => judgeCommand(line, world))).toEqual([]);
  });

  it.each([
    ['an option that nobody has run', 'npx nx run wave-1:launch --executor=local'],
    ['a target that nobody has run', 'npx nx run wave-1:launched'],
    ['a variable that nobody has set', 'NX_WAVE_RUN=auto npx nx run wave-1:launch'],
    ['a program that nobody knows', 'curl https://example.com'],
    ['one of two commands that nobody has run', 'npx nx reset && rm -r .tmp'],
  ])('are open with %s', (_, text) => {
    expect(coverage(documented(text))).toMatchObject([{ by: null, reason: null }]);
  });

  it('may be named in a sentence without what they have to be given', () => {
    expect(coverage(documented('npx nx run wave-3:answer …', 'sentence'))).toMatchObject([
      { by: 'npm run e2e' },
    ]);
    expect(coverage(documented('npx nx run wave-3:answer'))).toMatchObject([{ by: null }]);
  });

  it.each([
    ['npx nx run wave-3:land --dry-run --by="Ada"', [{ head: 'nx run wave:land', options: 'by dryRun' }]],
    ['nx run wave-3:agent-a1', [{ head: 'nx run wave:agent', options: '' }]],
    ['A=1 npx nx-wave check wave-1.md --watch', [{ head: 'A nx-wave check', options: 'watch' }]],
    ['npm run e2e -- --short', [{ head: 'npm run e2e', options: 'short' }]],
  ])('have a form: %s', (line, forms) => expect(formsOf(line)).toEqual(forms));
});
