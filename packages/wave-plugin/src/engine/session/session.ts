import { join } from 'node:path';
import { ledgerEntrySchema, type LedgerEntry, type WaveConfig } from '@nx-wave/schemas';
import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { ExecutorAdapter } from '../../adapters/adapter';
import { adapterRegistry } from '../../adapters/registry';
import { parseWaveFile, readWaveConfig, resolveWave } from '../../built-in';
import { waveIdentity } from '../../core/resolve/identity';
import { wavePaths, type WavePaths } from '../../core/infer/wave-paths';
import type { ResolvedAgent, ResolvedWave, WaveIdentity } from '../../core/model';
import { configFailuresOf } from '../../core/resolve/config-failures';
import { createReferenceReader, levelsOf } from '../../core/resolve/references';
import { withExecutorChanges } from '../../core/state/ledger';
import { isOfLedger } from '../../core/state/ledger-shape';
import { withoutStoreLogins } from '../../core/shared-store/store-logins';
import { endedWaivers, ledgerOn, type LedgerToday } from '../../core/state/waiver-end';
import type { Repository } from '../../edges/git/contracts';
import { namesIn } from '../../edges/files/list-folder';
import { readInside, readText } from '../../edges/files/read-file';
import { checkWritable } from '../../edges/files/write-file';
import { createRedactor, type Redactor, type SecretRules } from '../../edges/processes/redact';
import { compileSecretPatterns } from '../../edges/processes/secret-finder';
import { openAttemptStore, type AttemptStore } from '../../edges/store/attempts';
import { layerStores, openEarlierProofs, type ProofStore } from '../../edges/store/layered-store';
import { openProofFolder } from '../../edges/store/proof-store';
import type { Backend } from '../../core/shared-store/backend';
import type { Edges } from './edges';
import { configuredStore } from './open-store';
import type { SharedPlace } from './shared-work';
import { bundleRefusals, openSigning, signedStore, type BundleRefusal, type Signing } from './signatures';
import { parseJson } from '../../core/parse-json';
import type { NxTarget } from '../../proof/contracts';

/** One wave, opened for a command: its file and configuration read once, its stores and everything outside at hand. */
export interface Session {
  edges: Edges;
  workspaceRoot: string;
  wave: ResolvedWave;
  paths: WavePaths;
  config: WaveConfig;
  /** Folders of the plugin option `include`, which may hold waves beside those of the lanes. */
  include: readonly string[];
  /** Every agent program that this wave may name. */
  adapters: readonly ExecutorAdapter[];
  secrets: SecretRules;
  /** The one funnel in front of terminal and disk, for the environment of the command. */
  redactor: Redactor;
  /** Without waivers whose last day is over; those are `endedWaivers`. */
  ledger: LedgerEntry[];
  endedWaivers: LedgerToday['ended'];
  repo: Repository;
  proofs: ProofStore;
  /** The store by which machines agree; null where none is configured. */
  shared: SharedPlace | null;
  /** Its folder, where it is one; absolute. */
  storeFolder: string | null;
  /** The environment of the command without the logins of the shared store: all that programs may be given of it. */
  programEnv: Readonly<Record<string, string>>;
  /** What is signed with, and whose signatures are wanted. */
  signing: Signing;
  /** Why a bundle that this repository did not make is not used, whatever it proves; null where nothing speaks against it. */
  refusalOf: BundleRefusal;
  /** What it has refused so far. */
  refused: readonly Failure[];
  attempts: AttemptStore;
  /** `<git common dir>/nx-wave`. */
  durableRoot: string;
  warnings: Failure[];
  /** A target as Nx sees it, inferred ones included; null where there is none, or nobody could ask Nx. */
  nxTarget(project: string, target: string): NxTarget | null;
  /** Absolute path of a workspace-relative one. */
  at(path: string): string;
}

export interface SessionRequest {
  workspaceRoot: string;
  /** Workspace-relative path of the wave file. */
  wavePath: string;
  include?: string[];
  /** A wave that no file holds: its text, and which wave it is. */
  unwritten?: { text: string; identity: WaveIdentity };
  /** `--executor=<id>`: every agent runs on it. */
  executor?: string;
  /** The agent programs that there are; those of `adapters/registry.ts` where absent. */
  adapters?: readonly ExecutorAdapter[];
  /** In the place of the shared store of the configuration. */
  backend?: Backend;
  /** What Nx knows of the targets of the workspace; nothing where absent. */
  nxTarget?: Session['nxTarget'];
}

export interface ReadWave {
  wave: ResolvedWave;
  config: WaveConfig;
  secrets: SecretRules;
  warnings: Failure[];
}

