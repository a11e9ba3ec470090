import fc from 'fast-check';
import { parseWaveFile, resolveWave } from '../../built-in';
import { buildNxFacts } from '../../testing/nx-facts';
import { readConfig } from '../resolve/read-config';
import { inferWorkspace, type InferenceOptions, type WorkspaceFacts } from './infer-workspace';
import { openKeptOutlines } from './kept-outlines';
import type { AgentOutline, StageOutline, WaveOutline } from './wave-outline';

/** A workspace as inference meets it: texts of files, folders beside the waves, options, and the code that infers. */
interface World {
  files: Record<string, string>;
  folders: string[];
  options: InferenceOptions;
  code: string;
  /** Version of the Nx that asks. */
  nx: string;
}

const wave = (title: string, extra = '') =>
  `# Wave – ${title}\n\n## Component promotions\n\n- core: polished\n\n## Agent A1: ${title}\n\n${extra}\n\n` +
  `### Components\n\n- core\n\n### Exit contract\n\n- completion: contract\n- durability: none\n- proof: unit\n- doc-impact: owned\n\n` +
  '### Prompt\n\n```\nDo it.\n\nFile ownership:\n- src/a.ts\n```\n';
const main = 'docs/plans/waves/wave-1.md';
const other = 'docs/plans/waves/wave-2/wave-2.md';
const matrix = 'docs/plans/component-cutover-matrix.json';
const index = 'docs/context7/bundles.json';
const ledger = 'docs/plans/waves/wave-1.ledger';
const levels = (...names: string[]) => JSON.stringify({ levels: names, components: {} });
const bundles = (library: string) =>
  JSON.stringify({
    defaultBundle: 'base',
    bundles: { none: {}, base: { libraries: [{ libraryName: library }] } },
  });
const entry = (id: string, body: object) =>
  JSON.stringify({
    schemaVersion: 1,
    id: `01HZZZZZZZZZZZZZZZZZZZZZ${id}`,
    wave: 'wave-1',
    by: 'Ada',
    ...body,
  });
const retry = (agents: string[]) => ({ type: 'retry.applied', agents, fresh: false, executorChanges: [] });
const landed = { type: 'wave.landed', changes: [], agents: [] };

const base: World = {
  files: {
    [main]: wave('One'),
    [other]: wave('Two'),
    [matrix]: levels('rough', 'polished'),
    [index]: bundles('node'),
    'wave.config.json': '{"executors": {"default": "local"}}',
  },
  folders: [],
  options: { include: [], targetPrefix: '' },
  code: 'a'.repeat(64),
  nx: '24.0.0',
};
const withFile = (path: string, text: string) => (world: World) => ({
  ...world,
  files: { ...world.files, [path]: text },
});
const withOptions = (options: Partial<InferenceOptions>) => (world: World) => ({
  ...world,
  options: { ...world.options, ...options },
});

/** Infers a world, with what earlier runs left where it is given; counts the wave files that were read. */
function infer(world: World, before?: string | null) {
  const { files, folders, options, code, nx } = world;
  const { config, failures } = readConfig(files['wave.config.json'] ?? null);
  const ledgers = new Map<string, string[]>();
  for (const [path, text] of Object.entries(files)) {
    const folder = /^(.*\.ledger)\/[^/]+\.json$/.exec(path)?.[1];
    if (folder !== undefined) ledgers.set(folder, [...(ledgers.get(folder) ?? []), text]);
  }
  const facts: WorkspaceFacts = {
    config,
    nx: buildNxFacts({ version: nx }),
    configFailures: failures,
    read: (path) => files[path] ?? null,
    files: Object.entries(files)
      .filter(([path]) => /\/wave-\d+\.md$/.test(path))
      .map(([path, text]) => ({ path, text })),
    folders: new Set(folders),
    ledgers,
  };
  let parsed = 0;
  const outlines = before === undefined ? null : openKeptOutlines(before);
  const language = {
    parse: (...given: Parameters<typeof parseWaveFile>) => {
      parsed += 1;
      return parseWaveFile(...given);
    },
    resolve: resolveWave,
  };
  const inferred = inferWorkspace(facts, options, {
    language,
    memory: outlines && { code, outlines },
  });
  const text = outlines ? (outlines.text() ?? before ?? null) : null;
  return { nodes: JSON.stringify({ ...inferred, failures: [] }), parsed, text, rewritten: text !== before };
}

