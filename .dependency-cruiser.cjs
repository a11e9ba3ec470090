/**
 * Which folder may import which: `npm run lint:imports`, part of `npm test`. Type imports count too.
 * The rooms of the house and their order are described in docs/architecture.md.
 */
const src = '^packages/wave-plugin/src';
const tests = '(\\.spec\\.ts$|/testing/)';

/** Rooms of the engine, each of which may import those before it and itself. */
const engineRooms = ['program', 'claims', 'session', 'slices', 'agent', 'stages', 'wave', 'lane'];
/** Layers of the plugin, each of which may import those before it and itself. */
const layers = ['core', 'roles', 'gates', 'adapters', 'proof', 'edges', 'engine', 'executors', 'generators'];

const upwards = (root, ordered) =>
  ordered.slice(0, -1).map((name, at) => ({
    name: `${name}-imports-inwards`,
    comment: `${name} may not import ${ordered.slice(at + 1).join(', ')}.`,
    severity: 'error',
    from: { path: `${root}/${name}/`, pathNot: tests },
    to: { path: `${root}/(${ordered.slice(at + 1).join('|')})/` },
  }));

module.exports = {
  forbidden: [
    {
      name: 'no-circular-files',
      comment: 'Files that need each other share a third thing: move it to a file of its own.',
      severity: 'error',
      from: { pathNot: tests },
      to: { circular: true },
    },
    {
      name: 'no-circular-folders',
      comment: 'Rooms that need each other are one room, or one of them holds what belongs further in.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^packages' },
      to: { circular: true },
    },
    ...upwards(src, layers),
    ...upwards(`${src}/engine`, engineRooms),
    {
      name: 'effects-live-in-edges',
      comment:
        'Files, processes and git are reached through an edge; only edges and the doors of Nx touch them.',
      severity: 'error',
      from: { path: src, pathNot: [tests, `${src}/(edges|executors|generators)/`, `${src}/index\\.ts$`] },
      to: { path: '^(node:)?(fs|fs/promises|child_process)$' },
    },
    {
      name: 'git-runs-in-edges',
      comment: 'Command lines of git are written in edges/git; programs are supervised by edges/processes.',
      severity: 'error',
      from: { path: src, pathNot: [tests, `${src}/edges/(git|processes)/`] },
      to: { path: `${src}/edges/(git/run-git|processes/start-program)\\.ts$` },
    },
    {
      name: 'execa-has-one-door',
      comment:
        'Programs are started through edges/processes/start-program.ts, which loads execa with the first one.',
      severity: 'error',
      from: { path: src, pathNot: `${src}/edges/processes/execa\\.ts$` },
      to: { path: '(^|/)execa(/|$)', pathNot: src },
    },
    {
      name: 'tests-stay-outside',
      comment: 'What is published never imports what is for tests.',
      severity: 'error',
      from: { path: src, pathNot: tests },
      to: { path: '/testing/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    detectProcessBuiltinModuleCalls: true,
  },
};
