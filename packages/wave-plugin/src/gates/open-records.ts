import type { WaveRecord } from '@nx-wave/schemas';
import { openRecords, type OpenRecord } from '../core/state/open-records';
import type { StageEvidence } from '../core/state/stage-evidence';

/** Open blocking records of one kind whose turn is the judged stage. */
export function dueRecords(evidence: StageEvidence, kind: WaveRecord['kind']): OpenRecord[] {
  const sources = [...(evidence.upstream?.agents ?? []), ...evidence.handoffs];
  return openRecords(evidence.wave, sources, evidence.ledger).filter(
    ({ record, dueStage }) => record.kind === kind && dueStage === evidence.stage,
  );
}