const edits: [what: string, edit: (world: World) => World][] = [
  ['the text of a wave', withFile(main, wave('One, again'))],
  ['a word of its prompt', withFile(main, wave('One').replace('Do it.', 'Do it well.'))],
  ['a mistake in it', withFile(main, wave('One').replace('### Prompt', '### Promt'))],
  ['a retry in its ledger', withFile(`${ledger}/1-retry.json`, entry('A1', retry(['A1'])))],
  ['that it has landed', withFile(`${ledger}/2-landed.json`, entry('B2', landed))],
  ['the configuration', withFile('wave.config.json', '{"executors": {"default": "codex"}}')],
  ['a mistake in the configuration', withFile('wave.config.json', '{"limits": {"attempts": 0}}')],
  ['where its state is kept', withFile('wave.config.json', '{"paths": {"stateRoot": ".waves"}}')],
  ['the levels of the matrix', withFile(matrix, levels('rough', 'fine'))],
  ['the bundle index', withFile(index, bundles('deno'))],
  ['a broken bundle index', withFile(index, '{}')],
  ['a folder of its own', (world) => ({ ...world, folders: ['docs/plans/waves/wave-2/wave-2'] })],
  ['the prefix of targets', withOptions({ targetPrefix: 'wave-' })],
  ['another folder of waves', withOptions({ include: ['more'] })],
  [
    'another file of its name',
    (world) =>
      withOptions({ include: ['more/of/them/and/deeper'] })(
        withFile('more/of/them/and/deeper/wave-1.md', wave('Other'))(world),
      ),
  ],
  [
    'a shorter path of its name',
    (world) => withOptions({ include: ['more'] })(withFile('more/wave-1.md', wave('Other'))(world)),
  ],
  ['the version of Nx', (world) => ({ ...world, nx: '23.2.1' })],
  ['its file is gone', ({ files: { [main]: _gone, ...files }, ...world }) => ({ ...world, files })],
];

