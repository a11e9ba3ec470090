import type { Failure } from '@nx-wave/schemas/plain';
import { heldOutOf } from '../held-out';
import type { ResolvedWave } from '../model';
import { quote } from '../parse/diagnostics';
import type { Finding, WaveLocator } from '../resolve/locate';
import { withoutExcerpt } from './programs';

/** What a tree that git makes would hold of a path that is held out from agents. */
export interface HeldOutGround {
  /** Some file of it is on the merged tree. */
  seen: boolean;
  /** Files of it that git ignores, workspace-relative and sorted: they are on no merged tree. */
  ignored: readonly string[];
}

/** The same by path, as the wave file names them. */
export type HeldOutGrounds = ReadonlyMap<string, HeldOutGround>;

/** How many ignored files of one folder are named. */
const mostNamed = 3;

/**
 * Held-out commands whose files no merged tree will hold: they would be red after everybody has been paid. A warning where a folder
 * has other files beside ignored ones, and for a file that is not here: it may be kept where the merged tree is proved.
 * Codes: held-out-missing.
 */
export function missingHeldOut(
  wave: ResolvedWave,
  { grounds, locator }: { grounds: HeldOutGrounds; locator: WaveLocator },
): Failure[] {
  return heldOutOf(wave).flatMap(({ name, unitId, files }) =>
    files.flatMap((path) => {
      const saying = sayingOf(name, path, grounds.get(path));
      if (saying === null) return [];
      const agent = wave.agents.find((one) => one.unitId === unitId);
      const blame = { agent, section: '### Proof strength', needle: path };
      return [withoutExcerpt(locator.failure('held-out-missing', blame, saying))];
    }),
  );
}

function sayingOf(name: string, path: string, ground: HeldOutGround | undefined): Finding | null {
  if (ground === undefined || (ground.seen && ground.ignored.length === 0)) return null;
  const next =
    'Change the line of `.gitignore`, or move the files: commit them, or leave them untracked and seen.';
  const { ignored } = ground;
  if (ground.seen) {
    const named = ignored.slice(0, mostNamed).map(quote).join(', ');
    const more = ignored.length > mostNamed ? ` and ${ignored.length - mostNamed} more` : '';
    return {
      message: `git ignores ${named}${more} below ${quote(path)}: the command ${name} runs without them.`,
      next,
      severity: 'warning',
    };
  }
  if (ignored.length > 0)
    return {
      message: `${quote(path)}, which the command ${name} needs, is ignored by git: no merged tree holds it, so that the command is red whatever agents do.`,
      next,
    };
  return {
    message: `${quote(path)}, which the command ${name} needs, is not in your tree: where it is not either, the merged tree is not proved.`,
    next: 'Write the file, or correct the path; where the merged tree is proved on another machine, keep it there.',
    severity: 'warning',
  };
}
