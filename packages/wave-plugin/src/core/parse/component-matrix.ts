import { failure, maturityLevels, type Checked, type Failure } from '@nx-wave/schemas/plain';
import { parseJson } from '../parse-json';
import { quote } from './diagnostics';
import { nearest } from './nearest';
import { splitLines } from './source';
import { isId } from './words';

/** The component cutover matrix: where every component stands, and which wave lifts it where. */
export interface ComponentMatrix {
  /** Maturity levels, low to high. */
  levels: string[];
  components: Record<string, MatrixComponent>;
}

export interface MatrixComponent {
  title: string | null;
  canonicalDocs: string[];
  currentLevel: string;
  promotions: { wave: number; target: string }[];
  proofSurfaces: string[];
}

/** Reads the matrix JSON; every fault is named by its place in the document. */
export function parseComponentMatrix(file: { path: string; text: string }): Checked<ComponentMatrix> {
  const failures: Failure[] = [];
  const wrong = (at: string, why: string): void => {
    failures.push(
      failure('matrix-malformed', `${quote(at)} ${why}.`, {
        place: { path: file.path },
        next: `Correct \`${at}\` in ${file.path}.`,
        facts: { at },
      }),
    );
  };
  const root = parseObject(file.text);
  if (!root) {
    wrong('the matrix', 'is not one JSON object');
    return { ok: false, failures };
  }
  const levels = root['levels'] ?? [...maturityLevels];
  if (!isTexts(levels) || levels.length === 0 || new Set(levels).size !== levels.length) {
    wrong('levels', 'must be a list of different names, low to high');
    return { ok: false, failures };
  }
  const components: Record<string, MatrixComponent> = {};
  if (!isObject(root['components'])) wrong('components', 'must be an object of components by id');
  else
    for (const [id, value] of Object.entries(root['components'])) {
      const component = readComponent(id, value, { levels, wrong });
      if (component) components[id] = component;
    }
  return failures.length > 0
    ? { ok: false, failures }
    : { ok: true, value: { levels, components }, warnings: [] };
}

/** Only the levels, which the reading of a wave file needs; null where the document does not say them. */
export function readMatrixLevels(text: string): readonly string[] | null {
  const root = parseObject(text);
  const levels = root === null ? null : (root['levels'] ?? maturityLevels);
  return isTexts(levels) && levels.length > 0 ? levels : null;
}

function readComponent(
  id: string,
  value: unknown,
  { levels, wrong }: { levels: readonly string[]; wrong: (at: string, why: string) => void },
): MatrixComponent | null {
  const at = `components.${id}`;
  if (!isId(id)) {
    wrong(at, 'is no component id: small letters, digits, `.`, `_` and `-`');
    return null;
  }
  if (!isObject(value)) {
    wrong(at, 'must be an object');
    return null;
  }
  const { currentLevel, title, canonicalDocs, promotions, proofSurfaces } = value;
  const level = (word: unknown, where: string): string => {
    if (typeof word === 'string' && levels.includes(word)) return word;
    const meant = typeof word === 'string' ? nearest(word, levels) : null;
    wrong(where, `must be a level of the matrix${meant === null ? '' : `; did you mean ${quote(meant)}?`}`);
    return '';
  };
  for (const [key, list] of Object.entries({ canonicalDocs, proofSurfaces }))
    if (list !== undefined && !isTexts(list)) wrong(`${at}.${key}`, 'must be a list of texts');
  if (title !== undefined && typeof title !== 'string') wrong(`${at}.title`, 'must be a text');
  return {
    title: typeof title === 'string' ? title : null,
    canonicalDocs: isTexts(canonicalDocs) ? canonicalDocs : [],
    currentLevel: level(currentLevel, `${at}.currentLevel`),
    promotions: readPromotions(promotions ?? [], `${at}.promotions`, { level, wrong }),
    proofSurfaces: isTexts(proofSurfaces) ? proofSurfaces : [],
  };
}

function readPromotions(
  value: unknown,
  at: string,
  {
    level,
    wrong,
  }: { level: (word: unknown, where: string) => string; wrong: (at: string, why: string) => void },
): MatrixComponent['promotions'] {
  if (!Array.isArray(value)) {
    wrong(at, 'must be a list');
    return [];
  }
  return value.flatMap((entry: unknown, index) => {
    const place = `${at}.${index}`;
    if (!isObject(entry)) {
      wrong(place, 'must be an object with `wave` and `target`');
      return [];
    }
    const { wave, target } = entry;
    const number = typeof wave === 'number' && Number.isSafeInteger(wave) && wave >= 0 ? wave : null;
    if (number === null) wrong(`${place}.wave`, 'must be a whole number from 0 on');
    return [{ wave: number ?? 0, target: level(target, `${place}.target`) }];
  });
}

