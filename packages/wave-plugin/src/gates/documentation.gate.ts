import { handoffOf, namedOwners, unitsAnswering, type CodeOf, type Gate, type GateFinding } from './gate';
import { readSection } from './sections';

const codes = {
  'missing-doc-closure': 'The documentation steward left no documentation closure.',
  'doc-closure-open': 'The documentation steward says that documents still have to change.',
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
