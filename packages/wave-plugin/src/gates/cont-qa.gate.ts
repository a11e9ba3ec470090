import type { ResolvedAgent } from '../core/model';
import {
  firstOwned,
  handoffOf,
  namedOwners,
  unitsAnswering,
  type CodeOf,
  type Gate,
  type GateFinding,
} from './gate';
import { readSection } from './sections';

const codes = {
  'missing-cont-qa': 'The cont-QA steward left no judgement.',
  'missing-wave-gate': 'The cont-QA steward judged no dimension.',
  'missing-cont-qa-report': 'The cont-QA steward left no report.',
  'missing-cont-qa-verdict': 'The cont-QA steward gave no verdict.',
  'cont-qa-concerns': 'The cont-QA verdict is concerns.',
  'cont-qa-blocked': 'The cont-QA verdict is blocked.',
  'cont-qa-hold': 'The cont-QA verdict is hold.',
  'gate-architecture-concerns': 'Cont-QA has concerns for architecture.',
  'gate-architecture-blocked': 'Cont-QA is blocked for architecture.',
  'gate-integration-concerns': 'Cont-QA has concerns for integration.',
  'gate-integration-blocked': 'Cont-QA is blocked for integration.',
  'gate-durability-concerns': 'Cont-QA has concerns for durability.',
  'gate-durability-blocked': 'Cont-QA is blocked for durability.',
  'gate-live-concerns': 'Cont-QA has concerns for live behaviour.',
  'gate-live-blocked': 'Cont-QA is blocked for live behaviour.',
  'gate-docs-concerns': 'Cont-QA has concerns for documentation.',
  'gate-docs-blocked': 'Cont-QA is blocked for documentation.',
  'conditional-pass': 'Cont-QA passes with an honest gap; it is told and stops nothing.',
} as const;
type Code = CodeOf<typeof codes>;

const reportPattern = /(^|\/)reviews?\/.*\.(md|txt)$|cont-qa[^/]*\.(md|txt)$/i;
const dimensions = ['architecture', 'integration', 'durability', 'live', 'docs'] as const;

/** The last word: cont-QA passes the wave and none of its dimensions is in doubt. An honest gap passes, and is told. */
export const contQaGate: Gate<Code> = {
  id: 'cont-qa',
  codes,
  formerName: 'contQaGate',
  stages: ['cont-qa'],
  mayBeAdvisory: true,
  reportPath: (agent) => (agent.envelopeRole === 'cont-qa' ? reportOf(agent) : null),
  judge(evidence) {
    return unitsAnswering(evidence, 'cont-qa').flatMap((agent): GateFinding<Code>[] => {
      const handoff = handoffOf(evidence, agent);
      if (!handoff) return [];
      const asks = (code: Code, says: string): GateFinding<Code> => ({
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
      const answers = (code: Code, says: string): GateFinding<Code> => ({
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
