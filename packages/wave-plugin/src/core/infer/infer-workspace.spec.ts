import { parseWave, resolveWave } from '../../built-in';
import { buildNxFacts } from '../../testing/nx-facts';
import { readConfig } from '../resolve/read-config';
import { inferWorkspace, type WorkspaceFacts } from './infer-workspace';
import type { NxFacts } from './nx-facts';

const wave = (head = '', prompt = 'Do it.') =>
  `# Wave\n\n${head}\n## Agent A1: Work\n\n### Prompt\n\n\`\`\`\n${prompt}\n\nFile ownership:\n- src/a.ts\n\`\`\`\n`;

/** Infers a workspace of files, `wave.config.json` among them; `ledgers` are texts of entries by their folder. */
function infer(
  files: Record<string, string>,
  include: string[] = [],
  ledgers: Record<string, string[]> = {},
  nx: Partial<NxFacts> = {},
) {
  const { config, failures } = readConfig(files['wave.config.json'] ?? null);
  const facts: WorkspaceFacts = {
    config,
    nx: buildNxFacts(nx),
    configFailures: failures,
    read: (path) => files[path] ?? null,
    files: Object.entries(files)
      .filter(([path]) => /wave-\d+\.md$/.test(path))
      .map(([path, text]) => ({ path, text })),
    folders: new Set(),
    ledgers: new Map(Object.entries(ledgers)),
  };
  const workspace = inferWorkspace(
    facts,
    { include, targetPrefix: '' },
    { language: { parse: parseWave, resolve: resolveWave } },
  );
  const projects = new Map(workspace.projects.map(({ project }) => [project.name, project]));
  return {
    workspace,
    /** Names of the projects, those with a report instead of targets marked. */
    names: [...projects].map(([name, { tags }]) => (tags.includes('wave-broken') ? `${name}!` : name)).sort(),
    executorsOf: (project: string) =>
      Object.fromEntries(
        Object.entries(projects.get(project)?.targets ?? {}).map(([name, { executor }]) => [name, executor]),
      ),
    inputsOf: (project: string, target = 'agent-a1') => projects.get(project)?.targets[target]?.inputs,
    descriptionOf: (project: string) => projects.get(project)?.metadata.description,
  };
}

const main = 'docs/plans/waves/wave-1.md';
const beta = 'docs/beta/plans/waves/wave-1.md';
const shop = 'docs/shop/plans/waves/wave-1.md';
const waves = { [main]: wave(), [beta]: wave(), [shop]: wave() };

describe('a broken configuration', () => {
  it.each<[string, { lanes?: object; [key: string]: unknown }, string[]]>([
    ['of the root', { limits: { attempts: 0 } }, ['beta-wave-1!', 'shop-wave-1!', 'wave-1!']],
    ['of a lane', { lanes: { beta: { run: 'sometimes' } } }, ['beta-wave-1!', 'shop-wave-1', 'wave-1']],
    ['of a project', { projects: { shop: { trust: 7 } } }, ['beta-wave-1', 'shop-wave-1!', 'wave-1']],
    [
      'of a lane of a project',
      { projects: { shop: { lanes: { main: { trust: 7 } } } } },
      ['beta-wave-1', 'shop-wave-1!', 'wave-1'],
    ],
    [
      'of another lane of a project',
      { projects: { shop: { lanes: { beta: { trust: 7 } } } } },
      ['beta-wave-1', 'shop-wave-1', 'wave-1'],
    ],
  ])('%s is reported by every wave that it rules, and by no other', (_where, broken, names) => {
    const config = { ...broken, lanes: { beta: {}, ...broken.lanes } };
    const withShop = { projects: { shop: {} }, ...config };
    const {
      names: found,
      descriptionOf,
      workspace,
    } = infer({
      ...waves,
      'wave.config.json': JSON.stringify(withShop),
    });
    expect(found).toEqual(names);
    for (const name of names.filter((one) => one.endsWith('!')))
      expect(descriptionOf(name.slice(0, -1))).toContain('wave.config.json has mistakes');
    expect(workspace.failures.every(({ place }) => place?.range !== undefined)).toBe(true);
  });

  it('that is no JSON keeps every wave in the graph, wherever its folder is', () => {
    const files = { 'handbook/plans/waves/wave-4.md': wave(), [main]: wave() };
    const config = JSON.stringify({ paths: { docsDir: 'handbook' } });
    expect(infer({ ...files, 'wave.config.json': config }).names).toEqual(['wave-4']);
    const broken = infer({ ...files, 'wave.config.json': config.slice(0, -1) });
    expect(broken.names).toEqual(['wave-1!', 'wave-4!']);
    expect(broken.workspace.lanes.map(({ project }) => project.name)).toEqual(['waves']);
  });

  it('that names no folder for its documents hides no wave and runs none by mistake', () => {
    const files = { 'handbook/plans/waves/wave-4.md': wave(), [main]: wave() };
    const config = JSON.stringify({ lanes: { beta: { paths: { docsDir: ['handbook'] } } } });
    expect(infer({ ...files, 'wave.config.json': config }).names).toEqual(['wave-1', 'wave-4!']);
  });
});

