import { targetOfUnit } from '../resolve/units';
import { isStage, type WaveOutline } from './wave-outline';

/*
 * Checked by hand and member by member, because it is asked of every wave in every graph: a table of checks takes as long
 * as reading the outlines does.
 */

type Members = Record<string, unknown>;

/**
 * Whether a value from outside is an outline, as far as it could do harm: what becomes part of a command is a digest, what becomes
 * part of a path is an id or the name of a stage, what a task waits for is an agent of the wave or another wave, and no agent has a
 * name by which something else is run. Everything else of a target is made by this code and the name of the wave.
 */
export function isOutline(value: unknown): value is WaveOutline {
  if (!isRecord(value) || countOf(value) !== 7) return false;
  const { title, landed, signed, dependsOn, variables, proved, stages } = value;
  if (typeof title !== 'string' && title !== null) return false;
  if (typeof landed !== 'boolean' || typeof signed !== 'boolean' || !isDigest(proved)) return false;
  if (!isTexts(dependsOn) || !dependsOn.every(isWave)) return false;
  if (!isTexts(variables) || !Array.isArray(stages)) return false;
  return stages.every(isStageOutline);
}

function isStageOutline(value: unknown): boolean {
  if (!isRecord(value) || countOf(value) !== 4) return false;
  const { stage, judged, ground, agents } = value;
  if (!isStage(stage) || !isDigest(judged) || !Array.isArray(agents)) return false;
  return isTexts(ground) && ground.every(isFileset) && agents.every(isAgentOutline);
}

function isAgentOutline(value: unknown): boolean {
  if (!isRecord(value) || countOf(value) !== 7) return false;
  const { unitId, target, description, executor, digest, context, dependsOn } = value;
  if (!isId(unitId) || target !== targetOfUnit(unitId) || typeof description !== 'string') return false;
  if (typeof executor !== 'string' || !isDigest(digest) || !isTexts(dependsOn)) return false;
  return isTexts(context) && context.every(isFileset);
}

/** The name of a wave's project, and no pattern of names. */
function isWave(value: string): boolean {
  return /^(?:[A-Za-z0-9][A-Za-z0-9._-]*-)?wave-\d+$/.test(value);
}

/** The grammar of an agent's id. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value);
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isFileset(value: string): boolean {
  return value.startsWith('{workspaceRoot}/');
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function countOf(members: Members): number {
  let count = 0;
  for (const _name in members) count += 1;
  return count;
}
