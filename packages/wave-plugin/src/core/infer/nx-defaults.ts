import { canonicalJson } from '@nx-wave/schemas/plain';
import type { NxFacts } from './nx-facts';
import type { InferredProject, InferredTarget } from './inferred-project';

/** One entry of `targetDefaults` in nx.json that reaches targets of a project of ours. */
export interface ReachingDefault {
  /** Where it stands: `targetDefaults.launch`, `targetDefaults["agent-*"][1]`. */
  setting: string;
  /** The key that it stands under, and the entry itself. */
  key: string;
  entry: Record<string, unknown>;
  /** Names of the targets that it reaches, in the order of the project. */
  targets: string[];
  /** What it would change of what decides: `dependsOn`, `options.executor`. Sorted. */
  changes: string[];
  /** Settings that leave what decides as it is, and change how it runs. Sorted. */
  advice: string[];
}

/** Reads which defaults reach the targets of a project; null where nx.json has none, and nothing has to be asked. */
export type DefaultsReader = (project: InferredProject) => ReachingDefault[];

type Entry = Record<string, unknown>;

/** Sign of Nx for "and what was there before". */
const spread = '...';
/** Settings that Nx merges into a target and that change when or how it runs, not what it is made of. */
const running = ['continuous', 'parallelism', 'syncGenerators', 'defaultConfiguration'];
const plugin = '@nx-wave/plugin';

/**
 * Evaluates `targetDefaults` by the rules of Nx 23.2 to 24.0, which are the same
 * (`project-graph/utils/project-configuration/target-defaults`): of the keys that fit a target, its executor comes first,
 * then its name, then patterns, the longest first; the first key that has an entry whose filter fits is the one, and all
 * of its entries that fit are merged over the target. An entry for another executor is dropped.
 */
export function readDefaults(nx: NxFacts): DefaultsReader | null {
  const keys = isRecord(nx.targetDefaults) ? entriesByKey(nx.targetDefaults) : new Map<string, Entry[]>();
  if (keys.size === 0) return null;
  const patterns = [...keys.keys()].filter(isPattern).sort((a, b) => b.length - a.length);
  const fitting = new Map<string, string[]>();
  const patternsOf = (target: string): string[] => {
    const known = fitting.get(target) ?? patterns.filter((pattern) => nx.matches(target, pattern));
    fitting.set(target, known);
    return known;
  };
  return (project) => {
    const found = new Map<string, ReachingDefault>();
    for (const [name, target] of Object.entries(project.targets)) {
      const candidates = [target.executor, name, ...patternsOf(name)].filter((key) => keys.has(key));
      const fits = (entry: Entry) => filterFits(entry['filter'], { project, target }, nx);
      const key = candidates.find((one) => keys.get(one)?.some(fits));
      if (key === undefined) continue;
      keys.get(key)?.forEach((entry, at) => {
        if (!fits(entry) || isForAnother(entry, target)) return;
        const { changes, advice } = effectOf(entry, target);
        if (changes.length + advice.length === 0) return;
        const listed = Array.isArray((nx.targetDefaults as Entry)[key]);
        note(found, { setting: settingOf(key, listed ? at : null), key, entry, name, changes, advice });
      });
    }
    return [...found.values()];
  };
}

function note(
  found: Map<string, ReachingDefault>,
  {
    name,
    changes,
    advice,
    ...place
  }: Pick<ReachingDefault, 'setting' | 'key' | 'entry' | 'changes' | 'advice'> & { name: string },
): void {
  const known = found.get(place.setting) ?? { ...place, targets: [], changes: [], advice: [] };
  const both = (a: string[], b: string[]) => [...new Set([...a, ...b])].sort();
  found.set(place.setting, {
    ...known,
    targets: [...known.targets, name],
    changes: both(known.changes, changes),
    advice: both(known.advice, advice),
  });
}

function entriesByKey(raw: Entry): Map<string, Entry[]> {
  return new Map(
    Object.entries(raw).map(([key, value]) => [
      key,
      (Array.isArray(value) ? value : [value]).filter(isRecord),
    ]),
  );
}

function settingOf(key: string, at: number | null): string {
  const name = /^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  return `targetDefaults${name}${at === null ? '' : `[${at}]`}`;
}

function isForAnother(entry: Entry, target: InferredTarget): boolean {
  const executor = entry['command'] === undefined ? entry['executor'] : 'nx:run-commands';
  return typeof executor === 'string' && executor !== '' && executor !== target.executor;
}

