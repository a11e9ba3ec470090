import { type Failure, type Place } from '@nx-wave/schemas/plain';
import { visibleName } from '../terminal-text';
import { count } from '../count';

/**
 * A failure for the person who must act: where, what, the offending text with carets, and what to do next.
 *
 * ```
 * docs/plans/waves/wave-3.md:41:3 (wave-3, agent A2): error ownership-overlap: Agent `A2` owns `src/a.ts`, and …
 *     - src/a.ts
 *       ^^^^^^^^
 *   Next: Give the path to one of the two, or narrow the folder.
 * ```
 */
export function describeFailure(failure: Failure): string {
  const where = describePlace(failure.place);
  const lines = [
    `${where === '' ? '' : `${where}: `}${failure.severity} ${failure.code}: ${withVisibleNames(failure).replaceAll('\n', '\n    ')}`,
  ];
  if (failure.excerpt !== undefined) lines.push(...failure.excerpt.split('\n').map((line) => `    ${line}`));
  if (failure.next !== undefined) lines.push(`  Next: ${failure.next}`);
  return lines.join('\n');
}

/** Several failures, the most severe first, and a line that counts them. */
export function describeFailures(failures: readonly Failure[]): string {
  const order = { error: 0, warning: 1, note: 2 };
  const sorted = [...failures].sort((a, b) => order[a.severity] - order[b.severity]);
  const counts = (['error', 'warning', 'note'] as const)
    .map((severity) => ({
      severity,
      amount: failures.filter((failure) => failure.severity === severity).length,
    }))
    .filter(({ amount }) => amount > 0)
    .map(({ severity, amount }) => count(amount, severity));
  return [...sorted.map(describeFailure), ...(counts.length > 0 ? [counts.join(', ')] : [])].join('\n');
}

/** The message, with every path that the failure is about on one line, whatever it is called. */
function withVisibleNames({ message, place, facts = {} }: Failure): string {
  const named = [place?.path, facts['path'], ...(Array.isArray(facts['paths']) ? facts['paths'] : [])];
  return named
    .filter((name) => typeof name === 'string')
    .reduce((text, name) => {
      const visible = visibleName(name);
      return visible === name ? text : text.replaceAll(name, visible);
    }, message);
}

function describePlace(place: Place | undefined): string {
  if (!place) return '';
  const { path, range, wave, agentId } = place;
  const file =
    path === undefined ? '' : visibleName(path) + (range ? `:${range.start.line}:${range.start.column}` : '');
  const who = [wave, agentId === undefined ? undefined : `agent ${agentId}`].filter(
    (part) => part !== undefined,
  );
  if (file === '') return who.join(', ');
  return who.length === 0 ? file : `${file} (${who.join(', ')})`;
}
