import { type Promotion } from '@nx-wave/schemas';
import { maturityLevels } from '@nx-wave/schemas/plain';
import { applyEdits, modify, type JSONPath } from 'jsonc-parser';
import { parseComponentMatrix, type ComponentMatrix } from '../parse/component-matrix';
import { isId } from '../parse/words';

/** A workspace-relative file and what stands in it; null where there is none. */
interface MatrixFile {
  path: string;
  text: string | null;
}

export interface ComponentPlan {
  /** Number of the wave that lifts them. */
  wave: number;
  promotions: readonly Promotion[];
  matrix: MatrixFile;
  /** The page of the matrix for people. */
  page: MatrixFile;
}

export type PlannedComponents =
  { ok: true; files: { path: string; text: string }[] } | { ok: false; problem: string };

const usualLevel = 'baseline-proved';

/** Components as they are asked for: `parser:pilot-live`, or `parser` alone, which is lifted to `baseline-proved`. */
export function promotionsOf(words: readonly string[]): Promotion[] {
  return words.map((word) => {
    const [componentId = '', targetLevel = usualLevel] = word.split(':').map((part) => part.trim());
    return { componentId, targetLevel };
  });
}

/**
 * The matrix and its page with the components that a new wave lifts: one that is not there yet is added at the lowest level, and the
 * promotion is planned. What stands there stays as it is. A promotion that the matrix cannot have is refused.
 */
export function planComponents({ wave, promotions, matrix, page }: ComponentPlan): PlannedComponents {
  const before = matrix.text ?? newMatrix();
  const parsed = parseComponentMatrix({ path: matrix.path, text: before });
  if (!parsed.ok)
    return refuse(parsed.failures.map(({ message, next }) => `${message} ${next ?? ''}`).join('\n'));
  const problem = promotions.map((one) => problemOf(parsed.value, one, wave)).find((one) => one !== null);
  if (problem) return refuse(`${matrix.path}: ${problem}`);
  const text = promotions.reduce((now, one) => withPromotion(now, parsed.value, { ...one, wave }), before);
  const after = parseComponentMatrix({ path: matrix.path, text });
  if (!after.ok) throw new Error(`The edited ${matrix.path} cannot be read.`);
  const pageText = withEntries(page.text, parsed.value, after.value);
  return {
    ok: true,
    files: [
      ...(text === matrix.text ? [] : [{ path: matrix.path, text }]),
      ...(pageText === null || pageText === page.text ? [] : [{ path: page.path, text: pageText }]),
    ],
  };
}

const newMatrix = () =>
  `${JSON.stringify({ version: 1, levels: maturityLevels, components: {} }, null, 2)}\n`;

/** Why the matrix cannot have a promotion, or null. */
function problemOf(
  { levels, components }: ComponentMatrix,
  { componentId, targetLevel }: Promotion,
  wave: number,
): string | null {
  if (!isId(componentId))
    return `"${componentId}" is no component id: small letters, digits, \`.\`, \`_\` and \`-\`.`;
  if (!levels.includes(targetLevel))
    return `there is no level "${targetLevel}" for ${componentId}. There are: ${levels.join(', ')}.`;
  const known = Object.hasOwn(components, componentId) ? components[componentId] : undefined;
  if (known === undefined) return null;
  if (levels.indexOf(known.currentLevel) > levels.indexOf(targetLevel))
    return `${componentId} stands at ${known.currentLevel} already, above ${targetLevel}.`;
  const other = known.promotions.find((one) => one.wave === wave && one.target !== targetLevel);
  return other === undefined
    ? null
    : `wave ${wave} lifts ${componentId} to ${other.target} there, not to ${targetLevel}.`;
}

function withPromotion(
  text: string,
  { levels, components }: ComponentMatrix,
  { componentId, targetLevel, wave }: Promotion & { wave: number },
): string {
  const promotion = { wave, target: targetLevel };
  const known = Object.hasOwn(components, componentId) ? components[componentId] : undefined;
  const at = ['components', componentId];
  if (known === undefined) return edited(text, at, { currentLevel: levels[0], promotions: [promotion] });
  if (known.promotions.some((one) => one.wave === wave)) return text;
  return known.promotions.length === 0
    ? edited(text, [...at, 'promotions'], [promotion])
    : edited(text, [...at, 'promotions', known.promotions.length], promotion);
}

function edited(text: string, path: JSONPath, value: unknown): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const formattingOptions = { insertSpaces: !/^\t/m.test(text), tabSize: 2, eol };
  return applyEdits(text, modify(text, path, value, { formattingOptions, isArrayInsertion: true }));
}

/** The page with a line for each component that the matrix did not have; a new page has one for every component. */
function withEntries(page: string | null, before: ComponentMatrix, after: ComponentMatrix): string | null {
  const lines = Object.entries(after.components)
    .filter(([id]) => page === null || !Object.hasOwn(before.components, id))
    .map(([id, { currentLevel }]) => `- ${id}: ${currentLevel}`);
  if (lines.length === 0) return page;
  const eol = page?.includes('\r\n') ? '\r\n' : '\n';
  return [page?.trimEnd() ?? '# Component matrix', '', ...lines, ''].join(eol);
}

function refuse(problem: string): PlannedComponents {
  return { ok: false, problem };
}