describe('outlines of earlier runs', () => {
  const first = infer(base, null);

  it.each([...edits])('are no longer taken after a change of %s', (_what, edit) => {
    const edited = edit(base);
    const afresh = infer(edited);
    expect(afresh.nodes === infer(base).nodes).toBe(false);
    expect(infer(edited, first.text).nodes).toBe(afresh.nodes);
  });

  it('are no longer taken by other code', () => {
    expect(infer({ ...base, code: 'b'.repeat(64) }, first.text)).toMatchObject({
      parsed: 2,
      rewritten: true,
    });
  });

  it('are taken, and not written again, while nothing has changed', () => {
    expect(first.parsed).toBe(2);
    expect(infer(base, first.text)).toEqual({ ...first, parsed: 0, rewritten: false });
  });

  it('are taken as well where proof takes variables of the person', () => {
    const config = '{"executors": {"default": "local"}, "proof": {"env": ["DATABASE_URL"]}}';
    const given = withFile('wave.config.json', config)(base);
    const { text } = infer(given, null);
    expect(text).toContain('DATABASE_URL');
    expect(infer(given, text)).toMatchObject({ parsed: 0, rewritten: false });
  });

  it('are taken by every wave but the one that was edited', () => {
    const edited = withFile(main, wave('One, again'))(base);
    const second = infer(edited, first.text);
    expect(second).toMatchObject({ parsed: 1, rewritten: true });
    expect(infer(edited, second.text).parsed).toBe(0);
  });

  it('are as many as there are waves, whatever came before', () => {
    const { [other]: _gone, ...files } = base.files;
    const text = infer({ ...base, files }, infer(withFile(main, wave('Three'))(base), first.text).text).text;
    expect(text?.split('\n')).toHaveLength(2);
  });

  it('of a wave with mistakes are none: its report is made anew', () => {
    const broken = withFile(main, 'no wave')(base);
    const { text } = infer(broken, null);
    expect(infer(broken, text)).toMatchObject({ parsed: 1, rewritten: false });
  });

  it('say the same as inference after any sequence of edits', () => {
    const step = fc.record({
      edits: fc.subarray(edits.map(([, edit]) => edit)),
      code: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        let text: string | null = null;
        for (const { edits: chosen, code } of steps) {
          const world = chosen.reduce((before, edit) => edit(before), { ...base, code });
          const recalled = infer(world, text);
          expect(recalled.nodes).toBe(infer(world).nodes);
          text = recalled.text;
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a text that no run has left', () => {
  const { text, nodes } = infer(base, null);
  const [line = ''] = text?.split('\n') ?? [];

  it('is no error and gives nothing, cut off anywhere or any text at all', () => {
    const cut = fc.nat({ max: text?.length ?? 0 }).map((end) => text?.slice(0, end) ?? '');
    const foreign = fc.oneof(
      fc.string(),
      fc.constantFrom('', '\n\n', '{}', 'null', `${line.slice(0, 65)}null\n`, `${line.slice(0, 65)}{}`),
    );
    fc.assert(
      fc.property(fc.oneof(cut, foreign), (given) => {
        expect(infer(base, given).nodes).toBe(nodes);
      }),
      { numRuns: 60 },
    );
  });

  const outline = JSON.parse(line.slice(65)) as WaveOutline;
  const [own = undefined as never] = outline.stages;
  const withStage = (change: Partial<Record<keyof StageOutline, unknown>>) => ({
    ...outline,
    stages: [{ ...own, ...change }],
  });
  const withAgent = (change: Partial<Record<keyof AgentOutline, unknown>>) =>
    withStage({ agents: [{ ...own.agents[0], ...change }] });
  it.each<[string, object]>([
    ['a shell in a digest of the proof', { ...outline, proved: '1; id' }],
    ['a shell in a digest of a gate', withStage({ judged: `${'0'.repeat(63)};` })],
    ['a second line in a digest', withAgent({ digest: `${'0'.repeat(64)}\nid` })],
    ['an id that climbs', withAgent({ unitId: '../../../src' })],
    ['an id that is hidden', withAgent({ unitId: '..' })],
    ['a stage that is none', withStage({ stage: '../src' })],
    ['a stage of every object', withStage({ stage: 'constructor' })],
    ['files outside the workspace', withStage({ ground: ['/etc/passwd'] })],
    ['a command', withAgent({ command: 'id' } as never)],
    ['an agent that is run by another name', withAgent({ target: 'test' })],
    ['an executor that is no text', withAgent({ executor: { id: 'codex' } })],
    ['context that is no list', withAgent({ context: 'docs' })],
    ['context outside the workspace', withAgent({ context: ['../docs'] })],
    ['agents that are no list', withStage({ agents: {} })],
    ['no stages', { ...outline, stages: null }],
    ['a word for whether it has landed', { ...outline, landed: 'no' }],
    ['a variable that is no text', { ...outline, variables: [1] }],
    ['a pattern of waves to wait for', { ...outline, dependsOn: ['*'] }],
    ['another project to wait for', { ...outline, dependsOn: ['app'] }],
    ['members that nobody knows', { ...outline, implicitDependencies: ['app'] }],
  ])('is not believed with %s', (_what, forged) => {
    const given = text?.replace(line, `${line.slice(0, 64)} ${JSON.stringify(forged)}`) ?? null;
    expect(given).not.toBe(text);
    expect(infer(base, given)).toMatchObject({ nodes, parsed: 1, rewritten: true, text });
  });
});
