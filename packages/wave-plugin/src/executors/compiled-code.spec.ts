import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const source = resolve(__dirname, '../../../..');
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'nx-wave-compiled-'));
  mkdirSync(join(home, 'shared'));
});
afterEach(() => rmSync(home, { recursive: true }));

const kept = () => join(home, 'kept');
const names = () => readdirSync(kept());
/** A module that is large enough to be kept; it says what it was given. */
const large = (word: string) => `${'// filled up\n'.repeat(6000)}
exports.word = '${word}';
exports.given = [__filename, __dirname, module.id, typeof require('node:fs').readFileSync];
`;

/** Loads a file below \`shared\` in a process of its own, and gives what it exports. */
function load(name: string): { word: string; given: string[] } {
  const call = `require(${JSON.stringify(join(__dirname, 'compiled-code.ts'))}).keepCompiledCode(${JSON.stringify(join(home, 'shared'))}, ${JSON.stringify(kept())});
    process.stdout.write(JSON.stringify(require(${JSON.stringify(join(home, 'shared', name))})));`;
  const output = execFileSync(process.execPath, ['-r', '@swc-node/register', '-e', call], {
    cwd: source,
    env: { ...process.env, TS_NODE_PROJECT: join(source, 'tsconfig.base.json') },
    encoding: 'utf8',
  });
  return JSON.parse(output) as ReturnType<typeof load>;
}

describe('compiled code', () => {
  const file = () => join(home, 'shared', 'large.js');

  it('is kept once for a file, and what it gives is the same from then on', () => {
    writeFileSync(file(), large('one'));
    const first = load('large.js');
    expect(first).toEqual({
      word: 'one',
      given: [file(), join(home, 'shared'), file(), 'function'],
    });
    const [name = ''] = names();
    const before = readFileSync(join(kept(), name));
    expect(load('large.js')).toEqual(first);
    expect(names()).toEqual([name]);
    expect(readFileSync(join(kept(), name)).equals(before)).toBe(true);
  });

  it('is of these bytes alone: another file of the same length is compiled anew', () => {
    writeFileSync(file(), large('one'));
    load('large.js');
    writeFileSync(file(), large('two'));
    expect(load('large.js').word).toBe('two');
    expect(names()).toHaveLength(2);
  });

  it('is made again where something else stands in its place', () => {
    writeFileSync(file(), large('one'));
    load('large.js');
    const [name = ''] = names();
    writeFileSync(join(kept(), name), 'no code of V8');
    expect(load('large.js').word).toBe('one');
    expect(readFileSync(join(kept(), name)).length).toBeGreaterThan(100);
  });

  it('changes nothing where it cannot be kept', () => {
    writeFileSync(kept(), 'a file in the place of the folder');
    writeFileSync(file(), large('one'));
    expect(load('large.js').word).toBe('one');
    expect(readFileSync(kept(), 'utf8')).toBe('a file in the place of the folder');
  });

  it('is not kept of small files', () => {
    writeFileSync(join(home, 'shared', 'small.js'), large('one').split('\n').slice(-4).join('\n'));
    mkdirSync(kept());
    expect(load('small.js').word).toBe('one');
    expect(names()).toEqual([]);
  });
});
