// Tests generators/ci/ci.ts and core/generate/ci of the plugin.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { parse } from 'yaml';
import {
  ciConfigPath,
  ciFiles,
  templatePath,
  workflowPath,
} from '../../packages/wave-plugin/src/core/generate/ci/ci-files';
import { cloudFormOf } from '../../packages/wave-plugin/src/core/generate/ci/cloud-form';
import { isOwnFile, signOwnFile } from '../../packages/wave-plugin/src/core/generate/ci/own-file';
import ciGenerator, { type CiOptions } from '../../packages/wave-plugin/src/generators/ci/ci';
import initGenerator from '../../packages/wave-plugin/src/generators/init/init';
import { ciVariants } from './render-ci';

const nxFolder = dirname(require.resolve('nx/package.json'));
const nxVersion = (JSON.parse(readFileSync(join(nxFolder, 'package.json'), 'utf8')) as { version: string })
  .version;

async function connected(files: Record<string, string> = {}): Promise<Tree> {
  const tree = createTree();
  for (const [path, text] of Object.entries({ 'package.json': '{}', 'nx.json': '{}\n', ...files }))
    tree.write(path, text);
  await initGenerator(tree, { skipFormat: true });
  return tree;
}

const textsOf = (tree: Tree) =>
  Object.fromEntries(
    [workflowPath, ciConfigPath, templatePath].map((path) => [path, tree.read(path, 'utf8')]),
  );

describe.each(ciVariants.map((one) => [one.about, one.input] as const))('the files for %s', (_, input) => {
  const files = Object.fromEntries(ciFiles(input).map(({ path, body }) => [path, body]));

  it('pay for nothing on a pull request, and put what is typed in into no command', () => {
    const { jobs } = parse(files[workflowPath] ?? '') as {
      jobs: Record<
        string,
        { if?: string; env: Record<string, string>; environment?: string; steps: unknown[] }
      >;
    };
    expect(jobs['verify']?.env).toEqual({ NX_WAVE_RUN: 'never' });
    expect(jobs['launch']).toMatchObject({
      if: "github.event_name == 'workflow_dispatch'",
      environment: 'waves',
    });
    const commands = Object.values(jobs).flatMap(({ steps }) =>
      steps.map((step) => (step as { run?: string }).run ?? ''),
    );
    expect(commands.filter((command) => command.includes('${{'))).toEqual([]);
    expect(JSON.stringify(jobs['verify'])).not.toContain('secrets.');
  });

  it('hold secrets by name alone, for the launch', () => {
    for (const body of Object.values(files)) expect(() => parse(body) as unknown).not.toThrow();
    expect(files[workflowPath]).toContain('CODEX_API_KEY: ${{ secrets.CODEX_API_KEY }}');
  });
});

