import { failureCodes, stages } from '@nx-wave/schemas/plain';
import { mergeGateId } from '../core/state/merge-reason';
import type { CodeOf, Gate } from './gate';

const codes = {
  'merge-conflict': failureCodes['merge-conflict'],
  'merge-red': failureCodes['merge-red'],
  'symlink-escape':
    'The links of several slices, or of slices and the base, lead out of the repository together.',
  'held-out-red':
    'A command that is kept from agents is red on the merged tree; its agent is told the name alone.',
  'proof-changed-files': failureCodes['proof-changed-files'],
  'proof-needs-network': failureCodes['proof-needs-network'],
  'outside-writes':
    'While a proof command ran without a cage, something outside of its checkout changed that no runner and no person at work changes.',
  'base-drift': 'The base has moved, and a proof command is red on it with no slice to blame.',
  'merge-unproven': 'The slices of a stage have not been proved together.',
} as const;
type Code = CodeOf<typeof codes>;

/** The slices fit together: no conflict, and every proof command is green on the merged tree. Findings come from merging. */
export const mergeGate: Gate<Code> = {
  id: mergeGateId,
  codes,
  stages,
  mayBeAdvisory: false,
  judge({ mergeFindings }) {
    return mergeFindings.map(({ code, detail, agentIds, paths, command, repair, owners }) => ({
      code: known(code),
      detail,
      agentIds: [...agentIds].sort(),
      paths: [...paths].sort(),
      repair: repair ?? (agentIds.length > 0 ? 'rerun' : 'human'),
      ...(command === null ? {} : { command }),
      ...(owners ? { owners } : {}),
    }));
  },
};

/** What kept the slices from being merged at all has a code of its own world; here they are unproved, for that reason. */
function known(code: string): Code {
  return Object.hasOwn(codes, code) ? (code as Code) : 'merge-unproven';
}
