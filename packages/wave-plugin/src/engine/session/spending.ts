import { join } from 'node:path';
import { addSpending, describeWaveExcess, type Spending } from '../../core/spending';
import { openSpendingFolder } from '../../edges/store/spending-folder';
import type { SharedBudget } from '../program/program';
import type { Session } from './session';

function folderOf(session: Session) {
  return openSpendingFolder(join(session.durableRoot, 'spending', session.wave.identity.project));
}

/** What the agents of a wave have used on this machine, those included that run now. `except`: the name of one run. */
export function readSpending(session: Session, except: string | null = null): Spending {
  return folderOf(session).sum(except);
}

/** The wave's budget as one run sees it. `run` names it for good: `A1-2-work`. */
export function sharedBudget(session: Session, run: string): SharedBudget {
  return {
    settle(spending) {
      folderOf(session).record(run, spending);
      return describeWaveExcess(
        addSpending(readSpending(session, run), spending),
        session.wave.settings.budget,
      );
    },
  };
}