/** What an entry changes of a target, key by key as Nx merges them. */
function effectOf(entry: Entry, target: InferredTarget): { changes: string[]; advice: string[] } {
  const own = target as unknown as Entry;
  // What nothing is cached of is not restored either.
  const asked = ['inputs', 'dependsOn', 'cache', ...(target.outputs === undefined ? [] : ['outputs'])];
  const changes = asked.filter((key) => !isSame(merged(entry, own, key), own[key]));
  // As for options, Nx gives no heed to a sign to yield that stands beside it.
  const { ultracache } = entry;
  if (ultracache !== undefined && target.ultracache !== undefined) {
    if (modeOf(merged({ ultracache }, own, 'ultracache')) !== 'off') changes.push('ultracache');
  }
  const options = isRecord(entry['options']) ? entry['options'] : {};
  for (const key of Object.keys(options)) {
    if (key === spread) continue;
    if (!isSame(merged(options, target.options, key), target.options[key])) changes.push(`options.${key}`);
  }
  for (const [name, value] of Object.entries(
    isRecord(entry['configurations']) ? entry['configurations'] : {},
  ))
    if (isRecord(value) && Object.keys(value).length > 0) changes.push(`configurations.${name}`);
  return {
    changes,
    advice: running.filter((key) => entry[key] !== undefined && !isDefault(key, entry[key])),
  };
}

function isDefault(key: string, value: unknown): boolean {
  return value === { continuous: false, parallelism: true }[key];
}

/** The value of a key after the merge: keys before `"...": true` yield to what is there, and lists may say `"..."` too. */
function merged(over: Entry, base: Entry, key: string): unknown {
  if (!(key in over)) return base[key];
  const order = Object.keys(over);
  const yields = order.includes(spread) && order.indexOf(key) < order.indexOf(spread);
  if (yields && key in base) return base[key];
  const [value, before] = [over[key], base[key]];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) => {
      if (item !== spread) return [item];
      return Array.isArray(before) ? (before as unknown[]) : [];
    });
  }
  if (!isRecord(value) || value[spread] !== true) return value;
  const had = isRecord(before) ? before : {};
  const names = new Set([...Object.keys(had), ...Object.keys(value)]);
  names.delete(spread);
  return Object.fromEntries([...names].map((name) => [name, merged(value, had, name)]));
}

function modeOf(ultracache: unknown): unknown {
  return isRecord(ultracache) ? ultracache['mode'] : undefined;
}

function filterFits(
  filter: unknown,
  { project, target }: { project: InferredProject; target: InferredTarget },
  nx: NxFacts,
): boolean {
  if (!isRecord(filter)) return true;
  const { projects, plugin: from, executor } = filter;
  if (Array.isArray(projects) && !projectFits(projects.map(String), project, nx)) return false;
  if (from !== undefined && from !== plugin) return false;
  return executor === undefined || executor === target.executor;
}

/** Nx's way to select projects (`utils/find-matching-projects`), asked for one: the last pattern that fits decides. */
function projectFits(patterns: readonly string[], project: InferredProject, nx: NxFacts): boolean {
  // A list that begins with an exclusion begins with everything.
  let fits = patterns[0]?.startsWith('!') === true;
  for (const pattern of patterns) {
    const excludes = pattern.startsWith('!');
    const text = excludes ? pattern.slice(1) : pattern;
    if (text !== '' && !text.startsWith('nx-cloud:') && patternFits(text, project, nx)) fits = !excludes;
  }
  return fits;
}

function patternFits(text: string, { name, root, tags }: InferredProject, nx: NxFacts): boolean {
  if (text === name) return true;
  const colon = text.indexOf(':');
  const kind = colon < 0 ? '' : text.slice(0, colon);
  const value = text.slice(colon + 1);
  if (value === '*') return true;
  const glob = (one: string) => one === value || nx.matches(one, value, { dot: true });
  switch (kind) {
    case 'tag':
      return tags.includes(value) || (isPattern(value) && tags.some(glob));
    case 'name':
      return nameFits(value, name, glob);
    case 'directory':
      return glob(root);
    default:
      return nameFits(value, name, glob) || glob(root);
  }
}

/** Without signs of a pattern, a part of a name between other signs than letters, digits, `@` and `-` is enough. */
function nameFits(value: string, name: string, glob: (text: string) => boolean): boolean {
  if (value === name || isPattern(value)) return value === name || glob(name);
  const sign = /[@a-z0-9-]/;
  const [text, part] = [name.toLowerCase(), value.toLowerCase()];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (!sign.test(text.charAt(at - 1)) && !sign.test(text.charAt(at + part.length))) return true;
  }
  return false;
}

function isPattern(text: string): boolean {
  return /[*|{}()[]/.test(text);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
}

function isRecord(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
