import type { ResolvedAgent, ResolvedWave } from '../core/model';
import type { StageEvidence } from '../core/state/stage-evidence';
import { goodPayloads } from './envelopes';
import { buildWave } from './resolved';
import { buildEvidence, buildHandoff } from './stage-evidence';
import { steward } from './stewards';

type StewardRole = Parameters<typeof steward>[0];

export interface Answering extends Partial<StageEvidence> {
  /** What is special about the steward. */
  agent?: Partial<ResolvedAgent>;
  /** Who is in the wave besides it. */
  others?: ResolvedAgent[];
  /** What is special about the wave. */
  whole?: Partial<ResolvedWave>;
}

/** Evidence of the stage of one steward: its good payload, with these members of its sections instead. */
export function answering(
  role: StewardRole,
  payload: Readonly<Record<string, object>> = {},
  { agent = {}, others = [], whole = {}, ...overrides }: Answering = {},
): StageEvidence {
  const unit = steward(role, agent);
  const sections = Object.entries(goodPayloads[role] as Record<string, object>).map(([name, good]) => [
    name,
    { ...good, ...payload[name] },
  ]);
  const wave = { ...buildWave([...others, unit]), ...whole };
  const handoffs = [buildHandoff(unit, { [role]: Object.fromEntries(sections) as object }, wave)];
  return buildEvidence(wave, role, { handoffs, ...overrides });
}

/** The same evidence, in which what was handed off was judged like this. */
export function judgedAs(evidence: StageEvidence, said: object): StageEvidence {
  const judgement = said as StageEvidence['handoffs'][number]['judgement'];
  return { ...evidence, handoffs: evidence.handoffs.map((handoff) => ({ ...handoff, judgement })) };
}
