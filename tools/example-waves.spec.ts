import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { WaveDefinition } from '@nx-wave/schemas';
import { splitCommandLine } from '../packages/wave-plugin/src/core/command-line';
import { parseWave, readConfig, resolveWave, waveIdentity } from '../packages/wave-plugin/src/core';

const root = resolve(__dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const wavesFolder = 'docs/plans/waves';
const waveFiles = [wavesFolder, 'docs/lessons/plans/waves'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => /^wave-\d+\.md$/.test(name))
    .map((name) => `${folder}/${name}`),
);
const { config, failures, warnings } = readConfig(read('wave.config.json'));

function parsed(path: string, text = read(path)): WaveDefinition {
  const reading = parseWave({ path, text }, { config });
  if (!reading.ok) throw new Error(JSON.stringify(reading.failures, null, 2));
  expect(reading.warnings).toEqual([]);
  return reading.value;
}

describe('the example waves', () => {
  it('have a configuration without a single warning', () => {
    expect({ failures, warnings }).toEqual({ failures: [], warnings: [] });
  });

  it.each(waveFiles)('%s is read and resolved without a warning', (path) => {
    const identity = waveIdentity(path, config);
    if (identity === null) throw new Error(`${path} is in no waves folder.`);
    expect(resolveWave(parsed(path), { identity, config })).toMatchObject({ ok: true, warnings: [] });
  });

  it.each(waveFiles)('%s gives its agents only context that exists', (path) => {
    const wave = parsed(path);
    const owned = new Set(wave.agents.flatMap((agent) => agent.ownedPaths));
    for (const agent of wave.agents) {
      const given = [...agent.rolePrompts, ...agent.requiredContext].filter((file) => !owned.has(file));
      expect(given.filter((file) => !existsSync(join(root, file)))).toEqual([]);
      for (const reference of config.validation?.requiredPromptReferences ?? []) {
        expect(agent.requiredContext).toContain(reference);
      }
    }
  });

  it.each(waveFiles)('%s names local programs and proof commands that need no shell', (path) => {
    for (const { agentId, executor, proofCommands } of parsed(path).agents) {
      const command = String(executor.options.local?.command);
      for (const line of [command, ...proofCommands]) {
        expect({ agentId, line, split: splitCommandLine(line) }).toMatchObject({ split: { ok: true } });
      }
      const programs = command.split(' ').filter((word) => word.endsWith('.mjs'));
      expect(programs).toHaveLength(2);
      for (const program of programs) expect(existsSync(join(root, program))).toBe(true);
    }
  });

  it('promote exactly what the component matrix plans for them', () => {
    const matrix = JSON.parse(read('docs/plans/component-cutover-matrix.json')) as {
      components: Record<string, { promotions: { wave: number; target: string }[] }>;
    };
    for (const { wave, promotions } of waveFiles.map((path) => parsed(path))) {
      const planned = Object.entries(matrix.components).flatMap(([componentId, component]) =>
        component.promotions
          .filter((promotion) => promotion.wave === wave)
          .map(({ target }) => ({ componentId, targetLevel: target })),
      );
      const byId = (a: { componentId: string }, b: { componentId: string }) =>
        a.componentId < b.componentId ? -1 : 1;
      expect([...promotions].sort(byId)).toEqual(planned.sort(byId));
    }
  });
});

describe('the guide to a first wave', () => {
  const guide = read('docs/guides/first-wave.md');

  it('shows a wave file that is read without a warning', () => {
    const text = /^````markdown\n([\s\S]*?)^````$/m.exec(guide)?.[1] ?? '';
    const wave = parsed(`${wavesFolder}/wave-1.md`, text);
    expect(wave.agents.map(({ agentId, deliverables }) => ({ agentId, deliverables }))).toEqual([
      { agentId: 'A1', deliverables: ['src/greet.mjs', 'src/greet.test.mjs'] },
    ]);
  });

  it('shows context and a local command as an agent of a real wave would write them', () => {
    const fences = [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({
      kind,
      text,
    }));
    const context = fences.find(({ text }) => text?.startsWith('Required context'))?.text ?? '';
    const executor = fences.find(({ text }) => text?.includes('local.command'))?.text ?? '';
    const block = `## Agent A1: Greeting\n\n${executor}\n### Prompt\n\n\`\`\`text\nGreet.\n\n${context}\nFile ownership:\n- src/greet.mjs\n\`\`\`\n`;
    const [agent] = parsed(`${wavesFolder}/wave-1.md`, block).agents;
    expect(agent?.requiredContext).toEqual(['docs/reference/style.md', 'src/names.ts']);
    expect(agent?.executor.options.local).toEqual({ command: 'node tools/agents/greet.mjs' });
  });
});
