import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, sha256 } from '@nx-wave/schemas/plain';
import { fileChanges, filesBelow, replaceFile, type Kind } from './tamper';
import { launcherDir, type Door, type ForgedWorld, type Outcome } from './world';

/** One thing that is done, and what it must not lead to. */
export interface Trial {
  kind: Kind;
  what: string;
  /** Whose work it is of, or null. */
  agent: string | null;
  /** Nothing of it breaks a rule: without signatures it is that of whoever may write there. */
  honest: boolean;
  act(): void | Promise<void>;
  /** Whether what was changed was taken for what it says. */
  isUsed(outcome: Outcome): boolean;
}

/** Where something is stored, and by which door somebody comes who reads it. */
export interface Place {
  name: string;
  /** Each trial goes through each of them. */
  doors: readonly Door[];
  /** What else would answer before it, or in its place; it goes. */
  alone(world: ForgedWorld): string[];
  /** What the honest bytes lead to, by each door: or the place is not read at all, and its trials would prove nothing. */
  isRead(outcome: Outcome): boolean;
  trials(world: ForgedWorld): Promise<Trial[]>;
}

export const launcher = ({ root }: ForgedWorld) => join(root, launcherDir);
export const durable = ({ root }: ForgedWorld) => join(root, '.git/nx-wave');
export const never = () => false;

/** Nobody was paid, and everything was closed. */
export const served = ({ starts, tasks }: Outcome) => starts.length === 0 && tasks['launch'] === 'passed';
export const passes = ({ tasks }: Outcome) =>
  Object.values(tasks).every((end) => end !== 'failed' && end !== 'skipped');

/** The work of an agent counted, and its program did not run. */
export const counted =
  (agent: string | null) =>
  ({ starts, tasks }: Outcome): boolean => {
    const task = tasks[`agent-${(agent ?? '').toLowerCase()}`];
    // By a door without agents its gate has looked at it.
    if (task === undefined) return gatePasses(agent)({ tasks });
    return !starts.includes(agent ?? '') && (task === 'proven' || task === 'reused');
  };

/** The gate of an agent's stage is content. */
export const gatePasses =
  (agent: string | null) =>
  ({ tasks }: Pick<Outcome, 'tasks'>): boolean =>
    tasks[`gate-${stageOf(agent)}`] === 'passed';

const stageOf = (agent: string | null) =>
  agent === 'A8' ? 'integration' : agent === 'A0' ? 'cont-qa' : 'implementation';

/** It counted as it stood, without having been proven again. */
export const believedAtOnce =
  (agent: string | null) =>
  ({ tasks }: Outcome): boolean =>
    tasks[`agent-${(agent ?? '').toLowerCase()}`] === 'reused';

/** Work keys of what the agents are asked for now. */
export const presentKeys = (world: ForgedWorld): ReadonlySet<string> =>
  new Set(
    filesBelow(join(launcher(world), 'handoff')).map(
      (path) => (JSON.parse(readFileSync(path, 'utf8')) as { workKey: string }).workKey,
    ),
  );

/** The changes of one file. A document without a digest counts only where it says something else afterwards. */
export function changesOf(
  path: string,
  same: readonly string[],
  trial: Pick<Trial, 'what' | 'agent' | 'isUsed'> & { means?: (text: string) => string },
): Trial[] {
  const bytes = readFileSync(path);
  const others = same.map((other) => readFileSync(other));
  const { means, ...rest } = trial;
  const seen = new Set<string>();
  return fileChanges.flatMap(({ kind, name, change }): Trial[] => {
    const changed = change(bytes, others);
    if (changed?.equals(bytes) === true) return [];
    const now = changed === null ? 'removed' : changed.toString('latin1');
    if (seen.has(now)) return [];
    seen.add(now);
    if (means !== undefined && changed !== null && means(changed.toString()) === means(bytes.toString()))
      return [];
    return [
      { ...rest, kind, what: `${name}: ${trial.what}`, honest: false, act: () => replaceFile(path, changed) },
    ];
  });
}

/** What a JSON document says; one that is broken says something else. */
export const jsonMeaning = (text: string): string => {
  try {
    return canonicalJson(JSON.parse(text) as never);
  } catch {
    return `broken: ${sha256(text)}`;
  }
};

/** The same without the members that nothing is decided by. */
export const decidingMembers =
  (pick: (value: Record<string, unknown>) => unknown) =>
  (text: string): string => {
    try {
      return canonicalJson(pick(JSON.parse(text) as Record<string, unknown>) as never);
    } catch {
      return `broken: ${sha256(text)}`;
    }
  };

interface DocumentRules {
  isUsed(path: string): (outcome: Outcome) => boolean;
  means?: (text: string) => string;
}

/** JSON documents and packs of a folder, each changed alone. */
export function documentTrials(folder: string, wanted: RegExp, rules: DocumentRules): Trial[] {
  const files = filesBelow(folder).filter((path) => wanted.test(path.slice(folder.length + 1)));
  return files.flatMap((path) => {
    const what = path.slice(folder.length + 1);
    const same = files.filter(
      (other) => other !== path && other.split('.').at(-1) === path.split('.').at(-1),
    );
    const means = path.endsWith('.json') ? { means: rules.means ?? jsonMeaning } : {};
    return changesOf(path, same, { what, agent: null, isUsed: rules.isUsed(path), ...means });
  });
}

/**
 * Documents below the launcher's folder, each changed alone, and each as the launch before left it: well formed, true once, and not of
 * what is asked for now.
 */
export function launcherTrials(
  world: ForgedWorld,
  { below, wanted }: { below: string; wanted: RegExp },
  rules: DocumentRules,
): Trial[] {
  const folder = join(launcher(world), below);
  const then = join(world.past, below);
  const replays = filesBelow(folder).flatMap((path): Trial[] => {
    const name = path.slice(folder.length + 1);
    const before = join(then, name);
    if (!wanted.test(name) || !existsSync(before)) return [];
    const bytes = readFileSync(before);
    if (bytes.equals(readFileSync(path))) return [];
    return [replay(name, () => replaceFile(path, bytes), rules.isUsed(path))];
  });
  return [...documentTrials(folder, wanted, rules), ...replays];
}

/** Something of the launch before comes back. */
export const replay = (name: string, act: Trial['act'], isUsed: Trial['isUsed']): Trial => ({
  ...{ kind: 'swapped or replayed', what: `of the launch before: ${name}`, agent: null, honest: false },
  ...{ act, isUsed },
});
