import { maturityLevels, stages, type WaveDefinition } from '@nx-wave/schemas';
import fc from 'fast-check';
import { parseWave } from '../../built-in';
import { fullWave } from '../../testing/wave-file';
import { editDistance, nearest } from './nearest';
import { printWave } from './print-wave';
import { readSource } from './source';

const path = 'docs/plans/waves/wave-7.md';

const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/);
const words = fc.array(word, { minLength: 1, maxLength: 6 }).map((list) => list.join(' '));
const segment = fc.stringMatching(/^[a-zA-Z0-9_[\]()@-]{1,8}$/);
const file = fc.tuple(segment, word).map(([name, extension]) => `${name}.${extension}`);
const level = fc.constantFrom(...maturityLevels);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const some = <T>(arbitrary: fc.Arbitrary<T>, selector: (item: T) => unknown = (item) => item) =>
  fc.uniqueArray(arbitrary, { maxLength: 3, selector });

const context7 = fc
  .record({ bundle: maybe(id), query: maybe(words) })
  .map((choice) => (choice.bundle === null && choice.query === null ? null : choice));

const budget = fc.record(
  {
    turns: fc.integer({ min: 1, max: 500 }),
    minutes: fc.integer({ min: 1, max: 500 }),
    tokens: fc.integer({ min: 1, max: 9_000_000 }),
    usd: fc.integer({ min: 1, max: 10_000 }).map((cents) => cents / 100),
  },
  { requiredKeys: [] },
);

