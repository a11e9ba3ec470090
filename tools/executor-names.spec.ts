import { join } from 'node:path';
import { refusedBy } from './lint-texts';

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

describe('the rule that only the files of an executor know its name', () => {
  const pairs = (files: string[]) =>
    files.flatMap((file) => branches.map((text) => ({ file: join(source, file), text })));

  it('refuses every way to branch on it elsewhere, and none in its own files', () => {
    const [elsewhere, inside] = [pairs(shared), pairs(own)];
    const found = refusedBy('Ask the adapter', [...elsewhere, ...inside]);
    expect(elsewhere.filter((_, index) => !found[index])).toEqual([]);
    expect(inside.filter((_, index) => found[elsewhere.length + index])).toEqual([]);
  });
});
