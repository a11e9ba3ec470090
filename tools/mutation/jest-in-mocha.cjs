/**
 * The unit tests of an area as one file for mocha: loaded once, they are asked again for each mutant within milliseconds, where jest
 * would load everything anew. They need of jest what is put here: `expect`, and tables of tests. `SPECS`: the files, relative to the
 * working directory, which is Stryker's copy of the repository.
 */
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');

const copy = process.cwd();
const ownRequire = Module.createRequire(join(copy, 'package.json'));
const { transformSync } = ownRequire('@swc/core');

const places = {
  'fast-check': join(copy, 'tools/jest/fast-check.cjs'),
  '@nx-wave/schemas': join(copy, 'packages/wave-schemas/src/index.ts'),
  '@nx-wave/plugin': join(copy, 'packages/wave-plugin/src/index.ts'),
};

/** TypeScript from its sources, the packages of this repository from the copy and not from `node_modules`. */
const find = Module._resolveFilename;
Module._resolveFilename = function (name, parent, ...rest) {
  if (places[name] !== undefined) return places[name];
  const [, packageName, path] = /^@nx-wave\/(schemas|plugin)\/(.+)$/.exec(name) ?? [];
  if (path !== undefined) return join(copy, `packages/wave-${packageName}/src/${path}.ts`);
  if (name.startsWith('.') && parent?.filename?.endsWith('.ts')) {
    const from = join(dirname(parent.filename), name);
    for (const one of [`${from}.ts`, join(from, 'index.ts')]) if (existsSync(one)) return one;
  }
  return find.call(this, name, parent, ...rest);
};
require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    sourceMaps: false,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};

const each = ownRequire('jest-each').bind;
const { expect } = ownRequire('expect');
const { after, before, describe, it } = globalThis;
Object.assign(globalThis, { expect, test: it, beforeAll: before, afterAll: after });
it.each = each(it);
describe.each = each(describe, false);
for (const spec of JSON.parse(process.env.SPECS)) describe(spec, () => void require(join(copy, spec)));
