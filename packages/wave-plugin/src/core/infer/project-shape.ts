import type { WaveIdentity } from '../model';

/*
 * Checked by hand and member by member, because it is asked of every wave in every graph: a table of checks takes as long
 * as reading the projects does.
 */

type Members = Record<string, unknown>;

/** What is allowed to stand in the project of one wave. */
interface Bounds {
  /** Everything that Nx writes for the wave lies below it. */
  below: string;
  /** How the commands in help texts begin. */
  command: string;
}

/**
 * Whether a value from outside is what inference makes for this wave, as far as it could do harm: it runs no executor but
 * ours, gives a shell nothing but a digest, and has Nx write nowhere but below the wave's own launcher folder.
 */
export function isProjectOf(
  value: unknown,
  { project, launcherDir }: Pick<WaveIdentity, 'project' | 'launcherDir'>,
  root: string,
): boolean {
  if (!isRecord(value)) return false;
  const { name, root: folder, tags, metadata, targets } = value;
  if (name !== project || folder !== root || !isTexts(tags) || !isRecord(targets)) return false;
  if (!isRecord(metadata) || typeof metadata['description'] !== 'string') return false;
  if (countOf(value) !== 5 || countOf(metadata) !== 2 || !isGroups(metadata['targetGroups'])) return false;
  const bounds: Bounds = { below: `{workspaceRoot}/${launcherDir}/`, command: `nx run ${project}:` };
  for (const target in targets) if (!isTarget(targets[target], bounds)) return false;
  return true;
}

function isTarget(value: unknown, bounds: Bounds): boolean {
  if (!isRecord(value)) return false;
  let known = 0;
  for (const name in value) {
    const member = value[name];
    switch (name) {
      case 'executor':
        if (typeof member !== 'string' || !/^@nx-wave\/plugin:[a-z-]+$/.test(member)) return false;
        known += 1;
        break;
      case 'options':
        if (!isRecord(member) || !holdsTexts(member)) return false;
        known += 1;
        break;
      case 'cache':
        if (typeof member !== 'boolean') return false;
        known += 1;
        break;
      case 'metadata':
        if (!isMetadata(member, bounds.command)) return false;
        known += 1;
        break;
      case 'dependsOn':
        if (!Array.isArray(member) || !member.every(isEdge)) return false;
        break;
      case 'inputs':
        if (!Array.isArray(member) || !member.every(isInput)) return false;
        break;
      case 'ultracache':
        if (!isRecord(member) || countOf(member) !== 1 || member['mode'] !== 'off') return false;
        break;
      case 'outputs':
        if (!isTexts(member) || !member.every((path) => isBelow(path, bounds.below))) return false;
        break;
      default:
        return false;
    }
  }
  return known === 4;
}

function isMetadata(value: unknown, command: string): boolean {
  if (!isRecord(value) || typeof value['description'] !== 'string' || !isTexts(value['technologies']))
    return false;
  const { help } = value;
  if (help === undefined) return countOf(value) === 2;
  if (!isRecord(help) || countOf(value) !== 3 || countOf(help) !== 2 || !isRecord(help['example']))
    return false;
  return typeof help['command'] === 'string' && help['command'].startsWith(command);
}

function isEdge(value: unknown): boolean {
  if (!isRecord(value) || typeof value['target'] !== 'string' || value['params'] !== 'forward') return false;
  return countOf(value) === 2 || (countOf(value) === 3 && isTexts(value['projects']));
}

/** Nx hands the command of a runtime input to a shell: it says a digest and nothing else. */
function isInput(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('{workspaceRoot}/');
  if (!isRecord(value)) return false;
  const { runtime, dependentTasksOutputFiles: files, transitive, externalDependencies: externals } = value;
  const count = countOf(value);
  if (runtime !== undefined)
    return count === 1 && typeof runtime === 'string' && /^echo [0-9a-f]{64}$/.test(runtime);
  if (files !== undefined)
    return typeof files === 'string' && (count === 1 || (count === 2 && typeof transitive === 'boolean'));
  return count === 1 && Array.isArray(externals) && externals.length === 0;
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder) && !path.includes('..');
}

function isGroups(value: unknown): boolean {
  if (!isRecord(value)) return false;
  for (const name in value) if (!isTexts(value[name])) return false;
  return true;
}

function holdsTexts(members: Members): boolean {
  for (const name in members) if (typeof members[name] !== 'string') return false;
  return true;
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
