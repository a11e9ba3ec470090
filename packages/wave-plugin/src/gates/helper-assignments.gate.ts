import { stages } from '@nx-wave/schemas/plain';
import type { Gate, GateFinding } from './gate';
import { dueRecords } from './open-records';

/** Every blocking request between agents has an assignee, and every assignee has answered its own. */
export const helperAssignmentsGate: Gate = {
  id: 'helper-assignments',
  formerName: 'helperAssignmentBarrier',
  stages,
  mayBeAdvisory: true,
  judge(evidence) {
    return dueRecords(evidence, 'request').flatMap(({ record, by, waitsFor, waitsForPeople, unroutable }) => {
      const findings: GateFinding[] = [];
      const asked = `${by} asks "${record.summary}" (${record.id})`;
      if (unroutable.length > 0) {
        findings.push({
          code: 'helper-assignment-unresolved',
          detail: `${asked}, and nobody in the wave is ${unroutable.join(' or ')}.`,
          agentIds: [by],
          repair: 'human',
        });
      }
      if (waitsFor.length > 0) {
        findings.push({
          code: 'helper-assignment-open',
          detail: `${asked}, and ${waitsFor.join(', ')} has not answered.`,
          agentIds: waitsFor,
          repair: 'rerun',
        });
      }
      if (waitsForPeople) {
        findings.push({
          code: 'human-feedback-open',
          detail: `${asked}, and waits for a person.`,
          agentIds: [by],
          repair: 'human',
        });
      }
      return findings;
    });
  },
};
