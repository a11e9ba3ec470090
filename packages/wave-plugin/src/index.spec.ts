import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createNodes, type WavePluginOptions } from './index';

const wave = (title: string) =>
  `# Wave\n\n## Agent A1: ${title}\n\n### Prompt\n\n\`\`\`\nDo it.\n\nFile ownership:\n- src/a.ts\n\`\`\`\n`;
const path = 'docs/plans/waves/wave-1.md';

describe('the cache of inferred projects', () => {
  const settings = [
    'NX_CACHE_PROJECT_GRAPH',
    'NX_WORKSPACE_DATA_DIRECTORY',
    'NX_PROJECT_GRAPH_CACHE_DIRECTORY',
  ];
  const before = Object.fromEntries(settings.map((name) => [name, process.env[name]]));
  let root: string;
  const restore = () => {
    for (const name of settings) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  };
  beforeEach(() => {
    for (const name of settings) Reflect.deleteProperty(process.env, name);
    root = mkdtempSync(join(tmpdir(), 'nx-wave-graph-'));
    write(path, wave('Work'));
  });
  afterEach(() => {
    restore();
    rmSync(root, { recursive: true, force: true });
  });

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const nodes = async (options?: WavePluginOptions, files = [path]) =>
    JSON.stringify(await createNodes[1](files, options, { workspaceRoot: root, nxJsonConfiguration: {} }));
  const data = () => join(root, '.nx/workspace-data');
  const kept = () => (existsSync(data()) ? readdirSync(data()) : []);

  it('stands beside the other caches of the graph, gives the same nodes and is written only for something new', async () => {
    const first = await nodes();
    expect(kept()).toHaveLength(1);
    const file = join(data(), kept()[0] ?? '');
    const { ino } = statSync(file);
    expect(await nodes()).toBe(first);
    expect(statSync(file).ino).toBe(ino);
    write(path, wave('Other work'));
    const second = await nodes();
    expect(second).not.toBe(first);
    expect(statSync(file).ino).not.toBe(ino);
    expect(await nodes()).toBe(second);
  });

  it('follows NX_WORKSPACE_DATA_DIRECTORY, and NX_CACHE_PROJECT_GRAPH=false puts it off', async () => {
    process.env['NX_CACHE_PROJECT_GRAPH'] = 'false';
    const first = await nodes();
    expect(kept()).toEqual([]);
    restore();
    process.env['NX_WORKSPACE_DATA_DIRECTORY'] = 'elsewhere';
    expect(await nodes()).toBe(first);
    expect(readdirSync(join(root, 'elsewhere'))).toHaveLength(1);
    expect(kept()).toEqual([]);
  });

  it('keeps a file for each set of plugin options, so that two entries in nx.json do not undo each other', async () => {
    await nodes();
    await nodes({ targetPrefix: 'wave-' });
    expect(kept()).toHaveLength(2);
  });

  it('is not made where there is no wave', async () => {
    write('wave.config.json', '{}');
    await nodes(undefined, ['wave.config.json']);
    expect(kept()).toEqual([]);
  });

  it('holds no path of the machine', async () => {
    await nodes();
    expect(readFileSync(join(data(), kept()[0] ?? ''), 'utf8')).not.toContain(root);
  });

  it('costs nobody the graph where it is torn, foreign or cannot be written', async () => {
    const first = await nodes();
    const file = join(data(), kept()[0] ?? '');
    for (const bytes of [readFileSync(file).subarray(0, 200), Buffer.from('{}'), Buffer.alloc(0)]) {
      writeFileSync(file, bytes);
      expect(await nodes()).toBe(first);
    }
    rmSync(join(root, '.nx'), { recursive: true });
    writeFileSync(join(root, '.nx'), 'a file');
    expect(await nodes()).toBe(first);
  });
});
