import { stages } from '@nx-wave/schemas/plain';
import type { Gate, GateFinding } from './gate';
import { dueRecords } from './open-records';

/** No blocking contradiction between agents is left when the integration stage, or the last one, closes. */
export const contradictionsGate: Gate = {
  id: 'contradictions',
  formerName: 'integrationBarrier',
  stages,
  mayBeAdvisory: true,
  judge(evidence) {
    return dueRecords(evidence, 'contradiction').map(({ record, by, waitsFor }): GateFinding => ({
      code: 'integration-contradiction-open',
      detail: `${by} reports the contradiction "${record.summary}" (${record.id})${between(waitsFor)}.`,
      agentIds: waitsFor.length > 0 ? waitsFor : [by],
      paths: [...(record.artifactRefs ?? [])].sort(),
      repair: waitsFor.length > 0 ? 'rerun' : 'human',
    }));
  },
};

function between(parties: string[]): string {
  return parties.length > 0 ? ` between ${parties.join(' and ')}` : '';
}
