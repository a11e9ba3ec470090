import { stages } from '@nx-wave/schemas/plain';
import type { CodeOf, Gate, GateFinding } from './gate';
import { dueRecords } from './open-records';

const codes = {
  'human-feedback-open': 'A request waits for a person.',
  'clarification-open': 'A clarification that somebody needs is still open.',
} as const;
type Code = CodeOf<typeof codes>;

/** No clarification that somebody needs is still open. */
export const clarificationGate: Gate<Code> = {
  id: 'clarification',
  codes,
  formerName: 'clarificationBarrier',
  stages,
  mayBeAdvisory: true,
  judge(evidence) {
    return dueRecords(evidence, 'clarification-request').map(
      ({ record, by, waitsFor, waitsForPeople }): GateFinding<Code> => {
        const asked = `${by} needs to know "${record.summary}" (${record.id})`;
        if (waitsForPeople || waitsFor.length === 0) {
          return {
            code: waitsForPeople ? 'human-feedback-open' : 'clarification-open',
            detail: `${asked}, and waits for a person.`,
            agentIds: [by],
            repair: 'human',
          };
        }
        return {
          code: 'clarification-open',
          detail: `${asked}, and ${waitsFor.join(', ')} has not answered.`,
          agentIds: waitsFor,
          repair: 'rerun',
        };
      },
    );
  },
};
