/** What stands under a key of `wave.config.json`, as data: reader, types, JSON Schema and reference are made from it. */
export type ConfigKind =
  | ScalarKind
  | { readonly words: readonly string[] }
  | { readonly list: ConfigKind }
  | { readonly orNull: ConfigKind }
  /** An object with keys of the user's choice. `asPath`: they become parts of paths and of Nx project names. */
  | { readonly byName: ConfigKind; readonly asPath?: true }
  | ConfigObject;

export interface ConfigObject {
  readonly fields: ConfigFields;
  /** Every other key is the section of an agent program, whose adapter owns and reads its options; these are for all. */
  readonly sections?: ConfigFields;
}

export type ScalarKind = keyof Scalars;

interface Scalars {
  text: string;
  /** Small letters, digits, `.`, `_` and `-`, beginning with a letter or digit. */
  id: string;
  /** Workspace-relative, with `/`, inside the workspace, never into `.git`. */
  path: string;
  /** `NAME` or `NAME=value` of a variable that the runner does not set itself. */
  variable: string;
  boolean: boolean;
  /** A whole number from 0 on. */
  whole: number;
  /** A whole number from 1 on. */
  count: number;
  /** A number greater than 0. */
  amount: number;
  /** A number from 0 on. */
  'amount-or-none': number;
  /** Whatever stands there: nothing checks it. */
  any: unknown;
}

/** What holds where nobody sets a key. */
export type ConfigDefault =
  | { readonly value: unknown }
  /** A path, or several: `<docsDir>` is the docs folder of the lane, `<rolePromptDir>` its folder of role prompts. */
  | { readonly path: string }
  | { readonly paths: readonly string[] }
  /** The key stays unset; the sentence says what holds then. */
  | { readonly unset: string };

/** One key that holds a value. */
export interface ConfigValueKey {
  readonly about: string;
  readonly kind: ConfigKind;
  readonly default: ConfigDefault;
  /** Of the earlier system, and without effect here: `silently`, or told with the reason. */
  readonly ignored?: 'silently' | { readonly because: string };
}

/** One key that holds further keys. */
export interface ConfigGroup extends ConfigObject {
  readonly about: string;
}

export type ConfigKey = ConfigValueKey | ConfigGroup;
export type ConfigFields = Readonly<Record<string, ConfigKey>>;

/** Keys that nothing reads are kept. */
type Extra = Record<string, unknown>;

type ValueOf<K> = K extends ScalarKind
  ? Scalars[K]
  : K extends { words: readonly (infer W)[] }
    ? W
    : K extends { list: infer I }
      ? ValueOf<I>[]
      : K extends { orNull: infer I }
        ? ValueOf<I> | null
        : K extends { byName: infer I }
          ? Record<string, ValueOf<I>>
          : K extends { fields: infer F }
            ? ConfigOf<F>
            : never;

type KeyValue<K> = K extends { kind: infer V } ? ValueOf<V> : ValueOf<K>;

/** A configuration as it is written: every key may be absent. */
export type ConfigOf<F> = Extra & { -readonly [K in keyof F]?: KeyValue<F[K]> | undefined };

/** The same with every default filled in: only keys without a default may be absent. */
export type FilledConfig<F> = Extra & {
  -readonly [K in keyof F]: F[K] extends { kind: infer V; default: infer D }
    ? D extends { unset: string }
      ? ValueOf<V> | undefined
      : ValueOf<V>
    : F[K] extends { fields: infer G }
      ? FilledConfig<G>
      : never;
};

export function isGroup(key: ConfigKey): key is ConfigGroup {
  return 'fields' in key;
}

/** Folders that a default may begin with. */
export interface DefaultFolders {
  docsDir: string;
  rolePromptDir: string;
}

/** The value that a key has where nobody sets it; undefined where it stays unset. */
export function defaultOf(key: ConfigValueKey, folders: DefaultFolders): unknown {
  const { default: given } = key;
  if ('value' in given) return JSON.parse(JSON.stringify(given.value)) as unknown;
  if ('path' in given) return placed(given.path, folders);
  return 'paths' in given ? given.paths.map((path) => placed(path, folders)) : undefined;
}

/** Paths have one form: what lies at the workspace root has no folder in front. */
function placed(path: string, folders: DefaultFolders): string {
  const found = /^<(docsDir|rolePromptDir)>\/(.*)$/.exec(path);
  if (!found) return path;
  const folder = folders[found[1] as keyof DefaultFolders];
  return folder === '.' ? (found[2] as string) : `${folder}/${found[2] as string}`;
}

/** A configuration with every default of the table in the place of what is absent. Lists and records are never merged. */
export function fillDefaults<F extends ConfigFields>(
  fields: F,
  given: Extra,
  folders: DefaultFolders,
): FilledConfig<F> {
  const filled: Extra = { ...given };
  for (const [name, key] of Object.entries(fields)) {
    const value = filled[name];
    if (isGroup(key)) filled[name] = fillDefaults(key.fields, (value ?? {}) as Extra, folders);
    else if (value === undefined) {
      const byDefault = defaultOf(key, folders);
      if (byDefault !== undefined) filled[name] = byDefault;
    }
  }
  return filled as FilledConfig<F>;
}

/** Names that become parts of paths and of Nx project names. */
export const pathName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What a key is for. */
export function describeKey({ about, ignored }: ConfigValueKey): string {
  return ignored === undefined ? about : `${about} It has no effect.`;
}

/** What holds where nobody sets a key. */
export function describeDefault({ default: given }: ConfigValueKey): string {
  if ('value' in given) return `\`${JSON.stringify(given.value)}\``;
  if ('path' in given) return `\`${given.path}\``;
  return 'paths' in given ? given.paths.map((path) => `\`${path}\``).join(', ') : given.unset;
}
