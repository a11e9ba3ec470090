import { failure, type Failure, type FailureCode } from '@nx-wave/schemas/plain';
import { type AgentSpec } from '@nx-wave/schemas';
import { excerptOf, rangeOf, type Saying } from '../parse/diagnostics';
import { isOwnershipLabel } from '../parse/prompt';
import { readBullet } from '../parse/entries';
import { readPath } from '../parse/paths';
import { splitLines } from '../parse/source';

/** What a finding blames: the first line from the agent (or the section) on that holds `needle`. */
export interface Blame {
  agent?: Pick<AgentSpec, 'agentId' | 'line'> | undefined;
  /** A heading as written, `### Deliverables`; looked for from the agent on. */
  section?: string;
  /** A word of the line; the line's bullet or heading where it is absent. */
  needle?: string;
  /** An owned path, instead of section and needle: its line below `File ownership`. */
  owned?: string;
}

/** What is said; an error where nothing else is. */
export interface Finding extends Saying {
  severity?: Failure['severity'];
}

/** Builds failures about one wave file; with its text they point at the very words. */
export interface WaveLocator {
  failure(code: FailureCode, blame: Blame, saying: Finding): Failure;
}

/** Positions are looked up only when something is wrong, so that a good wave pays nothing for them. */
export function createLocator(path: string, project: string, text?: string): WaveLocator {
  let lines: string[] | null = null;
  return {
    failure: (code, blame, saying) => {
      lines ??= text === undefined ? [] : splitLines(text);
      const place = { wave: project, ...(blame.agent ? { agentId: blame.agent.agentId } : {}), path };
      const spot = text === undefined ? null : findSpot(lines, blame);
      const line = blame.agent?.line ?? 1;
      const range = spot ? rangeOf(spot) : rangeOf({ index: line - 1, column: 1, length: 1 });
      return failure(code, saying.message, {
        severity: saying.severity ?? 'error',
        place: { ...place, range },
        ...(spot ? { excerpt: excerptOf(lines[spot.index] ?? '', range) } : {}),
        ...(saying.next === undefined ? {} : { next: saying.next }),
        ...(saying.facts === undefined ? {} : { facts: saying.facts }),
      });
    },
  };
}

function findSpot(lines: readonly string[], blame: Blame): { index: number; column: number; length: number } {
  let index = (blame.agent?.line ?? 1) - 1;
  if (blame.owned !== undefined) return findOwned(lines, index, blame.owned);
  if (blame.section !== undefined) {
    const found = findFrom(lines, index, (line) => line.trim() === blame.section);
    if (found >= 0) index = found;
  }
  if (blame.needle !== undefined && blame.needle !== '') {
    const { needle } = blame;
    const found = findFrom(lines, index, (line) => line.includes(needle));
    if (found >= 0)
      return { index: found, column: (lines[found] as string).indexOf(needle) + 1, length: needle.length };
  }
  const line = lines[index] ?? '';
  return { index, column: line.length - line.trimStart().length + 1, length: line.trim().length };
}

/** The line that gives the path to the agent: the same path may stand under `Required context` as well. */
function findOwned(
  lines: readonly string[],
  from: number,
  path: string,
): { index: number; column: number; length: number } {
  const label = Math.max(findFrom(lines, from, isOwnershipLabel), from);
  for (let index = label; index < lines.length; index += 1) {
    const bullet = readBullet(lines[index] as string, index);
    if (!bullet) continue;
    const read = readPath(bullet.text);
    if (read.ok && read.path === path)
      return { index, column: bullet.column, length: bullet.text.trimEnd().length };
  }
  const line = lines[label] ?? '';
  return { index: label, column: line.length - line.trimStart().length + 1, length: line.trim().length };
}

function findFrom(lines: readonly string[], from: number, fits: (line: string) => boolean): number {
  for (let at = from; at < lines.length; at += 1) if (fits(lines[at] as string)) return at;
  return -1;
}
