import { type WaveConfig } from '@nx-wave/schemas';
import { parseWave, resolveWave } from '../../built-in';
import { type ResolvedAgent, type ResolvedWave } from '../model';
import { type ResolveOptions } from './resolve-wave';
import { waveIdentity } from './identity';

const path = 'docs/plans/waves/wave-7.md';

interface Block {
  id?: string;
  title?: string;
  sections?: Record<string, string[]>;
  owns?: string[];
  prompt?: string[];
}

function waveText(blocks: Block[], head: string[] = []): string {
  const agents = blocks.flatMap(({ id = 'A1', title = 'Work', sections = {}, owns, prompt = [] }) => [
    `## Agent ${id}: ${title}`,
    ...Object.entries(sections).flatMap(([name, lines]) => [
      `### ${name}`,
      ...lines.map((line) => `- ${line}`),
    ]),
    '### Prompt',
    '```',
    ...prompt,
    'File ownership:',
    ...(owns ?? [`src/${id.toLowerCase()}/`]).map((owned) => `- ${owned}`),
    '```',
  ]);
  return [...head, ...agents, ''].join('\n');
}

function tryResolve(text: string, config: WaveConfig = {}, options: ResolveOptions = {}) {
  const parsed = parseWave({ path, text }, { config });
  const identity = waveIdentity(path, config);
  if (!parsed.ok || !identity) throw new Error(JSON.stringify(parsed));
  return resolveWave(parsed.value, { identity, config }, { text, ...options });
}

function resolved(text: string, config: WaveConfig = {}, options: ResolveOptions = {}): ResolvedWave {
  const result = tryResolve(text, config, options);
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}

function agent(block: Block, config: WaveConfig = {}, options: ResolveOptions = {}): ResolvedAgent {
  const [first] = resolved(waveText([block]), config, options).agents;
  if (!first) throw new Error('no agent');
  return first;
}

const executor = (...lines: string[]): Block => ({ sections: { Executor: lines } });

describe('the role of an agent', () => {
  it.each<[string, Block, string, string, boolean]>([
    ['its id for cont-QA', { id: 'A0' }, 'cont-qa', 'cont-qa', false],
    [
      'its id for evaluation, with a report only',
      { id: 'E0', owns: ['docs/reviews/eval.md'] },
      'cont-eval',
      'cont-eval',
      false,
    ],
    [
      'its id for evaluation, with code',
      { id: 'E0', owns: ['docs/eval.md', 'src/tune.ts'] },
      'cont-eval',
      'cont-eval',
      true,
    ],
    ['its id for integration', { id: 'A8' }, 'integration', 'integration', false],
    ['its id for documentation', { id: 'A9' }, 'documentation', 'documentation', false],
    [
      'the security prompt',
      { sections: { 'Role prompts': ['x/wave-security-role.md'] } },
      'security',
      'security',
      false,
    ],
    [
      'the security capability',
      { sections: { Capabilities: ['security-review'] } },
      'security',
      'security',
      false,
    ],
    ['never its title for security', { title: 'Security review' }, 'implementation', 'implementation', true],
    [
      'the design capability',
      { owns: ['docs/design/a.md'], sections: { Capabilities: ['design'] } },
      'design',
      'design',
      false,
    ],
    ['an infra capability', { sections: { Capabilities: ['infra-dns'] } }, 'infra', 'implementation', true],
    ['a word of its title', { title: 'Deploy the service' }, 'deploy', 'implementation', true],
    ['no part of a word', { title: 'Redeployment' }, 'implementation', 'implementation', true],
    ['a research title', { title: 'Research: sensors' }, 'research', 'implementation', true],
    ['nothing in particular', {}, 'implementation', 'implementation', true],
  ])('follows from %s', (_how, block, role, stage, implementationOwning) => {
    expect(agent(block)).toMatchObject({ role, stage, implementationOwning });
  });

  it('follows from configured ids and prompts', () => {
    expect(agent({ id: 'Q1' }, { roles: { contQaAgentId: 'Q1' } }).role).toBe('cont-qa');
    const block = { sections: { 'Role prompts': ['docs/agents/safety.md'] } };
    expect(agent(block, { roles: { securityRolePromptPath: 'docs/agents/safety.md' } }).role).toBe(
      'security',
    );
  });

  it('makes two units of a designer that also implements', () => {
    const wave = resolved(
      waveText([
        {
          id: 'D1',
          owns: ['docs/design/plan.md', 'src/d1.ts'],
          sections: {
            Capabilities: ['design'],
            Deliverables: ['docs/design/plan.md', 'src/d1.ts'],
            'Proof commands': ['node x.mjs'],
          },
        },
      ]),
    );
    expect(
      wave.agents.map(
        ({ unitId, target, role, envelopeRole, stage, ownedPaths, deliverables, proofCommands }) => ({
          unitId,
          target,
          role,
          envelopeRole,
          stage,
          ownedPaths,
          deliverables,
          proofCommands,
        }),
      ),
    ).toEqual([
      {
        unitId: 'D1-design',
        target: 'agent-d1-design',
        role: 'design',
        envelopeRole: 'design',
        stage: 'design',
        ownedPaths: ['docs/design/plan.md'],
        deliverables: ['docs/design/plan.md'],
        proofCommands: [],
      },
      {
        unitId: 'D1',
        target: 'agent-d1',
        role: 'implementation',
        envelopeRole: 'implementation',
        stage: 'implementation',
        ownedPaths: ['docs/design/plan.md', 'src/d1.ts'],
        deliverables: ['docs/design/plan.md', 'src/d1.ts'],
        proofCommands: ['node x.mjs'],
      },
    ]);
  });
});

