import { parseJson } from '../core/parse-json';

/** Parts of a `package.json` that say what a proof command runs; the others are the work of whoever changed them. */
const runners = ['jest', 'vitest', 'mocha'];
const judging = [...runners, 'ava', 'nyc', 'c8', 'eslintConfig', 'babel', 'prettier', 'nx'];

/**
 * A file of configuration as it has to be for measuring: what the base has counts, what is new beside it stays. Null where it
 * is that already.
 */
export function withBaseConfig(path: string, base: string, now: string | null): string | null {
  const merged = /(^|\/)package\.json$/.test(path) && now !== null ? mergePackage(base, now) : base;
  return merged === now ? null : merged;
}

/** Scripts and settings of the base in the package of today: new dependencies and new scripts stay. */
function mergePackage(base: string, now: string): string {
  const [before, after] = [recordOf(base), recordOf(now)];
  if (before === null || after === null) return base;
  const merged = { ...after, scripts: { ...asRecord(after['scripts']), ...asRecord(before['scripts']) } };
  for (const key of judging) {
    if (Object.hasOwn(before, key)) Object.assign(merged, { [key]: before[key] });
  }
  const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);
  const isAsBefore =
    judging.every((key) => !Object.hasOwn(before, key) || same(before[key], after[key])) &&
    Object.entries(asRecord(before['scripts'])).every(([name, text]) =>
      same(asRecord(after['scripts'])[name], text),
    );
  return isAsBefore ? now : `${JSON.stringify(merged, null, 2)}\n`;
}

/** The package without settings of runners that the base does not have; null where it has none of those. */
export function withoutNewSettings(path: string, base: string | null, now: string): string | null {
  if (base === null || !/(^|\/)package\.json$/.test(path)) return null;
  const [before, after] = [recordOf(base), recordOf(now)];
  if (before === null || after === null) return null;
  const added = runners.filter((key) => Object.hasOwn(after, key) && !Object.hasOwn(before, key));
  if (added.length === 0) return null;
  const rest = Object.fromEntries(Object.entries(after).filter(([key]) => !added.includes(key)));
  return `${JSON.stringify(rest, null, 2)}\n`;
}

function recordOf(text: string): Record<string, unknown> | null {
  const value: unknown = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
