import fc from 'fast-check';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { createTargetDefaultsResults } from 'nx/src/project-graph/utils/project-configuration/target-defaults';
import { mergeTargetConfigurations } from 'nx/src/project-graph/utils/project-configuration/target-merging';
import { buildNxFacts } from '../../testing/nx-facts';
import { buildAgent, buildWave } from '../../testing/resolved';
import { guardProject } from './guard-targets';
import { readDefaults } from './nx-defaults';
import { inferTargets } from './targets';

const wave = buildWave([buildAgent()]);
const project = inferTargets(wave, {
  root: 'docs/plans/waves/wave-3',
  targetPrefix: '',
  ledger: { landed: false, agent: () => ({ epoch: null, entries: [] }) },
  shadowed: [],
  ultracache: true,
});
const closing = ['agent-a1', 'gate-implementation', 'launch', 'prove'];

function guard(targetDefaults: unknown) {
  const reader = readDefaults(buildNxFacts({ targetDefaults }));
  if (reader === null) return { broken: [], settings: [] };
  const guarded = guardProject(project, wave.identity, reader);
  const broken = Object.entries(guarded.project.targets)
    .filter(([, { executor }]) => executor === '@nx-wave/plugin:broken')
    .map(([name]) => name)
    .sort();
  return { broken, settings: guarded.settings };
}

describe('a default of nx.json that reaches targets of a wave', () => {
  it.each<[string, object, string]>([
    ['what launch depends on', { launch: { dependsOn: ['^build'] } }, 'targetDefaults.launch sets dependsOn'],
    ['by executor', { '@nx-wave/plugin:agent': { cache: false } }, '["@nx-wave/plugin:agent"] sets cache'],
    ['by a pattern', { 'agent-*': { inputs: ['default'] } }, 'targetDefaults["agent-*"] sets inputs'],
    ['by every pattern', { '*': { outputs: [] } }, 'targetDefaults["*"] sets outputs'],
    ['an option', { launch: { options: { executor: 'local' } } }, 'sets options.executor'],
    ['a configuration', { prove: { configurations: { ci: { a: 1 } } } }, 'sets configurations.ci'],
    ['recordings', { prove: { ultracache: { mode: 'on' } } }, 'sets ultracache'],
    ['recordings by a half setting', { prove: { ultracache: { ignoreReads: ['a'] } } }, 'sets ultracache'],
    ['in the second entry', { launch: [{}, { inputs: [] }] }, 'targetDefaults.launch[1] sets inputs'],
    ['by tag', { launch: [{ filter: { projects: ['tag:wave'] }, cache: false }] }, 'launch[0] sets cache'],
    ['more inputs', { launch: { inputs: ['...', 'default'] } }, 'targetDefaults.launch sets inputs'],
  ])('is refused with all that closes it: %s', (_what, defaults, said) => {
    const { broken, settings } = guard(defaults);
    expect(broken).toEqual(expect.arrayContaining(closing));
    expect(settings).toMatchObject([{ code: 'nx-settings-reach', severity: 'error' }]);
    expect(settings[0]?.message).toContain(said);
  });

  it('takes only its own target out of service where that closes nothing', () => {
    expect(guard({ retry: { options: { apply: true } } }).broken).toEqual(['retry']);
    expect(guard({ status: { cache: true } }).broken).toEqual(['status']);
  });

  it.each<[string, unknown]>([
    ['none', undefined],
    ['no object', []],
    ['other targets', { build: { dependsOn: ['^build'], cache: true }, test: { inputs: ['default'] } }],
    ['another executor', { launch: { executor: 'nx:run-commands', cache: false } }],
    ['a command', { launch: { command: 'true', cache: false } }],
    ['other projects', { launch: [{ filter: { projects: ['!tag:wave'] }, dependsOn: ['^build'] }] }],
    ['another plugin', { launch: [{ filter: { plugin: '@nx/js' }, cache: false }] }],
    ['the same as ours', { launch: { cache: true }, prove: { inputs: ['...'] } }],
    ['what yields', { launch: { dependsOn: [], cache: false, inputs: [], '...': true } }],
    ['a shadowed pattern', { launch: {}, 'l*': { cache: false } }],
    ['half a name', { launch: [{ filter: { projects: ['wave'] }, cache: false }] }],
  ])('is silent: %s', (_what, defaults) => {
    expect(guard(defaults)).toEqual({ broken: [], settings: [] });
  });

  it('is advice where it changes how a task runs', () => {
    const { broken, settings } = guard({ '*': { parallelism: false } });
    expect(broken).toEqual([]);
    expect(settings).toMatchObject([{ severity: 'warning', place: { path: 'nx.json' } }]);
  });

  it('is told with an entry that reaches no wave any more', () => {
    const { settings } = guard({ launch: { dependsOn: ['^build'] } });
    const next = settings[0]?.next ?? '';
    expect(next).toBe(
      'Let it not reach waves: "launch": [{"filter":{"projects":["!tag:wave"]},"dependsOn":["^build"]}]',
    );
    expect(guard(JSON.parse(`{${next.slice(next.indexOf('"'))}}`)).broken).toEqual([]);
  });
});

