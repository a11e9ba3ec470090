import { type AgentSpec, type HeldOutCommand } from '@nx-wave/schemas';
import { strengthLevels } from '@nx-wave/schemas/plain';
import { quote, type Diagnostics } from './diagnostics';
import {
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
import { checkPath } from './paths';
import { readWord } from './words';

const what = 'Proof strength';
const keys = ['level', 'may change', 'reason'] as const;

/** `- level: checked`, `- may change: path, folder/`, `- reason: words`, and any number of `- held-out: command | files: path`. */
export function readProofStrength(
  entries: readonly Entry[],
  diagnostics: Diagnostics,
): Pick<AgentSpec, 'proofStrength'> {
  if (entries.length === 0) return {};
  const pairs = readPairs(entries, what, diagnostics).map((pair) => ({
    ...pair,
    key: pair.key === 'may-change' ? 'may change' : pair.key,
  }));
  const byKey = knownPairs(
    pairs.filter(({ key }) => key !== 'held-out'),
    { known: [...keys, 'held-out'], what },
    diagnostics,
  );
  const [level, reason] = [byKey.get('level'), byKey.get('reason')];
  const heldOut = pairs
    .filter(({ key }) => key === 'held-out')
    .map((pair) => readHeldOut(pair, diagnostics))
    .filter((one) => one !== null);
  const proofStrength = {
    level: level
      ? readWord(
          unwrap(level.value),
          { list: strengthLevels, what: 'level of proof', spot: valueSpot(level) },
          diagnostics,
        )
      : null,
    mayChange: readPathsOf(byKey.get('may change'), 'path that may change', diagnostics),
    heldOut,
    reason: reason ? unwrap(reason.value) : null,
  };
  return { proofStrength };
}

function readPathsOf(pair: Pair | undefined, meant: string, diagnostics: Diagnostics): string[] {
  if (!pair) return [];
  const paths = readList(pair.value).map((word) =>
    checkPath(word, { what: meant, spot: valueSpot(pair) }, diagnostics),
  );
  return [...new Set(paths.filter((path) => path !== null))].sort();
}

/** `command | files: path, folder/`: without files the command alone is held back. */
function readHeldOut(pair: Pair, diagnostics: Diagnostics): HeldOutCommand | null {
  const bar = pair.value.indexOf('|');
  const written = unwrap(bar < 0 ? pair.value : pair.value.slice(0, bar));
  const files = bar < 0 ? null : filesBehind(pair, bar);
  if (written === '' || (bar >= 0 && files?.key !== 'files')) {
    diagnostics.error('entry-malformed', keySpot(pair), {
      message: `${quote(pair.value)} names no command that is held back.`,
      next: 'Write `- held-out: <command> | files: <path>`.',
    });
    return null;
  }
  return { command: written, files: readPathsOf(files ?? undefined, 'held-out file', diagnostics) };
}

/** What stands behind the bar of an entry, at its own place in the line. */
function filesBehind({ value, index, valueColumn }: Pair, bar: number): Pair | null {
  const rest = value.slice(bar + 1);
  const indent = rest.length - rest.trimStart().length;
  return splitPair(rest.trim(), index, valueColumn + bar + 1 + indent);
}
