import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { generators } from '../../generators.json';
import { vocabularies } from '../adapters/vocabularies';
import { templateIds } from '../core/generate/templates';
import { roles } from '../roles/registry';
import agentGenerator from './agent/agent';
import importGenerator from './import/import';
import initGenerator from './init/init';
import roleGenerator from './role/role';
import waveGenerator from './wave/wave';
import { checkMachine } from './workspace';

interface Schema {
  description: string;
  properties: Record<
    string,
    { description?: string; enum?: string[]; 'x-prompt'?: { items?: { value: string }[] } }
  >;
}

const schemas = Object.fromEntries(
  Object.keys(generators).map((name) => [
    name,
    JSON.parse(readFileSync(join(__dirname, name, 'schema.json'), 'utf8')) as Schema,
  ]),
);

/** A workspace with the usual files of somebody else, as it was before, and what is changed in it since. */
function workspace(files: Record<string, string> = {}) {
  const tree = createTree();
  const theirs = {
    'package.json': '{ "name": "theirs" }',
    'nx.json': '{ "analytics": false }\n',
    '.gitignore': 'node_modules',
    ...files,
  };
  for (const [path, text] of Object.entries(theirs)) tree.write(path, text);
  const snapshot = () =>
    Object.fromEntries(tree.listChanges().map(({ path, content }) => [path, content?.toString() ?? null]));
  return { tree, snapshot };
}

async function connected(files?: Record<string, string>) {
  const made = workspace(files);
  await initGenerator(made.tree, {});
  return made;
}

const wave = (tree: Tree, number: number) => tree.read(`docs/plans/waves/wave-${number}.md`, 'utf8') ?? '';

describe('the list of generators', () => {
  it('names every folder, with a schema in which every option is described', () => {
    const folders = readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(Object.keys(generators)).toEqual(folders.map(({ name }) => name).sort());
    for (const [name, schema] of Object.entries(schemas)) {
      expect(existsSync(join(__dirname, name, `${name}.ts`))).toBe(true);
      expect(schema.description).toMatch(/\.$/);
      for (const option of Object.values(schema.properties)) expect(option.description).toMatch(/\.$/);
    }
  });

  it('offers the executors, templates and roles that there are', () => {
    const offered = schemas['init']?.properties['executor']?.['x-prompt']?.items?.map(({ value }) => value);
    expect(offered?.sort()).toEqual(vocabularies.map(({ executorId }) => executorId).sort());
    expect(schemas['wave']?.properties['template']?.enum).toEqual([...templateIds]);
    expect(schemas['role']?.properties['role']?.enum).toEqual(roles.map(({ id }) => id).sort());
  });
});

describe('init', () => {
  it('adds the plugin, the ignored folder and a configuration, and nothing else', async () => {
    const { tree, snapshot } = workspace();
    const before = Object.keys(snapshot());
    await initGenerator(tree, {});
    expect(Object.keys(snapshot()).filter((path) => !before.includes(path))).toEqual(['wave.config.json']);
    expect(JSON.parse(tree.read('nx.json', 'utf8') ?? '')).toEqual({
      analytics: false,
      plugins: ['@nx-wave/plugin'],
    });
    expect(tree.read('.gitignore', 'utf8')).toBe('node_modules\n.tmp/\n');
    expect(JSON.parse(tree.read('wave.config.json', 'utf8') ?? '')).toMatchObject({
      executors: { default: 'local' },
    });
  });

  it('changes nothing the second time', async () => {
    const { tree, snapshot } = await connected();
    const after = snapshot();
    await initGenerator(tree, { executor: 'claude', agentsFile: false });
    expect(snapshot()).toEqual(after);
  });

  it('ignores the folder that a configuration names, and leaves that configuration alone', async () => {
    const config = '{ "version": 1, "paths": { "stateRoot": "out/runs" } }';
    const { tree } = await connected({ 'wave.config.json': config });
    expect(tree.read('.gitignore', 'utf8')).toBe('node_modules\nout/runs/\n');
    expect(JSON.parse(tree.read('wave.config.json', 'utf8') ?? '')).toEqual(JSON.parse(config));
  });

  it('adds a block to AGENTS.md where that is asked for, around which everything stays', async () => {
    const { tree } = workspace({ 'AGENTS.md': '# Ours\n' });
    await initGenerator(tree, { agentsFile: true });
    expect(tree.read('AGENTS.md', 'utf8')).toMatch(
      /^# Ours\n\n<!-- nx-wave:begin -->[^]+<!-- nx-wave:end -->\n$/,
    );
  });

  it('puts the envelope skill where agents look for skills, where that is asked for, and leaves a copy of theirs alone', async () => {
    const own = '.claude/skills/wave-envelope/SKILL.md';
    const { tree } = workspace({ [own]: '# Ours\n' });
    await initGenerator(tree, { skills: true });
    expect(tree.read('.agents/skills/wave-envelope/SKILL.md', 'utf8')).toMatch(/^---\nname: wave-envelope\n/);
    expect(tree.read(own, 'utf8')).toBe('# Ours\n');
  });

  it('writes snippets where that is asked for, once', async () => {
    const { tree } = workspace();
    const path = '.vscode/nx-wave.code-snippets';
    await initGenerator(tree, { snippets: true });
    expect(tree.read(path, 'utf8')).toContain('"prefix": "wave"');
    tree.write(path, '{}');
    await initGenerator(tree, { snippets: true });
    expect(tree.read(path, 'utf8')).toMatch(/^\{\}/);
  });

  it('refuses Windows before anything is made', () => {
    expect(() => checkMachine('win32')).toThrow(/platform-unsupported.+WSL 2/s);
  });

  it.each([
    ['an nx.json that cannot be read', { 'nx.json': '{ "plugins": [' }, /nx\.json is not a JSON object/],
    ['a configuration that cannot be read', { 'wave.config.json': '{' }, /config-unreadable/],
  ])('refuses %s, and writes nothing', async (_, files, message) => {
    const { tree, snapshot } = workspace(files);
    const before = snapshot();
    await expect(initGenerator(tree, {})).rejects.toThrow(message);
    expect(snapshot()).toEqual(before);
  });
});