/**
 * Compares the markdown page with the matrix: a table with a column of components and one of current levels, entries
 * of the form `- id: level`, or a heading for each component with `- current level: level` below it. A page with none of
 * them says nothing and is a warning.
 */
export function compareMatrixPage(matrix: ComponentMatrix, file: { path: string; text: string }): Failure[] {
  const rows = pageRows(file.text, matrix);
  const place = (line?: number): Pick<Failure, 'place'> => ({
    place: {
      path: file.path,
      ...(line === undefined ? {} : { range: { start: { line, column: 1 }, end: { line, column: 2 } } }),
    },
  });
  if (rows.size === 0)
    return [
      failure('matrix-page-differs', `${file.path} lists no component of the matrix.`, {
        ...place(),
        severity: 'warning',
        next: 'List every component with its current level, as a table or as `- id: level`.',
      }),
    ];
  const found: Failure[] = [];
  for (const [id, { currentLevel }] of Object.entries(matrix.components)) {
    const row = rows.get(id);
    if (!row)
      found.push(
        failure('matrix-page-differs', `${file.path} does not list ${quote(id)}.`, {
          ...place(),
          next: `Add ${quote(id)} with the level ${quote(currentLevel)}.`,
        }),
      );
    else if (row.level !== currentLevel)
      found.push(
        failure(
          'matrix-page-differs',
          `${quote(id)} stands at ${quote(row.level)} here and at ${quote(currentLevel)} in the matrix.`,
          {
            ...place(row.line),
            next: 'Bring both to the level that is proved.',
          },
        ),
      );
  }
  for (const [id, { line }] of rows)
    if (!Object.hasOwn(matrix.components, id))
      found.push(
        failure('matrix-page-differs', `${quote(id)} is no component of the matrix.`, {
          ...place(line),
          next: 'Add it to the matrix JSON, or remove the line.',
        }),
      );
  return found;
}

interface PageRow {
  level: string;
  line: number;
}

function pageRows(text: string, { levels, components }: ComponentMatrix): Map<string, PageRow> {
  const rows = new Map<string, PageRow>();
  let columns: { id: number; level: number } | null = null;
  let heading: string | null = null;
  splitLines(text).forEach((raw, index) => {
    const line = raw.trim();
    if (!line.startsWith('|')) {
      columns = null;
      const named = /^#{1,6}\s{1,9}`?([a-z0-9][a-z0-9._-]{0,99})`?$/.exec(line);
      if (line.startsWith('#')) heading = named?.[1] ?? null;
      const current = /^[-*+]\s{1,9}current level\s{0,9}:\s{0,9}`?([a-z0-9][a-z0-9._-]{0,99})`?$/i.exec(line);
      if (heading !== null && current?.[1] !== undefined && !rows.has(heading)) {
        rows.set(heading, { level: current[1], line: index + 1 });
        return;
      }
      const entry =
        /^[-*+]\s{1,9}`?([a-z0-9][a-z0-9._-]{0,99})`?\s{0,9}:\s{0,9}`?([a-z0-9][a-z0-9._-]{0,99})`?/.exec(
          line,
        );
      const [id, level] = [entry?.[1] ?? '', entry?.[2] ?? ''];
      if (levels.includes(level) && !rows.has(id)) rows.set(id, { level, line: index + 1 });
      return;
    }
    const cells = line
      .slice(1, line.endsWith('|') ? -1 : undefined)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''));
    const heads = cells.map((cell) => cell.toLowerCase());
    const idColumn = heads.findIndex((head) => head === 'id' || head.startsWith('component'));
    const levelColumn = heads.findIndex((head) => head.startsWith('current'));
    if (columns === null && idColumn >= 0) {
      columns = {
        id: idColumn,
        level: levelColumn >= 0 ? levelColumn : heads.findIndex((head) => head.includes('level')),
      };
      return;
    }
    const id = cells[columns?.id ?? 0] ?? '';
    const level = cells[columns?.level ?? 1] ?? '';
    if ((Object.hasOwn(components, id) || levels.includes(level)) && isId(id) && !rows.has(id))
      rows.set(id, { level, line: index + 1 });
  });
  return rows;
}

/** A JSON object of a text, or null. */
export function parseObject(text: string): Record<string, unknown> | null {
  const value = parseJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  return isObject(value) ? value : null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
}
