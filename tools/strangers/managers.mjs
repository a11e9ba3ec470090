import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../packages.mjs';

const home = join(root, '.tmp', 'strangers', 'tools');

/** Programs of the trials that are no dependency of this repository, pinned, installed once below `.tmp`. */
const tools = {
  pnpm: { package: 'pnpm@10.34.8', bin: 'pnpm' },
  yarn1: { package: 'yarn@1.22.22', bin: 'yarn' },
  yarn4: { package: '@yarnpkg/cli-dist@4.18.1', bin: 'yarn' },
  // Later ones need Node 22; one of its dependencies names a tag that not every registry has.
  verdaccio: { package: 'verdaccio@6.4.0', bin: 'verdaccio', overrides: { 'node-fetch': '2.7.0' } },
};

/** The folder with the program of a tool, for PATH; installs it where it is missing. */
export async function toolFolder(name) {
  const { package: spec, bin, overrides = {} } = tools[name];
  const place = join(home, spec.replace(/[/@]/g, '_'));
  const folder = join(place, 'node_modules', '.bin');
  if (!existsSync(join(folder, bin))) {
    const { writeFileSync } = await import('node:fs');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), `${JSON.stringify({ private: true, overrides })}\n`);
    execFileSync(
      'npm',
      ['install', '--prefix', place, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', spec],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
  }
  return folder;
}

/**
 * How each package manager begins a workspace and runs a program of it. `files` are written first; `install` adds packages as
 * development dependencies; `run` stands for `npx` in a command of the README.
 */
export const managers = {
  npm: { tool: null, files: {}, install: 'npm install --save-dev --no-audit --no-fund', run: 'npx' },
  pnpm: { tool: 'pnpm', files: {}, install: 'pnpm add -D', run: 'pnpm exec' },
  'pnpm, hoisted': {
    tool: 'pnpm',
    files: { '.npmrc': 'node-linker=hoisted\n' },
    install: 'pnpm add -D',
    run: 'pnpm exec',
  },
  'yarn 1': { tool: 'yarn1', files: { 'yarn.lock': '' }, install: 'yarn add -D', run: 'yarn run -s' },
  'yarn 4': {
    tool: 'yarn4',
    files: { 'yarn.lock': '', '.yarnrc.yml': 'nodeLinker: node-modules\nenableTelemetry: false\n' },
    install: 'yarn add -D',
    run: 'yarn run',
  },
  'yarn 4, PnP': {
    tool: 'yarn4',
    files: { 'yarn.lock': '', '.yarnrc.yml': 'nodeLinker: pnp\nenableTelemetry: false\n' },
    install: 'yarn add -D',
    run: 'yarn run',
  },
};