describe('the configuration of Nx Cloud', () => {
  const config = ciVariants.find(({ id }) => id === 'ci-config');

  it('has the documented sections and keys', () => {
    const body = ciFiles(config?.input as never).find(({ path }) => path === ciConfigPath)?.body ?? '';
    expect(parse(body)).toEqual({
      lifecycle: { 'fail-after': 0, heartbeat: false },
      dte: {
        'distribute-on': '3 wave-agents',
        'assignment-rules': [{ targets: ['agent-*'], 'run-on': [{ agent: 'wave-agents', parallelism: 1 }] }],
      },
      'nx-agents': { 'with-env-vars': ['CODEX_API_KEY'] },
      ai: { 'fix-tasks-patterns': ['!*agent-*'] },
    });
  });

  it.each([
    [null, 'flags'],
    ['22.7.1', 'flags'],
    ['23.3.1', 'flags'],
    ['23.3.2', 'ci-config'],
    ['24.0.0', 'ci-config'],
    ['24.0.5', 'ci-config'],
    ['24.0.6', 'workers'],
    ['24.1.0-beta.2', 'workers'],
    ['25.0.0', 'workers'],
    ['latest', 'flags'],
  ])('of Nx %s has the form %s', (version, form) => {
    expect(cloudFormOf(version)).toBe(form);
  });

  it('is the one that the installed Nx says it reads', () => {
    const about = readFileSync(
      join(nxFolder, 'dist/src/command-line/nx-cloud/start-nx-agents/command-object.js'),
      'utf8',
    );
    expect({ nxVersion, form: cloudFormOf(nxVersion) }).toEqual({ nxVersion, form: 'ci-config' });
    expect(about).toContain(ciConfigPath);
  });

  it('names commands of Nx Cloud that the installed Nx has, for its own form', () => {
    const own = ciVariants.find(({ id }) => id === cloudFormOf(nxVersion));
    const workflow = ciFiles(own?.input as never).find(({ path }) => path === workflowPath)?.body ?? '';
    const named = [...new Set([...workflow.matchAll(/nx-cloud ([a-z-]+)/g)].map(([, name = '']) => name))];
    const folder = join(nxFolder, 'dist/src/command-line/nx-cloud');
    const about = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('command-object.js'))
      .map((path) => readFileSync(join(folder, path), 'utf8'))
      .join('\n');
    const known = [...about.matchAll(/(?:command: |aliases: \[)'([a-z-]+)/g)].map(([, name = '']) => name);
    expect(named).toEqual(['start-nx-agents', 'complete-ci-run']);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('has a row with a source in the guide for each key', () => {
    const guide = readFileSync(join(__dirname, '../../docs/guides/nx-cloud.md'), 'utf8');
    const sourced = guide
      .split('\n')
      .filter((line) => line.startsWith('|') && line.includes('https://nx.dev/'));
    const sections = parse(
      ciFiles(config?.input as never).find(({ path }) => path === ciConfigPath)?.body ?? '',
    ) as Record<string, object>;
    const keys = Object.entries(sections).flatMap(([section, inner]) =>
      Object.keys(inner).map((key) => `${section}.${key}`),
    );
    expect(keys).toHaveLength(6);
    expect(keys.filter((key) => !sourced.some((line) => line.includes(`\`${key}`)))).toEqual([]);
  });

  it('names options of commands that the installed Nx has', () => {
    const options = readFileSync(
      join(nxFolder, 'dist/src/command-line/yargs-utils/shared-options.js'),
      'utf8',
    );
    expect(options).toMatch(/alias: 'agents'/);
  });
});

describe('the generator ci', () => {
  it('follows nx.json, the installed Nx and the lock file', async () => {
    const tree = await connected({
      'nx.json': '{ "nxCloudId": "abc" }\n',
      'package.json': '{ "devDependencies": { "nx": "^23.3.2" } }',
      'pnpm-lock.yaml': '',
    });
    ciGenerator(tree, {});
    expect(tree.read(workflowPath, 'utf8')).toContain('pnpm exec nx-cloud start-nx-agents');
    expect(tree.exists(ciConfigPath)).toBe(true);
  });

  it('changes nothing the second time, and writes anew what nobody has changed', async () => {
    const tree = await connected();
    ciGenerator(tree, { nxCloud: true });
    const first = textsOf(tree);
    ciGenerator(tree, { nxCloud: true });
    expect(textsOf(tree)).toEqual(first);
    ciGenerator(tree, { nxCloud: true, machines: 5 });
    expect(textsOf(tree)).not.toEqual(first);
    expect(isOwnFile(tree.read(workflowPath, 'utf8') ?? '')).toBe(true);
  });

  it.each([
    ['somebody has written', 'name: Mine\n'],
    ['somebody has changed', `${signOwnFile('name: Waves\n')}env: {}\n`],
  ])('leaves a file that %s as it is', async (_, text) => {
    const tree = await connected({ [workflowPath]: text });
    ciGenerator(tree, {});
    expect(tree.read(workflowPath, 'utf8')).toBe(text);
  });

  it.each<[string, CiOptions]>([
    ['a name that is none of a variable', { secrets: 'A B' }],
    ['a name with an expression', { secrets: 'X}}' }],
    ['two command lines', { setup: 'a\n  env: b' }],
    ['no machine', { nxCloud: true, machines: 0 }],
    ['a version that is none', { node: "20'\nx" }],
  ])('refuses %s', async (_, options) => {
    const tree = await connected();
    expect(() => ciGenerator(tree, options)).toThrow();
    expect(tree.exists(workflowPath)).toBe(false);
  });

  it('needs a workspace that is connected', () => {
    const tree = createTree();
    tree.write('nx.json', '{}\n');
    expect(() => ciGenerator(tree, {})).toThrow(/init/);
  });
});
