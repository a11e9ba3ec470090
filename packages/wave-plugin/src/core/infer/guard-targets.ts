import { failure, type Failure } from '@nx-wave/schemas/plain';
import type { WaveIdentity } from '../model';
import type { DefaultsReader, ReachingDefault } from './nx-defaults';
import type { InferredProject } from './inferred-project';
import { brokenTarget } from './targets';

/** The file whose settings reach every project. */
export const nxSettingsFile = 'nx.json';

/** A project that settings of the workspace can no longer bend, and what there is to say about them. */
export interface GuardedProject {
  project: InferredProject;
  /** Errors stop the targets that they name; warnings are advice. */
  settings: Failure[];
}

/**
 * Pure: takes targets out of service that a default of nx.json would change in what decides: their executor, options,
 * inputs, outputs, cache and what they depend on. Nx merges such a default over what a plugin says, and an executor is
 * not asked where Nx serves a task from its cache, so nothing but the graph can refuse it. Where one of the tasks
 * that close a wave is reached all of them fail: nobody is paid for a wave that cannot be closed.
 */
export function guardProject(
  project: InferredProject,
  identity: WaveIdentity,
  reader: DefaultsReader,
): GuardedProject {
  const reaching = reader(project);
  if (reaching.length === 0) return { project, settings: [] };
  const reached = new Set(reaching.flatMap(({ changes, targets }) => (changes.length === 0 ? [] : targets)));
  const closing = Object.keys(project.targets).filter((name) => project.targets[name]?.outputs !== undefined);
  if (closing.some((name) => reached.has(name))) closing.forEach((name) => reached.add(name));
  return {
    project: {
      ...project,
      targets: Object.fromEntries(
        Object.entries(project.targets).map(([name, target]) => [
          name,
          reached.has(name)
            ? { ...brokenTarget(identity, nxSettingsFile), metadata: target.metadata }
            : target,
        ]),
      ),
    },
    settings: reaching.map((one) => describeDefault(one, project)),
  };
}

/** What a default does to a project of ours, and how to write it so that it does not. */
export function describeDefault(
  { setting, key, entry, targets, changes, advice }: ReachingDefault,
  { name, tags }: Pick<InferredProject, 'name' | 'tags'>,
): Failure {
  const [tag = name] = tags;
  const stops = changes.length > 0;
  const what = (stops ? changes : advice).join(', ');
  const whose = `${targets.length === 1 ? 'target' : 'targets'} ${targets.join(', ')} of ${name}`;
  const narrowed = /^@nx-wave\//.test(key)
    ? `Remove ${setting}: nothing but the wave rules its own targets.`
    : `Let it not reach waves: ${narrowing(key, entry, `!tag:${tag}`)}`;
  return failure(
    'nx-settings-reach',
    stops
      ? `${setting} sets ${what} of the ${whose}, which would change what closes the wave.`
      : `${setting} sets ${what} of the ${whose}: it changes how they run, not what they prove.`,
    { severity: stops ? 'error' : 'warning', place: { path: nxSettingsFile, wave: name }, next: narrowed },
  );
}

/** The entry as it has to stand in nx.json. */
function narrowing(key: string, { filter, ...rest }: Record<string, unknown>, exclusion: string): string {
  const given = typeof filter === 'object' && filter !== null ? (filter as { projects?: string[] }) : {};
  const narrowed = { filter: { ...given, projects: [...(given.projects ?? []), exclusion] }, ...rest };
  return `${JSON.stringify(key)}: [${JSON.stringify(narrowed)}]`;
}
