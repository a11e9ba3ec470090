import { type WaveConfig } from '@nx-wave/schemas';
import { type FailureCode } from '@nx-wave/schemas/plain';
import { parseWave, resolveWave, validateWave } from '../../built-in';
import { validConfig, validFiles, validWave } from '../../testing/valid-wave';
import { waveIdentity } from '../resolve/identity';

const path = 'docs/plans/waves/wave-7.md';
const matrixPath = 'docs/plans/component-cutover-matrix.json';
const matrixPagePath = 'docs/plans/component-cutover-matrix.md';
const catalogPath = 'docs/evals/benchmark-catalog.json';
const bundlesPath = 'docs/context7/bundles.json';

interface Workspace {
  text: string;
  config: WaveConfig;
  files: Record<string, string | undefined>;
  landed: boolean;
}

function validate(change: Partial<Workspace> = {}) {
  const { text, config, files, landed }: Workspace = {
    text: validWave,
    config: validConfig,
    files: validFiles,
    landed: false,
    ...change,
  };
  const identity = waveIdentity(path, config);
  const parsed = parseWave({ path, text }, { config });
  if (!identity || !parsed.ok) throw new Error(JSON.stringify(parsed));
  const resolved = resolveWave(parsed.value, { identity, config }, { text });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.failures));
  return validateWave({
    definition: parsed.value,
    wave: resolved.value,
    config,
    text,
    landed,
    read: (file) => files[file] ?? null,
  });
}

const swap = (from: string, to: string) => {
  expect(validWave.includes(from)).toBe(true);
  return { text: validWave.replace(from, () => to) };
};
const withFile = (file: string, text: string | undefined) => ({ files: { ...validFiles, [file]: text } });
const edit = (file: string, from: string, to: string) => {
  expect((validFiles[file] ?? '').includes(from)).toBe(true);
  return withFile(
    file,
    (validFiles[file] ?? '').replace(from, () => to),
  );
};
const block = (id: string) => {
  const from = validWave.indexOf(`## Agent ${id}:`);
  const next = validWave.indexOf('## Agent', from + 5);
  return validWave.slice(from, next < 0 ? undefined : next);
};
const without = (id: string) => ({ text: validWave.replace(block(id), '') });
const twice = (id: string, as: string, own: string, instead: string) => ({
  text: `${validWave}\n${block(id).replace(`Agent ${id}`, `Agent ${as}`).replaceAll(own, instead)}`,
});

