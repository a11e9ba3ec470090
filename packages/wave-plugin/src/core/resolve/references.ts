import { type Failure } from '@nx-wave/schemas/plain';
import { type WaveConfig } from '@nx-wave/schemas';
import { type WaveIdentity } from '../model';
import { readMatrixLevels } from '../parse/component-matrix';
import { folderProvider, parseContext7Index, type Context7Library } from './context7';
import { filledScopeOf } from './filled-scope';

/** What stands in other documents and changes how a wave file is read. */
export interface WaveReferences {
  /** Levels of the component matrix, low to high; null where it is there and does not say them, absent where it is not. */
  levels?: readonly string[] | null;
  context7?: Context7Library;
  /** Why the bundle index cannot be read: no agent that wants one of its bundles may run without. */
  context7Failures?: readonly Failure[];
}

/** The part of them that the parser takes. */
export function levelsOf({ levels }: WaveReferences): Pick<WaveReferences, 'levels'> {
  return levels === undefined ? {} : { levels };
}

/** Reads what the waves of a workspace refer to, each document once, however many waves there are. */
export function createReferenceReader(
  config: WaveConfig,
  read: (path: string) => string | null,
): (identity: WaveIdentity) => WaveReferences {
  const levels = remember((path: string): Pick<WaveReferences, 'levels'> => {
    const text = read(path);
    return text === null ? {} : { levels: readMatrixLevels(text) };
  });
  const context7 = remember((path: string): Omit<WaveReferences, 'levels'> => {
    const text = read(path);
    if (text === null) return {};
    const index = parseContext7Index({ path, text });
    return index.ok
      ? { context7: { index: index.value, provider: folderProvider(path) } }
      : { context7Failures: index.failures };
  });
  const scopes = remember((key: string): WaveReferences => {
    const [projectId, lane] = JSON.parse(key) as [string | null, string];
    const { paths } = filledScopeOf(config, { projectId, lane });
    return { ...levels(paths.componentCutoverMatrixJsonPath), ...context7(paths.context7BundleIndexPath) };
  });
  return ({ projectId, lane }) => scopes(JSON.stringify([projectId, lane]));
}

function remember<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    if (!known.has(key)) known.set(key, make(key));
    return known.get(key) as T;
  };
}
