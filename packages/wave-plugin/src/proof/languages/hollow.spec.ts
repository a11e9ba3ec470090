// About languages/ecma/hollow.ts, through the languages that use it.
import ts from 'typescript';
import { languageOf } from './registry';

async function hollowed(path: string, text: string, before: string[] = []) {
  const tools = await languageOf(path)?.load();
  const result = tools?.hollow({ path, text, before });
  if (result === undefined || result === 'unparseable') throw new Error(`${path} cannot be read`);
  return { text: result.text, names: result.functions.map(({ name, line }) => `${name}:${line}`) };
}

it('tells functions from what only hands on those of other files', async () => {
  const tools = await languageOf('a.ts')?.load();
  const file = { path: 'a.ts', text: `export { a } from './a';\nexport const b = () => 1;`, before: [] };
  const own = tools?.hollow(file, ({ passesOn }) => passesOn === undefined);
  expect(own).toMatchObject({ functions: [{ name: 'b', line: 2 }] });
  expect(tools?.hollow(file)).toMatchObject({ functions: [{ name: 'a', passesOn: true }, { name: 'b' }] });
});

const skip = 'if ([].length === 0) return';

describe('emptying what a slice changed', () => {
  it.each<[string, string, string, string[]]>([
    ['a function', 'a.js', `function f(a) { return a; }`, ['f:1']],
    ['an arrow that is an expression', 'a.js', `const f = (a) => ({ a });`, ['f:1']],
    ['an arrow with a body', 'a.mjs', `export const f = async () => { await g(); };`, ['f:1']],
    ['a default export without a name', 'a.js', `export default function () { return 1; }`, ['default:1']],
    ['a property of module.exports', 'a.cjs', `module.exports.f = function () { return 1; };`, ['f:1']],
    [
      'members of a class',
      'a.js',
      `class C {\n  #p() { return 1; }\n  get x() { return 2; }\n  f = () => 3;\n}`,
      ['C.#p:2', 'C.x:3', 'C.f:4'],
    ],
    ['methods of an object', 'a.js', `export const o = { f() { return 1; }, g: () => 2 };`, ['f:1', 'g:1']],
    [
      'a callback at the top of its file',
      'a.js',
      `app.get('/', (req, res) => { res.end('x'); });`,
      ['anonymous:1'],
    ],
    ['a wrapped function', 'a.jsx', `export const View = memo(() => <p>hi</p>);`, ['View:1']],
    ['a generator', 'a.ts', `export function* all(): Generator<number> { yield 1; }`, ['all:1']],
    ['a re-export', 'a.ts', `export { slugify as slug, type T } from './b';`, ['slug:1']],
  ])('%s', async (_what, path, text, names) => {
    const result = await hollowed(path, text);
    expect(result.names).toEqual(names);
    expect(result.text).not.toBe(text);
    expect(result.text).toMatch(/\[\]\.length === 0|= (undefined|\(undefined as any\));/);
  });

  it.each<[string, string, string, string[]]>([
    ['types and constants', 'a.ts', `export interface A { a: number }\nexport const table = { a: 1 };`, []],
    ['declarations of overloads', 'a.ts', `export declare function f(): void;`, []],
    ['what does nothing already', 'a.ts', `export function f() {}\nexport const g = () => undefined;`, []],
    [
      'a formatted function',
      'a.ts',
      `function f(a) {\n  // why\n  return (a + "x");\n}`,
      [`function f(a) { return a + 'x' }`],
    ],
    [
      'a function with other types',
      'a.ts',
      `function f(a: number): string { return a as string; }`,
      [`function f(a) { return a; }`],
    ],
    [
      'a function that came from another file',
      'a.ts',
      `export function f() { return 1; }`,
      [`const x = 2;`, `function f() { return 1; }`],
    ],
    [
      'what a function tells a person',
      'a.ts',
      `function f(a) { this.logger.debug(a.map((b) => b.id)); if (!a) throw new RangeError(\`no \${a}\`); console.log('b'); return a; }`,
      [`function f(a) { if (!a) throw new RangeError('none'); console.log('a'); return a; }`],
    ],
    [
      'a new name for the same',
      'a.ts',
      `export function g() { return 1; }`,
      [`export function f() { return 1; }`],
    ],
  ])('leaves %s alone', async (_what, path, text, before) => {
    expect(await hollowed(path, text, before)).toEqual({ text, names: [] });
  });

  it.each<[string, string, string]>([
    ['another class of error', `throw new RangeError('a');`, `throw new TypeError('a');`],
    ['work in what it logs', `console.log((() => { return a; })());`, ''],
    ['a field that it sets while it logs', `console.log((a.b = 1));`, ''],
    ['work in the text of an error', 'throw new Error(`${(a.b = 1)}`);', 'throw new Error(``);'],
    ['something else than telling', `console.log(a);`, `console.clear(); store.log(a);`],
  ])('takes a function with %s', async (_what, now, then) => {
    const text = (body: string) => `function f(a) { ${body} return a; }`;
    expect((await hollowed('a.js', text(now), [text(then)])).names).toEqual(['f:1']);
  });

  it('takes the innermost function that has a name', async () => {
    const before = 'function outer() { const inner = () => { return 1; }; return inner(); }';
    const { text, names } = await hollowed('a.js', before.replace('return 1', 'return 2'), [before]);
    expect(names).toEqual(['inner:1']);
    expect(text).toContain('const inner = () => { if ([].length === 0) return undefined;');
  });

  it('takes the second of two equal functions where the base has one', async () => {
    const one = 'const a = () => x();';
    expect((await hollowed('a.js', `${one}\nconst b = () => x();`, [one])).names).toEqual(['b:2']);
  });

  it('leaves a constructor that has to set fields, and stops another after `super`', async () => {
    const text = 'class B extends A { constructor() { super(); this.x = 1; } }';
    expect((await hollowed('a.ts', text)).names).toEqual([]);
    expect((await hollowed('a.js', text)).text).toContain(`super(); ${skip}; `);
  });

  it('keeps directives first', async () => {
    const { text } = await hollowed('a.js', `function f() { 'use strict'; return 1; }`);
    expect(text).toContain(`'use strict'; ${skip} undefined;`);
  });

  it('gives nothing for what is no program', async () => {
    const tools = await languageOf('a.ts')?.load();
    expect(tools?.hollow({ path: 'a.ts', text: 'function (', before: [] })).toBe('unparseable');
    expect(languageOf('a.d.ts')).toBeNull();
    expect(languageOf('a.rs')).toBeNull();
  });

  it('leaves nothing that a strict compiler could object to', async () => {
    const text = `
      declare function readFileSync(path: string, encoding: string): string;
      declare const console: { log(...all: unknown[]): void };
      export class Reader {
        private readonly text: string;
        constructor(path: string) { this.text = readFileSync(path, 'utf8'); }
        get lines() { return this.text.split('\\n'); }
        set name(value: string) { console.log(value, this.text); }
        find<T extends string>(wanted: T): T | undefined { for (const line of this.lines) if (line === wanted) return wanted; return undefined; }
        private used() { return 1; }
        next = (): number => this.used();
      }
      export const tagged = (kind: 'a' | 'b') => ({ kind, at: 1 }) as const;
      export function isText(value: unknown): value is string { return typeof value === 'string'; }
      export function assertText(value: unknown): asserts value is string { if (!isText(value)) throw new Error('no'); }
      export function fail(why: string): never { throw new Error(why); }
      export async function load(path: string) { return new Reader(path).lines; }
      export function* numbers(): Generator<number, string> { yield 1; return 'done'; }
      export async function each(visit: (line: string) => void) { for (const line of await load('x')) visit(line); }
      export function log(line: string) { if (line === '') return; console.log(line); }
      const total = tagged('a').at + (await load('y')).length;
      export { total };
    `;
    const { text: made, names } = await hollowed('a.ts', text);
    expect(names).toHaveLength(13);
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noImplicitReturns: true,
      noUncheckedIndexedAccess: true,
      allowUnreachableCode: false,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      lib: ['lib.es2022.d.ts'],
      types: [],
      skipLibCheck: true,
    };
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile;
    host.getSourceFile = (name, version) =>
      name === 'made.mts' ? ts.createSourceFile(name, made, version) : read.call(host, name, version);
    const program = ts.createProgram(['made.mts'], options, host);
    const said = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(said).toEqual([]);
  });
});