describe('the executor of an agent', () => {
  const config: WaveConfig = {
    executors: {
      default: 'opencode',
      profiles: {
        fast: {
          id: 'claude',
          model: 'small',
          tags: ['quick'],
          fallbacks: ['opencode'],
          budget: { minutes: 9 },
        },
        calm: { retryPolicy: 'sticky' },
        bold: { allowFallbackOnRetry: true },
      },
      claude: { allowedTools: ['Read'], outputFormat: 'text', model: 'lane-model' },
    },
    runtimePolicy: {
      defaultExecutorByRole: { implementation: 'codex' },
      fallbackExecutorOrder: ['claude', 'codex', 'opencode'],
    },
  };

  it.each<[string, Block, WaveConfig, ResolveOptions, string, string]>([
    [
      '--executor',
      executor('id: codex'),
      { executors: { override: 'claude' } },
      { executor: 'local' },
      'local',
      'override',
    ],
    [
      'executors.override',
      executor('id: codex'),
      { executors: { override: 'local' } },
      {},
      'local',
      'override',
    ],
    ['its own id', executor('id: opencode', 'profile: fast'), config, {}, 'opencode', 'agent-id'],
    ['its profile', executor('profile: fast'), config, {}, 'claude', 'agent-profile'],
    ['its role', executor('profile: calm'), config, {}, 'codex', 'lane-role-default'],
    ['the default', { id: 'A0' }, config, {}, 'opencode', 'lane-default'],
    ['nothing at all', {}, {}, {}, 'codex', 'lane-default'],
  ])('is chosen by %s', (_by, block, given, options, id, selectedBy) => {
    expect(agent(block, given, options).executor).toMatchObject({ id, selectedBy });
  });

  it('lets no model stray to another program', () => {
    expect(agent(executor('id: codex', 'model: big'), config).executor.model).toBe('big');
    expect(agent(executor('id: codex', 'model: big'), {}, { executor: 'local' }).executor.model).toBeNull();
    expect(agent(executor('profile: fast'), config).executor.model).toBe('small');
    expect(agent(executor('id: opencode', 'profile: fast'), config).executor.model).toBeNull();
    expect(agent(executor('id: claude'), config).executor.model).toBe('lane-model');
  });

  const lifted: Block = { sections: { Executor: ['id: codex'], 'Proof artifacts': ['src/a1/proof.json'] } };
  it.each<[string, Block, string, string[]]>([
    ['by default', executor('id: codex'), 'fallback-allowed', ['claude', 'opencode']],
    ['with its own list', executor('id: codex', 'fallbacks: opencode'), 'fallback-allowed', ['opencode']],
    [
      'with the list of its profile too',
      executor('profile: fast', 'fallbacks: codex'),
      'fallback-allowed',
      ['opencode', 'codex'],
    ],
    ['never when sticky', executor('id: codex', 'fallbacks: claude', 'retry-policy: sticky'), 'sticky', []],
    ['never when its profile is sticky', executor('profile: calm', 'fallbacks: claude'), 'sticky', []],
    ['as its own flag says', executor('profile: bold', 'allow-fallback-on-retry: false'), 'sticky', []],
    ['never when its proof is live', lifted, 'sticky', []],
  ])('falls back %s', (_how, block, retryPolicy, fallbacks) => {
    expect(agent(block, config).executor).toMatchObject({ retryPolicy, fallbacks });
  });

  it('runs nothing else when it is overridden', () => {
    expect(agent(executor('id: codex'), config, { executor: 'local' }).executor.fallbacks).toEqual([]);
  });

  it('has the options of lane, profile and agent: lists united, single values replaced', () => {
    const withProfile: WaveConfig = {
      executors: {
        ...config.executors,
        profiles: { fast: { id: 'claude', claude: { allowedTools: ['Edit'], maxTurns: 3 } } },
      },
    };
    const block = executor('profile: fast', 'claude.allowed_tools: Bash,Read', 'claude.output_format: json');
    expect(agent(block, withProfile).executor.options).toEqual({
      claude: { allowed_tools: ['Read', 'Edit', 'Bash'], output_format: 'json', max_turns: 3 },
    });
  });

  it('keeps limits, prices and names of variables out of the options', () => {
    const given: WaveConfig = {
      executors: { codex: { maxConcurrent: 2, env: ['X'], prices: {}, sandbox: 'read-only' } },
    };
    const wave = resolved(waveText([executor('id: codex')]), given);
    expect(wave.agents[0]?.executor.options).toEqual({ codex: { sandbox: 'read-only' } });
    expect(wave.settings.executors['codex']).toMatchObject({ maxConcurrent: 2, env: ['X'] });
  });

  it.each<[string, Block, WaveConfig, string, string]>([
    [
      'an unknown profile',
      executor('profile: fats'),
      config,
      'executor-profile-unknown',
      'Write `- profile: fast`.',
    ],
    ['an unknown default', {}, { executors: { default: 'codx' } }, 'executor-unknown', 'Write `codex`.'],
    [
      'an unknown override',
      {},
      { executors: { override: 'nobody' } },
      'executor-unknown',
      'Use one of: codex, claude, opencode, local.',
    ],
  ])('fails on %s', (_what, block, given, code, next) => {
    const result = tryResolve(waveText([block]), given);
    expect(result).toMatchObject({ ok: false, failures: [{ code, next, place: { agentId: 'A1' } }] });
  });
});