describe('the rules by which defaults reach a target', () => {
  const names = Object.keys(project.targets);
  const filter = fc.record(
    {
      projects: fc.array(
        fc.constantFrom('tag:wave', '!tag:wave', 'wave-3', '!wave-*', 'wave', '*', 'docs/**', 'tag:lane*'),
        { minLength: 1, maxLength: 3 },
      ),
      plugin: fc.constantFrom('@nx-wave/plugin', '@nx/js'),
      executor: fc.constantFrom('@nx-wave/plugin:agent', '@nx-wave/plugin:launch'),
    },
    { requiredKeys: [] },
  );
  const settings = {
    executor: fc.constantFrom('nx:noop', '@nx-wave/plugin:gate'),
    cache: fc.boolean(),
    inputs: fc.constantFrom(['...'], ['default'], ['...', 'default']),
    dependsOn: fc.constantFrom([], ['^build'], ['...']),
    outputs: fc.constantFrom([], ['...']),
    options: fc.constantFrom({}, { agent: 'A1' }, { executor: 'local' }, { agent: 'B', '...': true }),
    ultracache: fc.constantFrom({ mode: 'off' }, { mode: 'on' }, { ignoreReads: [], '...': true }),
    '...': fc.constant(true),
    command: fc.constant('true'),
  };
  const order = fc.shuffledSubarray(Object.keys(settings));
  const ordered = fc
    .tuple(fc.record(settings), order)
    // Nx itself stops at an entry with both.
    .filter(([, keys]) => !(keys.includes('executor') && keys.includes('command')))
    .map(([values, keys]) => Object.fromEntries(keys.map((key) => [key, values[key as 'cache']])));
  const entry = fc
    .tuple(fc.option(filter, { nil: undefined }), ordered)
    .map(([narrowed, values]) => (narrowed === undefined ? values : { filter: narrowed, ...values }));
  const key = fc.constantFrom('launch', 'agent-a1', '@nx-wave/plugin:agent', 'agent-*', '*', 'l*h', 'build');
  const defaults = fc.dictionary(key, fc.oneof(ordered, fc.array(entry, { minLength: 1, maxLength: 3 })), {
    maxKeys: 3,
  });

  it('are those of the installed Nx: a target is taken out of service if and only if Nx would change it', () => {
    fc.assert(
      fc.property(defaults, (given) => {
        const reader = readDefaults(buildNxFacts({ targetDefaults: structuredClone(given) }));
        const reached = new Set(
          (reader?.(project) ?? []).flatMap(({ changes, targets }) => (changes.length > 0 ? targets : [])),
        );
        const byNx = names.filter(
          (name) => decides(name, afterNx(given, name)) !== decides(name, project.targets[name]),
        );
        // Several entries may undo each other; each of them is named.
        for (const name of byNx) expect(reached).toContain(name);
        if (Object.values(given).every((value) => !Array.isArray(value) || value.length === 1))
          expect([...reached].sort()).toEqual(byNx.sort());
      }),
      { numRuns: 300 },
    );
  });

  /** What Nx makes of a target: the defaults that it finds for it, merged over it in their order. */
  function afterNx(targetDefaults: object, name: string): object {
    const root = { [project.root]: { ...project, targets: { [name]: project.targets[name] } } };
    const sources = { [project.root]: { [`targets.${name}.executor`]: ['a.md', '@nx-wave/plugin'] } };
    const given = { targetDefaults: structuredClone(targetDefaults) };
    return createTargetDefaultsResults(root as never, {}, given as never, sources as never).reduce<object>(
      (target, [, , result]) =>
        mergeTargetConfigurations(result.projects?.[project.root]?.targets?.[name] ?? {}, target as never),
      project.targets[name] ?? {},
    );
  }

  /** What of a target decides; where nothing is cached of it, no outputs and no recording count. */
  function decides(name: string, target: object | undefined): string {
    const { executor, inputs, outputs, cache, dependsOn, options, ultracache } = (target ?? {}) as Record<
      string,
      unknown
    >;
    const rest = { executor, inputs, cache, dependsOn, options };
    if (project.targets[name]?.outputs === undefined) return canonicalJson(JSON.parse(JSON.stringify(rest)));
    const mode = (ultracache as { mode?: string } | undefined)?.mode ?? 'on';
    return canonicalJson(JSON.parse(JSON.stringify({ ...rest, outputs, mode })));
  }
});
