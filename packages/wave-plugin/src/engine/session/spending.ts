import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageSchema } from '@nx-wave/schemas';
import { z } from 'zod';
import { addSpending, describeWaveExcess, nothingSpent, type Spending } from '../../core/spending';
import type { SharedBudget } from '../program/program';
import type { Session } from './session';

const spendingSchema = z.object({
  usage: usageSchema.nullable(),
  runningMs: z.number().nonnegative(),
  unpriced: z.boolean(),
});

/** One file for each run of a program that costs, never deleted: what was paid stays paid, whatever ended the run. */
function folderOf(session: Session): string {
  return join(session.durableRoot, 'spending', session.wave.identity.project);
}

/** What the agents of a wave have used on this machine, those included that run now. `except`: the name of one run. */
export function readSpending(session: Session, except: string | null = null): Spending {
  const folder = folderOf(session);
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== `${except}.json`);
  } catch {
    return nothingSpent;
  }
  return names.map((name) => readRun(join(folder, name))).reduce(addSpending, nothingSpent);
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

/** The wave's budget as one run sees it. `run` names it for good: `A1-2-work`. */
export function sharedBudget(session: Session, run: string): SharedBudget {
  const folder = folderOf(session);
  return {
    settle(spending) {
      try {
        mkdirSync(folder, { recursive: true });
        const draft = join(folder, `.${run}.draft`);
        writeFileSync(draft, JSON.stringify(spending));
        renameSync(draft, join(folder, `${run}.json`));
      } catch {
        // Others then see less than was spent; this run still counts itself.
      }
      return describeWaveExcess(
        addSpending(readSpending(session, run), spending),
        session.wave.settings.budget,
      );
    },
  };
}
