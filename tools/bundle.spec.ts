import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from '@babel/parser';

// About tools/bundle.mjs and packages/wave-plugin/src/executors/compiled-code.ts.

/** How often a program imports something when it runs. */
function importsOf(text: string): number {
  let found = 0;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    const { type } = value as { type?: string };
    if (type === 'Import' || type === 'ImportExpression') found += 1;
    Object.values(value).forEach(visit);
  };
  visit(parse(text, { sourceType: 'script' }).program);
  return found;
}

describe('the bundle', () => {
  const made = execFileSync(process.execPath, [join(__dirname, 'test-packages.mjs')], { encoding: 'utf8' });
  const shared = join(made, 'wave-plugin', 'dist', 'shared');
  const large = readdirSync(shared).filter((name) => /^(shared|execa|tar-stream)-.*\.js$/.test(name));

  it('has no file that Node may be given compiled and that imports something, which Node 20 could not', () => {
    expect(large).toHaveLength(3);
    for (const name of large)
      expect([name, importsOf(readFileSync(join(shared, name), 'utf8'))]).toEqual([name, 0]);
  });

  it('imports packages in a file of its own, which is seen here', () => {
    const [name = ''] = readdirSync(shared).filter((one) => /^packages-.*\.js$/.test(one));
    expect(importsOf(readFileSync(join(shared, name), 'utf8'))).toBe(3);
  });

  describe('runs tasks as commands', () => {
    const plugin = join(made, 'wave-plugin');
    const wave = 'docs/plans/waves/wave-1.md';
    let root: string;
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), 'nx-wave-bundle-'));
      mkdirSync(dirname(join(root, wave)), { recursive: true });
      writeFileSync(
        join(root, wave),
        '# Wave\n\n## Agent A1: Work\n\n### Prompt\n\n```\nDo it.\n\nFile ownership:\n- a.ts\n```\n',
      );
    });
    afterEach(() => rmSync(root, { recursive: true }));

    /** The executor of an agent, as the plugin infers it in a process of its own. */
    function inferred(): string {
      const call = `const [[, { projects }]] = require(${JSON.stringify(join(plugin, 'dist', 'index.js'))})
        .createNodes[1]([${JSON.stringify(wave)}], undefined, { workspaceRoot: process.cwd(), nxJsonConfiguration: {} });
        process.stdout.write(Object.values(projects)[0].targets['agent-a1'].executor);`;
      return execFileSync(process.execPath, ['-e', call], { cwd: root, encoding: 'utf8' });
    }

    it('where Node finds its program from the top of the workspace', () => {
      mkdirSync(join(root, 'node_modules', '@nx-wave'), { recursive: true });
      symlinkSync(plugin, join(root, 'node_modules', '@nx-wave', 'plugin'));
      expect(inferred()).toBe('nx:run-commands');
    });

    it('not where the packages of a workspace stand elsewhere', () => {
      expect(inferred()).toBe('@nx-wave/plugin:agent');
    });

    it('not where Node would find another copy of it', () => {
      const other = join(root, 'node_modules', '@nx-wave', 'plugin');
      mkdirSync(join(other, 'dist', 'bin'), { recursive: true });
      writeFileSync(join(other, 'package.json'), readFileSync(join(plugin, 'package.json')));
      writeFileSync(join(other, 'dist', 'bin', 'task.js'), '');
      expect(inferred()).toBe('@nx-wave/plugin:agent');
    });
  });
});
