import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { documentedCommands, type DocumentedCommand } from './documented-commands';
import { programs } from './judge-command';

const root = resolve(__dirname, '..', '..');

/** Pages that people read: without the plans of waves, and without the prompts of agents. */
const read =
  /^(README|CHANGELOG|CONTRIBUTING|docs\/(guides|decisions|reference)\/.*|docs\/[^/]*|packages\/[^/]*\/README|packages\/wave-plugin\/skills\/.*|apps\/example\/README|tools\/[^/]*\/README)\.md$/;
/** What people of other workspaces read, and the reference of all targets. */
const ofUsers = /^(README|docs\/guides\/.*|docs\/reference\/generated\/targets|packages\/.*)\.md$/;

export const pages = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => read.test(path) && !path.includes('node_modules'))
  .sort();

export const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

/** Every command of these pages. */
export function allDocumented(of: readonly string[] = pages): DocumentedCommand[] {
  return of.flatMap((page) => documentedCommands(page, textOf(page), new Set(['npx', ...programs.keys()])));
}

export const pagesOfUsers = pages.filter((path) => ofUsers.test(path));
