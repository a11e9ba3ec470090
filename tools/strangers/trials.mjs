const project = (name) => `${JSON.stringify({ name })}\n`;
// Yarn resolves the binaries of every platform, which not every registry has of every version.
const everyPlatform = '24.0.6';

/**
 * The workspaces that are tried: how each begins, and the chapters that follow the first screen. `wave` is the number that the
 * first wave gets there. `refused` is what is said where the packages cannot be used. `ci` marks the one of the short form.
 */
export const trials = [
  { name: 'npm, Nx 24', manager: 'npm', nx: '24.0.0', chapters: ['second wave', 'own work'], ci: true },
  { name: 'documented commands', manager: 'npm', nx: '24.0.0', chapters: ['documented commands'] },
  { name: 'npm, Nx 23.2', manager: 'npm', nx: '23.2.1', chapters: ['second wave', 'interrupted'] },
  {
    name: 'TUI in a terminal',
    manager: 'npm',
    nx: '24.0.0',
    terminal: true,
    chapters: ['interrupted'],
  },
  {
    name: 'jest, vitest, targetDefaults, Nx 23.2',
    manager: 'npm',
    nx: '23.2.1',
    packages: ['js', 'jest', 'vitest', 'vite'].map((name) => `@nx/${name}@23.2.1`),
    prepare: [
      'npx nx g @nx/js:lib libs/words --unitTestRunner=jest --bundler=tsc --linter=none --no-interactive',
      'npx nx g @nx/js:lib libs/names --unitTestRunner=vitest --bundler=none --linter=none --no-interactive',
      // What the generators take reads no jest.config.cts; of TypeScript 5 it does.
      'npm install --save-dev --no-audit --no-fund typescript@5.9.3 @swc-node/register@1.12.1 @swc/core@1.16.22',
    ],
    chapters: ['test runners'],
  },
  {
    name: 'subfolder, a project named wave-1, daemon',
    manager: 'npm',
    nx: '24.0.0',
    folder: 'apps/frontend',
    files: { 'libs/one/project.json': project('wave-1') },
    daemon: true,
    wave: 2,
    chapters: ['daemon'],
  },
  { name: 'pnpm 10', manager: 'pnpm', nx: '24.0.0', chapters: ['uncommitted'] },
  { name: 'pnpm 10, hoisted', manager: 'pnpm, hoisted', nx: '24.0.0', chapters: ['in CI'] },
  { name: 'yarn 1', manager: 'yarn 1', nx: everyPlatform, chapters: ['renamed'] },
  { name: 'yarn 4, node_modules', manager: 'yarn 4', nx: everyPlatform, chapters: ['own work'] },
  { name: "yarn 4, Plug'n'Play", manager: 'yarn 4, PnP', nx: everyPlatform, refused: /install-unsupported/ },
];
