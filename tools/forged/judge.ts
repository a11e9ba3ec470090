import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trial } from './trial';
import { closedOn, type ForgedWorld, type Outcome } from './world';

/** How a trial ended. The first five are what may be; `unharmed`: it came out as it would have, and nothing was said. */
export type End = 'refused' | 'missed' | 'proven again' | 'unharmed' | 'believed' | 'let in' | 'defect';

export interface Judged {
  end: End;
  /** What is wrong, where something is. */
  told: string | null;
}

/** What an honest wave closes on, and the lines that it prints by this door anyway. */
export interface Truth {
  closedOn: string;
  lines: ReadonlySet<string>;
}

/** Where an evil text could have come to stand. */
const outside = ['../evil.txt', '../../evil.txt', 'src/base.txt', '.git/hooks/evil.txt'];

const tells =
  /stays open|is not used|not used:|is no ledger entry|not the one|not proven|altered|refused|warning/;

/**
 * The oracle: the wave closes on the work of an undisturbed run, or says what it does not take. What was changed is never used for
 * what it says, whoever has made its digests fit.
 */
export function judge(
  world: ForgedWorld,
  trial: Trial,
  { outcome, truth }: { outcome: Outcome; truth: Truth },
): Judged {
  const { closure, failures, lines, starts, tasks } = outcome;
  const wrong = (told: string): Judged => ({
    end: 'let in',
    told: [`${trial.what}: ${told}`, JSON.stringify(tasks), ...lines.map((line) => `    ${line}`)].join('\n'),
  });
  const thrown = failures.find(({ code }) => code === 'internal-error');
  if (thrown !== undefined) return { end: 'defect', told: `${trial.what}: ${thrown.message}` };
  const strangers = outside.filter((path) => holdsEvil(join(world.root, path)));
  if (strangers.length > 0) return wrong(`an evil text stands in ${strangers.join(', ')}`);
  if (trial.isUsed(outcome)) return wrong('it was used');
  const closed = closure?.state === 'closed' && tasks['launch'] === 'passed' ? closure : null;
  if (closed !== null && closedOn(world, closed) !== truth.closedOn)
    return trial.honest ? { end: 'believed', told: null } : wrong(`it closes on ${closedOn(world, closed)}`);
  if (tasks['land'] === 'passed') {
    const [changes] = JSON.parse(truth.closedOn) as [[path: string, oid: string | null][]];
    const other = changes.filter(([path, oid]) => blobAt(world, path) !== oid);
    if (other.length > 0) return wrong(`it has landed otherwise: ${JSON.stringify(other)}`);
  }
  if (failures.length > 0 || lines.some((line) => !truth.lines.has(line) && tells.test(line)))
    return { end: 'refused', told: null };
  if (starts.length > 0) return { end: 'missed', told: null };
  const again = lines.some(
    (line) => !truth.lines.has(line) && /^(verifying again|proved on the merged tree)/.test(line),
  );
  return {
    end: again || lines.some((line) => line.startsWith('verifying again')) ? 'proven again' : 'unharmed',
    told: null,
  };
}

function holdsEvil(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').includes('an evil text');
}

function blobAt({ tree }: ForgedWorld, path: string): string | null {
  return tree.read(path) === null ? null : tree.git('hash-object', path).trim();
}
