import type { ResolvedAgent } from '../core/model';
import { firstOwned, handoffOf, namedOwners, unitsOfRole, type Gate, type GateFinding } from './gate';
import { readSection } from './sections';

const reportPattern = /(^|\/)reviews?\/.*\.(md|txt)$|cont-qa[^/]*\.(md|txt)$/i;
const dimensions = ['architecture', 'integration', 'durability', 'live', 'docs'] as const;

/** The last word: cont-QA passes the wave and none of its dimensions is in doubt. An honest gap passes, and is told. */
export const contQaGate: Gate = {
  id: 'cont-qa',
  formerName: 'contQaGate',
  stages: ['cont-qa'],
  mayBeAdvisory: true,
  reportPath: (agent) => (agent.role === 'cont-qa' ? reportOf(agent) : null),
  judge(evidence) {
    return unitsOfRole(evidence, 'cont-qa').flatMap((agent): GateFinding[] => {
      const handoff = handoffOf(evidence, agent);
      if (!handoff) return [];
      const asks = (code: string, says: string): GateFinding => ({
        code,
        detail: `${agent.unitId} ${says}.`,
        agentIds: [agent.unitId],
        repair: 'rerun',
      });
      const section = readSection(handoff, 'cont-qa');
      const report = reportOf(agent);
      if (!section) return [asks('missing-cont-qa', 'left no cont-QA judgement')];
      if (
        !section.gateClaims ||
        dimensions.every((dimension) => (section.gateClaims[dimension] ?? null) === null)
      ) {
        return [asks('missing-wave-gate', 'judged no dimension')];
      }
      if (report !== null && evidence.reports?.[report] === false) {
        return [{ ...asks('missing-cont-qa-report', `left no report at ${report}`), paths: [report] }];
      }
      if (!section.verdict?.verdict) return [asks('missing-cont-qa-verdict', 'gave no verdict')];
      const answers = (code: string, says: string): GateFinding => ({
        ...asks(code, says),
        owners: [...new Set([...namedOwners(section.verdict), ...namedOwners(section.gateClaims)])].sort(),
        repair: 'owners',
      });
      const verdict = section.verdict.verdict;
      const doubts = dimensions.flatMap((dimension) => {
        const word = section.gateClaims[dimension];
        if (word === 'concerns' || word === 'blocked') {
          return [answers(`gate-${dimension}-${word}`, `has ${word} for ${dimension}`)];
        }
        return [];
      });
      if (verdict !== 'pass') return [answers(`cont-qa-${verdict}`, `says ${verdict}`), ...doubts];
      const gaps = dimensions.filter((dimension) => section.gateClaims[dimension] === 'gap');
      if (doubts.length > 0 || gaps.length === 0) return doubts;
      return [{ ...asks('conditional-pass', `passes with a gap in ${gaps.join(', ')}`), advisory: true }];
    });
  },
};

function reportOf(agent: ResolvedAgent): string | null {
  return firstOwned(agent, reportPattern) ?? agent.ownedPaths[0] ?? null;
}
