import type { LedgerEntry, RetryPlan } from '@nx-wave/schemas';
import { canonicalJson, err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { planRetry } from '../../core/retry/plan-retry';
import { parseSuppositions, supposeState } from '../../core/retry/what-if';
import { retryEntry } from '../../core/retry/retry-entry';
import { reduceWave } from '../../core/state/reduce-wave';
import type { WaveState } from '../../core/state/wave-state';
import { reopenCommand } from '../../core/views/next-command';
import { writeDurable } from '../../edges/files/write-file';
import { appendLedger, type Decision } from '../session/ledger-writer';
import type { Session } from '../session/session';
import { gatherWave } from './wave-evidence';

export interface RetryRequest {
  agents: string[];
  /** The agents start from the base, not from their own patch. */
  fresh: boolean;
  /** `A2 fails, A8 blocked`: plans for that instead of for what is stored; never recorded. */
  whatIf: string | null;
  /** Null only shows the plan. */
  apply: Decision | null;
}

export interface RetryReport {
  plan: RetryPlan;
  state: WaveState;
  applied: { entry: LedgerEntry; path: string } | null;
}

/** Plans from stored state, shows the plan, and records it only when asked to: nothing paid runs unasked. */
export async function runRetry(
  session: Session,
  request: RetryRequest,
): Promise<Result<RetryReport, Failure[]>> {
  const { project } = session.wave.identity;
  const known = new Set(session.wave.agents.flatMap(({ unitId, agentId }) => [unitId, agentId]));
  const unknown = request.agents.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    return err([
      failure('agent-unknown', `${project} has no agent ${unknown.join(', ')}.`, {
        place: { wave: project },
        next: `Its agents are ${session.wave.agents.map(({ unitId }) => unitId).join(', ')}.`,
      }),
    ]);
  }
  const state = reduceWave((await gatherWave(session)).evidence);
  if (state.landed && request.apply !== null) {
    return err([
      failure('wave-landed', `${project} has landed: its agents run again only after it is reopened.`, {
        place: { wave: project },
        next: reopenCommand(project),
      }),
    ]);
  }
  if (request.whatIf !== null) {
    const supposed = parseSuppositions(request.whatIf, state);
    if (!supposed.ok) return err([supposed.error]);
    const then = supposeState(state, supposed.value);
    return ok({ plan: planRetry(then, { agents: request.agents }), state: then, applied: null });
  }
  const plan = planRetry(state, { agents: request.agents });
  const shown = await writeDurable(session.at(session.paths.retry), `${canonicalJson(plan)}\n`);
  if (!shown.ok) return err([shown.error]);
  if (request.apply === null) return ok({ plan, state, applied: null });
  const entry = retryEntry(state, plan, { fresh: request.fresh, agents: request.agents });
  if (entry === null) return ok({ plan, state, applied: null });
  const applied = await appendLedger(session, { ...entry, ...request.apply });
  return applied.ok ? ok({ plan, state, applied: applied.value }) : err([applied.error]);
}