describe('the ledger', () => {
  const folder = 'docs/plans/waves/wave-1.ledger';
  const amended = (of: string) =>
    JSON.stringify({
      ...{ schemaVersion: 1, id: '01J00000000000000000000001', wave: of, by: 'sam', reason: 'because' },
      ...{ recordedAt: '2026-01-02T03:04:05.000Z', type: 'ownership.amended' },
      ...{ agentId: 'A1', paths: ['src/granted.ts'] },
    });
  const inferredWith = (entries: string[]) => infer({ [main]: wave() }, [], { [folder]: entries }).workspace;

  it('of a wave counts in the graph, and an entry that was copied from another wave does not', () => {
    expect(inferredWith([amended('wave-1')])).not.toEqual(inferredWith([]));
    expect(inferredWith([amended('wave-2')])).toEqual(inferredWith([]));
  });
});

describe('what other documents say', () => {
  const promoting = wave('## Component promotions\n\n- core: polished\n');
  const matrix = 'docs/plans/component-cutover-matrix.json';

  it('counts in the graph: levels are those of the matrix', () => {
    const levels = JSON.stringify({ levels: ['rough', 'polished'], components: {} });
    expect(infer({ [main]: promoting }).names).toEqual(['wave-1!']);
    expect(infer({ [main]: promoting, [matrix]: levels }).names).toEqual(['wave-1']);
    expect(infer({ [main]: promoting.replace('polished', 'polite'), [matrix]: levels }).names).toEqual([
      'wave-1!',
    ]);
    expect(infer({ [main]: promoting, [matrix]: '{' }).names).toEqual(['wave-1']);
  });

  const index = 'docs/context7/bundles.json';
  const bundles = { none: {}, base: { libraries: [{ libraryName: 'node' }] }, other: {} };
  const indexText = JSON.stringify({ defaultBundle: 'base', bundles });
  const runtimeOf = (files: Record<string, string>) =>
    JSON.stringify(
      infer(files)
        .inputsOf('wave-1')
        ?.find((input) => typeof input !== 'string' && 'runtime' in input),
    );

  it('makes the documents of a bundle inputs of exactly the agents that have it', () => {
    const plain = infer({ [main]: wave(), [index]: indexText }).inputsOf('wave-1');
    expect(plain).toContain('{workspaceRoot}/docs/context7/base/**/*');
    const without = wave().replace('### Prompt', '### Context7\n\n- bundle: none\n\n### Prompt');
    expect(JSON.stringify(infer({ [main]: without, [index]: indexText }).inputsOf('wave-1'))).not.toContain(
      'context7',
    );
  });

  it('changes the key of an agent with its libraries, and not with those of another bundle', () => {
    const before = runtimeOf({ [main]: wave(), [index]: indexText });
    expect(
      runtimeOf({ [main]: wave(), [index]: indexText.replace('"other":{}', '"other":{"libraries":[]}') }),
    ).toBe(before);
    expect(runtimeOf({ [main]: wave(), [index]: indexText.replace('node', 'deno') })).not.toBe(before);
  });

  it('stops the waves that want a bundle of a broken index, and no other', () => {
    expect(infer({ [main]: wave(), [index]: '{}' }).names).toEqual(['wave-1!']);
    const without = wave('## Context7 defaults\n\n- bundle: none\n');
    expect(infer({ [main]: without, [index]: '{}' }).names).toEqual(['wave-1']);
  });
});

