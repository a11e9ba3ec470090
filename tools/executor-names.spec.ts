import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');
const source = 'packages/wave-plugin/src';

const branches = [
  "export const pick = (id: string) => id === 'codex';",
  'export const pick = (id: string) => id !== "claude";',
  'export const pick = (id: string) => id === `opencode`;',
  "export const pick = (id: string) => { switch (id) { case 'codex': return 1; default: return 2; } };",
  "export const table = { 'claude': 1 };",
];
const shared = [
  'core/x.ts',
  'gates/x.ts',
  'roles/x.ts',
  'engine/program/x.ts',
  'edges/processes/x.ts',
  'executors/agent/x.ts',
  'adapters/hooks.ts',
];
const own = ['adapters/codex.adapter.ts', 'adapters/claude.reader.ts', 'adapters/opencode.keys.ts'];

/** Runs ESLint once over all pairs, as it is configured for the repository, and tells which of them the rule refuses. */
function refused(pairs: { file: string; text: string }[]): boolean[] {
  const script = `
    const { ESLint } = require('eslint');
    const pairs = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
    (async () => {
      const eslint = new ESLint({ cwd: ${JSON.stringify(root)} });
      const found = [];
      for (const { file, text } of pairs) {
        const [{ messages }] = await eslint.lintText(text, { filePath: file });
        found.push(messages.some(({ ruleId, message }) => ruleId === 'no-restricted-syntax' && message.startsWith('Ask the adapter')));
      }
      console.log(JSON.stringify(found));
    })();`;
  const output = execFileSync(process.execPath, ['-e', script], {
    cwd: root,
    encoding: 'utf8',
    input: JSON.stringify(pairs),
  });
  return JSON.parse(output) as boolean[];
}

describe('the rule that only the files of an executor know its name', () => {
  const pairs = (files: string[]) =>
    files.flatMap((file) => branches.map((text) => ({ file: join(root, source, file), text })));

  it('refuses every way to branch on it elsewhere, and none in its own files', () => {
    const [elsewhere, inside] = [pairs(shared), pairs(own)];
    const found = refused([...elsewhere, ...inside]);
    expect(elsewhere.filter((_, index) => !found[index])).toEqual([]);
    expect(inside.filter((_, index) => found[elsewhere.length + index])).toEqual([]);
  });
});
