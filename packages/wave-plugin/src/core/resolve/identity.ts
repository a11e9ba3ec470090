import { scopeKeys, type WaveConfig } from '@nx-wave/schemas/plain';
import { type WaveIdentity } from '../model';
import { defaultLane, type ScopeName } from './scope';

/** A folder that may hold wave files, and whose they are. */
export interface WaveFolder extends ScopeName {
  docsDir: string;
  /** `<docsDir>/plans/waves`, or an entry of the plugin option `include`. */
  dir: string;
}

/** A lane as an Nx project: `waves`, `beta-waves`, `shop-waves`, `shop-beta-waves`. */
export interface LaneIdentity extends ScopeName {
  project: string;
  docsDir: string;
  wavesDir: string;
  stateRoot: string;
  launcherDir: string;
}

/** Every folder that the configuration makes a waves folder, without doubles: the first owner keeps it. */
export function waveFolders(config: WaveConfig, include: readonly string[] = []): WaveFolder[] {
  const folders = new Map<string, WaveFolder>();
  const add = (folder: WaveFolder): void => {
    if (!folders.has(folder.dir)) folders.set(folder.dir, folder);
  };
  for (const scope of scopes(config)) {
    const docsDir = docsDirOf(config, scope);
    add({ ...scope, docsDir, dir: join(docsDir, 'plans/waves') });
  }
  const main: ScopeName = { projectId: null, lane: defaultLane(config) };
  for (const dir of include) add({ ...main, docsDir: docsDirOf(config, main), dir: tidy(dir) });
  return [...folders.values()];
}

const folders = new WeakMap<WaveConfig, { include: string; list: WaveFolder[] }>();

/** The folders of a configuration, made once and not once for each wave file. */
function keptFolders(config: WaveConfig, include: readonly string[]): readonly WaveFolder[] {
  const key = JSON.stringify(include);
  const known = folders.get(config);
  if (known?.include === key) return known.list;
  const list = waveFolders(config, include);
  folders.set(config, { include: key, list });
  return list;
}

/** All lanes as Nx projects, whether they have waves or not. */
export function laneProjects(config: WaveConfig): LaneIdentity[] {
  return scopes(config).map((scope) => {
    const docsDir = docsDirOf(config, scope);
    return {
      ...scope,
      project: `${prefixOf(scope)}waves`,
      docsDir,
      wavesDir: join(docsDir, 'plans/waves'),
      ...stateOf(config, scope),
    };
  });
}

/**
 * Which wave a file is, or null where it is no wave file: `wave-<n>.md` directly inside a waves folder, or
 * `wave-<n>/wave-<n>.md` below it.
 */
export function waveIdentity(
  path: string,
  config: WaveConfig,
  include: readonly string[] = [],
): WaveIdentity | null {
  const slash = path.lastIndexOf('/');
  const match = /^wave-(\d{1,15})\.md$/.exec(path.slice(slash + 1));
  if (!match) return null;
  const folder = path.slice(0, Math.max(0, slash));
  const ownName = `wave-${match[1] as string}`;
  const above =
    folder === ownName ? '' : folder.endsWith(`/${ownName}`) ? folder.slice(0, -ownName.length - 1) : null;
  const owner = keptFolders(config, include).find(({ dir }) => isFolder(dir, folder) || isFolder(dir, above));
  if (!owner) return null;
  const waveNumber = Number(match[1]);
  const scope: ScopeName = { projectId: owner.projectId, lane: owner.lane };
  return {
    project: `${prefixOf(scope)}wave-${waveNumber}`,
    waveNumber,
    ...scope,
    ...stateOf(config, scope),
    stateRoots: stateRoots(config),
    path,
    ledgerDir: join(folder, `${ownName}.ledger`),
  };
}

/** The identity of a wave file outside every waves folder, as if its folder were one of the default lane. */
export function looseIdentity(path: string, waveNumber: number, config: WaveConfig): WaveIdentity {
  const scope: ScopeName = { projectId: null, lane: defaultLane(config) };
  const slash = path.lastIndexOf('/');
  return {
    project: `${prefixOf(scope)}wave-${waveNumber}`,
    waveNumber,
    ...scope,
    ...stateOf(config, scope),
    stateRoots: stateRoots(config),
    path,
    ledgerDir: `${path.slice(0, slash + 1)}wave-${waveNumber}.ledger`,
  };
}

