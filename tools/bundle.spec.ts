import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
});