/** Reads and resolves a wave: what `plan`, gates and agents all start from. No repository is needed for it. */
export async function readWave(request: SessionRequest): Promise<Result<ReadWave, Failure[]>> {
  const { workspaceRoot, wavePath, unwritten, adapters = adapterRegistry } = request;
  const text = unwritten?.text ?? (await readText(join(workspaceRoot, wavePath)));
  if (text === null) {
    return err([failure('wave-unreadable', `${wavePath} is not there.`, { place: { path: wavePath } })]);
  }
  const config = readWaveConfig(await readText(join(workspaceRoot, 'wave.config.json')), adapters);
  const identity = unwritten?.identity ?? waveIdentity(wavePath, config.config, request.include);
  // What a broken value steers would run on a default: another program, no budget, another trust.
  const broken = identity === null ? config.failures : configFailuresOf(config.failures, identity);
  if (broken.length > 0) return err(broken);
  if (identity === null) {
    return err([
      failure('wave-invalid-filename', `${wavePath} is not a wave file of this workspace.`, {
        place: { path: wavePath },
        next: 'Put it directly inside a waves folder and name it wave-<number>.md.',
      }),
    ]);
  }
  const references = createReferenceReader(config.config, (path) => readInside(workspaceRoot, path))(
    identity,
  );
  const parsed = parseWaveFile({ path: wavePath, text }, { executors: adapters, ...levelsOf(references) });
  if (!parsed.ok) return err(parsed.failures);
  const resolved = resolveWave(
    parsed.value,
    { identity, config: config.config },
    {
      executors: adapters,
      text,
      references,
      ...(request.executor === undefined ? {} : { executor: request.executor }),
    },
  );
  if (!resolved.ok) return err(resolved.failures);
  const { names, patterns } = resolved.value.settings.secrets;
  const finders = await compileSecretPatterns(patterns);
  if (!finders.ok) return finders;
  return ok({
    wave: resolved.value,
    config: config.config,
    secrets: { names, finders: finders.value },
    warnings: [...config.warnings, ...parsed.warnings, ...resolved.warnings],
  });
}

export async function openSession(
  request: SessionRequest,
  edges: Edges,
): Promise<Result<Session, Failure[]>> {
  const read = await readWave(request);
  if (!read.ok) return read;
  const { warnings, config, secrets } = read.value;
  const repo = await edges.git.openRepository(request.workspaceRoot);
  if (!repo.ok) return err([repo.error]);
  // What a killed landing has put into the tree so far, its ledger entry perhaps, is no state that anything may be read from.
  const recovered = await edges.git.recoverLanding(repo.value);
  if (!recovered.ok && recovered.error.code !== 'operation-in-progress') return err([recovered.error]);
  const at = (path: string) => join(request.workspaceRoot, path);
  const ledger = await readLedger(at(read.value.wave.identity.ledgerDir));
  const today = ledgerOn(edges.now(), ledger.entries);
  const wave = withExecutorChanges(read.value.wave, today.inForce);
  const durableRoot = join(repo.value.commonDir, 'nx-wave');
  const { trust } = wave.settings;
  const signing = await openSigning(edges, { repo: repo.value, trust });
  if (!signing.ok) return err([signing.error]);
  const { refusalOf, refused } = bundleRefusals(edges, signing.value);
  const store = configuredStore(edges, request, wave.settings.store);
  if (!store.ok) return err([store.error]);
  for (const folder of [durableRoot, at(wave.identity.launcherDir)]) {
    const writable = await checkWritable(folder);
    if (!writable.ok) return err([writable.error]);
  }
  return ok({
    edges,
    workspaceRoot: request.workspaceRoot,
    wave,
    paths: wavePaths(wave.identity),
    config,
    include: request.include ?? [],
    adapters: request.adapters ?? adapterRegistry,
    secrets,
    redactor: createRedactor({ env: edges.env, ...secrets }),
    ledger: today.inForce,
    endedWaivers: today.ended,
    repo: repo.value,
    proofs: signedStore(openProofs(edges, { durableRoot, ...store.value }), refusalOf),
    signing: signing.value,
    refusalOf,
    refused,
    ...store.value,
    programEnv: withoutStoreLogins(edges.env, wave.settings.store),
    attempts: openAttemptStore(join(durableRoot, 'attempts')),
    durableRoot,
    warnings: [...warnings, ...ledger.warnings, ...endedWaivers(wave.identity.project, today)],
    nxTarget: request.nxTarget ?? (() => null),
    at,
  });
}

function openProofs(
  { notes }: Edges,
  { durableRoot, storeFolder }: { durableRoot: string; storeFolder: string | null },
): ProofStore {
  const own = openProofFolder(join(durableRoot, 'proofs'), notes);
  return layerStores(own, storeFolder === null ? null : openEarlierProofs(storeFolder));
}

/** Ledger entries in id order. An unreadable one, and one of another wave, is a warning for the reader and no decision. */
export async function readLedger(folder: string): Promise<{ entries: LedgerEntry[]; warnings: Failure[] }> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith('.json'));
  const entries: LedgerEntry[] = [];
  const warnings: Failure[] = [];
  for (const name of names) {
    const parsed = ledgerEntrySchema.safeParse(parseJson(await readText(join(folder, name))));
    const isOwn = parsed.success && isOfLedger(parsed.data, folder);
    if (isOwn) entries.push(parsed.data);
    else {
      const why = parsed.success
        ? `was decided for ${JSON.stringify(parsed.data.wave)}`
        : 'is no ledger entry';
      warnings.push(
        failure('ledger-entry-invalid', `${name} ${why} and is not counted.`, {
          severity: 'warning',
          place: { path: join(folder, name) },
          next: 'Restore the file from git, or delete it.',
        }),
      );
    }
  }
  return { entries: entries.sort((a, b) => (a.id < b.id ? -1 : 1)), warnings };
}

export function findAgent(wave: ResolvedWave, unitId: string): Result<ResolvedAgent> {
  const agent = wave.agents.find((one) => one.unitId === unitId);
  if (agent) return ok(agent);
  return err(
    failure('agent-unknown', `${wave.identity.project} has no agent ${unitId}.`, {
      place: { wave: wave.identity.project, path: wave.identity.path },
      next: `Its agents are ${wave.agents.map((one) => one.unitId).join(', ')}.`,
    }),
  );
}
