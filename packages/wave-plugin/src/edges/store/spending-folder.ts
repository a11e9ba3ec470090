import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageSchema } from '@nx-wave/schemas';
import { lazily } from '@nx-wave/schemas/plain';
import * as z from 'zod';
import { addSpending, nothingSpent, type Spending } from '../../core/spending';
import { flushNow, makeDurableFolderNow } from '../files/flush';

const spendingSchema = lazily(() =>
  z.object({
    usage: usageSchema.nullable(),
    runningMs: z.number().nonnegative(),
    unpriced: z.boolean(),
    untold: z.boolean().default(false),
    // Records of earlier versions do not say: what they left out stays left out.
    uncounted: z.object({ tokens: z.boolean(), usd: z.boolean() }).default({ tokens: false, usd: false }),
  }),
);

/**
 * One file for each run of a program that costs, never deleted: what was paid stays paid, whatever ended the run. Read
 * and written at once, without a wait: a budget is settled between two lines of a program's output.
 */
export interface SpendingFolder {
  /** The sum of all runs but `except`, each as `as` counts it; what is not there or cannot be read counts for nothing. */
  sum(except: string | null, as?: (run: string, spending: Spending) => Spending): Spending;
  /**
   * Replaces what one run has spent. What it has used is flushed when it is told; the time that passes is not, and a loss of
   * power takes it back to that moment. Where it cannot be written, others see less than was spent.
   */
  record(run: string, spending: Spending): void;
}

export function openSpendingFolder(folder: string): SpendingFolder {
  const flushed = new Map<string, string>();
  return {
    sum(except, as = (_run, spending) => spending) {
      let names: string[];
      try {
        names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== `${except}.json`);
      } catch {
        return nothingSpent;
      }
      return names
        .map((name) => as(name.slice(0, -'.json'.length), readRun(join(folder, name))))
        .reduce(addSpending, nothingSpent);
    },
    record(run, spending) {
      const used = JSON.stringify({ ...spending, runningMs: null });
      const isNew = flushed.get(run) !== used;
      try {
        makeDurableFolderNow(folder);
        const draft = join(folder, `.${run}.draft`);
        writeFileSync(draft, JSON.stringify(spending));
        if (isNew) flushNow(draft);
        renameSync(draft, join(folder, `${run}.json`));
        if (!isNew) return;
        flushNow(folder);
        flushed.set(run, used);
      } catch {
        // This run still counts itself.
      }
    },
  };
}

/** A file that is gone or not whole counts for nothing; each is replaced in one step. */
function readRun(path: string): Spending {
  try {
    const parsed = spendingSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : nothingSpent;
  } catch {
    return nothingSpent;
  }
}
