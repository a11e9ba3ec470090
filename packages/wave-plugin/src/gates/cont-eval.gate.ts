import type { EvalTarget } from '@nx-wave/schemas';
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
import { lackOf } from './steward-evidence';

const codes = {
  'missing-wave-eval': 'The evaluator left no evaluation.',
  'missing-cont-eval-report': 'The evaluator left no report.',
  'cont-eval-blocked': 'The evaluator says that it is blocked.',
  'cont-eval-needs-more-work': 'The evaluator says that more work is needed.',
  'missing-cont-eval-contract': 'There is an evaluator, and the wave declares no eval targets.',
  'missing-cont-eval-target-ids': 'The evaluator names no eval target.',
  'cont-eval-target-count-mismatch': 'The evaluator counts other targets than it names.',
  'cont-eval-target-mismatch': 'The evaluated targets are not those that the wave declares.',
  'missing-cont-eval-benchmarks': 'The evaluator names no benchmark.',
  'cont-eval-benchmark-count-mismatch': 'The evaluator counts other benchmarks than it names.',
  'cont-eval-regressions': 'The evaluator reports regressions.',
  'cont-eval-report-empty': 'The evaluator is satisfied in a report that says nothing.',
  'cont-eval-nothing-changed': 'The evaluator is satisfied with a wave in which nobody changed anything.',
  'cont-eval-benchmark-mismatch': 'The benchmarks that ran are not those that the targets ask for.',
} as const;
type Code = CodeOf<typeof codes>;

const reportPattern = /(^|\/)(reviews?|evals?)\/.*\.(md|txt)$|cont-eval[^/]*\.(md|txt)$/i;

/** The evaluator is satisfied, for exactly the declared targets and benchmarks, without a regression. */
export const contEvalGate: Gate<Code> = {
  id: 'cont-eval',
  codes,
  formerName: 'contEvalGate',
  stages: ['cont-eval'],
  mayBeAdvisory: true,
  reportPath: (agent) => (agent.envelopeRole === 'cont-eval' ? reportOf(agent) : null),
  judge(evidence) {
    return unitsAnswering(evidence, 'cont-eval').flatMap((agent): GateFinding<Code>[] => {
      const handoff = handoffOf(evidence, agent);
      if (!handoff) return [];
      const asks = askAgain(agent);
      const section = readSection(handoff, 'cont-eval')?.evalState;
      if (!section) return [asks('missing-wave-eval', 'left no evaluation')];
      const report = reportOf(agent);
      const missing = missingReport(evidence, report);
      if (missing !== null) {
        return [{ ...asks('missing-cont-eval-report', `left no report at ${missing}`), paths: [missing] }];
      }
      const declared = evidence.wave.evalTargets;
      const answers = (code: Code, says: string): GateFinding<Code> => ({
        ...asks(code, says),
        owners: namedOwners(section),
        repair: 'owners',
      });
      if (section.state !== 'satisfied')
        return [answers(`cont-eval-${section.state}`, `says ${section.state}`)];
      if (declared.length === 0) {
        const finding = asks(
          'missing-cont-eval-contract',
          'has nothing to evaluate: the wave declares no eval targets',
        );
        return [{ ...finding, repair: 'human' }];
      }
      if (section.targetIds.length === 0)
        return [asks('missing-cont-eval-target-ids', 'names no eval target')];
      if (section.targets !== section.targetIds.length) {
        const got = `counts ${section.targets} targets and names ${section.targetIds.length}`;
        return [asks('cont-eval-target-count-mismatch', got)];
      }
      if (
        !sameSet(
          section.targetIds,
          declared.map(({ id }) => id),
        )
      ) {
        const got = `judged ${section.targetIds.join(', ')}; the wave declares ${declared.map(({ id }) => id).join(', ')}`;
        return [asks('cont-eval-target-mismatch', got)];
      }
      if (section.benchmarkIds.length === 0)
        return [asks('missing-cont-eval-benchmarks', 'names no benchmark')];
      if (section.benchmarks !== section.benchmarkIds.length) {
        const got = `counts ${section.benchmarks} benchmarks and names ${section.benchmarkIds.length}`;
        return [asks('cont-eval-benchmark-count-mismatch', got)];
      }
      if (section.regressions > 0) {
        return [answers('cont-eval-regressions', `reports ${section.regressions} regressions`)];
      }
      const mismatch = benchmarkMismatch(evidence, declared, section.benchmarkIds);
      if (mismatch !== null) return [asks('cont-eval-benchmark-mismatch', mismatch)];
      const found = lackOf(evidence, agent, report);
      if (found === null) return [];
      return found.lack === 'nothing-changed'
        ? [{ ...asks('cont-eval-nothing-changed', found.says), repair: 'human' }]
        : [{ ...asks('cont-eval-report-empty', found.says), paths: [report ?? ''] }];
    });
  },
};

/** A judgement that cannot be used: the evaluator itself is asked again. */
function askAgain({ unitId }: ResolvedAgent) {
  return (code: Code, says: string): GateFinding<Code> => ({
    code,
    detail: `${unitId} ${says}.`,
    agentIds: [unitId],
    repair: 'rerun',
  });
}

function reportOf(agent: ResolvedAgent): string | null {
  return firstOwned(agent, reportPattern) ?? agent.ownedPaths[0] ?? null;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set(b).size && a.every((one) => b.includes(one));
}

/** What is wrong with the benchmarks that were run, or null. */
function benchmarkMismatch(
  evidence: StageEvidence,
  declared: EvalTarget[],
  ran: readonly string[],
): string | null {
  const families = Object.entries(evidence.benchmarkCatalog?.families ?? {});
  const familyOf = ({ benchmarkFamily }: EvalTarget): string[] =>
    families
      .filter(([id]) => id === benchmarkFamily)
      .flatMap(([, { benchmarks }]) => Object.keys(benchmarks));
  for (const target of declared) {
    if (target.selection === 'pinned') {
      const missing = target.benchmarks.filter((id) => !ran.includes(id));
      if (missing.length > 0) return `did not run ${missing.join(', ')}, pinned by the target ${target.id}`;
    } else if (!familyOf(target).some((id) => ran.includes(id))) {
      return `ran no benchmark of the family ${target.benchmarkFamily ?? '(none)'}, delegated by the target ${target.id}`;
    }
  }
  const allowed = declared.flatMap((target) =>
    target.selection === 'pinned' ? target.benchmarks : familyOf(target),
  );
  const undeclared = ran.filter((id) => !allowed.includes(id));
  return undeclared.length > 0 ? `ran ${undeclared.join(', ')}, which no target declares` : null;
}
