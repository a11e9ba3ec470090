import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { adapterRegistry } from '../../adapters/registry';
import { defaultStateRoot, laneProjects } from '../../core/resolve/identity';
import { pluginVersion } from '../../core/plugin-version';
import { readWaveConfig } from '../../built-in';
import { decideRunMode } from '../../core/state/run-mode';
import { groundPathsOf } from '../../core/validate/ground';
import { signersFile } from '../../core/trust/signatures';
import { ciSettingFiles, ciVariables, type CiFacts } from '../../core/views/ci-health';
import type { MachineFacts } from '../../core/views/health';
import { loadPeer } from '../../edges/load-package';
import { openBackend } from '../../edges/shared-store/backends';
import { probeStore } from '../../edges/shared-store/examine-store';
import { readStoreAddress } from '../../edges/shared-store/store-url';
import { readCommittedFile } from '../../edges/git/committed-file';
import type { ResolvedWave } from '../../core/model';
import type { Repository } from '../../edges/git/contracts';
import { isIgnored, readWorktree } from '../../edges/git/user-repository';
import { readWaveGround } from '../../edges/git/wave-ground';
import { askRemoteCache } from '../../edges/remote-cache/ask-remote-cache';
import { freeMib } from '../../edges/files/stat';
import { readText } from '../../edges/files/read-file';
import { checkWritable } from '../../edges/files/write-file';
import type { Edges } from '../session/edges';
import type { LaneRequest } from './lane';
import { readWave } from '../session/session';

/** Looks at everything that a run of the lane's waves needs. Folders that a run would make are made. */
export async function examineMachine(request: LaneRequest, edges: Edges): Promise<MachineFacts> {
  const { workspaceRoot } = request;
  const opened = await edges.git.openRepository(workspaceRoot);
  const repo = opened.ok ? opened.value : null;
  const configText = await readText(join(workspaceRoot, 'wave.config.json'));
  const config = readWaveConfig(configText);
  const waves: ResolvedWave[] = [];
  const brokenWaves: string[] = [];
  for (const wavePath of request.waves) {
    const read = await readWave({ workspaceRoot, wavePath, include: request.include });
    if (read.ok) waves.push(read.value.wave);
    else brokenWaves.push(wavePath);
  }
  const stateRoot =
    laneProjects(config.config).find(
      ({ projectId, lane }) => projectId === request.projectId && lane === request.lane,
    )?.stateRoot ?? defaultStateRoot;
  const mode = decideRunMode({
    requested: edges.env['NX_WAVE_RUN'],
    configured: waves[0]?.settings.run ?? null,
    ci: Boolean(edges.env['CI']),
  });
  const cacheFailures = edges.env['NX_CACHE_FAILURES'] ?? '';
  return {
    platform: process.platform,
    node: process.versions.node,
    nx: await installedVersion(workspaceRoot, 'nx'),
    devkit: await installedVersion(workspaceRoot, '@nx/devkit'),
    plugin: pluginVersion,
    git: opened.ok
      ? { version: opened.value.gitVersion }
      : { problem: opened.error.message, next: opened.error.next ?? null },
    worktree: repo === null ? null : await readWorktree(repo, edges.env),
    ignored: repo === null ? [] : await examineIgnores({ repo, stateRoot, waves }, edges),
    unfiltered: repo === null ? [] : await examineFilters(repo, waves, edges),
    programs: examinePrograms(waves, edges),
    cage: await edges.processes.cages.find(),
    writable: await examineFolders({ workspaceRoot, stateRoot, repo, waves }, edges),
    freeMib: await freeMib(edges.scratchRoot),
    ci: await examineCi({ workspaceRoot, repo, waves }, edges),
    env: {
      cacheFailures: cacheFailures !== '' && cacheFailures !== 'false',
      ci: Boolean(edges.env['CI']),
      runMode: mode.ok ? mode.value : null,
      runModeProblem: mode.ok ? null : mode.error.message,
    },
    config: {
      present: configText !== null,
      problems: config.failures.map(({ message }) => message),
      warnings: config.warnings.map(({ message }) => message),
    },
    brokenWaves,
    lintCommand: `nx run ${request.project}:lint-waves`,
  };
}

