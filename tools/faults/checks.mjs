import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { environmentOf, ledgerPath, project } from './workspace.mjs';

/** What must hold after any fault, looked at from outside: files, processes and the log that the agents write themselves. */

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Folders of the store that hold a bundle under a final name, as [folder, whether every digest holds]. */
export function bundlesOf({ store }) {
  return filesBelow(store)
    .filter((path) => basename(path) === 'manifest.json' && !/\/\.[^/]*(draft|drafts)/.test(path))
    .map((path) => [dirname(path), isIntact(dirname(path))]);
}

function isIntact(folder) {
  try {
    const text = readFileSync(join(folder, 'manifest.json'));
    if (/^[0-9a-f]{64}$/.test(basename(folder)) && sha256(text) !== basename(folder)) return false;
    const { subject } = JSON.parse(text);
    const there = filesBelow(folder).filter((path) => path !== join(folder, 'manifest.json'));
    return (
      there.length === subject.length &&
      subject.every(({ name, digest }) => sha256(readFileSync(join(folder, name))) === digest.sha256)
    );
  } catch {
    return false;
  }
}

/** Every file of an intact bundle with its digest: bytes that nobody may change any more. */
export function storedBytes(places) {
  return new Map(
    bundlesOf(places)
      .filter(([, intact]) => intact)
      .flatMap(([folder]) => filesBelow(folder))
      .map((path) => [path, sha256(readFileSync(path))]),
  );
}

/** Stored files that are no longer what they were. With `mayGo` one that is gone is none of them. */
export function changedBytes(before, mayGo) {
  return [...before].flatMap(([path, digest]) => {
    if (!existsSync(path)) return mayGo ? [] : [`${path} is gone`];
    return sha256(readFileSync(path)) === digest ? [] : [`${path} has other bytes`];
  });
}

/**
 * JSON files under their final names that cannot be read, and proofs whose digests do not hold. `damaged`: a file that the
 * trial has changed; its proof may lie where nobody asks for it, because one that holds stands beside it for the same work.
 */
export function tornFiles(places, damaged = null) {
  const json = [places.store, places.stateRoot, join(places.root, ledgerPath)]
    .flatMap(filesBelow)
    .filter((path) => path.endsWith('.json') && !path.includes('/attempts/') && !/\/\.[^/]*draft/.test(path))
    .filter((path) => !isJson(path))
    .map((path) => `${path} is no JSON`);
  const bundles = bundlesOf(places).filter(([folder]) => folder.includes('/proofs/'));
  const isReplaced = (folder) =>
    damaged?.startsWith(`${folder}/`) === true &&
    bundles.some(([one, intact]) => intact && dirname(one) === dirname(folder));
  const proofs = bundles
    .filter(([folder, intact]) => !intact && !isReplaced(folder))
    .map(([folder]) => `the digests of ${folder} do not hold`);
  return [...json, ...proofs];
}

function isJson(path) {
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Leases and ports that somebody who lives still has; `[]` where all were given back or their holder is dead. */
export function heldLeases({ store, temp }) {
  const folders = new Map();
  for (const path of [...filesBelow(join(store, 'leases')), ...filesBelow(temp)]) {
    const number = Number(/^g(\d+)$/.exec(basename(path))?.[1] ?? 0);
    if (number > (folders.get(dirname(path)) ?? 0)) folders.set(dirname(path), number);
  }
  return [...folders]
    .map(([folder, number]) => join(folder, `g${number}`))
    .filter((path) => {
      try {
        const { released, owner } = JSON.parse(readFileSync(path, 'utf8'));
        return !released && lives(owner);
      } catch {
        return false;
      }
    });
}

/** Whether the very process lives: its number may be that of another one by now. */
function lives({ pid, startTime }) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] === startTime;
}

/** Checkouts and other private folders that are left. The snapshot of the last command stays until the next one. */
export function leftFolders({ temp, store, root }) {
  const scratch = readdirSync(temp)
    .filter((name) => name.startsWith('nx-wave-'))
    .map((name) => join(temp, name));
  const workspaces = scratch.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^[0-9a-f]{12}$/.test(name))
      .map((name) => join(folder, name)),
  );
  const homes = workspaces.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name !== 'runs' && name !== 'links')
      .map((name) => join(folder, name)),
  );
  const runs = workspaces.flatMap((folder) =>
    existsSync(join(folder, 'runs'))
      ? readdirSync(join(folder, 'runs')).map((name) => join(folder, 'runs', name))
      : [],
  );
  const stages = readdirSync(store)
    .filter((name) => /^(landing|\.owned)/.test(name))
    .map((name) => join(store, name));
  const landing = [...stages, ...[join(root, '.nx-wave-landing')].filter(existsSync)];
  const locks = filesBelow(join(root, '.git')).filter((path) => path.endsWith('.lock'));
  return [...homes, ...runs.slice(1), ...landing, ...locks];
}

/** Starts and finished runs of each agent, by its own log. */
export function agentRuns({ agentLog }) {
  const runs = { A1: { start: 0, done: 0 }, A2: { start: 0, done: 0 } };
  for (const line of readFileSync(agentLog, 'utf8').split('\n').filter(Boolean)) {
    const [what, id] = line.split(' ');
    runs[id][what] += 1;
  }
  return runs;
}

/**
 * What the trial has led to: closure, integrated patch, working tree, HEAD and branches. Numbers of attempts and the digests
 * of proofs (which hold times) are left out; where a ledger entry is part of what was closed, so is what depends on its id.
 */
export function finalState(places, { exact = false }) {
  const { root, stateRoot } = places;
  const git = (...args) =>
    execFileSync('git', args, {
      cwd: root,
      env: environmentOf(places),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const outsideLedger = (text) => text.split('\n').filter((line) => !line.includes('wave-1.ledger/'));
  const launcher = join(stateRoot, 'main-wave-launcher');
  const entries = filesBelow(join(root, ledgerPath)).map((path) => basename(path).replace(/^[^-]*-/, ''));
  const branches = git('for-each-ref', '--format=%(refname)').split('\n').filter(Boolean);
  return {
    closure: closureOf(join(launcher, 'closure', `${project}.json`), exact),
    patch: fileDigest(join(launcher, 'closure', `${project}.patch`)),
    tree: filesBelow(root)
      .filter(
        (path) =>
          !path.startsWith(`${root}/.git/`) &&
          !path.startsWith(`${root}/.tmp/`) &&
          !path.startsWith(`${root}/node_modules/`) &&
          !path.includes('.ledger/'),
      )
      .map((path) => `${path.slice(root.length)} ${fileDigest(path)}`),
    entries: [...new Set(entries)].sort(),
    landings: entries.filter((name) => name.startsWith('wave.landed')).length,
    status: outsideLedger(git('--no-optional-locks', 'status', '--porcelain', '-uall')),
    refs: branches.map((ref) => [ref, outsideLedger(git('ls-tree', '-r', ref))]),
  };
}

const fileDigest = (path) => (existsSync(path) ? sha256(readFileSync(path)) : null);

function closureOf(path, exact) {
  if (!existsSync(path)) return null;
  const closure = JSON.parse(readFileSync(path, 'utf8'));
  const { mergedTree, verdicts, agents, ...rest } = closure;
  return {
    ...rest,
    agents: agents.map(({ agentId, state, workKey, resultDigest }) => ({
      agentId,
      state,
      ...(exact ? { workKey, resultDigest } : {}),
    })),
    ...(exact ? { mergedTree, verdicts } : {}),
  };
}