describe('what an agent is given', () => {
  it('is role prompts, skills, its local command and required context, whoever owns them', () => {
    const text = waveText([
      {
        sections: {
          'Role prompts': ['docs/agents/wave-infra-role.md'],
          Executor: [
            'id: local',
            'local.command: node tools/agent.mjs --config=tools/a.json "other file.txt"',
          ],
          Skills: ['reader'],
        },
        prompt: [
          'Required context:',
          '- Read docs/a.md and src/a2/made.ts, or src/a1/own.ts.',
          '- Read docs/folder/.',
        ],
      },
      { id: 'A2' },
    ]);
    expect(resolved(text).agents[0]?.contextPaths).toEqual([
      'docs/a.md',
      'docs/agents/wave-infra-role.md',
      'docs/folder/',
      'other file.txt',
      'skills/reader/',
      'src/a1/own.ts',
      'src/a2/made.ts',
      'tools/a.json',
      'tools/agent.mjs',
    ]);
  });

  it('holds the local command only where the agent may run locally', () => {
    const block = executor('id: codex', 'local.command: node tools/agent.mjs');
    expect(agent(block).contextPaths).toEqual([]);
    expect(agent(block, {}, { executor: 'local' }).contextPaths).toEqual(['tools/agent.mjs']);
  });

  it('includes skills by base, role, runtime and deploy kind', () => {
    const config: WaveConfig = {
      skills: {
        dir: 'kit',
        base: ['core'],
        byRole: { infra: ['dns'], security: ['no'] },
        byRuntime: { codex: ['codex-ways'] },
        byDeployKind: { kubernetes: ['k8s'], aws: ['no'] },
      },
    };
    const head = ['## Deploy environments', '- one: aws', '- prod: kubernetes default'];
    const text = waveText([{ title: 'Infra work', sections: { Skills: ['own'] } }], head);
    expect(resolved(text, config).agents[0]?.skills).toEqual([
      'kit/codex-ways',
      'kit/core',
      'kit/dns',
      'kit/k8s',
      'kit/own',
    ]);
  });

  it('asks for no documents when its bundle is none, whatever the wave asks for', () => {
    const head = ['## Context7 defaults', '- bundle: typescript', '- query: streams'];
    const text = waveText([{ sections: { Context7: ['bundle: none'] } }, { id: 'A2' }], head);
    expect(resolved(text).agents.map(({ context7 }) => context7)).toEqual([
      { bundle: 'none', query: null, libraries: [], documents: [] },
      { bundle: 'typescript', query: 'streams', libraries: [], documents: [] },
    ]);
  });
});

