// Tests engine/wave/lint-wave.ts, engine/session/session.ts and index.ts.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Failure } from '@nx-wave/schemas/plain';
import { createNodes } from '../../index';
import { validConfig, validFiles, validWave } from '../../testing/valid-wave';
import { parseWaveFile, readWaveConfig, resolveWave } from '../../built-in';
import { createGitEdge } from '../../edges/git/git-edge';
import { buildNxFacts } from '../../testing/nx-facts';
import { inferWorkspace } from '../../core/infer/infer-workspace';
import { lintLane } from '../lane/lint-lane';
import { readWave } from '../session/session';

const path = 'docs/plans/waves/wave-7.md';
const errors = (failures: readonly Failure[]) =>
  failures.filter(({ severity }) => severity === 'error').map((one) => JSON.stringify(one));

describe('what is wrong with a wave', () => {
  let root: string;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'nx-wave-report-'));
    for (const [file, text] of Object.entries(validFiles)) if (text !== undefined) write(file, text);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const [firstAgent = ''] = /^## Agent [^\n]+$/m.exec(validWave) ?? [];
  const owned = (text: string) => text.replace(/(File ownership[^\n]*\n- )[^\n]+/g, '$1src/shared.ts');

  it.each<[string, string, object]>([
    ['in its language', validWave.replace('### Prompt', '### Promt'), validConfig],
    ['in an agent that stands twice', `${validWave}\n${firstAgent}\n`, validConfig],
    ['across its agents', owned(validWave), validConfig],
    [
      'in a word of its executor',
      validWave.replace('### Context7', '### Executor\n\n- id: codx\n\n### Context7'),
      validConfig,
    ],
    ['in what its lane is configured to be', validWave, { ...validConfig, limits: { attempts: 'many' } }],
    [
      'in a bundle index that it needs',
      validWave.replaceAll('- bundle: none', '- bundle: typescript'),
      { ...validConfig, paths: { context7BundleIndexPath: 'README.md' } },
    ],
  ])(
    '%s is told alike by the graph, by every target and by lint, place and all',
    async (_where, text, given) => {
      write(path, text);
      write('README.md', '{}');
      write('wave.config.json', JSON.stringify(given, null, 2));
      const { config, failures } = readWaveConfig(JSON.stringify(given, null, 2));
      const facts = {
        config,
        nx: buildNxFacts(),
        configFailures: failures,
        read: (file: string) => (file === 'README.md' ? '{}' : (validFiles[file] ?? null)),
        files: [{ path, text }],
        folders: new Set<string>(),
        ledgers: new Map(),
      };
      const language = { parse: parseWaveFile, resolve: resolveWave };
      const inGraph = inferWorkspace(facts, { include: [], targetPrefix: '' }, { language }).failures;
      const inTarget = await readWave({ workspaceRoot: root, wavePath: path });
      const lane = {
        workspaceRoot: root,
        project: 'waves',
        projectId: null,
        lane: 'main',
        waves: [path],
        include: [],
      };
      const inLint = (await lintLane(lane, { git: createGitEdge({ env: process.env }), env: {} })).failures;
      expect(errors(inGraph).length).toBeGreaterThan(0);
      expect(errors(inTarget.ok ? [] : inTarget.error)).toEqual(errors(inGraph));
      expect(errors(inLint)).toEqual(expect.arrayContaining(errors(inGraph)));
      for (const one of inGraph.filter(({ severity }) => severity === 'error'))
        expect(one.place?.path).toBeDefined();

      const nodes = await createNodes[1]([path], undefined, { workspaceRoot: root, nxJsonConfiguration: {} });
      const tags = nodes.flatMap(([, { projects = {} }]) =>
        Object.values(projects).flatMap((one) => one.tags ?? []),
      );
      expect(tags).toContain('wave-broken');
    },
  );
});
