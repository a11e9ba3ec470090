import type { ResolvedAgent } from '../core/model';
import { isDocument } from '../core/verify/documents';
import {
  handoffOf,
  namedOwners,
  unitsAnswering,
  type CodeOf,
  type Gate,
  type GateFinding,
  type StageEvidence,
} from './gate';
import { readSection } from './sections';
import { isHeldToEvidence, workOf } from './steward-evidence';

const codes = {
  'missing-doc-closure': 'The documentation steward left no documentation closure.',
  'doc-closure-open': 'The documentation steward says that documents still have to change.',
  'doc-closure-unchanged':
    'The documentation steward says closed, and no document changed; `no-change` is the word for that.',
} as const;
type Code = CodeOf<typeof codes>;

/** The documentation steward has closed the shared plan documents, or says that nothing changed. */
export const documentationGate: Gate<Code> = {
  id: 'documentation',
  codes,
  formerName: 'documentationGate',
  stages: ['documentation'],
  mayBeAdvisory: true,
  judge(evidence) {
    return unitsAnswering(evidence, 'documentation').flatMap((agent): GateFinding<Code>[] => {
      const handoff = handoffOf(evidence, agent);
      if (!handoff) return [];
      const agentIds = [agent.unitId];
      const closure = readSection(handoff, 'documentation')?.docClosure;
      if (!closure) {
        const detail = `${agent.unitId} left no documentation closure.`;
        return [{ code: 'missing-doc-closure', detail, agentIds, repair: 'rerun' }];
      }
      if (closure.state === 'closed' && !isDocumented(evidence, agent)) {
        const detail = `${agent.unitId} says that the documents are closed, and no document changed in this wave (\`no-change\` is the word for that).`;
        return [{ code: 'doc-closure-unchanged', detail, agentIds, repair: 'rerun' }];
      }
      if (closure.state !== 'delta') return [];
      const paths = [...closure.paths].sort();
      const where = paths.length > 0 ? ` in ${paths.join(', ')}` : '';
      const detail = `${agent.unitId} says that documentation work is left${where}.`;
      return [
        { code: 'doc-closure-open', detail, agentIds, paths, owners: namedOwners(closure), repair: 'owners' },
      ];
    });
  },
};

/** The steward changed something, or somebody else a document; where nobody asks, its word is enough. */
function isDocumented(evidence: StageEvidence, agent: ResolvedAgent): boolean {
  const { work, wave } = evidence;
  if (work === undefined || !isHeldToEvidence(wave, agent)) return true;
  const own = work.changed[agent.unitId] ?? [];
  return own.length > 0 || workOf(wave, work, agent).some(isDocument);
}
