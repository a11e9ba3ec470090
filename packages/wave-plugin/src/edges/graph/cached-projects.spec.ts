import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cachedProjects } from './cached-projects';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-wave-projects-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const graphOf = (name: string) =>
  JSON.stringify({ nodes: { [name]: { name, data: { root: name } }, odd: {} } });

describe('the projects of the graph of Nx', () => {
  it.each([
    ['.nx/workspace-data', {}],
    ['data', { NX_WORKSPACE_DATA_DIRECTORY: 'data', NX_PROJECT_GRAPH_CACHE_DIRECTORY: 'other' }],
    ['other', { NX_PROJECT_GRAPH_CACHE_DIRECTORY: 'other' }],
  ])('are read in %s, where %j', (folder, env) => {
    write(`${folder}/project-graph.json`, graphOf('lib'));
    expect(cachedProjects(root, env)).toEqual({ lib: { root: 'lib' } });
  });

  it('are read below an absolute path', () => {
    write('elsewhere/project-graph.json', graphOf('lib'));
    const env = { NX_WORKSPACE_DATA_DIRECTORY: join(root, 'elsewhere') };
    expect(cachedProjects(join(root, 'workspace'), env)).toEqual({ lib: { root: 'lib' } });
  });

  it('are asked of Nx itself where the file is not there, or cut off', () => {
    write('node_modules/@nx/devkit/package.json', '{ "name": "@nx/devkit", "main": "index.js" }');
    write(
      'node_modules/@nx/devkit/index.js',
      `exports.readCachedProjectGraph = () => (${graphOf('asked')});`,
    );
    expect(cachedProjects(root, {})).toEqual({ asked: { root: 'asked' } });
    write('.nx/workspace-data/project-graph.json', graphOf('lib').slice(0, -3));
    expect(cachedProjects(root, {})).toEqual({ asked: { root: 'asked' } });
  });

  it('are none where nobody can tell', () => {
    expect(cachedProjects(root, {})).toEqual({});
  });
});
