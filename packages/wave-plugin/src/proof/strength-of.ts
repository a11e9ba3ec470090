import { type StrengthMeasured } from '@nx-wave/schemas';
import { strengthLevels, type StrengthLevel } from '@nx-wave/schemas/plain';
import { type ProofStrength } from '../core/model';

/** Whether a level asks for what another one asks for. */
export function asksFor(level: StrengthLevel, what: StrengthLevel): boolean {
  return strengthLevels.indexOf(level) >= strengthLevels.indexOf(what);
}

/** A measurement in which nothing has been measured yet. */
export function notMeasured({ level, reason }: ProofStrength): StrengthMeasured {
  return {
    strengthFormat: 1,
    asked: level,
    reached: 'exit',
    unmeasured: null,
    reason,
    commands: [],
    changedTests: { files: [], notRun: [] },
    hollow: null,
    baseConfig: null,
    baseTests: null,
    mutants: null,
    heldOut: [],
    findings: [],
    proofMs: 0,
    measuringMs: 0,
  };
}

/** Tests that ran in all commands whose runner is known; null where none is. */
export function executedTests({ commands }: Pick<StrengthMeasured, 'commands'>): number | null {
  const counted = commands.flatMap(({ tests }) => (tests === null ? [] : [tests.executed]));
  return counted.length === 0 ? null : counted.reduce((sum, one) => sum + one, 0);
}

/** Tests ran, and those of changed test files were among them. */
export function meetsCounted(measured: StrengthMeasured): boolean {
  const { files, notRun } = measured.changedTests;
  return (executedTests(measured) ?? 0) > 0 && (files.length === 0 || notRun.length < files.length);
}

/** The highest level that the evidence meets. */
export function reachedLevel(measured: StrengthMeasured): StrengthLevel {
  if (!meetsCounted(measured)) return 'exit';
  const { hollow, baseConfig, baseTests, mutants } = measured;
  if (hollow === null || hollow.red === null || (baseConfig?.red ?? null) !== null) return 'counted';
  const isStrict =
    mutants !== null &&
    (mutants.tried === 0 || mutants.survived.length < mutants.tried) &&
    (hollow.unnoticed ?? []).length === 0 &&
    baseTests?.failed.length === 0;
  return isStrict ? 'strict' : 'checked';
}