describe('wave', () => {
  it('takes the first number that no wave and no other project has', async () => {
    const { tree } = await connected({ 'libs/one/project.json': '{ "name": "wave-1" }' });
    await waveGenerator(tree, {});
    await waveGenerator(tree, { title: 'Another' });
    expect(wave(tree, 1)).toBe('');
    expect(wave(tree, 2)).toContain('# Wave 2 - A greeting');
    expect(wave(tree, 3)).toContain('# Wave 3 - Another');
  });

  it('writes what is asked for', async () => {
    const { tree, snapshot } = await connected();
    await waveGenerator(tree, {
      title: 'Faster parser',
      executor: 'claude',
      goal: 'Speed the parser up.',
      owns: ['libs/parser/'],
      deliverables: ['libs/parser/src/fast.ts'],
      proof: ['npx nx test parser', 'sh -c "a, b"'],
      dependsOn: ['wave-7'],
    });
    const text = wave(tree, 1);
    for (const line of [
      '- id: claude',
      '- libs/parser/src/fast.ts',
      '- npx nx test parser',
      '- sh -c "a, b"',
      '- wave-7',
    ])
      expect(text.split('\n')).toContain(line);
    expect(Object.keys(snapshot()).filter((path) => path.startsWith('tools/'))).toEqual([]);
  });

  it.each([
    ['a workspace that is not connected', false, {}, /Run first: nx g @nx-wave\/plugin:init/],
    [
      'a program that costs money without a task',
      true,
      { executor: 'codex' },
      /may cost money: say what to do with --goal/,
    ],
    ['a task without paths', true, { goal: 'Do it.' }, /go together/],
    ['an executor that does not exist', true, { executor: 'chatty' }, /no executor "chatty"\. There are: /],
    ['a template that does not exist', true, { template: 'big' }, /no template "big"/],
    ['a level that there is not', true, { components: 'parser:best' }, /no level "best" for parser/],
    ['paths that nobody may own', true, { goal: 'Do it.', owns: ['.git/hooks/'] }, /Nothing was written/],
    [
      'a number that a project has',
      true,
      { number: 9 },
      /The project in libs\/nine is called wave-9 already/,
    ],
  ])('refuses %s, and writes nothing', async (_, isConnected, options, message) => {
    const files = { 'libs/nine/project.json': '{ "name": "wave-9" }' };
    const { tree, snapshot } = isConnected ? await connected(files) : workspace(files);
    const before = snapshot();
    await expect(waveGenerator(tree, options)).rejects.toThrow(message);
    expect(snapshot()).toEqual(before);
  });

  it('plans the components that it lifts, and lets the documentation steward keep their matrix', async () => {
    const { tree } = await connected();
    await waveGenerator(tree, { components: 'parser', stewards: true });
    const matrix = 'docs/plans/component-cutover-matrix';
    for (const line of ['- parser: baseline-proved', '- parser', `- ${matrix}.json`, `- ${matrix}.md`])
      expect(wave(tree, 1).split('\n')).toContain(line);
    expect(JSON.parse(tree.read(`${matrix}.json`, 'utf8') ?? '')).toMatchObject({
      components: { parser: { promotions: [{ wave: 1, target: 'baseline-proved' }] } },
    });
    expect(tree.read(`${matrix}.md`, 'utf8')).toContain('- parser: inventoried');
    expect(tree.read('tools/agents/wave-1/a1.mjs', 'utf8')).toMatch(/parser['"]?: ['"]baseline-proved/);
  });

  it('writes over no file', async () => {
    const { tree } = await connected({ 'tools/agents/wave-1/a1.mjs': '// ours\n' });
    await expect(waveGenerator(tree, {})).rejects.toThrow('tools/agents/wave-1/a1.mjs is there already');
    expect(tree.read('tools/agents/wave-1/a1.mjs', 'utf8')).toBe('// ours\n');
  });
});

describe('agent', () => {
  const options = { wave: 1, id: 'A2', goal: 'Write a farewell.', owns: 'examples/farewell.mjs' };

  it('adds a block at the end and leaves the rest of the file as it is', async () => {
    const { tree } = await connected();
    await waveGenerator(tree, {});
    const before = wave(tree, 1);
    agentGenerator(tree, options);
    expect(wave(tree, 1).startsWith(`${before.trimEnd()}\n\n## Agent A2: A2\n`)).toBe(true);
    expect(tree.exists('tools/agents/wave-1/a2.mjs')).toBe(true);
  });

  it.each([
    ['a wave that is not there', { ...options, wave: 8 }, /There is no docs\/plans\/waves\/wave-8\.md/],
    ['an id that is taken', { ...options, id: 'A1' }, /Nothing was written/],
    [
      'a path that another agent owns',
      { ...options, owns: 'examples/wave-1/greet.mjs' },
      /Nothing was written/,
    ],
  ])('refuses %s, and writes nothing', async (_, given, message) => {
    const { tree, snapshot } = await connected();
    await waveGenerator(tree, {});
    const before = snapshot();
    expect(() => agentGenerator(tree, given)).toThrow(message);
    expect(snapshot()).toEqual(before);
  });
});

describe('role', () => {
  it.each(roles.map(({ id }) => id))('copies the prompt of %s, once', async (role) => {
    const { tree } = await connected();
    await roleGenerator(tree, { role });
    expect(tree.read(`docs/agents/wave-${role}-role.md`, 'utf8')).toContain('## Standing prompt');
    await expect(roleGenerator(tree, { role })).rejects.toThrow('is there already');
  });
});

describe('import', () => {
  const config =
    '{ "version": 1, "defaultLane": "main", "executors": { "default": "codex" }, "waveControl": {} }';

  it('sets what earlier waves need, touches no wave, and is done the second time', async () => {
    const wave1 =
      '# Wave 1\n\n## Agent A1: One\n\n### Prompt\n\n```text\nDo it.\n\nFile ownership:\n- a.txt\n```\n';
    const { tree, snapshot } = workspace({ 'wave.config.json': config, 'docs/plans/waves/wave-1.md': wave1 });
    await importGenerator(tree, { skipFormat: true });
    expect(JSON.parse(tree.read('wave.config.json', 'utf8') ?? '')).toMatchObject({
      executors: { default: 'codex' },
      compat: { legacySignals: true },
      validation: { ownershipOverlap: 'warn' },
    });
    expect(wave(tree, 1)).toBe(wave1);
    const after = snapshot();
    await importGenerator(tree, { skipFormat: true });
    expect(snapshot()).toEqual(after);
  });

  it('names the waves that have to be mended by hand', async () => {
    const { tree } = workspace({ 'wave.config.json': config, 'docs/plans/waves/wave-2.md': '# Wave 2\n' });
    const written: string[] = [];
    const write = jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => written.push(String(text)) > 0);
    try {
      (await importGenerator(tree, {}))();
    } finally {
      write.mockRestore();
    }
    expect(written.join('')).toMatch(
      /Waves: 0 files can be launched\.\nTo be mended by hand:\n- docs\/plans\/waves\/wave-2\.md/,
    );
  });
});