const cases: [string, () => Partial<Workspace>, FailureCode, string][] = [
  ['no cont-QA agent', () => without('A0'), 'role-missing', '`A0`'],
  [
    'a steward without its role prompt',
    () => swap('### Role prompts\n\n- docs/agents/wave-cont-qa-role.md\n\n', ''),
    'role-prompt-not-imported',
    '`A0`',
  ],
  ['a QA agent without a report', () => swap('wave-7-qa.md', 'wave-7-qa.json'), 'report-not-owned', '`A0`'],
  [
    'a security report under another name',
    () => swap('wave-7-security.md', 'wave-7-leaks.md'),
    'report-not-owned',
    '`S1`',
  ],
  ['no integration steward', () => without('A8'), 'steward-count', 'integration'],
  ['no documentation steward', () => without('A9'), 'steward-count', 'documentation'],
  [
    'two integration stewards',
    () => twice('A8', 'B8', 'wave-7-integration', 'wave-7-b'),
    'steward-count',
    '2 agents',
  ],
  [
    'a shared document without its owner',
    () => swap('- docs/plans/current-state.md\n', ''),
    'shared-doc-ownership',
    '`A9`',
  ],
  [
    'a shared document with another owner',
    () => swap('- src/reader/\n', '- src/reader/\n- docs/plans/current-state.md\n'),
    'shared-doc-ownership',
    '`A1`',
  ],
  [
    'one agent in two closure roles',
    () =>
      swap(
        '- docs/agents/wave-integration-role.md',
        '- docs/agents/wave-integration-role.md\n- docs/agents/wave-cont-qa-role.md',
      ),
    'role-conflict',
    'integration, cont-qa',
  ],
  [
    'no promotions',
    () => ({
      text: validWave
        .replace('## Component promotions\n\n- sensor-reader: pilot-live\n\n', '')
        .replace('### Components\n\n- sensor-reader\n\n', ''),
    }),
    'promotions-missing',
    'promotes no component',
  ],
  [
    'a promotion without an owner',
    () => swap('- sensor-reader: pilot-live', '- sensor-reader: pilot-live\n- sensor-store: pilot-live'),
    'component-without-owner',
    '`sensor-store`',
  ],
  [
    'an implementer without components',
    () => swap('### Components\n\n- sensor-reader\n\n', ''),
    'components-missing',
    '`A1`',
  ],
  [
    'a steward with components',
    () =>
      swap('## Agent A8: Integration\n', '## Agent A8: Integration\n\n### Components\n\n- sensor-reader\n'),
    'components-not-allowed',
    '`A8`',
  ],
  [
    'no exit contract',
    () => ({ text: validWave.replace(/### Exit contract[^]*?owned\n\n/, '') }),
    'exit-contract-missing',
    '`A1`',
  ],
  [
    'live proof without artifacts',
    () => swap('### Proof artifacts\n\n- .tmp/proof/readings.json\n\n', ''),
    'proof-artifacts-missing',
    '`A1`',
  ],
  [
    'live proof on the local executor',
    () => swap('### Skills\n\n- reader', '### Executor\n\n- id: local\n\n### Skills\n\n- reader'),
    'proof-centric-local',
    '`A1`',
  ],
  [
    'no documentation bundle of the wave',
    () => swap('## Context7 defaults\n\n- bundle: typescript\n\n', ''),
    'context7-missing',
    'Context7 defaults',
  ],
  [
    'an agent without a bundle',
    () => swap('### Context7\n\n- bundle: none\n\n### Components', '### Components'),
    'context7-missing',
    '`A1`',
  ],
  [
    'an unknown bundle',
    () => swap('- bundle: typescript', '- bundle: typescrip'),
    'context7-bundle-unknown',
    '`typescrip`',
  ],
  [
    'a broken bundle index',
    () => edit(bundlesPath, '"none":{},', ''),
    'context7-malformed',
    '`bundles.none`',
  ],
  [
    'too many agents on one executor',
    () => ({ config: { ...validConfig, runtimePolicy: { runtimeMixTargets: { codex: 6 } } } }),
    'runtime-mix-exceeded',
    '7 agents',
  ],
  [
    'a role prompt elsewhere',
    () => swap('docs/agents/wave-security-role.md', 'prompts/wave-security-role.md'),
    'role-prompt-outside',
    '`prompts/wave-security-role.md`',
  ],
  [
    'a missing role prompt',
    () => withFile('docs/agents/wave-security-role.md', undefined),
    'role-prompt-missing',
    'does not exist',
  ],
  [
    'a role prompt without a standing prompt',
    () => withFile('docs/agents/wave-security-role.md', '# Role\n\n```\nno\n```\n'),
    'standing-prompt-missing',
    'Standing prompt',
  ],
  [
    'a prompt that names no house rules',
    () => swap('Read docs/house-rules.md. Judge.', 'Judge.'),
    'prompt-reference-missing',
    '`A0`',
  ],
  [
    'a skill without a file',
    () => withFile('skills/reader/SKILL.md', undefined),
    'skill-missing',
    '`skills/reader`',
  ],
  [
    'an evaluator without targets',
    () => ({ text: validWave.replace(/## Eval targets[^]*?none\n\n/, '') }),
    'eval-targets-missing',
    '`E0`',
  ],
  ['targets without an evaluator', () => without('E0'), 'eval-targets-unused', '`E0`'],
  [
    'an unknown benchmark',
    () => swap('benchmarks: holdout', 'benchmarks: holdot'),
    'benchmark-unknown',
    '`holdot`',
  ],
  [
    'an unknown family',
    () => swap('benchmark-family: quality', 'benchmark-family: quantity'),
    'benchmark-unknown',
    '`quantity`',
  ],
  [
    'a benchmark of another family',
    () => swap('benchmarks: holdout', 'benchmarks: cold'),
    'benchmark-unknown',
    '`speed`',
  ],
  ['no benchmark catalog', () => withFile(catalogPath, undefined), 'catalog-missing', catalogPath],
  [
    'a benchmark in two families',
    () => edit(catalogPath, '"cold"', '"holdout"'),
    'catalog-malformed',
    '`quality` too',
  ],
  [
    'a metric that goes nowhere',
    () => edit(catalogPath, 'lower-is-better', 'sideways'),
    'catalog-malformed',
    'direction',
  ],
  ['no matrix', () => withFile(matrixPath, undefined), 'matrix-missing', matrixPath],
  ['a matrix that is no JSON', () => withFile(matrixPath, '{'), 'matrix-malformed', 'JSON object'],
  [
    'a matrix without levels',
    () =>
      edit(matrixPath, '"levels":["repo-landed","baseline-proved","pilot-live","qa-proved"]', '"levels":[]'),
    'matrix-malformed',
    '`levels`',
  ],
  [
    'a component at an unknown level',
    () => edit(matrixPath, '"currentLevel":"repo-landed"', '"currentLevel":"repo-lande"'),
    'matrix-malformed',
    '`repo-landed`',
  ],
  [
    'a matrix promotion of no wave',
    () => edit(matrixPath, '"wave":8', '"wave":-1'),
    'matrix-malformed',
    'promotions.0.wave',
  ],
  [
    'a component that the matrix does not have',
    () => edit(matrixPath, '"sensor-reader"', '"sensor-writer"'),
    'matrix-unknown-component',
    '`sensor-reader`',
  ],
  [
    'a promotion that the matrix does not plan',
    () => edit(matrixPath, '"wave":7', '"wave":9'),
    'matrix-promotion-differs',
    'plans no promotion',
  ],
  [
    'a promotion to another level than planned',
    () => edit(matrixPath, '"wave":7,"target":"pilot-live"', '"wave":7,"target":"qa-proved"'),
    'matrix-promotion-differs',
    '`qa-proved`',
  ],
  [
    'a promotion downwards',
    () =>
      edit(
        matrixPath,
        '"sensor-reader":{"currentLevel":"repo-landed"',
        '"sensor-reader":{"currentLevel":"qa-proved"',
      ),
    'matrix-promotion-downwards',
    '`qa-proved`',
  ],
  [
    'a planned promotion that the wave forgot',
    () => edit(matrixPath, '"wave":8', '"wave":7'),
    'matrix-promotion-undeclared',
    '`sensor-store`',
  ],
  [
    'a matrix page at another level',
    () => edit(matrixPagePath, '| sensor-store | repo-landed', '| sensor-store | pilot-live'),
    'matrix-page-differs',
    '`sensor-store`',
  ],
  [
    'a matrix page that leaves a component out',
    () => edit(matrixPagePath, '| sensor-store | repo-landed | |\n', ''),
    'matrix-page-differs',
    'does not list',
  ],
  [
    'a matrix page with a component of its own',
    () => edit(matrixPagePath, '| sensor-store |', '| sensor-ghost | repo-landed | |\n| sensor-store |'),
    'matrix-page-differs',
    '`sensor-ghost`',
  ],
  [
    'a matrix page without a list',
    () => withFile(matrixPagePath, 'Everything is fine.'),
    'matrix-page-differs',
    'lists no component',
  ],
];

describe('validation', () => {
  it('finds nothing in a wave that owes nothing', () => {
    expect(validate()).toEqual([]);
  });

  it.each(cases)('finds %s', (_what, change, code, words) => {
    const found = validate(change()).filter((failure) => failure.code === code);
    expect(found.map(({ message }) => message).join('\n')).toContain(words);
    for (const failure of found) {
      expect(failure.place?.path).toBeTruthy();
      expect(failure.next).toBeTruthy();
    }
  });

  it('points at the very word in the wave file', () => {
    const [failure] = validate(swap('benchmarks: holdout', 'benchmarks: holdot'));
    expect(failure?.excerpt).toMatch(/holdot[^]*\n *\^{6}$/);
  });

  it('says how a rule that begins at a wave is put off', () => {
    const [failure] = validate(without('A9')).filter(({ code }) => code === 'steward-count');
    expect(failure?.next).toContain('`validation.requireDocumentationStewardFromWave`');
  });

  it('reads the matrix page as a list too', () => {
    const list = '# Where we are\n\n- sensor-reader: repo-landed\n- `sensor-store`: `repo-landed`\n';
    expect(validate(withFile(matrixPagePath, list))).toEqual([]);
  });

  it('lets a landed component stand above its target', () => {
    const files = edit(
      matrixPath,
      '"sensor-reader":{"currentLevel":"repo-landed"',
      '"sensor-reader":{"currentLevel":"qa-proved"',
    );
    const codes = validate({ ...files, landed: true }).map(({ code }) => code);
    expect(codes).not.toContain('matrix-promotion-downwards');
  });

  it.each([
    ['requireExitContractsFromWave', 'exit-contract-missing'],
    ['requireContext7DeclarationsFromWave', 'context7-missing'],
    ['requireAgentComponentsFromWave', 'components-missing'],
    ['requireDocumentationStewardFromWave', 'steward-count'],
  ] as const)('asks by %s only from that wave on', (key, code) => {
    const bare = validWave
      .replace(/### Exit contract[^]*?owned\n\n/, '')
      .replace('## Context7 defaults\n\n- bundle: typescript\n\n', '')
      .replace('### Components\n\n- sensor-reader\n\n', '')
      .replace(block('A9'), '');
    const codes = (from: number | null) =>
      validate({
        text: bare,
        config: { ...validConfig, validation: { ...validConfig.validation, [key]: from } },
      }).map((failure) => failure.code);
    expect(codes(7)).toContain(code);
    expect(codes(8)).not.toContain(code);
    expect(codes(null)).not.toContain(code);
  });
});

describe('a budget of the wave', () => {
  const uncapped = (budget: Record<string, number>, change: Partial<Workspace> = {}) =>
    validate({ ...change, config: { ...validConfig, ...change.config, budget } }).filter(
      ({ code }) => code === 'budget-uncapped',
    );

  it('asks each agent that costs for a cap, with its line, as a warning', () => {
    const found = uncapped({ tokens: 100, usd: 5 });
    expect(found.length).toBeGreaterThan(1);
    expect(found[0]).toMatchObject({ severity: 'warning', place: { path, agentId: expect.any(String) } });
    expect(found[0]?.message).toContain('has no `budget.tokens` and `budget.usd`');
    expect(uncapped({ usd: 5 })[0]?.message).toContain('has no `budget.usd`, and');
  });

  it('asks for none where there is no budget, where it is of minutes, and where agents cost nothing', () => {
    expect(uncapped({})).toEqual([]);
    expect(uncapped({ minutes: 5 })).toEqual([]);
    expect(uncapped({ tokens: 100 }, { config: { executors: { override: 'local' } } })).toEqual([]);
  });

  it('is content with a cap', () => {
    const capped = swap('### Prompt', '### Executor\n\n- budget.tokens: 5\n\n### Prompt');
    expect(uncapped({ tokens: 100 }, capped)).toHaveLength(uncapped({ tokens: 100 }).length - 1);
    expect(uncapped({ tokens: 100, usd: 5 }, capped)[0]?.message).toContain('has no `budget.usd`, and');
  });
});

describe('skills of the configuration', () => {
  it('that have no file are one finding, whatever their number', () => {
    const skills = { base: ['house-rules', 'core'], byRole: { 'cont-qa': ['judging'] } };
    const found = validate({ config: { ...validConfig, skills } }).filter(
      ({ code }) => code === 'skill-missing',
    );
    expect(found).toHaveLength(1);
    for (const id of ['house-rules', 'core', 'judging'])
      expect(found[0]?.message).toContain(`\`skills/${id}\``);
  });
});
