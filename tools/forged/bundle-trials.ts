import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundlesBelow, filesBelow, forge, forgeries, readManifest } from './tamper';
import { believedAtOnce, changesOf, counted, never, presentKeys, type Trial } from './trial';
import type { ForgedWorld } from './world';

interface BundleRules {
  /** The folder of a bundle has its digest in its name: then its manifest cannot change either. */
  named: boolean;
  /** Puts one bundle in the place of another. */
  replay(from: string, to: string): void;
  /** Called after a bundle was changed with all its digests. */
  resealed?(world: ForgedWorld, folder: string): void;
}

/** Everything that can be done to the bundles below a folder that are asked for now. */
export function bundleTrials(
  world: ForgedWorld,
  folder: string,
  { named, replay, resealed }: BundleRules,
): Trial[] {
  const present = presentKeys(world);
  const bundles = bundlesBelow(folder);
  const targets = bundles.filter((bundle) => present.has(readManifest(bundle).predicate.workKey));
  const short = (path: string) => path.slice(folder.length + 1);
  return targets.flatMap((bundle) => {
    const own = readManifest(bundle).predicate;
    const agent = own.agentId;
    const isCounted = counted(agent);
    const files = filesBelow(bundle);
    // Another copy of the same work, such as what was collected before it was judged, would answer in its place.
    const twins = bundles.filter(
      (one) => one !== bundle && readManifest(one).predicate.workKey === own.workKey,
    );
    const alone = (trial: Trial): Trial => ({
      ...trial,
      act() {
        for (const twin of twins) rmSync(twin, { recursive: true, force: true });
        return trial.act();
      },
    });
    const trials = files.flatMap((path) => {
      const isManifest = basename(path) === 'manifest.json';
      // Where no name holds it, a manifest is what it says, and is proven again before it counts.
      const isUsed = isManifest && !named ? believedAtOnce(agent) : isCounted;
      const same = bundles
        .map((other) => join(other, path.slice(bundle.length + 1)))
        .filter((other) => other !== path && existsSync(other));
      return changesOf(path, same, { what: short(path), agent, isUsed });
    });
    for (const from of bundles)
      if (from !== bundle && !twins.includes(from))
        trials.push({
          ...{ kind: 'swapped or replayed', what: `${short(from)} in place of ${short(bundle)}`, agent },
          honest: false,
          act: () => replay(from, bundle),
          isUsed: isCounted,
        });
    const other = bundles.map((one) => readManifest(one).predicate).find(({ agentId }) => agentId !== agent);
    // What was collected has no envelope that was judged: nothing of it is believed before it is.
    const isJudged = existsSync(join(bundle, 'envelope.json'));
    if (own.role !== 'implementation' || other === undefined || !isJudged) return trials.map(alone);
    for (const forgery of forgeries)
      trials.push({
        ...{ kind: forgery.shows ? 'forged, digests right' : 'forged, honest by every rule', agent },
        what: `${forgery.name}: ${short(bundle)}`,
        honest: !forgery.shows,
        act: () => {
          const forged = forge(bundle, forgery, other);
          resealed?.(world, forged);
        },
        // It may be served to the gate, which proves what is merged: what counts is what the wave closes on. What only another
        // maker can be told by is never taken unproven, but in the store that is this repository's own word.
        isUsed: forgery.shows || named ? never : believedAtOnce(agent),
      });
    return trials.map(alone);
  });
}
