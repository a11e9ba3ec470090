import { stages } from '@nx-wave/schemas/plain';
import { handoffOf, namedOwners, type CodeOf, type Gate, type GateFinding } from './gate';
import { dueRecords } from './open-records';
import { reportedBlockers } from './sections';

const codes = {
  'blocker-open': 'A blocker record is still open.',
  'blocker-reported': 'A steward reports blockers.',
} as const;
type Code = CodeOf<typeof codes>;

/** Nothing that an agent calls blocking is left: typed blocker records, and the blockers that a steward reports. */
export const blockersGate: Gate<Code> = {
  id: 'blockers',
  codes,
  stages,
  mayBeAdvisory: true,
  judge(evidence) {
    const records = dueRecords(evidence, 'blocker').map(
      ({ record, by, waitsFor, waitsForPeople }): GateFinding<Code> => ({
        code: 'blocker-open',
        detail: `${by} is blocked: "${record.summary}" (${record.id}).`,
        agentIds: waitsFor.length > 0 ? waitsFor : [by],
        repair: waitsForPeople || waitsFor.length === 0 ? 'human' : 'rerun',
      }),
    );
    const reported = evidence.wave.agents
      .filter((agent) => agent.stage === evidence.stage)
      .flatMap((agent): GateFinding<Code>[] => {
        const handoff = handoffOf(evidence, agent);
        if (!handoff) return [];
        const kinds = reportedBlockers(handoff);
        if (kinds.length === 0) return [];
        return [
          {
            code: 'blocker-reported',
            detail: `${agent.unitId} reports blockers: ${kinds.join(', ')}.`,
            agentIds: [agent.unitId],
            owners: ownersAnywhere(handoff.judgement[agent.envelopeRole]),
            repair: 'owners',
          },
        ];
      });
    return [...records, ...reported];
  },
};

/** The owners named in any part of a payload section. */
function ownersAnywhere(section: unknown): string[] {
  if (typeof section !== 'object' || section === null) return [];
  return [...new Set(Object.values(section).flatMap(namedOwners))].sort();
}
