import { maturityLevels } from '@nx-wave/schemas/plain';
import {
  type Context7Choice,
  type DeployEnvironment,
  type EvalTarget,
  type Promotion,
} from '@nx-wave/schemas';
import { quote, type Diagnostics } from './diagnostics';
import {
  entrySpot,
  keySpot,
  knownPairs,
  readList,
  readPairs,
  splitPair,
  unwrap,
  valueSpot,
  type Entry,
  type Pair,
} from './entries';
import { isId, readId, readWord } from './words';

/** `## Component promotions`. `levels` are those of the component matrix; null where it does not say them. */
export function readPromotions(
  entries: readonly Entry[],
  levels: readonly string[] | null | undefined,
  diagnostics: Diagnostics,
): Promotion[] {
  const promotions = new Map<string, Promotion>();
  for (const pair of readPairs(entries, 'Component promotions', diagnostics)) {
    const componentId = readId(pair.key, { what: 'component id', spot: keySpot(pair) }, diagnostics);
    const level = unwrap(pair.value);
    if (level === '') {
      diagnostics.error('value-empty', keySpot(pair), {
        message: `${quote(pair.key)} is promoted to no level.`,
        next: 'Write the level after the colon.',
      });
      continue;
    }
    const targetLevel =
      levels === null
        ? level
        : readWord(
            level,
            { list: levels ?? maturityLevels, what: 'maturity level', spot: valueSpot(pair) },
            diagnostics,
          );
    if (componentId === null || targetLevel === null) continue;
    if (promotions.has(componentId))
      diagnostics.error('entry-duplicate', keySpot(pair), {
        message: `${quote(componentId)} is promoted twice.`,
        next: 'Keep one of the two lines.',
      });
    else promotions.set(componentId, { componentId, targetLevel });
  }
  return [...promotions.values()];
}

/** `## Context7 defaults` and `### Context7`. A long query is cut at 280 characters. */
export function readContext7(
  entries: readonly Entry[],
  what: string,
  diagnostics: Diagnostics,
): Context7Choice | null {
  const pairs = readPairs(entries, what, diagnostics);
  const byKey = knownPairs(pairs, { known: ['bundle', 'query'], what }, diagnostics);
  const bundle = byKey.get('bundle');
  const query = byKey.get('query');
  if (!bundle && !query) return null;
  return {
    bundle: bundle ? readId(bundle.value, { what: 'bundle id', spot: valueSpot(bundle) }, diagnostics) : null,
    query: query ? compact(unwrap(query.value), 280) : null,
  };
}

/** One line, single spaces, at most `length` UTF-16 units. */
export function compact(text: string, length: number): string {
  return text.split(/\s+/).filter(Boolean).join(' ').slice(0, length).trimEnd();
}

const targetKeys = ['id', 'selection', 'benchmark-family', 'benchmarks', 'objective', 'threshold'] as const;

/** `## Eval targets`: `id: x | selection: pinned | …`. */
export function readEvalTargets(entries: readonly Entry[], diagnostics: Diagnostics): EvalTarget[] {
  const targets = new Map<string, EvalTarget>();
  for (const entry of entries) {
    const target = readEvalTarget(entry, diagnostics);
    if (!target) continue;
    if (targets.has(target.id))
      diagnostics.error('entry-duplicate', entrySpot(entry), {
        message: `The eval target ${quote(target.id)} is declared twice.`,
        next: 'Give one of the two another id.',
      });
    else targets.set(target.id, target);
  }
  return [...targets.values()];
}

function readEvalTarget(entry: Entry, diagnostics: Diagnostics): EvalTarget | null {
  const byKey = knownPairs(
    readFields(entry, 'Eval targets', diagnostics),
    { known: targetKeys, what: 'Eval targets' },
    diagnostics,
  );
  const missing = (['id', 'selection', 'objective', 'threshold'] as const).filter((key) => !byKey.has(key));
  for (const key of missing)
    diagnostics.error('eval-target-incomplete', entrySpot(entry), {
      message: `This eval target has no ${quote(key)}.`,
      next: `Add \`| ${key}: …\`.`,
    });
  const [id, selection] = [byKey.get('id'), byKey.get('selection')];
  const name =
    id &&
    readId(unwrap(id.value).toLowerCase(), { what: 'eval target id', spot: valueSpot(id) }, diagnostics);
  const choice =
    selection &&
    readWord(
      unwrap(selection.value),
      { list: ['pinned', 'delegated'] as const, what: 'selection', spot: valueSpot(selection) },
      diagnostics,
    );
  const family = byKey.get('benchmark-family');
  const benchmarkFamily = family
    ? readId(family.value, { what: 'benchmark family', spot: valueSpot(family) }, diagnostics)
    : null;
  const listed = byKey.get('benchmarks');
  const benchmarks = listed
    ? readList(listed.value).filter(
        (word) => readId(word, { what: 'benchmark id', spot: valueSpot(listed) }, diagnostics) !== null,
      )
    : [];
  if (choice === 'delegated' && !family)
    diagnostics.error('eval-target-incomplete', entrySpot(entry), {
      message: 'A delegated eval target needs a benchmark family to choose from.',
      next: 'Add `| benchmark-family: <family>`.',
    });
  if (choice === 'pinned' && benchmarks.length === 0)
    diagnostics.error('eval-target-incomplete', entrySpot(entry), {
      message: 'A pinned eval target needs at least one benchmark.',
      next: 'Add `| benchmarks: <id>,<id>`.',
    });
  const objective = byKey.get('objective');
  const threshold = byKey.get('threshold');
  if (!name || !choice || !objective || !threshold) return null;
  return {
    id: name,
    selection: choice,
    benchmarkFamily,
    benchmarks,
    objective: unwrap(objective.value),
    threshold: unwrap(threshold.value),
  };
}

