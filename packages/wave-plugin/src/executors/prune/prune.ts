import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson, failure } from '@nx-wave/schemas/plain';
import { parseSize, type Prunable, showSize } from '../../core/state/plan-prune';
import { describeFailure } from '../../core/views/describe-failure';
import { alignTable } from '../../core/views/table';
import { pruneStore } from '../../engine/lane/prune-store';
import { withLane } from '../with-lane';

export interface PruneOptions {
  /** Days. */
  olderThan?: number;
  /** `500MB`, `2GB`. */
  maxSize?: string;
  dryRun?: boolean;
  json?: boolean;
}

const usualDays = 30;

/** Removes what is old or too much from the store of the repository; fails only where something could not be removed. */
export default function pruneExecutor(
  options: PruneOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withLane(context, async (lane, edges) => {
    const maxBytes = options.maxSize === undefined ? null : parseSize(String(options.maxSize));
    if (options.maxSize !== undefined && maxBytes === null) {
      const next = `nx run ${lane.project}:prune --max-size=2GB`;
      edges.print(
        describeFailure(failure('option-invalid', `--max-size=${options.maxSize} is no size.`, { next })),
      );
      return false;
    }
    const olderThanDays = options.olderThan ?? (maxBytes === null ? usualDays : null);
    const dryRun = options.dryRun === true;
    const pruned = await pruneStore(lane, { olderThanDays, maxBytes, dryRun }, edges);
    if (!pruned.ok) {
      edges.print(describeFailure(pruned.error));
      return false;
    }
    const { remove, keep, failures } = pruned.value;
    if (options.json === true) edges.print(canonicalJson(pruned.value));
    else {
      if (dryRun) remove.forEach(({ path }) => edges.print(`would go: ${path}`));
      table(remove, keep, dryRun).forEach((line) => edges.print(line));
      failures.forEach((one) => edges.print(describeFailure(one)));
    }
    return failures.every(({ severity }) => severity !== 'error');
  });
}

function table(remove: readonly Prunable[], keep: readonly Prunable[], dryRun: boolean): string[] {
  const sum = (items: readonly Prunable[]) =>
    `${items.length} (${showSize(items.reduce((total, { bytes }) => total + bytes, 0))})`;
  const kinds: Prunable['kind'][] = ['proof', 'attempt', 'tree-proof', 'leftover'];
  const rows = kinds.map((kind) => {
    const of = (items: readonly Prunable[]) => items.filter((one) => one.kind === kind);
    const needed = of(keep).filter((one) => one.needed !== null);
    return [kind, sum(of(remove)), sum(of(keep)), sum(needed)];
  });
  return alignTable([['kind', dryRun ? 'would go' : 'gone', 'kept', 'of these needed'], ...rows]);
}
