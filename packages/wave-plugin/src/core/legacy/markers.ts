/** What one marker line says, by key; words are checked against the lists of the wave system. */
export type MarkerReading =
  | { ok: true; kind: MarkerKind; values: Readonly<Record<string, string>> }
  | { ok: false; kind: MarkerKind; line: string; why: string };

type Rule = { required?: boolean; words?: readonly string[]; count?: boolean };

const met: readonly string[] = ['met', 'complete', 'gap'];
const claim: readonly string[] = ['pass', 'concerns', 'blocked', 'gap'];
const one = (words: readonly string[]): Rule => ({ required: true, words });
const count: Rule = { required: true, count: true };
const text: Rule = { required: true };
const optional: Rule = {};

/** The keys of every marker. `detail` is always allowed, always last, and runs to the end of the line. */
const markerKeys = {
  'wave-proof': {
    completion: one(['contract', 'integrated', 'authoritative', 'live']),
    durability: one(['none', 'ephemeral', 'durable']),
    proof: one(['unit', 'integration', 'live']),
    state: one(met),
  },
  'wave-doc-delta': { state: one(['none', 'owned', 'shared-plan']), paths: optional },
  'wave-component': { component: text, level: text, state: one(met) },
  'wave-gap': { kind: one(['architecture', 'integration', 'durability', 'ops', 'docs']) },
  'wave-integration': {
    state: one(['ready-for-doc-closure', 'needs-more-work']),
    claims: count,
    conflicts: count,
    blockers: count,
  },
  'wave-doc-closure': { state: one(['closed', 'no-change', 'delta']), paths: optional },
  'wave-eval': {
    state: one(['satisfied', 'needs-more-work', 'blocked']),
    targets: count,
    benchmarks: count,
    regressions: count,
    target_ids: optional,
    benchmark_ids: optional,
  },
  'wave-security': { state: one(['clear', 'concerns', 'blocked']), findings: count, approvals: count },
  'wave-design': {
    state: one(['ready-for-implementation', 'needs-clarification', 'blocked']),
    decisions: count,
    assumptions: count,
    open_questions: count,
  },
  'wave-gate': {
    architecture: one(claim),
    integration: one(claim),
    durability: one(claim),
    live: one(claim),
    docs: one(claim),
  },
  'wave-verdict': { verdict: one(['pass', 'concerns', 'blocked', 'hold', 'fail']) },
  'deploy-status': {
    service: text,
    state: one(['deploying', 'healthy', 'failed', 'rolledover', 'rolled-back']),
  },
  'infra-status': { kind: text, target: text, state: text },
} as const satisfies Record<string, Record<string, Rule>>;

export type MarkerKind = keyof typeof markerKeys;

/** Reads a marker line; null for tags that claim nothing (`[wave-phase]`) or that nobody knows. */
export function readMarker(line: string): MarkerReading | null {
  const end = line.indexOf(']');
  const kind = line.slice(1, end).toLowerCase();
  if (!Object.hasOwn(markerKeys, kind)) return null;
  const known = kind as MarkerKind;
  const values = readKeys(line.slice(end + 1), known);
  for (const [key, rule] of Object.entries(markerKeys[known]) as [string, Rule][]) {
    const value = values[key];
    const why = value === undefined ? (rule.required ? `${key} is missing` : null) : breaks(rule, key, value);
    if (why !== null) return { ok: false, kind: known, line: line.slice(0, 300), why };
  }
  return { ok: true, kind: known, values };
}

function breaks(rule: Rule, key: string, value: string): string | null {
  if (rule.words && !rule.words.includes(value)) return `${key} must be ${rule.words.join(', ')}`;
  if (rule.count && !/^\d{1,9}$/.test(value)) return `${key} must be a number`;
  return value === '' ? `${key} is empty` : null;
}

/**
 * `key=value` in any order; a value runs to the next ` key=`. Everything after `detail=` is detail: words in free text
 * never change a state.
 */
function readKeys(rest: string, kind: MarkerKind): Record<string, string> {
  const values: Record<string, string> = {};
  const at = rest.search(/(?:^|[ \t])detail=/i);
  const head = at < 0 ? rest : rest.slice(0, at);
  if (at >= 0) values['detail'] = unquote(rest.slice(rest.indexOf('=', at) + 1));
  const keys = [...head.matchAll(/(?:^|[ \t])([A-Za-z][A-Za-z0-9_-]{0,40})=/g)];
  const first = keys[0]?.index ?? head.length;
  const word = head.slice(0, first).trim();
  if (kind === 'wave-verdict' && word !== '') values['verdict'] = word.toLowerCase();
  keys.forEach((match, index) => {
    const key = (match[1] as string).toLowerCase();
    const value = head.slice(match.index + match[0].length, keys[index + 1]?.index ?? head.length);
    const rules: Record<string, Rule> = markerKeys[kind];
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule) values[key] = rule.words ? unquote(value).toLowerCase() : unquote(value);
  });
  return values;
}

function unquote(value: string): string {
  const trimmed = value.trim();
  const quoted = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"');
  return quoted ? trimmed.slice(1, -1) : trimmed;
}
