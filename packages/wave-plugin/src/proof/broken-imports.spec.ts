// Also about proof/languages/ecma/modules.ts.
import { findBrokenImports, foldersAsked, readModules } from './broken-imports';

/** What is wrong with some sources of a tree that has these other files, too. */
async function broken(sources: Record<string, string>, others: string[] = []): Promise<string[]> {
  const modules = await readModules(new Map(Object.entries(sources)));
  const paths = new Set([...Object.keys(sources), ...others]);
  return findBrokenImports(modules, (path) => paths.has(path)).map(
    ({ path, line, what }) => `${path}:${line} ${what}`,
  );
}

const gone = 'src/a.ts:1 imports ./b, which is not there';

describe('imports that lead nowhere', () => {
  it.each<[string, string, string[], string[]]>([
    ['a file that is not there', "import { b } from './b';", [], [gone]],
    ['one that is handed on', "export * from './b';", [], [gone]],
    ['one for its effect', "import './b';", [], [gone]],
    ['a type', "import type { B } from './b';", [], [gone]],
    ['a file with an ending', "import { b } from './b';", ['src/b.mts'], []],
    ['a folder', "import { b } from './b';", ['src/b/index.ts'], []],
    ['a folder that is a package', "import { b } from './b';", ['src/b/package.json'], []],
    ['what a compiler makes', "import { b } from './b.js';", ['src/b.ts'], []],
    ['a variant for a platform', "import { b } from './b';", ['src/b.native.tsx'], []],
    ['the folder itself', "import { b } from '.';", ['src/index.ts'], []],
    ['the folder above', "import { b } from '..';", ['index.js'], []],
    ['a package', "import { b } from 'b';", [], []],
    ['an alias', "import { b } from '@/b';", [], []],
    ['what a loader makes', "import b from './b.svg?url';", [], []],
    ['what may be missing', "const b = await import('./b').catch(() => null);\nexport {};", [], []],
    ['what is required', "try { require('./b'); } catch {}", [], []],
    ['what is outside of the workspace', "import { b } from '../../b';", [], []],
  ])('are told of %s', async (_what, text, others, expected) => {
    expect(await broken({ 'src/a.ts': text }, others)).toEqual(expected);
  });

  it.each([
    ['export const b = 1;', []],
    ['const c = 1;\nexport { c as b };', []],
    ['export const { a: [b], ...c } = d;', []],
    ['export interface b {}', []],
    ['export enum b {}', []],
    ["export * from 'elsewhere';\nexport const c = 1;", []],
    ["export import b = require('elsewhere');", []],
    ['const b = 1;\nexport = { b };', []],
    ['module.exports = { b: 1 };', []],
    ['export default class {}', ['src/a.ts:1 imports b of ./b, which exports no such name']],
    ['export const c = 1;', ['src/a.ts:1 imports b of ./b, which exports no such name']],
  ])('are told of names that %j does not export', async (text, expected) => {
    expect(await broken({ 'src/a.ts': "import { b } from './b';", 'src/b.ts': text })).toEqual(expected);
  });

  it('count a text that is no program, and no template of one', async () => {
    expect(await broken({ 'src/a.ts': 'export const a = ;' })).toEqual([
      'src/a.ts:1 cannot be read as a program',
    ]);
    expect(await broken({ 'src/a.ts': 'export const a = <%= value %>;' })).toEqual([]);
    expect(await broken({ 'src/files/a.ts': "import { b } from './b';" })).toEqual([]);
  });

  it('ask for the folders of what is imported, and for these as folders', async () => {
    const modules = await readModules(new Map([['src/a.ts', "import '../b';\nimport './c/d';"]]));
    expect(foldersAsked(modules)).toEqual(['', 'b', 'src/c', 'src/c/d']);
  });
});
