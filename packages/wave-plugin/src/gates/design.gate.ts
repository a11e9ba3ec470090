import {
  firstOwned,
  handoffOf,
  missingReport,
  namedOwners,
  unitsAnswering,
  type CodeOf,
  type Gate,
  type GateFinding,
} from './gate';
import { readSection } from './sections';

const codes = {
  'missing-wave-design': 'A designer left no design state.',
  'missing-design-packet': 'A designer left no design packet.',
  'design-blocked': 'A designer says that the design is blocked.',
  'design-needs-clarification': 'A designer says that the design needs clarification.',
} as const;
type Code = CodeOf<typeof codes>;

const packetPattern = /(design|handoff|decision-lineage)[^/]*(\/.*)?\.(md|txt)$/i;

/** Designers say that implementation may begin, and left the packet that says how. */
export const designGate: Gate<Code> = {
  id: 'design',
  codes,
  formerName: 'designGate',
  stages: ['design'],
  mayBeAdvisory: true,
  reportPath: (agent) =>
    agent.envelopeRole === 'design' && agent.stage === 'design' ? firstOwned(agent, packetPattern) : null,
  judge(evidence) {
    return unitsAnswering(evidence, 'design').flatMap((agent): GateFinding<Code>[] => {
      const handoff = handoffOf(evidence, agent);
      if (!handoff) return [];
      const agentIds = [agent.unitId];
      const state = readSection(handoff, 'design')?.designState;
      if (!state) {
        return [
          {
            code: 'missing-wave-design',
            detail: `${agent.unitId} left no design state.`,
            agentIds,
            repair: 'rerun',
          },
        ];
      }
      const packet = missingReport(evidence, firstOwned(agent, packetPattern));
      if (packet !== null) {
        return [
          {
            code: 'missing-design-packet',
            detail: `${agent.unitId} left no design packet at ${packet}.`,
            agentIds,
            paths: [packet],
            repair: 'rerun',
          },
        ];
      }
      if (state.state === 'ready-for-implementation') return [];
      const blocked = state.state === 'blocked';
      return [
        {
          code: blocked ? 'design-blocked' : 'design-needs-clarification',
          detail: blocked
            ? `${agent.unitId} says that the design is blocked.`
            : `${agent.unitId} says that the design needs clarification (${state.openQuestions} open questions).`,
          agentIds,
          owners: namedOwners(state),
          repair: 'owners',
        },
      ];
    });
  },
};
