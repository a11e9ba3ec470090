import { waveConfigSchema } from '@nx-wave/schemas';
import fc from 'fast-check';
import { vocabularies } from '../../adapters/vocabularies';
import { readConfig } from './read-config';
import { scopeOf } from './scope';

const read = (value: unknown) => readConfig(JSON.stringify(value));

describe('wave.config.json', () => {
  it.each([
    ['{\n  "run": "later"\n}', 2, 10, '  "run": "later"\n         ^^^^^^^'],
    ['{"lanes": {"beta": {"limits": {"attempts": 0}}}}', 1, 44, undefined],
    ['{\n  "run": auto\n}', 2, 10, '  "run": auto\n         ^'],
    ['{\r\n  "limits": {\r\n    "attempts": [\r\n]}}', 3, 17, '    "attempts": [\n                ^'],
    ['', 1, 1, undefined],
  ])('names line and column of what is wrong in %j', (text, line, column, excerpt) => {
    const [failure] = readConfig(text).failures;
    expect(failure?.place).toMatchObject({
      path: 'wave.config.json',
      range: { start: { line, column }, end: { line } },
    });
    if (excerpt !== undefined) expect(failure?.excerpt).toBe(excerpt);
  });

  it('may be absent', () => {
    expect(readConfig(null)).toEqual({ config: {}, warnings: [], failures: [] });
  });

  it.each(['', '{', '[]', 'null', '"x"', '{"a": 1,}'])('is unreadable as %j', (text) => {
    expect(readConfig(text).failures).toMatchObject([
      { code: 'config-unreadable', place: { path: 'wave.config.json' } },
    ]);
  });

  it.each(['{"limits":{"attempts":1e999}}', '{"executors":{"local":{"anything":[-1e999]}}}', '{"x":1e400}'])(
    'is unreadable with a number past all numbers, which has no digest: %s',
    (text) => {
      expect(readConfig(text).failures).toMatchObject([
        { code: 'config-unreadable', message: 'wave.config.json holds a number past all numbers.' },
      ]);
    },
  );

  it('keeps what it knows, also after a byte order mark', () => {
    const config = {
      executors: { default: 'claude', claude: { allowedTools: ['Read'] } },
      limits: { attempts: 2 },
    };
    expect(readConfig(`\ufeff${JSON.stringify(config)}`)).toEqual({ config, warnings: [], failures: [] });
  });

  it('names all unknown keys in one warning, with the nearest known one', () => {
    const { warnings, failures } = read({ colour: 1, limit: {}, lanes: { beta: { runtimePolicies: {} } } });
    expect(failures).toEqual([]);
    expect(warnings).toMatchObject([
      {
        code: 'config-unknown-key',
        severity: 'warning',
        facts: { keys: ['colour', 'limit (did you mean limits?)', 'lanes.beta.runtimePolicies'] },
      },
    ]);
  });

  it('warns about keys of the earlier system that have no effect, and says nothing about telemetry', () => {
    const { warnings } = read({
      validation: { autoClosure: {} },
      waveControl: { endpoint: 'x' },
      planner: {},
    });
    expect(warnings).toMatchObject([{ code: 'config-without-effect' }]);
  });

  it('names them where a lane has them', () => {
    const { warnings } = read({ lanes: { beta: { validation: { bootstrapPassConditions: [] } } } });
    expect(warnings).toMatchObject([{ facts: { keys: ['lanes.beta.validation.bootstrapPassConditions'] } }]);
  });

  it.each<[string, unknown, string]>([
    ['a number for a text', { executors: { default: 5 } }, 'executors.default'],
    [
      'a text for a limit of a program',
      { executors: { codex: { maxConcurrent: '3' } } },
      'executors.codex.maxConcurrent',
    ],
    [
      'a limit of a program in a lane',
      { lanes: { beta: { executors: { codex: { maxConcurrent: 0 } } } } },
      'lanes.beta.executors.codex.maxConcurrent',
    ],
    ['a text for names of variables', { executors: { local: { env: 'A_TOKEN' } } }, 'executors.local.env'],
    [
      'a text for a threshold',
      { validation: { requireExitContractsFromWave: '6' } },
      'validation.requireExitContractsFromWave',
    ],
    [
      'a negative threshold',
      { lanes: { beta: { validation: { requireExitContractsFromWave: -1 } } } },
      'lanes.beta.validation.requireExitContractsFromWave',
    ],
    ['an unknown run mode', { run: 'sometimes' }, 'run'],
    ['an unknown trust', { trust: 'blindly' }, 'trust'],
    ['a variable that the runner sets', { proof: { env: ['DATABASE_URL', 'HOME=/root'] } }, 'proof.env.1'],
    ['a home of nobody', { proof: { home: 'mine' } }, 'proof.home'],
    ['a budget of nothing', { budget: { usd: 0 } }, 'budget.usd'],
    ['no boolean', { compat: { legacySignals: 'yes' } }, 'compat.legacySignals'],
    ['a path out of the workspace', { paths: { docsDir: '../docs' } }, 'paths.docsDir'],
    ['an absolute state root', { paths: { stateRoot: '/tmp' } }, 'paths.stateRoot'],
    ['a state root in the repository folder', { paths: { stateRoot: '.git/x' } }, 'paths.stateRoot'],
    ['a list that is none', { sharedPlanDocs: 'docs/a.md' }, 'sharedPlanDocs'],
    ['a skill that is a path', { skills: { base: ['../x'] } }, 'skills.base.0'],
    ['a lane whose name is a path', { lanes: { '../x': {} } }, 'lanes.../x'],
    ['a project whose name is a path', { projects: { 'a/b': {} } }, 'projects.a/b'],
    ['a profile that is a text', { executors: { profiles: { fast: 'codex' } } }, 'executors.profiles.fast'],
    ['an old name', { roles: { evaluatorAgentId: 'E0' } }, 'roles.evaluatorAgentId'],
  ])('fails on %s', (_what, value, key) => {
    const { failures } = read(value);
    expect(failures).toMatchObject([{ code: 'config-invalid-value', facts: { key } }]);
    expect(failures[0]?.message).toContain('wave.config.json');
  });

  it.each<[string, unknown, string, string]>([
    ['a number for a choice', { codex: { sandbox: 5 } }, 'executors.codex.sandbox', 'must be "read-only"'],
    ['a choice that there is none', { codex: { sandbox: 'none' } }, 'executors.codex.sandbox', 'must be'],
    ['a text for a list', { claude: { allowedTools: 'Read' } }, 'executors.claude.allowedTools', 'a list'],
    ['a word of the wave language', { claude: { max_turns: 0 } }, 'executors.claude.max_turns', 'from 1 on'],
    ['a text for a switch', { codex: { json: 'yes' } }, 'executors.codex.json', 'true or false'],
    ['a list for an object', { opencode: { permission: [] } }, 'executors.opencode.permission', 'an object'],
    ['no command', { codex: { command: '' } }, 'executors.codex.command', 'not be empty'],
    ['a text for a section', { codex: 'fast' }, 'executors.codex', 'must be an object'],
    [
      'an option of a profile',
      { profiles: { fast: { codex: { search: 1 } } } },
      'executors.profiles.fast.codex.search',
      'true or false',
    ],
  ])('fails on %s among the options of one agent program', (_what, executors, key, rule) => {
    const { failures, warnings } = readConfig(JSON.stringify({ executors }), { executors: vocabularies });
    expect(failures).toMatchObject([
      { code: 'config-invalid-value', facts: { key }, message: expect.stringContaining(rule) },
    ]);
    expect(warnings).toEqual([]);
  });

  it('names options and programs that nobody has, takes null for unset and leaves what fits as it is', () => {
    const executors = {
      codex: {
        sandbox: 'read-only',
        addDirs: ['~/x'],
        maxConcurrent: 2,
        profileName: null,
        sandbx: 'read-only',
      },
      claude: { allowed_tools: ['Read'], hooksJson: {} },
      codx: { search: true },
    };
    const reading = readConfig(JSON.stringify({ executors }), { executors: vocabularies });
    expect(reading.failures).toEqual([]);
    expect(reading.warnings).toMatchObject([
      {
        code: 'config-unknown-key',
        facts: {
          keys: ['executors.codex.sandbx (did you mean sandbox?)', 'executors.codx (did you mean codex?)'],
        },
      },
    ]);
    expect(reading.config).toEqual({ executors });
  });

  it('cannot reach prototypes', () => {
    const { config } = readConfig(
      '{"__proto__": {"run": "never"}, "executors": {"__proto__": {"default": "x"}}}',
    );
    expect(({} as { run?: string }).run).toBeUndefined();
    expect(scopeOf(config, { projectId: null, lane: 'main' }).executors?.default).toBeUndefined();
  });

  it('never throws, and what it keeps fits the schema that lint uses', () => {
    const key = fc.constantFrom(
      'paths',
      'executors',
      'lanes',
      'run',
      'limits',
      'default',
      'docsDir',
      'x',
      'validation',
    );
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(null, 1, -1, 'never', '../x', true, []),
        fc.dictionary(key, tie('node'), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, (document) => {
        const { config, failures } = readConfig(JSON.stringify(document));
        if (failures.length === 0) waveConfigSchema.parse(config);
      }),
    );
  });
});

describe('the scope of a wave', () => {
  const config = {
    budget: { usd: 10 },
    limits: { attempts: 5, idleMinutes: 9 },
    sharedPlanDocs: ['a.md', 'b.md'],
    lanes: { beta: { limits: { attempts: 2 }, sharedPlanDocs: ['c.md'] } },
    projects: { shop: { budget: { tokens: 7 }, lanes: { beta: { budget: { usd: 1 } } } } },
  };

  it('inherits root, then project, then lane, key by key', () => {
    expect(scopeOf(config, { projectId: null, lane: 'main' }).limits).toEqual({
      attempts: 5,
      idleMinutes: 9,
    });
    expect(scopeOf(config, { projectId: null, lane: 'beta' }).limits).toEqual({
      attempts: 2,
      idleMinutes: 9,
    });
    expect(scopeOf(config, { projectId: 'shop', lane: 'beta' }).budget).toEqual({ usd: 1, tokens: 7 });
    expect(scopeOf(config, { projectId: 'shop', lane: 'main' }).limits?.attempts).toBe(5);
  });

  it('replaces lists as a whole', () => {
    expect(scopeOf(config, { projectId: null, lane: 'beta' }).sharedPlanDocs).toEqual(['c.md']);
  });
});
