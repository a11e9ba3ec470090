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
import { lackOf } from './steward-evidence';

const codes = {
  'missing-wave-security': 'A security reviewer left no security state.',
  'missing-security-report': 'A security reviewer left no report.',
  'security-blocked': 'A security reviewer blocks.',
  'security-concerns': 'A security reviewer has concerns; they are told and stop nothing.',
  'security-report-empty': 'A security reviewer says clear in a report that says nothing.',
  'security-nothing-changed': 'A security reviewer says clear of a wave in which nobody changed anything.',
  'invalid-security-clear-state': 'A security reviewer says clear and yet reports findings or approvals.',
} as const;
type Code = CodeOf<typeof codes>;

const reportPattern = /security.*\.(md|txt)$/i;

/** No security reviewer blocks. Concerns are told and pass; "clear" must mean nothing found and nothing to approve. */
export const securityGate: Gate<Code> = {
  id: 'security',
  codes,
  formerName: 'securityGate',
  stages: ['security'],
  mayBeAdvisory: true,
  reportPath: (agent) => (agent.envelopeRole === 'security' ? firstOwned(agent, reportPattern) : null),
  judge(evidence) {
    return unitsAnswering(evidence, 'security').flatMap((agent): GateFinding<Code>[] => {
      const handoff = handoffOf(evidence, agent);
      if (!handoff) return [];
      const agentIds = [agent.unitId];
      const state = readSection(handoff, 'security')?.securityState;
      const report = firstOwned(agent, reportPattern);
      if (!state) {
        const detail = `${agent.unitId} left no security state.`;
        return [{ code: 'missing-wave-security', detail, agentIds, repair: 'rerun' }];
      }
      const missing = missingReport(evidence, report);
      if (missing !== null) {
        const detail = `${agent.unitId} left no security report at ${missing}.`;
        return [{ code: 'missing-security-report', detail, agentIds, paths: [missing], repair: 'rerun' }];
      }
      const counts = `${state.findings} findings, ${state.approvals} approvals outstanding`;
      if (state.state === 'blocked') {
        const detail = `${agent.unitId} blocks for security (${counts}).`;
        return [{ code: 'security-blocked', detail, agentIds, owners: namedOwners(state), repair: 'owners' }];
      }
      if (state.state === 'concerns') {
        const detail = `${agent.unitId} has security concerns (${counts}).`;
        return [{ code: 'security-concerns', detail, agentIds, repair: 'human', advisory: true }];
      }
      if (state.findings === 0 && state.approvals === 0) {
        const found = lackOf(evidence, agent, report);
        if (found === null) return [];
        const detail = `${agent.unitId} ${found.says}.`;
        return found.lack === 'nothing-changed'
          ? [{ code: 'security-nothing-changed', detail, agentIds, repair: 'human' }]
          : [{ code: 'security-report-empty', detail, agentIds, paths: [report ?? ''], repair: 'rerun' }];
      }
      const detail = `${agent.unitId} says clear and yet reports ${counts}.`;
      return [{ code: 'invalid-security-clear-state', detail, agentIds, repair: 'rerun' }];
    });
  },
};
