import { basename, dirname, join } from 'node:path';
import { sha256 } from '@nx-wave/schemas/plain';
import { laneProjects, waveFolders } from '../../core/resolve/identity';
import { readConfig } from '../../core/resolve/read-config';
import { isLedgerPath } from '../../core/runner-paths';
import { listFiles, readableNames } from '../../edges/files/list-folder';
import { readText } from '../../edges/files/read-file';
import type { Repository } from '../../edges/git/contracts';

const digest = /[0-9a-f]{64}/g;

/**
 * Every digest that a ledger, a closure, a handoff, a verdict or another output names, in every working tree of the
 * repository, and the digest of every bundle that is shown there. What is looked for is any digest at all: a document of
 * tomorrow that names a proof keeps it too.
 */
export async function neededDigests(repo: Repository, include: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const top of await workingTrees(repo)) {
    const root = join(top, repo.prefix);
    const { config } = readConfig(await readText(join(root, 'wave.config.json')));
    const states = new Set(laneProjects(config).map(({ stateRoot }) => stateRoot));
    const folders = waveFolders(config, include).map(({ dir }) => dir);
    for (const state of states) await addFrom(join(root, state), () => true, found);
    for (const folder of folders) {
      await addFrom(join(root, folder), isLedgerPath, found);
    }
  }
  return found;
}

async function addFrom(folder: string, wanted: (path: string) => boolean, found: Set<string>): Promise<void> {
  for (const { path, absolute } of (await listFiles(folder)).files) {
    if (!path.endsWith('.json') || !wanted(path)) continue;
    const text = (await readText(absolute)) ?? '';
    for (const [name] of text.matchAll(digest)) found.add(name);
    if (basename(path) === 'manifest.json') found.add(sha256(text));
  }
}

/** The top folders of the repository's working trees: its own, and every linked one that is still there. */
async function workingTrees({ commonDir, topLevel }: Repository): Promise<string[]> {
  const trees = new Set([topLevel]);
  if (basename(commonDir) === '.git') trees.add(dirname(commonDir));
  const names = await readableNames(join(commonDir, 'worktrees'));
  for (const name of names) {
    const text = await readText(join(commonDir, 'worktrees', name, 'gitdir'));
    if (text !== null) trees.add(dirname(text.trim()));
  }
  return [...trees];
}
