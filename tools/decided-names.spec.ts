// Holds eslint.config.mjs: only its own file decides by the name of a role, a stage or a gate.
import { join } from 'node:path';
import { refusedBy } from './lint-texts';

const source = 'packages/wave-plugin/src';
const pairs = (files: readonly string[], texts: readonly string[]) =>
  files.flatMap((file) => texts.map((text) => ({ file: join(source, file), text })));

/** Every way to decide by a name; `security` is a role, a stage and a gate, `infra` a role and a gate, `merge` a gate. */
const decisions = (name: string) => [
  `export const pick = (id: string) => id === '${name}';`,
  `export const pick = (id: string) => '${name}' !== id;`,
  `export const pick = (id: string) => id === \`${name}\`;`,
  `export const pick = (id: string) => { switch (id) { case '${name}': return 1; default: return 2; } };`,
  `export const pick = (id: string) => ['x', '${name}'].includes(id);`,
  `export const pick = (id: string) => (['${name}'] as readonly string[]).includes(id);`,
  `export const pick = (ids: string[]) => ids.includes('${name}');`,
  `export const pick = new Set(['${name}']);`,
];
const elsewhere = [
  'core/x.ts',
  'core/stages.ts',
  'gates/x.ts',
  'gates/design.gate.ts',
  'roles/deploy.role.ts',
  'adapters/hooks.ts',
  'adapters/codex.adapter.ts',
  'engine/stages/x.ts',
  'executors/gate/x.ts',
];

describe('the rule that only its own file decides by the name of a role, stage or gate', () => {
  it('refuses every way to do so elsewhere', () => {
    const all = pairs(elsewhere, ['security', 'infra', 'merge'].flatMap(decisions));
    const refused = refusedBy('Ask for a property', all);
    expect(all.filter((_, index) => !refused[index])).toEqual([]);
  });

  it('refuses none in its own file, nor where an older language is read, nor a name that is only data', () => {
    const all = [
      ...pairs(['gates/security.gate.ts', 'roles/security.role.ts'], decisions('security')),
      ...pairs(['core/legacy/x.ts'], decisions('infra')),
      ...pairs(elsewhere, ["export const gate = { stages: ['security'], section: 'security' };"]),
    ];
    const refused = refusedBy('Ask for a property', all);
    expect(all.filter((_, index) => refused[index])).toEqual([]);
  });
});
