import { failure, type Checked, type Failure } from '@nx-wave/schemas/plain';
import { type Context7Choice } from '@nx-wave/schemas';
import { type AgentContext7, type Context7Source } from '../model';
import { isObject, parseObject } from '../parse/component-matrix';
import { quote } from '../parse/diagnostics';
import { nearest } from '../parse/nearest';
import { compact } from '../parse/wave-sections';
import { isId } from '../parse/words';

/** One bundle of library documentation. */
export interface Context7Bundle {
  description: string | null;
  libraries: Context7Source[];
}

/** The bundle index, `bundles.json`. The bundle `none` is always there and empty. */
export interface Context7Index {
  defaultBundle: string;
  laneDefaults: Record<string, string>;
  bundles: Record<string, Context7Bundle>;
}

/** Where documents come from; the built-in provider is a folder of the repository. Nothing here uses a network. */
export interface Context7Provider {
  /** Workspace-relative paths that hold the documents of a bundle; a trailing `/` means every file below. */
  pathsOf(bundle: string): string[];
}

/** Documents of a bundle stand in a folder of its name beside the index. */
export function folderProvider(indexPath: string): Context7Provider {
  const folder = indexPath.slice(0, indexPath.lastIndexOf('/') + 1);
  return { pathsOf: (bundle) => (bundle === 'none' ? [] : [`${folder}${bundle}/`]) };
}

/** Reads the bundle index. */
export function parseContext7Index(file: { path: string; text: string }): Checked<Context7Index> {
  const failures: Failure[] = [];
  const wrong = (at: string, why: string): void => {
    failures.push(
      failure('context7-malformed', `${quote(at)} ${why}.`, {
        place: { path: file.path },
        next: `Correct \`${at}\` in ${file.path}.`,
        facts: { at },
      }),
    );
  };
  const root = parseObject(file.text);
  if (!root || !isObject(root['bundles'])) {
    wrong('bundles', 'must be an object of bundles by id');
    return { ok: false, failures };
  }
  const bundles: Context7Index['bundles'] = {};
  for (const [id, bundle] of Object.entries(root['bundles'])) {
    if (!isId(id)) wrong(`bundles.${id}`, 'is no bundle id: small letters, digits, `.`, `_` and `-`');
    else if (!isObject(bundle)) wrong(`bundles.${id}`, 'must be an object');
    else
      bundles[id] = {
        description: textOf(bundle['description']),
        libraries: readLibraries(id, bundle, wrong),
      };
  }
  if (!Object.hasOwn(bundles, 'none'))
    wrong('bundles.none', 'must be there: it is how an agent asks for no documents');
  const defaultBundle = textOf(root['defaultBundle']) ?? 'none';
  const laneDefaults: Record<string, string> = {};
  const named = (at: string, id: unknown): id is string => {
    if (typeof id === 'string' && Object.hasOwn(bundles, id)) return true;
    wrong(at, `names no bundle: ${quote(String(id))}`);
    return false;
  };
  named('defaultBundle', defaultBundle);
  for (const [lane, id] of Object.entries(isObject(root['laneDefaults']) ? root['laneDefaults'] : {}))
    if (named(`laneDefaults.${lane}`, id)) laneDefaults[lane] = id;
  return failures.length > 0
    ? { ok: false, failures }
    : { ok: true, value: { defaultBundle, laneDefaults, bundles }, warnings: [] };
}

function readLibraries(
  id: string,
  bundle: Record<string, unknown>,
  wrong: (at: string, why: string) => void,
): Context7Bundle['libraries'] {
  const libraries = bundle['libraries'] ?? [];
  if (!Array.isArray(libraries)) {
    wrong(`bundles.${id}.libraries`, 'must be a list');
    return [];
  }
  return libraries.flatMap((library: unknown, index) => {
    const name = isObject(library) ? (textOf(library['libraryId']) ?? textOf(library['libraryName'])) : null;
    if (name === null || !isObject(library)) {
      wrong(`bundles.${id}.libraries.${index}`, 'needs a `libraryId` or a `libraryName`');
      return [];
    }
    return [{ name, queryHint: textOf(library['queryHint']) }];
  });
}

/** The bundles of a workspace and where their documents come from. */
export interface Context7Library {
  index: Context7Index;
  provider: Context7Provider;
}

/**
 * What an agent gets: its own bundle, the one of the wave, of the lane, the default; in that order. An agent that wants
 * no bundle is not touched by the query of the wave. Without an index nothing is chosen beyond what the wave file says.
 */
export function chooseContext7(
  wishes: { own: Context7Choice | null; shared: Context7Choice | null; prompt: string; lane: string },
  library: Context7Library | undefined,
): AgentContext7 {
  const { own, shared, prompt, lane } = wishes;
  const { laneDefaults = {}, defaultBundle = null, bundles = {} } = library?.index ?? {};
  const laneDefault = Object.hasOwn(laneDefaults, lane) ? laneDefaults[lane] : undefined;
  const bundle = own?.bundle ?? shared?.bundle ?? laneDefault ?? defaultBundle;
  const known = bundle !== null && Object.hasOwn(bundles, bundle) ? bundles[bundle] : undefined;
  if (bundle === null || bundle === 'none' || known === undefined)
    return {
      bundle,
      query: own?.query ?? (bundle === 'none' ? null : (shared?.query ?? null)),
      libraries: [],
      documents: [],
    };
  return {
    bundle,
    query: own?.query ?? shared?.query ?? compact(prompt.split('\n', 6).join(' '), 280),
    libraries: known.libraries,
    documents: library?.provider.pathsOf(bundle) ?? [],
  };
}

/** The failure of a bundle that the index does not have. */
export function unknownBundle(bundle: string, index: Context7Index): { message: string; next: string } {
  const meant = nearest(bundle, Object.keys(index.bundles));
  return {
    message: `The bundle index has no ${quote(bundle)}.`,
    next:
      meant === null ? 'Add it to the index, or write `- bundle: none`.' : `Write \`- bundle: ${meant}\`.`,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
