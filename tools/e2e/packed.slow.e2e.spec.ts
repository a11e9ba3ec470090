import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { createWaveWorkspace, type WaveWorkspace } from './wave-workspace';

const root = resolve(__dirname, '..', '..');
const packages = ['schemas', 'plugin'];

/** Every file of a package with its text, types and dependencies left out. */
function filesBelow(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('node_modules'));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** The workspace of a user: the packages as npm would install them, none of their sources. */
describe('the packed packages in a workspace of somebody else', () => {
  let clone: WaveWorkspace;
  let installed: string;
  let dist: string;
  const transpiled: Record<string, Record<string, string>> = {};
  /** As users have them. */
  const isolated = { NX_ISOLATE_PLUGINS: 'true' };
  beforeAll(() => {
    clone = createWaveWorkspace({ 1: [{ id: 'A1' }, { id: 'A0', owns: ['docs/reviews/wave-1.md'] }] });
    installed = join(clone.root, 'node_modules', '@nx-wave');
    dist = join(root, '.tmp', `packed-${process.pid}`);
    const run = (file: string, ...args: string[]) =>
      execFileSync(file, args, { cwd: clone.root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    run(process.execPath, join(root, 'tools', 'build.mjs'), '--into', dist);
    for (const name of packages) {
      const folder = join(installed, name);
      transpiled[name] = filesBelow(folder);
      for (const entry of readdirSync(folder))
        if (entry !== 'node_modules') rmSync(join(folder, entry), { recursive: true });
      run('tar', '-xzf', join(dist, `nx-wave-${name}-0.1.0.tgz`), '-C', folder, '--strip-components=1');
    }
  });
  afterAll(() => {
    rmSync(dist, { recursive: true, force: true });
    clone.dispose();
  });

  it('hold no tests, and import nothing that they do not declare', () => {
    for (const name of packages) {
      const folder = join(installed, name);
      const { dependencies, peerDependencies = {} } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      ) as Record<string, Record<string, string>>;
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (path) => !path.startsWith('node_modules'),
      );
      expect(files.filter((path) => /\.spec\.|testing/.test(path))).toEqual([]);
      const imported = files
        .filter((path) => path.endsWith('.js'))
        .flatMap((path) => [
          ...readFileSync(join(folder, path), 'utf8').matchAll(
            /(?:require|import)\(["']([^."'][^"']*)["']\)/g,
          ),
        ])
        .map(([, specifier = '']) => specifier)
        .filter((specifier) => !specifier.startsWith('node:') && !builtinModules.includes(specifier))
        // The command of a task names the package itself.
        .filter((specifier) => specifier !== '@nx-wave/plugin/task')
        .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0]);
      expect(imported).not.toHaveLength(0);
      expect(Object.keys({ ...dependencies, ...peerDependencies })).toEqual(
        expect.arrayContaining([...new Set(imported)]),
      );
    }
  });

  it('have one file of code for each entry that they name, and share the rest', () => {
    const doorsIn = (section: string) => {
      const text = readFileSync(join(installed, 'plugin', `${section}.json`), 'utf8');
      const doors = (JSON.parse(text) as Record<string, Record<string, { implementation: string }>>)[section];
      return Object.values(doors ?? {}).map(({ implementation }) => `${implementation.slice(2)}.js`);
    };
    const first = 'dist/executors/compile-cache.js';
    const executors = doorsIn('executors');
    const programs = ['dist/bin/nx-wave.js', 'dist/bin/task.js'];
    const doors = [...executors, ...doorsIn('generators'), ...programs, first];
    for (const door of executors)
      expect(readFileSync(join(installed, 'plugin', door), 'utf8')).toMatch(
        /^require\("\.\.\/compile-cache\.js"\);/,
      );
    expect(readFileSync(join(installed, 'plugin', 'dist/bin/task.js'), 'utf8')).toMatch(
      /^require\("\.\.\/executors\/compile-cache\.js"\);/,
    );
    const entries = { schemas: ['index', 'plain'], plugin: ['index', 'core', 'envelope'] };
    for (const [name, named] of Object.entries(entries)) {
      const code = Object.keys(filesBelow(join(installed, name)))
        .filter((path) => /\.js(\.map)?$/.test(path))
        .map((path) => path.replaceAll('\\', '/'));
      const expected = [...named.map((one) => `dist/${one}.js`), ...(name === 'plugin' ? doors : [])];
      const entriesOfCode = code.filter((path) => !path.startsWith('dist/shared/'));
      // What stands in the shared file only, and is shown by its entry, has no map of its own.
      const isShown = (path: string) =>
        !/^(?:async )?function |=>/m.test(readFileSync(join(installed, name, path), 'utf8'));
      const maps = expected.filter((path) => !isShown(path)).map((path) => `${path}.map`);
      expect(entriesOfCode.sort()).toEqual([...expected, ...maps].sort());
    }
    expect(doors.length).toBeGreaterThan(10);
  });

  it('load nothing for a task that only generators need', () => {
    const files = Object.entries(filesBelow(join(installed, 'plugin', 'dist')));
    const asking = files.filter(([path, code]) => path.endsWith('.js') && code.includes('"jsonc-parser"'));
    expect(asking.map(([path]) => path.replace(/-[\w-]{8}\.js$/, '')).sort()).toEqual([
      'generators/import/import.js',
      'generators/wave/wave.js',
      'shared/generators',
    ]);
  });

  it('leave out the languages of zod', () => {
    const code = Object.values(filesBelow(join(installed, 'plugin', 'dist'))).join('\n');
    expect(code).toContain('zod/v4/locales/en.js');
    expect(code).not.toContain('zod/v4/locales/fr.js');
  });

  it('stay small: what is installed is what a person has to trust', () => {
    const sizeOf = (name: string) =>
      readdirSync(join(installed, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules', installed.length))
        .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
    expect(sizeOf('plugin')).toBeLessThan(6_000_000);
    expect(sizeOf('schemas')).toBeLessThan(2_000_000);
  });

  it('are, but for their types, the very files that the other tests run', () => {
    for (const name of packages) expect(filesBelow(join(installed, name))).toEqual(transpiled[name]);
  });

  it('close a wave, and serve it from the cache the second time', async () => {
    const first = await clone.nx(['run', 'wave-1:launch'], isolated);
    expect({ code: first.code, output: first.code === 0 ? '' : first.output }).toEqual({
      code: 0,
      output: '',
    });
    expect(clone.closure(1).state).toBe('closed');
    const second = await clone.nx(['run', 'wave-1:launch'], isolated);
    expect(second.cached.sort()).toEqual(second.tasks.sort());
    expect(clone.started()).toEqual({ A0: 1, A1: 1 });
  });

  it('show the state of the wave and of its lane', async () => {
    const status = await clone.nx(['run', 'wave-1:status']);
    expect(status.output).toMatch(/wave-1 is closed/);
    const lane = await clone.nx(['run', 'waves:status']);
    expect(lane.code).toBe(0);
    expect(lane.output).toMatch(/wave-1 .*closed/);
  });

  it.each([
    ['html', '<h1 id="wave-1">wave-1: ', 'What it changes: '],
    ['markdown', '# wave-1: ', 'What it changes: '],
    ['sarif', '"version": "2.1.0"', '"nx-wave"'],
    ['ctrf', '"reportFormat": "CTRF"', '"merged tree"'],
    ['json', '"findings":', '"proofBundleId":'],
  ])('report the wave as %s', async (format, heading, inside) => {
    const { code, output } = await clone.nx(['run', 'wave-1:report', `--format=${format}`]);
    expect(code).toBe(0);
    const [, path = ''] = /^report: (\S+)$/m.exec(output) ?? [];
    const text = clone.read(path);
    expect(text).toContain(heading);
    expect(text).toContain(inside);
    expect(clone.git('status', '--porcelain')).toBe('');
  });
});
