import { failure, type Checked, type Failure } from '@nx-wave/schemas/plain';
import { isObject, parseObject } from './component-matrix';
import { oneOf, quote } from './diagnostics';
import { isId } from './words';

/** Benchmarks by family; a benchmark id stands in one family only. */
export interface Catalog {
  families: Record<string, { title: string | null; benchmarks: Record<string, unknown> }>;
  /** The family of each benchmark. */
  familyOf: ReadonlyMap<string, string>;
}

const directions = ['higher-is-better', 'lower-is-better', 'target', 'rubric'];

/** Reads the benchmark catalog that eval targets are resolved against. */
export function parseBenchmarkCatalog(file: { path: string; text: string }): Checked<Catalog> {
  const failures: Failure[] = [];
  const wrong = (at: string, why: string): void => {
    failures.push(
      failure('catalog-malformed', `${quote(at)} ${why}.`, {
        place: { path: file.path },
        next: `Correct \`${at}\` in ${file.path}.`,
        facts: { at },
      }),
    );
  };
  const root = parseObject(file.text);
  const given = root?.['families'];
  if (!isObject(given)) wrong('families', 'must be an object of benchmark families by id');
  const families: Catalog['families'] = {};
  const familyOf = new Map<string, string>();
  for (const [id, family] of Object.entries(isObject(given) ? given : {})) {
    const at = `families.${id}`;
    const benchmarks = isObject(family) ? family['benchmarks'] : null;
    if (!isId(id) || !isObject(family) || !isObject(benchmarks)) {
      wrong(at, 'must be a family with an id of small letters and an object of benchmarks');
      continue;
    }
    const direction = isObject(family['primaryMetric']) ? family['primaryMetric']['direction'] : undefined;
    if (direction !== undefined && !directions.includes(direction as string))
      wrong(`${at}.primaryMetric.direction`, `must be ${oneOf(directions)}`);
    for (const benchmark of Object.keys(benchmarks)) {
      const other = familyOf.get(benchmark);
      if (!isId(benchmark)) wrong(`${at}.benchmarks.${benchmark}`, 'is no benchmark id');
      else if (other !== undefined)
        wrong(`${at}.benchmarks.${benchmark}`, `stands in the family ${quote(other)} too`);
      else familyOf.set(benchmark, id);
    }
    families[id] = { title: typeof family['title'] === 'string' ? family['title'] : null, benchmarks };
  }
  return failures.length > 0
    ? { ok: false, failures }
    : { ok: true, value: { families, familyOf }, warnings: [] };
}
