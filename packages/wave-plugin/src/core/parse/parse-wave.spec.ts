import { waveDefinitionSchema } from '@nx-wave/schemas';
import { parseWave, resolveWave } from '../../built-in';
import { fullWave } from '../../testing/wave-file';
import { waveIdentity } from '../resolve/identity';

const path = 'docs/plans/waves/wave-7.md';

function read(text: string) {
  const parsed = parseWave({ path, text });
  if (!parsed.ok)
    throw new Error(parsed.failures.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return parsed;
}

describe('a wave file', () => {
  it('is read into what its author wrote down', () => {
    const { value, warnings } = read(fullWave);
    expect(waveDefinitionSchema.parse(value)).toEqual(value);
    expect(warnings).toMatchObject([{ code: 'section-unknown', severity: 'note' }]);
    const { agents, ...wave } = value;
    expect(wave).toEqual({
      schemaVersion: 1,
      wave: 7,
      path,
      title: 'Read every sensor once',
      commitMessage: 'feat: read sensors in one pass',
      dependsOn: ['wave-6'],
      promotions: [
        { componentId: 'sensor-reader', targetLevel: 'baseline-proved' },
        { componentId: 'sensor-store', targetLevel: 'repo-landed' },
      ],
      deployEnvironments: [
        { id: 'staging', kind: 'docker-compose', isDefault: true, notes: 'the shared box' },
        { id: 'prod', kind: 'kubernetes', isDefault: false, notes: null },
      ],
      evalTargets: [
        {
          id: 'latency',
          selection: 'pinned',
          benchmarkFamily: null,
          benchmarks: ['cold-start', 'warm-start'],
          objective: 'Stay fast',
          threshold: 'below 50 ms',
        },
        {
          id: 'recall',
          selection: 'delegated',
          benchmarkFamily: 'quality',
          benchmarks: [],
          objective: 'Miss nothing',
          threshold: 'no misses',
        },
      ],
      context7: { bundle: 'typescript', query: 'streams and back-pressure' },
    });
    const lines = fullWave.split('\n');
    expect(agents.map(({ agentId, title, line }) => [agentId, title, lines[line - 1]])).toEqual([
      ['A1', 'Sensor reader', '## Agent A1: Sensor reader'],
      ['A2', 'Sensor store', '## Agent A2: Sensor store'],
      ['A9', 'Documentation', '## Agent A9: Documentation'],
      ['A0', 'Continuous QA', '## Agent A0: Continuous QA'],
    ]);
    expect(agents[0]).toEqual({
      agentId: 'A1',
      title: 'Sensor reader',
      line: expect.any(Number) as number,
      rolePrompts: [],
      executor: {
        id: 'codex',
        profile: null,
        model: 'gpt-5-codex',
        fallbacks: ['claude', 'opencode'],
        tags: ['fast', 'cheap'],
        retryPolicy: null,
        allowFallbackOnRetry: null,
        budget: { minutes: 45, usd: 2.5 },
        options: {
          codex: { sandbox: 'workspace-write', json: true, add_dirs: ['libs/io', 'libs/base'] },
          local: { command: 'node tools/agent.mjs "first pass"' },
        },
      },
      context7: { bundle: 'none', query: null },
      components: ['sensor-reader'],
      capabilities: ['schema-migration'],
      skills: ['role-reader'],
      exitContract: {
        completion: 'integrated',
        durability: 'durable',
        proof: 'integration',
        docImpact: 'owned',
      },
      deliverables: ['src/reader/index.ts', 'src/reader/read.spec.ts'],
      proofArtifacts: [
        { path: '.tmp/proof/readings.json', kind: 'dump', requiredFor: ['baseline-proved', 'pilot-live'] },
        { path: '.tmp/proof/summary.txt', kind: null, requiredFor: [] },
      ],
      proofCommands: ['npx jest src/reader', 'node tools/check.mjs'],
      dependsOn: [],
      prompt: expect.stringMatching(/^Read each sensor once\.[^]*- never poll$/) as string,
      ownedPaths: ['src/reader/', '.tmp/proof/readings.json', '.tmp/proof/summary.txt'],
      requiredContext: ['docs/reading.md', 'docs/sensors/list.md'],
    });
    expect(agents[2]?.executor.options).toEqual({
      claude: {
        allowed_tools: ['Read', 'Edit'],
        max_turns: 20,
        settings_json: { permissions: { allow: ['Read'] } },
      },
    });
    expect(agents[3]?.ownedPaths).toEqual(['docs/reviews/wave-7.md']);
  });

  it.each([
    ['CRLF', fullWave.replaceAll('\n', '\r\n')],
    ['CR', fullWave.replaceAll('\n', '\r')],
    ['a byte order mark', `\ufeff${fullWave}`],
    [
      'tabs after bullets and colons',
      fullWave.replaceAll(/^- /gm, '-\t').replaceAll(/^(-\t[a-z_.-]+): /gm, '$1:\t'),
    ],
    ['trailing blanks', fullWave.replaceAll('\n', '  \t\n')],
    ['other bullet signs', fullWave.replaceAll(/^- /gm, '* ')],
    ['closing hashes', fullWave.replaceAll(/^(###? .+)$/gm, '$1 ##')],
  ])('means the same with %s', (_what, text) => {
    const expected = read(fullWave).value;
    const found = read(text).value;
    const plain = (value: unknown) =>
      JSON.parse(
        JSON.stringify(value)
          .replaceAll(/[ \\t]+\\n/g, '\\n')
          .replaceAll('\\n-\\t', '\\n- ')
          .replaceAll('\\n* ', '\\n- '),
      ) as object;
    expect(plain(found)).toEqual(plain(expected));
  });

  it('takes headings, agents and commit messages in fences for text', () => {
    const inner = [
      '## Agent B1: not one',
      '### Executor',
      '- id: nonsense',
      '**Commit message**: `no`',
      '# Other',
    ];
    const { value } = read(fullWave.replace('Keep what was read.', ['Keep it:', ...inner].join('\n')));
    expect(value.agents.map(({ agentId }) => agentId)).toEqual(['A1', 'A2', 'A9', 'A0']);
    expect(value.agents[1]?.prompt).toContain('## Agent B1: not one');
    expect(value.commitMessage).toBe('feat: read sensors in one pass');
  });

  it('ends the last agent at the next heading of its level', () => {
    const { value } = read(`${fullWave}\n# Appendix\n\nnot a bullet\n`);
    expect(value.agents).toHaveLength(4);
  });

  it('closes an ownership list at the next line that ends in a colon', () => {
    const { value } = read(fullWave.replace('Notes:', 'Specific expectations (strict):'));
    expect(value.agents[0]?.ownedPaths).not.toContain('never poll');
  });

  it('keeps brackets that belong to a path and drops those of the sentence', () => {
    const text = fullWave.replace(
      '- Read docs/reading.md,',
      '- Read (docs/a.md), `app/[id]/page.tsx`, app/(group)/x.ts; see https://example.org/docs/no.md or README.md.\n- Read docs/reading.md,',
    );
    expect(read(text).value.agents[0]?.requiredContext.slice(0, 4)).toEqual([
      'docs/a.md',
      'app/[id]/page.tsx',
      'app/(group)/x.ts',
      'README.md',
    ]);
  });

  it('gives the first environment when none is flagged', () => {
    const { value } = read(fullWave.replace('docker-compose default', 'docker-compose'));
    expect(value.deployEnvironments.map(({ isDefault }) => isDefault)).toEqual([true, false]);
  });

  it('reads a very long line in no time', () => {
    const long = `${'word '.repeat(200_000)}end`;
    expect(read(fullWave.replace('Keep what was read.', long)).value.agents[1]?.prompt).toContain(long);
  });

  it('resolves with no configuration at all', () => {
    const identity = waveIdentity(path, {});
    if (!identity) throw new Error('no identity');
    const text = fullWave.replace('- profile: implement-fast\n', '');
    const resolved = resolveWave(read(text).value, { identity, config: {} });
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.failures));
    expect(resolved.value.agents.map(({ unitId, stage, executor }) => [unitId, stage, executor.id])).toEqual([
      ['A1', 'implementation', 'codex'],
      ['A2', 'implementation', 'codex'],
      ['A9', 'documentation', 'claude'],
      ['A0', 'cont-qa', 'codex'],
    ]);
  });
});
