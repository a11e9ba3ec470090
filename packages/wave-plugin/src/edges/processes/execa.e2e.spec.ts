import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { executors } from '../../../executors.json';

const source = resolve(__dirname, '../../../../..');
const src = join(source, 'packages/wave-plugin/src');

/** Loads modules in a process of its own and tells which of execa's files Node was asked for, by require or by import. */
const watch = `
const Module = require('node:module');
const { writeSync } = require('node:fs');
const hooks = "import { writeSync } from 'node:fs'; export const resolve = (name, context, next) => {" +
  " if (name === 'execa') writeSync(1, 'imported '); return next(name, context); };";
Module.register('data:text/javascript,' + encodeURIComponent(hooks));
const { _load } = Module;
Module._load = function (name, ...rest) {
  if (name === 'execa') writeSync(1, 'required ');
  return _load.call(this, name, ...rest);
};
const modules = process.argv.slice(1).map((path) => require(path));
writeSync(1, 'modules: ' + modules.length + ' ');
Promise.all(modules.map(({ loadExeca }) => loadExeca?.())).then(() => writeSync(1, 'end'));
`;

function load(paths: readonly string[]): string {
  return execFileSync(process.execPath, ['-r', '@swc-node/register', '-e', watch, ...paths], {
    cwd: source,
    env: { ...process.env, TS_NODE_PROJECT: join(source, 'tsconfig.base.json') },
    encoding: 'utf8',
  });
}

describe('execa', () => {
  const doors = Object.values(executors).map(({ implementation }) =>
    join(src, implementation.replace('./dist/', '')),
  );

  it('is not loaded with the graph, nor with any executor before it starts a program', () => {
    expect(doors.length).toBeGreaterThan(10);
    const paths = [join(src, 'index'), ...doors];
    expect(load(paths)).toBe(`modules: ${paths.length} end`);
  });

  it('is seen here when it is loaded', () => {
    expect(load([join(src, 'edges/processes/execa')])).toMatch(/^modules: 1 (imported|required) end$/);
  });
});
