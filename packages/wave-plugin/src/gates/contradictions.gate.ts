import { stages } from '@nx-wave/schemas/plain';
import type { CodeOf, Gate, GateFinding } from './gate';
import { dueRecords } from './open-records';

const codes = {
  'integration-contradiction-open': 'Agents contradict each other, and nothing has settled it.',
} as const;
type Code = CodeOf<typeof codes>;

/** No blocking contradiction between agents is left when the integration stage, or the last one, closes. */
export const contradictionsGate: Gate<Code> = {
  id: 'contradictions',
  codes,
  formerName: 'integrationBarrier',
  stages,
  mayBeAdvisory: true,
  judge(evidence) {
    return dueRecords(evidence, 'contradiction').map(({ record, by, waitsFor }): GateFinding<Code> => ({
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
