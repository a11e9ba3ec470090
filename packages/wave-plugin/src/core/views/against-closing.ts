import type { Closure, GateReason } from '@nx-wave/schemas';
import type { WaveState } from '../state/wave-state';

/** What a reader of the cause needs of an output: its end. */
const shownLines = 12;

/**
 * Everything that stands against closing, the cause first: why slices are not proven, then what the gates found, then what
 * only waits for that. A slice whose own failures are known is not told again as a missing handoff.
 */
export function againstClosing({ state, closure }: { state: WaveState; closure: Closure }): GateReason[] {
  // A landed wave asks no gate any more: what is wrong with it is that its tree was taken back.
  if (state.landed) return [...closure.reasons];
  const failed = state.units.filter(({ failures }) => failures.length > 0);
  const slices = failed.flatMap(({ unitId, failures }) =>
    failures.map(({ code, message }): GateReason => ({
      gate: 'slice',
      code,
      detail: message,
      agentIds: [unitId],
      paths: [],
      command: null,
      repair: 'rerun',
    })),
  );
  const told = new Set(failed.map(({ unitId }) => unitId));
  const others = state.reasons.filter(
    ({ code, agentIds }) =>
      code !== 'handoff-missing' || agentIds.length === 0 || !agentIds.every((unitId) => told.has(unitId)),
  );
  const found = [...slices, ...others];
  const distinct = found.filter(
    (one, at) => found.findIndex(({ code, detail }) => code === one.code && detail === one.detail) === at,
  );
  return [
    ...distinct.filter(({ repair }) => repair !== 'wait'),
    ...distinct.filter(({ repair }) => repair === 'wait'),
  ];
}

/** A reason in one line with everything that it names, and the last lines of the output that it quotes. */
export function reasonParts({ code, detail, paths, command }: GateReason): { line: string; said: string[] } {
  const [first = '', ...rest] = detail.trimEnd().split('\n');
  const named = [
    ...(paths.length > 0 ? [paths.join(', ')] : []),
    ...(command === null ? [] : [`\`${command}\``]),
  ];
  return {
    line: `${code}: ${first}${named.length > 0 ? ` [${named.join('; ')}]` : ''}`.replace(/\s+/g, ' '),
    said: rest.slice(-shownLines),
  };
}

/** The same as lines of a terminal. */
export function reasonLines(reason: GateReason): string[] {
  const { line, said } = reasonParts(reason);
  return [line, ...said.map((one) => `    ${one}`.trimEnd())];
}

/** The first line of a reason without the words that introduce an output, for where the output does not follow. */
export function withoutQuote(line: string): string {
  return line.replace(/\s*It said:$/, '');
}
