import type { ResolvedAgent } from '../core/model';
import {
  firstOwned,
  handoffOf,
  missingReport,
  namedOwners,
  unitsAnswering,
  type CodeOf,
  type Gate,
  type GateFinding,
  type StageEvidence,
} from './gate';
import { readSection } from './sections';
import { isHeldToEvidence, lackOf, namesAny, workOf } from './steward-evidence';

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
  'cont-qa-report-empty': 'The cont-QA steward passes the wave in a report that says nothing.',
  'cont-qa-names-no-change':
    'The cont-QA steward passes the wave in a report that names nothing that changed.',
  'cont-qa-nothing-changed': 'The cont-QA steward passes a wave in which nobody changed anything.',
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
      const missing = missingReport(evidence, report);
      if (missing !== null) {
        return [{ ...asks('missing-cont-qa-report', `left no report at ${missing}`), paths: [missing] }];
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
      if (doubts.length > 0) return doubts;
      const gaps = dimensions.filter((dimension) => section.gateClaims[dimension] === 'gap');
      const unfounded = passUnfounded(evidence, agent);
      if (unfounded !== null) return [{ ...asks(unfounded.code, unfounded.says), ...unfounded.more }];
      return gaps.length === 0
        ? []
        : [{ ...asks('conditional-pass', `passes with a gap in ${gaps.join(', ')}`), advisory: true }];
    });
  },
};

/** A pass counts with a report of what the wave changed. */
function passUnfounded(
  evidence: StageEvidence,
  agent: ResolvedAgent,
): { code: Code; says: string; more: Partial<GateFinding<Code>> } | null {
  const { work, wave } = evidence;
  if (work === undefined) return null;
  const report = reportOf(agent) ?? '';
  const found = lackOf(evidence, agent, report);
  const more = { paths: [report] };
  if (found?.lack === 'nothing-changed')
    return { code: 'cont-qa-nothing-changed', says: found.says, more: { repair: 'human' } };
  if (found !== null) return { code: 'cont-qa-report-empty', says: found.says, more };
  const text = work.reportTexts[report];
  if (text === undefined || !isHeldToEvidence(wave, agent)) return null;
  const changed = workOf(wave, work, agent);
  const [first] = changed;
  if (first === undefined || namesAny(text, changed)) return null;
  const says = `passes the wave in a report that names nothing that changed, such as ${first} (${report})`;
  return { code: 'cont-qa-names-no-change', says, more };
}

function reportOf(agent: ResolvedAgent): string | null {
  return firstOwned(agent, reportPattern) ?? agent.ownedPaths[0] ?? null;
}
