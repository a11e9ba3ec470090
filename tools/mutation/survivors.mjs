/**
 * What the unit tests of an area did not notice, and why that may be so. Nothing is read or written here.
 *
 * A mutant is known by its file and by its text (`describeMutant`), never by its line: it stays explained where it moves, and a line that
 * changes asks for its reason anew. An explanation is `{ file, kind, why, mutants }`, the file below packages/wave-plugin/src.
 */

/** Kinds of explanation, and what the table calls them. */
export const kinds = { same: 'explained: no difference', elsewhere: 'explained: other tests' };

const sources = 'packages/wave-plugin/src/';

/** A mutant as `git diff --word-diff` would show it: its line with `[-what it says-]{+what the mutant says+}`, spaces as one. */
export function describeMutant({ source, location: { start, end }, replacement }) {
  const lines = source.split('\n');
  const before = lines[start.line - 1].slice(0, start.column - 1);
  const after = lines[end.line - 1].slice(end.column - 1);
  const inside = lines.slice(start.line - 1, end.line);
  inside.push(inside.pop().slice(0, end.column - 1));
  const from = inside.join('\n').slice(start.column - 1);
  return oneLine(`${before}[-${shorten(from)}-]{+${shorten(replacement ?? '')}+}${after}`);
}

/**
 * `mutants`: of Stryker's report, each with `file` and `source`. `explained`: entries as above. Gives the figures of the area,
 * the mutants that nobody explained, and the explanations (`file: text`) of mutants that are noticed by now, or not there.
 */
export function judgeMutants(mutants, explained) {
  const count = (status) => mutants.filter((one) => one.status === status).length;
  const known = new Map(
    explained.flatMap(({ file, kind, mutants: texts }) =>
      texts.map((text) => [`${file}: ${text}`, checkedKind(kind)]),
    ),
  );
  const named = mutants.map((mutant) => ({ ...mutant, name: nameOf(mutant) }));
  const survivors = named.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  // One that once took too long is no reason to forget why it is not noticed otherwise.
  const open = new Set(named.filter(({ status }) => status === 'Timeout').map(({ name }) => name));
  for (const { name } of survivors) open.add(name);
  const ofKind = (kind) => survivors.filter(({ name }) => known.get(name) === kind).length;
  return {
    figures: {
      noticed: count('Killed'),
      endless: count('Timeout'),
      survived: count('Survived'),
      uncovered: count('NoCoverage'),
      ...Object.fromEntries(Object.keys(kinds).map((kind) => [kind, ofKind(kind)])),
    },
    unexplained: survivors.filter(({ name }) => !known.has(name)),
    needless: [...known.keys()].filter((name) => !open.has(name)),
  };
}

/** Head and rows of the table: of each area its figures and the commit they were taken at, then their sum. */
export function figureRows(areas) {
  const names = ['noticed', 'endless', 'survived', 'uncovered', ...Object.keys(kinds)];
  const sum = { name: 'all', commit: '', ...Object.fromEntries(names.map((name) => [name, 0])) };
  for (const area of areas) for (const name of names) sum[name] += area[name];
  const row = ({ name, commit, ...figures }) => {
    const { noticed, endless, survived, uncovered } = figures;
    const all = noticed + endless + survived + uncovered;
    const score = all === 0 ? '-' : `${((100 * (noticed + endless)) / all).toFixed(1)} %`;
    return [name, all, ...names.map((one) => figures[one]), score, commit];
  };
  const titles = ['noticed', 'endless', 'not noticed', 'in no test', ...Object.values(kinds)];
  return {
    head: ['what decides', 'mutants', ...titles, 'score', 'at commit'],
    rows: [...areas, sum].map(row),
  };
}

function nameOf(mutant) {
  return `${mutant.file.replace(sources, '')}: ${describeMutant(mutant)}`;
}

function checkedKind(kind) {
  if (!Object.hasOwn(kinds, kind)) throw new Error(`${kind} is none of ${Object.keys(kinds).join(', ')}`);
  return kind;
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim();
}

/** A block by its begin and its end: what changes in the midst of it changes nothing for who takes it out. */
function shorten(text) {
  const line = oneLine(text);
  return line.length <= 120 ? line : `${line.slice(0, 80)} … ${line.slice(-30)}`;
}
