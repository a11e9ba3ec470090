import { join } from 'node:path';
import { addSpending, countByCaps, describeWaveExcess, type Spending } from '../../core/spending';
import { openSpendingFolder, type SpendingFolder } from '../../edges/store/spending-folder';
import type { SharedBudget } from '../program/program';
import type { Session } from './session';

function folderOf(session: Session): SpendingFolder {
  return openSpendingFolder(join(session.durableRoot, 'spending', session.wave.identity.project));
}

/**
 * What the agents of a wave have used on this machine, those included that run now; what nobody told counts as the cap
 * that its agent has today. `except`: the name of one run.
 */
export function readSpending(session: Session, except: string | null = null): Spending {
  return sumOf(session, folderOf(session), except);
}

function sumOf(session: Session, folder: SpendingFolder, except: string | null): Spending {
  return folder.sum(except, (run, spending) => {
    const agent = session.wave.agents.find(({ unitId }) => run.replace(/-\d+-[a-z]+$/, '') === unitId);
    const { tokens = null, usd = null } = agent?.executor.budget ?? {};
    return countByCaps(spending, { tokens, usd });
  });
}

/** The wave's budget as one run sees it. `run` names it for good: `A1-2-work`. */
export function sharedBudget(session: Session, run: string): SharedBudget {
  const folder = folderOf(session);
  return {
    settle(spending) {
      folder.record(run, spending);
      const all = addSpending(sumOf(session, folder, run), spending);
      return describeWaveExcess(all, session.wave.settings.budget);
    },
  };
}