/** `beta-wave-2` for `wave-2` named in lane `beta`; full project names stay. */
export function dependencyProject(name: string, identity: WaveIdentity): string {
  const match = /^wave-(\d{1,15})$/.exec(name);
  return match ? `${prefixOf(identity)}wave-${Number(match[1])}` : name;
}

export function docsDirOf(config: WaveConfig, { projectId, lane }: ScopeName): string {
  const project = projectId === null ? undefined : config.projects?.[projectId];
  const lanes = projectId === null ? config.lanes : project?.lanes;
  const rootDocs = config.paths?.docsDir ?? scopeKeys.paths.fields.docsDir.default.value;
  const projectDocs =
    projectId === null
      ? rootDocs
      : (project?.paths?.docsDir ??
        join(project?.rootDir ?? join(rootDocs, projectId), project?.rootDir ? 'docs' : ''));
  const laneDocs = lanes?.[lane]?.paths?.docsDir;
  return laneDocs ?? (lane === defaultLane(config) ? projectDocs : join(projectDocs, lane));
}

/** Where runs write if nobody names another folder. */
export const defaultStateRoot = scopeKeys.paths.fields.stateRoot.default.value;

const roots = new WeakMap<WaveConfig, string[]>();

/** Every state root that the configuration names, before the folder of a project is added; kept, as every wave asks. */
function stateRoots(config: WaveConfig): string[] {
  const known = roots.get(config);
  if (known) return known;
  const list = [...new Set(scopes(config).map((scope) => stateBase(config, scope)))].sort();
  roots.set(config, list);
  return list;
}

function stateBase(config: WaveConfig, { projectId, lane }: ScopeName): string {
  const project = projectId === null ? undefined : config.projects?.[projectId];
  const lanes = projectId === null ? config.lanes : project?.lanes;
  return (
    lanes?.[lane]?.paths?.stateRoot ??
    project?.paths?.stateRoot ??
    config.paths?.stateRoot ??
    defaultStateRoot
  );
}

function scopes(config: WaveConfig): ScopeName[] {
  const main = defaultLane(config);
  const lanesOf = (lanes: Record<string, unknown> | undefined): string[] => [
    main,
    ...Object.keys(lanes ?? {}).filter((lane) => lane !== main),
  ];
  return [
    ...lanesOf(config.lanes).map((lane) => ({ projectId: null, lane })),
    ...Object.entries(config.projects ?? {}).flatMap(([projectId, project]) =>
      lanesOf(project.lanes).map((lane) => ({ projectId, lane })),
    ),
  ];
}

/** The lane `main` is not named. */
function prefixOf({ projectId, lane }: ScopeName): string {
  return (projectId === null ? '' : `${projectId}-`) + (lane === 'main' ? '' : `${lane}-`);
}

function stateOf(config: WaveConfig, scope: ScopeName): Pick<WaveIdentity, 'stateRoot' | 'launcherDir'> {
  const { projectId, lane } = scope;
  const base = stateBase(config, scope);
  const stateRoot = projectId === null ? base : join(base, `projects/${projectId}`);
  return { stateRoot, launcherDir: join(stateRoot, `${lane}-wave-launcher`) };
}

function join(folder: string, name: string): string {
  if (name === '') return folder;
  return folder === '' || folder === '.' ? name : `${folder}/${name}`;
}

function tidy(dir: string): string {
  return dir
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
}

/** A waves folder may be written with `*` for one and `**` for any number of segments. */
function isFolder(pattern: string, folder: string | null): boolean {
  if (folder === null) return false;
  if (!pattern.includes('*')) return pattern === folder;
  return matches(pattern.split('/'), folder === '' ? [] : folder.split('/'));
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return segments.length === 0;
  if (first === '**')
    return matches(rest, segments) || (segments.length > 0 && matches(pattern, segments.slice(1)));
  const [segment, ...others] = segments;
  return segment !== undefined && matchesSegment(first, segment) && matches(rest, others);
}

function matchesSegment(pattern: string, segment: string): boolean {
  if (!pattern.includes('*')) return pattern === segment;
  const [start, ...parts] = pattern.split('*');
  const end = parts.pop() ?? '';
  if (!segment.startsWith(start as string) || !segment.endsWith(end)) return false;
  let at = (start as string).length;
  for (const part of parts) {
    const found = segment.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= segment.length - end.length;
}