const executor = fc
  .record({
    id: maybe(fc.constant('codex')),
    profile: maybe(id),
    model: maybe(word),
    fallbacks: some(fc.constantFrom('claude', 'opencode', 'codex')),
    tags: some(word),
    retryPolicy: maybe(fc.constantFrom('sticky' as const, 'fallback-allowed' as const)),
    allowFallbackOnRetry: fc.constant(null),
    budget,
    codex: fc.record(
      {
        sandbox: fc.constantFrom('read-only', 'workspace-write'),
        search: fc.boolean(),
        add_dirs: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
    command: maybe(words),
  })
  .map(({ codex, command, ...spec }) => ({
    ...spec,
    options: {
      ...(Object.keys(codex).length > 0 ? { codex } : {}),
      ...(command === null ? {} : { local: { command } }),
    },
  }));

const exitContract = fc.record({
  completion: fc.constantFrom('contract' as const, 'integrated' as const, 'live' as const),
  durability: fc.constantFrom('none' as const, 'durable' as const),
  proof: fc.constantFrom('unit' as const, 'live' as const),
  docImpact: fc.constantFrom('none' as const, 'shared-plan' as const),
});

const strength = fc.record({
  level: fc.constantFrom('exit' as const, 'counted' as const, 'strict' as const),
  mayChange: some(file).map((names) => names.sort()),
  // No word of a prompt: what an agent is told of cannot be held out.
  heldOut: fc.array(
    fc.record({
      command: words.map((rest) => `held-check ${rest}`),
      files: some(file).map((names) => names.map((name) => `held/${name}`).sort()),
    }),
    { maxLength: 2 },
  ),
  reason: maybe(words),
});

/** An agent owns files below a folder of its own, so that no two agents overlap. */
const agent = fc.record({
  title: words,
  rolePrompts: some(file).map((names) => names.map((name) => `docs/agents/${name}`)),
  executor,
  context7,
  capabilities: some(id),
  skills: some(id),
  exitContract: maybe(exitContract),
  files: fc.uniqueArray(file, { minLength: 1, maxLength: 4 }),
  kind: maybe(word),
  requiredFor: some(level),
  commands: some(words),
  strength: maybe(strength),
  lines: fc.array(fc.oneof(words, fc.constantFrom('```json', '{}', '## Agent Z9: no', '', '- a bullet')), {
    maxLength: 4,
  }),
});

const wave: fc.Arbitrary<WaveDefinition> = fc
  .record({
    title: words,
    commitMessage: maybe(words),
    dependsOn: some(fc.integer({ min: 0, max: 6 })),
    promotions: some(fc.record({ componentId: id, targetLevel: level }), ({ componentId }) => componentId),
    context7,
    targets: some(fc.tuple(id, words, id), ([name]) => name),
    environments: some(fc.tuple(id, id, maybe(words)), ([name]) => name),
    agents: fc.array(agent, { minLength: 1, maxLength: 4 }),
  })
  .map((given) => ({
    schemaVersion: 1 as const,
    wave: 7,
    path,
    title: `On ${given.title}`,
    commitMessage: given.commitMessage,
    dependsOn: given.dependsOn.map((number) => `wave-${number}`),
    promotions: given.promotions,
    context7: given.context7,
    evalTargets: given.targets.map(([name, objective, benchmark]) => ({
      id: name,
      selection: 'pinned' as const,
      benchmarkFamily: null,
      benchmarks: [benchmark],
      objective,
      threshold: 'all',
    })),
    deployEnvironments: given.environments.map(([name, kind, notes], index) => ({
      id: name,
      kind,
      isDefault: index === 0,
      notes,
    })),
    agents: given.agents.map((spec, index) => agentOf(spec, index, given.promotions)),
  }));

type Given<T> = T extends fc.Arbitrary<infer Value> ? Value : never;

function agentOf(
  spec: Given<typeof agent>,
  index: number,
  promotions: WaveDefinition['promotions'],
): WaveDefinition['agents'][number] {
  const owned = spec.files.map((name) => `area-${index}/${name}`);
  const prompt = ['Do this.', ...spec.lines, 'Required context:', '- docs/a.md', 'File ownership:']
    .concat(owned.map((path) => `- ${path}`))
    .join('\n');
  return {
    agentId: `B${index}`,
    title: spec.title,
    line: 1,
    rolePrompts: spec.rolePrompts,
    executor: spec.executor,
    context7: spec.context7,
    components: promotions.slice(0, 1).map(({ componentId }) => componentId),
    capabilities: spec.capabilities,
    skills: spec.skills,
    exitContract: spec.exitContract,
    deliverables: owned.slice(0, 1),
    proofArtifacts: owned
      .slice(1, 2)
      .map((path) => ({ path, kind: spec.kind, requiredFor: spec.requiredFor })),
    proofCommands: spec.commands,
    ...(spec.strength === null ? {} : { proofStrength: spec.strength }),
    dependsOn: [],
    prompt,
    ownedPaths: owned,
    requiredContext: ['docs/a.md'],
  };
}

const withoutLines = (definition: WaveDefinition) => ({
  ...definition,
  agents: definition.agents.map((spec) => ({ ...spec, line: 0 })),
});

describe('the wave language', () => {
  it('reads back every wave that it prints', () => {
    fc.assert(
      fc.property(wave, (definition) => {
        const parsed = parseWave({ path, text: printWave(definition) });
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures, null, 1));
        expect(withoutLines(parsed.value)).toEqual(withoutLines(definition));
      }),
      { numRuns: 150 },
    );
  });

  it('reads back the wave that uses every section', () => {
    const first = parseWave({ path, text: fullWave });
    if (!first.ok) throw new Error('unreadable');
    const second = parseWave({ path, text: printWave(first.value) });
    if (!second.ok) throw new Error(JSON.stringify(second.failures));
    expect(withoutLines(second.value)).toEqual(withoutLines(first.value));
  });

  it('answers every text with a definition or with failures that have a place, and never throws', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(...fullWave.split('\n')),
      fc.constantFrom(
        '```',
        '~~~~',
        '## Agent A1: x',
        '### Executor',
        '- __proto__: x',
        '- codex.constructor: 1',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const parsed = parseWave({ path, text: lines.join(end) });
        if (parsed.ok) expect(parsed.value.agents.length).toBeGreaterThan(0);
        else expect(parsed.failures.every(({ place }) => place?.range !== undefined)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('survives any cut and any removed line of a good wave', () => {
    const lines = fullWave.split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.nat(fullWave.length), (line, cut) => {
        parseWave({ path, text: lines.filter((_, index) => index !== line).join('\n') });
        parseWave({ path, text: fullWave.slice(0, cut) });
      }),
    );
  });

  it('takes time in proportion to its size, whatever repeats', () => {
    const repeated = [
      '- src/a.ts\n',
      ' ',
      '\t',
      '`',
      '#',
      '```\n',
      '### Executor\n',
      '## Agent A1: x\n',
      '- x: y | ',
      ': ',
      '- A1\n',
      'a/',
      '.',
      '\r',
      '<!--\n',
      '- <!-- a',
      '<!-- a -->b\n',
      '([{',
      '- [ ] [x](y\n',
      '**',
      '1. x\n',
      '> x\n',
      'Add this one here too.\n\n',
      '---\n',
      '- Zz\n',
      '{"a":[',
      '\u202e',
    ];
    const head = '## Agent A1: x\n### Deliverables\n';
    const work = (unit: string, times: number) => {
      const text = `${head}${unit.repeat(times)}\n### Prompt\n\`\`\`\nFile ownership:\n${unit.repeat(times)}\n`;
      const started = process.cpuUsage();
      parseWave({ path, text });
      const used = process.cpuUsage(started);
      return used.user + used.system;
    };
    // A quadratic step would take minutes here; the bound is far above what a busy machine needs.
    for (const unit of repeated) expect(work(unit, 20_000) / 1_000).toBeLessThan(3_000);
  });

  it('takes no more for each of 34 million lines, past which V8 makes a list of a given length a hash table', () => {
    const started = process.cpuUsage();
    const { hidden, fenced } = readSource(path, '\n'.repeat(34_000_000));
    const used = process.cpuUsage(started);
    expect([hidden.length, fenced.length]).toEqual([34_000_001, 34_000_001]);
    // Two such tables take half a minute, and five gigabytes.
    expect((used.user + used.system) / 1_000).toBeLessThan(15_000);
  });
});

describe('the nearest word', () => {
  it('is found within two edits and swaps', () => {
    expect(nearest('Deliverable', ['Deliverables', 'Executor'])).toBe('Deliverables');
    expect(nearest('executor', ['Deliverables', 'Executor'])).toBe('Executor');
    expect(nearest('Ideas', ['Deliverables', 'Executor', 'Skills'])).toBeNull();
    expect(nearest('x', ['id'])).toBeNull();
    for (const stage of stages) expect(editDistance(stage, stage, 2)).toBe(0);
  });

  it('counts a swap of neighbours as one edit and gives up beyond the limit', () => {
    expect(editDistance('modle', 'model', 2)).toBe(1);
    expect(editDistance('abcdef', 'ghijkl', 2)).toBe(3);
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b, 20)).toBe(editDistance(b, a, 20));
      }),
    );
  });
});