/** What tells of CI and of caches that others write to. */
async function examineCi(
  { workspaceRoot, repo, waves }: Pick<Folders, 'workspaceRoot' | 'repo' | 'waves'>,
  edges: Edges,
): Promise<CiFacts> {
  const { env } = edges;
  const present = await Promise.all(
    ciSettingFiles.map(async (path) => ((await readText(join(workspaceRoot, path))) === null ? [] : [path])),
  );
  const signers =
    repo === null ? null : await readCommittedFile(repo, env, { revision: 'HEAD', path: signersFile });
  const trusts = waves.map(({ settings }) => settings.trust);
  return {
    env: Object.fromEntries(ciVariables.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
    files: present.flat(),
    trust: trusts.find((trust) => trust === 'digest') ?? trusts[0] ?? 'reprove',
    store: await examineStore(waves, workspaceRoot, edges),
    attemptMinutes: Math.max(0, ...waves.map(({ settings }) => settings.limits.attemptMinutes)),
    signersCommitted: signers?.ok === true && signers.value.text !== null,
    remoteCache: await askRemoteCache(env),
  };
}

/** Tries the store that the waves share as a launch would, before anybody is paid. */
async function examineStore(
  waves: readonly ResolvedWave[],
  workspaceRoot: string,
  { env, clock, signal }: Edges,
): Promise<CiFacts['store']> {
  for (const { settings } of waves) {
    const address = readStoreAddress(settings.store, workspaceRoot);
    if (!address.ok) return { name: null, problem: address.error.message, next: address.error.next ?? null };
    if (address.value === null) continue;
    const { name } = address.value;
    const opened = await openBackend(address.value, { env, load: loadPeer });
    const pause = () => clock.sleep(500, signal);
    const tried = opened.ok ? await probeStore({ backend: opened.value, nonce: randomUUID, pause }) : opened;
    return tried.ok
      ? { name, problem: null, next: null }
      : { name, problem: tried.error.message, next: tried.error.next ?? null };
  }
  return null;
}

/** The version of a package as the workspace resolves it, or null. */
async function installedVersion(workspaceRoot: string, name: string): Promise<string | null> {
  try {
    const manifest = createRequire(join(workspaceRoot, 'package.json')).resolve(`${name}/package.json`);
    const { version } = JSON.parse((await readText(manifest)) ?? '') as { version?: unknown };
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}

/** Results have to be ignored by git, the ledgers must not be. */
async function examineIgnores(
  { repo, stateRoot, waves }: { repo: Repository; stateRoot: string; waves: ResolvedWave[] },
  edges: Edges,
): Promise<MachineFacts['ignored']> {
  const ignores = (path: string) => isIgnored(repo, edges.env, path);
  const found = [{ path: stateRoot, ignored: await ignores(stateRoot), wanted: true }];
  for (const folder of new Set(waves.map(({ identity }) => dirname(identity.ledgerDir)))) {
    const ledger = waves.find(({ identity }) => dirname(identity.ledgerDir) === folder)?.identity.ledgerDir;
    if (ledger !== undefined) found.push({ path: ledger, ignored: await ignores(ledger), wanted: false });
  }
  return found;
}

/** Files of the waves whose filter is missing. What git does not tell counts as nothing missing: lint says why. */
async function examineFilters(
  repo: Repository,
  waves: readonly ResolvedWave[],
  edges: Edges,
): Promise<MachineFacts['unfiltered']> {
  const paths = new Set(waves.flatMap((wave) => groundPathsOf(wave)));
  const ground = await readWaveGround(repo, edges.env, [...paths]);
  return ground.ok ? ground.value.unfiltered : [];
}

/** Every program that a unit of the lane runs on or may fall back to. */
function examinePrograms(waves: ResolvedWave[], edges: Edges): MachineFacts['programs'] {
  return adapterRegistry.flatMap((adapter) => {
    const { executorId, displayName } = adapter;
    const units = waves.flatMap((wave) =>
      wave.agents
        .filter(({ executor }) => executor.id === executorId)
        .map(({ unitId }) => `${wave.identity.project}/${unitId}`),
    );
    const wave = waves.find(({ agents }) => agents.some(({ executor }) => executor.id === executorId));
    if (wave === undefined) return [];
    const command = wave.settings.executors[executorId]?.['command'];
    const available = adapter.isAvailable(edges.adapterIo, typeof command === 'string' ? command : null);
    const sandboxed = adapter.capabilities.sandboxModes.length > 0;
    return [{ executorId, displayName, available, sandboxed, units }];
  });
}

interface Folders {
  workspaceRoot: string;
  stateRoot: string;
  repo: Repository | null;
  waves: ResolvedWave[];
}

/** Whether the runner may write where it has to. */
async function examineFolders(
  { workspaceRoot, stateRoot, repo, waves }: Folders,
  edges: Edges,
): Promise<MachineFacts['writable']> {
  const stores = waves.flatMap(({ settings }) => {
    const address = readStoreAddress(settings.store, workspaceRoot);
    return address.ok && address.value?.scheme === 'file' ? [address.value.folder] : [];
  });
  const folders = [
    join(workspaceRoot, stateRoot),
    ...(repo === null ? [] : [join(repo.commonDir, 'nx-wave')]),
    ...new Set(stores),
    edges.scratchRoot,
  ];
  const found: MachineFacts['writable'] = [];
  for (const folder of folders) {
    const writable = await checkWritable(folder);
    const inside = relative(workspaceRoot, folder);
    const path = inside.startsWith('..') ? folder : inside;
    found.push({
      path,
      problem: writable.ok ? null : writable.error.message,
      next: writable.ok ? null : (writable.error.next ?? null),
    });
  }
  return found;
}
