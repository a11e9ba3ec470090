import { stages } from '@nx-wave/schemas/plain';
import type { CodeOf, Gate, GateFinding } from './gate';
import { dueRecords } from './open-records';

const codes = {
  'helper-assignment-unresolved': 'A request is addressed to nobody in the wave.',
  'helper-assignment-open': 'An agent has not answered a request that blocks.',
  'human-feedback-open': 'A request waits for a person.',
} as const;
type Code = CodeOf<typeof codes>;

/** Every blocking request between agents has an assignee, and every assignee has answered its own. */
export const helperAssignmentsGate: Gate<Code> = {
  id: 'helper-assignments',
  codes,
  formerName: 'helperAssignmentBarrier',
  stages,
  mayBeAdvisory: true,
  judge(evidence) {
    return dueRecords(evidence, 'request').flatMap(({ record, by, waitsFor, waitsForPeople, unroutable }) => {
      const findings: GateFinding<Code>[] = [];
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
