import { ok, type Result } from '@nx-wave/schemas/plain';
import { countRepairs, progressOf, type Sight } from '../../core/autopilot/sight';
import type { WaveForecast } from '../../core/forecast';
import { askedQuestions, type AskedQuestion } from '../../core/people/questions';
import type { Session } from '../session/session';
import { planWave } from './plan-wave';
import { judgeStatus } from './read-status';
import { gatherWave } from './wave-evidence';

/** A wave as an autopilot sees it. */
export interface Look {
  sight: Sight;
  questions: AskedQuestion[];
  forecast: WaveForecast;
}

/** Reads everything that the next step of an autopilot follows from; nothing runs. `before`: see `Sight`. */
export async function lookAtWave(session: Session, before: string | null): Promise<Result<Look>> {
  const planned = await planWave(session);
  if (!planned.ok) return planned;
  const gathered = await gatherWave(session);
  const status = await judgeStatus(session, gathered);
  const { state, plan, closure } = status;
  const { units, stops, forecast } = planned.value.plan;
  return ok({
    sight: {
      standing: { state, plan, closure },
      units: units.map(({ unitId, action, problems }) => ({ unitId, action, problem: problems[0] ?? null })),
      stops,
      repairs: countRepairs(session.ledger),
      progress: progressOf({ state, closure }, gathered.evidence),
      before,
    },
    questions: askedQuestions(state.wave, state.questions, gathered.evidence),
    forecast,
  });
}
