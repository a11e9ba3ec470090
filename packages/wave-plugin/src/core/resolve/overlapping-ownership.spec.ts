// Tests core/resolve/cross-rules.ts and core/resolve/locate.ts.
import { type WaveConfig } from '@nx-wave/schemas';
import { parseWave } from '../../built-in';

const path = 'docs/plans/waves/wave-1.md';

interface Sharer {
  dependsOn?: string[];
  owns?: string[];
}

function waveOf(agents: Record<string, Sharer>): string {
  return Object.entries(agents)
    .flatMap(([id, { dependsOn = [], owns = ['src/shared.mjs'] }]) => [
      `## Agent ${id}: Work`,
      ...(dependsOn.length === 0 ? [] : ['### Depends on', ...dependsOn.map((name) => `- ${name}`)]),
      '### Prompt',
      '```text',
      'Required context before coding:',
      ...owns.map((owned) => `- Read ${owned}.`),
      '- src/shared.mjs',
      '',
      'File ownership (only touch these paths):',
      `- src/${id}.mjs`,
      ...owns.map((owned) => `- \`${owned}\``),
      '```',
    ])
    .join('\n');
}

function overlaps(agents: Record<string, Sharer>, config: WaveConfig = {}) {
  const text = waveOf(agents);
  const parsed = parseWave({ path, text }, { config });
  const found = [...(parsed.ok ? parsed.warnings : parsed.failures)];
  return {
    ok: parsed.ok,
    found: found
      .filter(({ code }) => code === 'ownership-overlap')
      .map(({ place, severity, next }) => {
        const line = place?.range?.start.line ?? 0;
        const lines = text.split('\n');
        const label = lines.slice(0, line).findLastIndex((one) => one.startsWith('File ownership'));
        return { severity, next, line: lines[line - 1], isOwnership: label >= 0 && label > line - 5 };
      }),
  };
}

describe('two agents of one stage that own a path', () => {
  it('are an error that points at the line of ownership, whatever names the path before it', () => {
    const { ok, found } = overlaps({ A1: {}, A2: {} });
    expect(ok).toBe(false);
    expect(found).toEqual([
      expect.objectContaining({ severity: 'error', line: '- `src/shared.mjs`', isOwnership: true }),
    ]);
    expect(found[0]?.next).toContain('`- A1` under `### Depends on` of A2');
  });

  it('are told by the line of that very path, not of a longer one that begins like it', () => {
    const { found } = overlaps({ A1: { owns: ['src/x/'] }, A2: { owns: ['src/x/y/', 'src/x/'] } });
    expect(found.map(({ line }) => line)).toContain('- `src/x/`');
  });

  it.each<[string, Record<string, Sharer>]>([
    ['the later waits for the earlier', { A1: {}, A2: { dependsOn: ['A1'] } }],
    ['the earlier waits for the later', { A1: { dependsOn: ['A2'] }, A2: {} }],
    [
      'one waits for the other by a third',
      { A1: {}, A2: { dependsOn: ['A1'], owns: ['src/b'] }, A3: { dependsOn: ['A2'] } },
    ],
  ])('are fine where %s', (_when, agents) => {
    expect(overlaps(agents)).toEqual({ ok: true, found: [] });
  });

  it('are an error where both wait for a third and not for each other', () => {
    const { ok } = overlaps({
      A1: { dependsOn: ['A3'] },
      A2: { dependsOn: ['A3'] },
      A3: { owns: ['src/c'] },
    });
    expect(ok).toBe(false);
  });

  it('are a warning where the configuration leaves it to merging', () => {
    const { ok, found } = overlaps({ A1: {}, A2: {} }, { validation: { ownershipOverlap: 'warn' } });
    expect(ok).toBe(true);
    expect(found).toEqual([expect.objectContaining({ severity: 'warning' })]);
  });
});
