import { stages } from '@nx-wave/schemas/plain';
import type { Gate } from './gate';

/** The slices fit together: no conflict, and every proof command is green on the merged tree. Findings come from merging. */
export const mergeGate: Gate = {
  id: 'merge',
  stages,
  mayBeAdvisory: false,
  judge({ mergeFindings }) {
    return mergeFindings.map(({ code, detail, agentIds, paths, command, repair, owners }) => ({
      code,
      detail,
      agentIds: [...agentIds].sort(),
      paths: [...paths].sort(),
      repair: repair ?? (agentIds.length > 0 ? 'rerun' : 'human'),
      ...(command === null ? {} : { command }),
      ...(owners ? { owners } : {}),
    }));
  },
};
