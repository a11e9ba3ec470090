import { pluginVersion } from '../../plugin-version';
import { attemptsInOrder, type ReportInput } from '../report/report-input';
import { runningMsOf } from '../report/usage-section';
import type { UnitState } from '../../state/wave-state';
import { reasonLine } from '../status';

interface CtrfTest {
  name: string;
  status: 'passed' | 'failed' | 'pending' | 'skipped' | 'other';
  /** Milliseconds. */
  duration: number;
  suite: string[];
  message?: string;
  trace?: string;
  retries?: number;
}

/**
 * The wave as a test report in the Common Test Report Format: one test for each agent, each of its proof commands, each gate
 * and the merged tree. Times are those of the events, not of the report.
 */
export function composeCtrf(input: ReportInput): Record<string, unknown> {
  const tests = [
    ...input.state.units.flatMap((unit) => [agentTest(input, unit), ...commandTests(input, unit)]),
    ...gateTests(input),
  ];
  const amount = (status: CtrfTest['status']) => tests.filter((test) => test.status === status).length;
  const times = input.attempts
    .flatMap(({ events }) => events.map(({ at }) => Date.parse(at)))
    .filter(Number.isFinite);
  return {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    generatedBy: `nx-wave ${pluginVersion}`,
    results: {
      tool: { name: 'nx-wave', version: pluginVersion },
      summary: {
        tests: tests.length,
        passed: amount('passed'),
        failed: amount('failed'),
        pending: amount('pending'),
        skipped: amount('skipped'),
        other: amount('other'),
        start: times.reduce((least, time) => Math.min(least, time), times[0] ?? 0),
        stop: times.reduce((most, time) => Math.max(most, time), times[0] ?? 0),
      },
      tests,
    },
  };
}

function agentTest(input: ReportInput, unit: UnitState): CtrfTest {
  const { unitId, title, status, failures, attempts } = unit;
  const own = attemptsInOrder(input).filter(({ predicate }) => predicate.agentId === unitId);
  return {
    name: `${unitId}: ${title}`,
    suite: [input.state.wave, 'agents'],
    status: status === 'proven' ? 'passed' : status === 'failed' ? 'failed' : 'pending',
    duration: own.reduce((sum, attempt) => sum + (runningMsOf(attempt) ?? 0), 0),
    ...(failures.length === 0
      ? {}
      : { message: failures.map(({ code, message }) => `${code}: ${message}`).join('\n') }),
    ...(attempts > 1 ? { retries: attempts - 1 } : {}),
  };
}

/** The proof commands of the attempt that counts: the one with the proof, else the last. */
function commandTests(input: ReportInput, { unitId, proof }: UnitState): CtrfTest[] {
  const own = attemptsInOrder(input).filter(({ predicate }) => predicate.agentId === unitId);
  const counting = own.find(({ proofDigest }) => proofDigest === proof?.proofDigest) ?? own.at(-1);
  return (counting?.predicate.proofCommands ?? []).map(({ command, outcome, durationMs, tail }) => ({
    name: command,
    suite: [input.state.wave, unitId, 'proof'],
    status: outcome === 'passed' ? 'passed' : 'failed',
    duration: Math.round(durationMs),
    ...(outcome === 'passed' ? {} : { message: outcome, trace: tail }),
  }));
}

function gateTests({ state }: ReportInput): CtrfTest[] {
  const suite = [state.wave, 'gates'];
  const because = (reasons: typeof state.reasons) =>
    reasons.length === 0 ? {} : { message: reasons.map(reasonLine).join('\n') };
  return [
    ...state.verdicts.map(({ stage, ok, reasons }): CtrfTest => ({
      name: `gate ${stage}`,
      suite,
      status: ok ? 'passed' : reasons.every(({ repair }) => repair === 'wait') ? 'pending' : 'failed',
      duration: 0,
      ...because(reasons),
    })),
    {
      name: 'merged tree',
      suite,
      status:
        state.prove === null ? (state.landed ? 'other' : 'pending') : state.prove.ok ? 'passed' : 'failed',
      duration: 0,
      ...because([...(state.prove?.reasons ?? [])]),
    },
  ];
}
