import { applyEdits, modify, parse, type JSONPath } from 'jsonc-parser';
import { configSchemaPath } from './starting-config';

export interface AdoptedConfig {
  /** The new text, or null where nothing changes. */
  text: string | null;
  changes: string[];
  /** What was set already, to something else. */
  kept: string[];
}

/** What a repository of the earlier system needs besides what its configuration says, each with why. */
const settings: readonly { path: JSONPath; value: unknown; why: string }[] = [
  { path: ['$schema'], value: configSchemaPath, why: 'editors know every key' },
  {
    path: ['compat', 'legacySignals'],
    value: true,
    why: 'agents that print marker lines and leave no envelope are understood',
  },
  {
    path: ['validation', 'ownershipOverlap'],
    value: 'warn',
    why: 'agents of one stage may own the same path; a conflict of their slices names both',
  },
];

/** A configuration of the earlier system with what it needs here. Whatever is set already stays, comments too. */
export function adoptConfig(before: string | null): AdoptedConfig {
  const changes: string[] = [];
  const kept: string[] = [];
  let text = before ?? '{ "version": 1 }\n';
  for (const { path, value, why } of settings) {
    const name = path.join('.');
    const now = valueAt(parse(text, [], { allowTrailingComma: true }), path);
    if (now !== undefined) {
      if (now !== value) kept.push(`${name} is ${JSON.stringify(now)}`);
      continue;
    }
    const options = {
      formattingOptions: { insertSpaces: !/^\t/m.test(text), tabSize: 2 },
      ...(path[0] === '$schema' ? { getInsertionIndex: () => 0 } : {}),
    };
    text = applyEdits(text, modify(text, path, value, options));
    changes.push(`${name}: ${JSON.stringify(value)} (${why})`);
  }
  return { text: changes.length === 0 ? null : text, changes, kept };
}

function valueAt(json: unknown, path: JSONPath): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[String(key)] : undefined,
    json,
  );
}
