import { join } from 'node:path';
import { canonicalJson, failure, type Failure } from '@nx-wave/schemas/plain';
import { waveIdentity } from '../../core/resolve/identity';
import { readWaveConfig } from '../../built-in';
import { readText } from '../../edges/files/read-file';
import type { LaneRequest } from './lane';
import type { Edges } from '../session/edges';
import { lintWave } from '../wave/lint-wave';

export interface LintReport {
  /** Wave files that were looked at. */
  waves: string[];
  failures: Failure[];
}

/** Everything that is wrong in the waves of a lane and in what they refer to, all at once. */
export async function lintLane(lane: LaneRequest, edges: Pick<Edges, 'git' | 'env'>): Promise<LintReport> {
  const opened = await edges.git.openRepository(lane.workspaceRoot);
  const git = opened.ok ? { repo: opened.value, env: edges.env } : null;
  const config = readWaveConfig(await readText(join(lane.workspaceRoot, 'wave.config.json')));
  const failures = [...config.failures, ...config.warnings];
  const owners = new Map<string, string>();
  for (const path of lane.waves) {
    const identity = waveIdentity(path, config.config, lane.include);
    if (identity === null) continue;
    const found = await lintWave({ workspaceRoot: lane.workspaceRoot, git }, identity);
    failures.push(...found.map(ofThisMachine));
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

/** What another machine may have is no fault of a wave file. */
function ofThisMachine(found: Failure): Failure {
  return found.code === 'proof-program-missing' ? { ...found, severity: 'warning' } : found;
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
