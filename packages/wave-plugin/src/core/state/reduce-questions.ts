import type { LedgerEntry } from '@nx-wave/schemas';
import { questionsForPeople } from '../result/records';
import type { OpenQuestion, WaveEvidence } from './wave-evidence';

/**
 * Questions that wait for a person: those of the last attempt of each unit for its present work key, unless the ledger
 * answers them. An answer also changes the key, so an old question never comes back. Attempts come in order.
 */
export function reduceQuestions({
  wave,
  attempts,
  ledger,
  workKeys,
}: Pick<WaveEvidence, 'wave' | 'attempts' | 'ledger' | 'workKeys'>): OpenQuestion[] {
  return wave.agents.flatMap((unit) => {
    const last = attempts
      .filter(
        ({ predicate }) => predicate.agentId === unit.unitId && predicate.workKey === workKeys[unit.unitId],
      )
      .at(-1);
    if (!last?.envelope || last.predicate.state !== 'not_proven') return [];
    return questionsForPeople(unit, last.envelope.records ?? [])
      .filter(({ id }) => !isAnswered(ledger, id, [unit.unitId, unit.agentId]))
      .map(({ id, summary }) => ({ requestId: id, agentId: unit.unitId, summary }));
  });
}

function isAnswered(ledger: readonly LedgerEntry[], id: string, askers: string[]): boolean {
  return ledger.some(
    (entry) => entry.type === 'request.answered' && entry.requestId === id && askers.includes(entry.agentId),
  );
}
