import { handoffOf, namedOwners, unitsOfRole, type Gate, type GateFinding } from './gate';
import { readSection } from './sections';

/** The documentation steward has closed the shared plan documents, or says that nothing changed. */
export const documentationGate: Gate = {
  id: 'documentation',
  formerName: 'documentationGate',
  stages: ['documentation'],
  mayBeAdvisory: true,
  judge(evidence) {
    return unitsOfRole(evidence, 'documentation').flatMap((agent): GateFinding[] => {
      const handoff = handoffOf(evidence, agent);
      if (!handoff) return [];
      const agentIds = [agent.unitId];
      const closure = readSection(handoff, 'documentation')?.docClosure;
      if (!closure) {
        const detail = `${agent.unitId} left no documentation closure.`;
        return [{ code: 'missing-doc-closure', detail, agentIds, repair: 'rerun' }];
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