describe('a resolved wave', () => {
  it('has its agents in the order of the stages', () => {
    const text = waveText([
      { id: 'A0' },
      { id: 'A9' },
      { id: 'A1' },
      { id: 'A8' },
      { id: 'B2', sections: { 'Depends on': ['A1'] } },
    ]);
    expect(resolved(text).agents.map(({ unitId, dependsOn }) => [unitId, dependsOn])).toEqual([
      ['A1', []],
      ['B2', ['A1']],
      ['A8', []],
      ['A9', []],
      ['A0', []],
    ]);
  });

  it('has every setting without any configuration', () => {
    expect(resolved(waveText([{}])).settings).toEqual({
      docsDir: 'docs',
      sharedPlanDocs: ['docs/plans/current-state.md', 'docs/plans/master-plan.md', 'docs/plans/migration.md'],
      matrixPath: 'docs/plans/component-cutover-matrix.json',
      matrixDocPath: 'docs/plans/component-cutover-matrix.md',
      benchmarkCatalogPath: 'docs/evals/benchmark-catalog.json',
      limits: {
        attemptMinutes: 60,
        idleMinutes: 15,
        rateLimitWaitMinutes: 30,
        repairMinutes: 3,
        proofMinutes: 10,
        attempts: 5,
        memoryMb: null,
        processes: 2000,
        diskMb: null,
      },
      budget: { usd: null, tokens: null, minutes: null },
      maxUsd: null,
      people: {
        ...{ answers: null, escalateMinutes: null, escalateTo: null },
        ...{ rerouteMinutes: null, rerouteTo: null, deadlineMinutes: null },
      },
      notify: {
        ...{ command: [], webhook: null, env: [] },
        on: ['blocked', 'closed', 'failed', 'question', 'budget'],
      },
      autopilot: { repairs: 2, waitMinutes: 0, land: 'off' },
      workspace: { setup: [], links: [] },
      proof: { home: 'private', env: [], isolation: 'auto', services: [], folders: [] },
      testCommand: null,
      store: {
        url: null,
        path: null,
        repository: null,
        places: null,
        waitMinutes: 120,
        periods: { beat: 60, lost: 120, end: 30, dead: 180, poll: 10, checkpoint: 300 },
      },
      transcript: 'redacted',
      trust: 'reprove',
      run: null,
      legacySignals: false,
      executors: {},
      preferredAgents: {},
      runtimeMixTargets: {},
      advisoryGates: [],
      secrets: { names: [], patterns: [] },
    });
  });

  it.each<[object | undefined, number]>([
    [undefined, 0],
    [{ standard: 4, strict: 10 }, 0],
    [{ bootstrap: 0, standard: 4, strict: 10 }, 0],
    [{ bootstrap: 0, standard: 8, strict: 10 }, 5],
    [{ bootstrap: 0 }, 5],
    [{ bootstrap: 8 }, 0],
  ])('with gate modes %j has %i advisory gates in wave 7', (gateModeThresholds, count) => {
    const config = (gateModeThresholds ? { validation: { gateModeThresholds } } : {}) as WaveConfig;
    expect(resolved(waveText([{}]), config).settings.advisoryGates).toHaveLength(count);
  });

  it('fails on a circle of dependencies, and names who is in it', () => {
    const text = waveText([
      { sections: { 'Depends on': ['A3'] } },
      { id: 'A2', sections: { 'Depends on': ['A1'] } },
      { id: 'A3', sections: { 'Depends on': ['A2'] } },
      { id: 'A4' },
    ]);
    const parsed = parseWave({ path, text });
    expect(parsed).toMatchObject({
      ok: false,
      failures: [{ code: 'depends-on-itself', facts: { agents: ['A1', 'A2', 'A3'] } }],
    });
  });

  it('lets agents of different stages own the same path', () => {
    const text = waveText([{ owns: ['docs/a.md'] }, { id: 'A9', owns: ['docs/'] }]);
    expect(parseWave({ path, text }).ok).toBe(true);
  });
});
