import type { ControlPlaneEvent, Usage } from '@nx-wave/schemas';
import { planRetry } from '../core/retry/plan-retry';
import { nothingSpent } from '../core/spending';
import { judgeClosure } from '../core/state/judge-closure';
import { nextCommand } from '../core/views/next-command';
import type { ReportInput } from '../core/views/report/report-input';
import { buildWave } from './resolved';
import { simulateWave, type Deed } from './simulated-wave';
import { implementer, steward } from './stewards';

/** A launch of three agents as a report sees it; `usages` and `events` are of the first attempt of each. */
export function reported(
  deeds: Record<string, Deed> = {},
  usages: Record<string, Usage> = {},
  events: Record<string, [type: string, data: ControlPlaneEvent['data']][]> = {},
): ReportInput {
  const sim = simulateWave(buildWave([implementer('A1'), implementer('A2'), steward('cont-qa')]));
  sim.launch((unit) => deeds[unit.unitId] ?? {});
  const { wave, verdicts, prove, bundles, attempts, ledger } = sim.evidence();
  const state = sim.state();
  const { questions } = state;
  const open = { changes: [], patchSha256: null, failures: [], landed: false };
  const plan = planRetry(state);
  const closure = judgeClosure({ wave, verdicts, prove, bundles, questions, ...open });
  return {
    wave,
    state,
    plan,
    closure: { ...closure, next: nextCommand({ state, plan, closure }) },
    ledger,
    spending: nothingSpent,
    budget: { usd: null, tokens: null, minutes: null },
    attempts: attempts.map((attempt) => ({
      ...attempt,
      predicate: { ...attempt.predicate, usage: usages[attempt.predicate.agentId] ?? null },
      events: (events[attempt.predicate.agentId] ?? []).map(([type, data], seq) => ({
        schemaVersion: 1,
        seq,
        at: '2026-01-01T00:00:00.000Z',
        wave: 'wave-3',
        agentId: attempt.predicate.agentId,
        attempt: 1,
        type,
        data,
      })),
    })),
    patches: [],
  };
}