/** `key: value | key: value`, each field with its own column. */
export function readFields(entry: Entry, what: string, diagnostics: Diagnostics): Pair[] {
  const pairs: Pair[] = [];
  let from = 0;
  for (const piece of entry.text.split('|')) {
    const lead = piece.length - piece.trimStart().length;
    const text = piece.trim();
    const column = entry.column + from + lead;
    const pair = splitPair(text, entry.index, column);
    if (pair) pairs.push(pair);
    else
      diagnostics.error(
        'entry-malformed',
        { index: entry.index, column, length: text.length },
        {
          message: `${quote(text)} in ${quote(what)} is not \`key: value\`.`,
          next: 'Write `key: value` between the `|` signs.',
        },
      );
    from += piece.length + 1;
  }
  return pairs;
}

/** `## Deploy environments`: `prod: kubernetes default (notes)`. Without a flagged default the first one is it. */
export function readEnvironments(entries: readonly Entry[], diagnostics: Diagnostics): DeployEnvironment[] {
  const environments = new Map<string, DeployEnvironment>();
  let flagged: Entry | null = null;
  for (const entry of entries) {
    const environment = readEnvironment(entry, diagnostics);
    if (!environment) continue;
    if (environments.has(environment.id)) {
      diagnostics.error('entry-duplicate', entrySpot(entry), {
        message: `The environment ${quote(environment.id)} is declared twice.`,
        next: 'Keep one of the two lines.',
      });
      continue;
    }
    if (environment.isDefault && flagged)
      diagnostics.error('environment-default-duplicate', entrySpot(entry), {
        message: `Two environments are flagged \`default\`; line ${flagged.index + 1} is the first.`,
        next: 'Flag one environment.',
      });
    if (environment.isDefault) flagged = flagged ?? entry;
    environments.set(environment.id, environment);
  }
  const list = [...environments.values()];
  const first = list[0];
  if (!flagged && first) first.isDefault = true;
  return list;
}

function readEnvironment(entry: Entry, diagnostics: Diagnostics): DeployEnvironment | null {
  const pair = splitPair(entry.text, entry.index, entry.column);
  const paren = pair ? pair.value.indexOf('(') : -1;
  const notes = pair && paren >= 0 ? pair.value.slice(paren).trim() : null;
  const words = pair ? (paren >= 0 ? pair.value.slice(0, paren) : pair.value).trim().split(/\s+/) : [];
  const kind = unwrap(words[0] ?? '').toLowerCase();
  const flag = words[1]?.toLowerCase();
  const id = pair ? unwrap(pair.key).toLowerCase() : '';
  const fits =
    pair && isId(id) && isId(kind) && words.length <= 2 && (flag === undefined || flag === 'default');
  if (!fits || (notes !== null && !notes.endsWith(')'))) {
    diagnostics.error('environment-malformed', entrySpot(entry), {
      message: `${quote(entry.text)} is no deploy environment.`,
      next: 'Write `- <id>: <kind> [default] [(notes)]`, for example `- prod: kubernetes default (primary)`.',
    });
    return null;
  }
  return {
    id,
    kind,
    isDefault: flag === 'default',
    notes: notes === null ? null : notes.slice(1, -1).trim() || null,
  };
}

/** `## Depends on`: waves by Nx project name, `wave-2` or `beta-wave-2`. */
export function readWaveDependencies(entries: readonly Entry[], diagnostics: Diagnostics): string[] {
  const names = new Set<string>();
  for (const entry of entries) {
    const name = unwrap(entry.text);
    if (!/^([A-Za-z0-9][A-Za-z0-9._-]*-)?wave-\d{1,9}$/.test(name))
      diagnostics.error('depends-on-malformed', entrySpot(entry), {
        message: `${quote(name)} names no wave.`,
        next: 'Write `wave-<number>`, or the full Nx project name of the wave.',
      });
    else if (names.has(name))
      diagnostics.error('entry-duplicate', entrySpot(entry), {
        message: `${quote(name)} is listed twice.`,
        next: 'Remove one of the two lines.',
      });
    else names.add(name);
  }
  return [...names];
}
