import { join } from 'node:path';
import { canonicalJson, failure, type Failure } from '@nx-wave/schemas/plain';
import { parseWaveFile, resolveWave, validateWave } from '../built-in';
import type { WaveIdentity } from '../core/model';
import { waveIdentity } from '../core/resolve/identity';
import { readConfig } from '../core/resolve/read-config';
import { createReferenceReader, levelsOf } from '../core/resolve/references';
import { isLanded } from '../core/state/ledger';
import { readInside, readText } from '../edges/files/file-edge';
import type { LaneRequest } from './lane';
import { readLedger } from './session';

export interface LintReport {
  /** Wave files that were looked at. */
  waves: string[];
  failures: Failure[];
}

/** Everything that is wrong in the waves of a lane and in what they refer to, all at once. */
export async function lintLane(lane: LaneRequest): Promise<LintReport> {
  const config = readConfig(await readText(join(lane.workspaceRoot, 'wave.config.json')));
  const failures = [...config.failures, ...config.warnings];
  const owners = new Map<string, string>();
  for (const path of lane.waves) {
    const identity = waveIdentity(path, config.config, lane.include);
    if (identity === null) continue;
    failures.push(...(await lintWave(lane.workspaceRoot, identity)));
    const owner = owners.get(identity.project);
    if (owner === undefined) owners.set(identity.project, path);
    else failures.push(duplicate(identity.project, owner, path));
  }
  // A file that several waves refer to is blamed once.
  const distinct = new Map(
    failures.map((one) => [canonicalJson(one.place?.path === undefined ? one : withoutWave(one)), one]),
  );
  return { waves: lane.waves, failures: [...distinct.values()] };
}

function withoutWave({ place, ...rest }: Failure): unknown {
  const { wave: _wave, ...where } = place ?? {};
  return { ...rest, place: where };
}

function duplicate(project: string, one: string, other: string): Failure {
  return failure('wave-duplicate-project', `${one} and ${other} both give the project ${project}.`, {
    place: { wave: project, path: other },
    next: 'Rename or remove one of them: the one with the shorter path is run.',
  });
}

/** One wave file: its language, its rules across agents, the workspace it refers to, its ledger. */
export async function lintWave(workspaceRoot: string, identity: WaveIdentity): Promise<Failure[]> {
  const { path } = identity;
  const { config } = readConfig(await readText(join(workspaceRoot, 'wave.config.json')));
  const text = await readText(join(workspaceRoot, path));
  if (text === null) return [failure('wave-unreadable', `${path} is not there.`, { place: { path } })];
  const read = (file: string) => readInside(workspaceRoot, file);
  const references = createReferenceReader(config, read)(identity);
  const parsed = parseWaveFile({ path, text }, levelsOf(references));
  if (!parsed.ok) return parsed.failures;
  const resolved = resolveWave(parsed.value, identity, config, {}, { text, references });
  if (!resolved.ok) return [...parsed.warnings, ...resolved.failures];
  const ledger = await readLedger(join(workspaceRoot, identity.ledgerDir));
  const found = validateWave({
    definition: parsed.value,
    wave: resolved.value,
    config,
    text,
    landed: isLanded(ledger.entries),
    read,
  });
  return [...parsed.warnings, ...resolved.warnings, ...found, ...ledger.warnings];
}