describe('what Nx, its graph and its console show', () => {
  const broken = 'docs/plans/waves/wave-2.md';
  const { workspace } = infer({ ...waves, [broken]: '# Wave' });
  const targets = [...workspace.projects, ...workspace.lanes].flatMap(({ project }) =>
    Object.entries(project.targets).map(([name, { metadata }]) => ({
      id: `${project.name}:${name}`,
      metadata,
    })),
  );

  it('says of every target what it does, with what, and how to ask for more', () => {
    expect(targets.length).toBeGreaterThan(15);
    const silent = targets.filter(
      ({ metadata }) =>
        !metadata?.description || metadata.technologies?.length === 0 || !metadata.help?.command,
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  // Tools run that command by a click, and it may be one that pays.
  it('asks for help by a command that does nothing else', () => {
    const doing = targets.filter(({ metadata }) => !metadata?.help?.command.endsWith(' --help'));
    expect(doing.map(({ id }) => id)).toEqual([]);
  });

  it('shares no edge between targets: Nx writes the project that it has found into it', () => {
    const two = infer({ [main]: wave(), 'docs/plans/waves/wave-2.md': wave() });
    const edges = two.workspace.projects.flatMap(({ project }) =>
      Object.values(project.targets).flatMap(({ dependsOn = [] }) => dependsOn),
    );
    expect(edges.length).toBeGreaterThan(5);
    expect(new Set(edges).size).toBe(edges.length);
  });

  it('puts every target of a project into one group', () => {
    for (const { project } of [...workspace.projects, ...workspace.lanes]) {
      const grouped = Object.values(project.metadata.targetGroups ?? {}).flat();
      expect([...grouped].sort()).toEqual(Object.keys(project.targets).sort());
    }
  });
});

describe('tasks that run as commands', () => {
  const published = { startsCommands: true };
  const one = { [main]: wave() };
  const executors = {
    'agent-a1': '@nx-wave/plugin:agent',
    'gate-implementation': '@nx-wave/plugin:gate',
    prove: '@nx-wave/plugin:prove',
    launch: '@nx-wave/plugin:launch',
  };
  const commands = {
    ...executors,
    'agent-a1': 'nx:run-commands',
    'gate-implementation': 'nx:run-commands',
    prove: 'nx:run-commands',
  };

  it('are agents, gates and the proof, and nothing else', () => {
    const { executorsOf } = infer(one, [], {}, published);
    expect(executorsOf('wave-1')).toMatchObject(commands);
    const inferred = Object.entries(executorsOf('wave-1'));
    expect(inferred.filter(([, executor]) => executor === 'nx:run-commands')).toHaveLength(3);
  });

  it('have the inputs of the executors that they are', () => {
    for (const target of ['agent-a1', 'gate-implementation', 'prove', 'launch'])
      expect(infer(one, [], {}, published).inputsOf('wave-1', target)).toEqual(
        infer(one).inputsOf('wave-1', target),
      );
  });

  it.each<[string, Parameters<typeof infer>]>([
    ['the plugin runs from its sources', [one, [], {}, { startsCommands: false }]],
    ['waves may stand in other folders', [one, ['elsewhere'], {}, published]],
    [
      'another file claims the project',
      [{ ...one, 'docs/plans/waves/wave-1/wave-1.md': wave() }, [], {}, published],
    ],
    [
      'nx.json has a default for commands, which would cost them what decides',
      [one, [], {}, { ...published, targetDefaults: { 'nx:run-commands': { inputs: ['default'] } } }],
    ],
    [
      'nx.json has a default for commands, which would only rule how they run',
      [one, [], {}, { ...published, targetDefaults: { 'nx:run-commands': { parallelism: false } } }],
    ],
  ])('are none where %s', (_, given) => {
    const { executorsOf, workspace } = infer(...given);
    expect(executorsOf('wave-1')).toMatchObject(executors);
    expect(workspace.projects.map(({ wave: read }) => read?.settings)).toEqual([undefined]);
  });

  it.each(['prove', '@nx-wave/plugin:prove'])(
    'leave a default that reaches executors what it was, told, and nothing runs: %s',
    (key) => {
      const nx = { ...published, targetDefaults: { [key]: { cache: false } } };
      const { executorsOf, workspace } = infer(one, [], {}, nx);
      expect(executorsOf('wave-1')).toMatchObject({
        'agent-a1': '@nx-wave/plugin:broken',
        prove: '@nx-wave/plugin:broken',
      });
      expect(workspace.projects[0]?.wave?.settings).toMatchObject([{ code: 'nx-settings-reach' }]);
    },
  );

  it('are not touched by a default that is for somebody else', () => {
    const nx = { ...published, targetDefaults: { build: { cache: true } } };
    expect(infer(one, [], {}, nx).executorsOf('wave-1')).toMatchObject(commands);
  });

  it('are none in a wave that cannot be read', () => {
    const { executorsOf } = infer({ [main]: '# Wave\n' }, [], {}, published);
    expect([...new Set(Object.values(executorsOf('wave-1')))]).toEqual(['@nx-wave/plugin:broken']);
  });
});
