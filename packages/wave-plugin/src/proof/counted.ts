import { type CountedCommand, type StrengthMeasured } from '@nx-wave/schemas';
import { type TestReport } from './contracts';

/** What was seen of one proof command while it ran. */
export interface SeenCommand {
  command: string;
  /** Ids of the runners in it. */
  runners: readonly string[];
  /** Null where no runner is known in it, or one left no report. */
  report: TestReport | null;
}

/** The numbers of one command. */
export function countCommand({ command, runners, report }: SeenCommand): CountedCommand {
  if (report === null) return { command, runners: [...runners], tests: null };
  const states = report.files.flatMap(({ tests }) => tests.map(({ state }) => state));
  const failed = states.filter((state) => state === 'failed').length;
  const skipped = states.filter((state) => state === 'skipped').length;
  const tests = { executed: states.length - skipped, failed, skipped, files: report.files.length };
  return { command, runners: [...runners], tests };
}

/**
 * Which of the changed test files no command ran a single test of. Where another command may have run them unseen, only those
 * count that were seen.
 */
export function changedTestsOf(
  seen: readonly SeenCommand[],
  changed: readonly string[],
  { mayBeUnseen }: { mayBeUnseen: boolean },
): StrengthMeasured['changedTests'] {
  const ran = new Set(
    seen.flatMap(({ report }) =>
      (report?.files ?? [])
        .filter(({ tests }) => tests.some(({ state }) => state !== 'skipped'))
        .map(({ path }) => path),
    ),
  );
  const notRun = changed.filter((path) => !ran.has(path));
  if (mayBeUnseen) return { files: changed.filter((path) => ran.has(path)), notRun: [] };
  return { files: [...changed], notRun };
}

/** Whether a command that ran on an emptied tree noticed it. */
export type Notice =
  | 'red'
  | 'green'
  /** It ended badly, and its runner never came to run: a check in front of it stopped. */
  | 'unknown';

/**
 * A command of a known runner is red when its tests say so: a threshold of coverage that an emptied body misses is no notice,
 * and neither is a formatter in front of the runner. Any other command is red when it ends badly.
 */
export function noticeOf(green: SeenCommand, emptied: SeenCommand, passed: boolean): Notice {
  if (passed) return 'green';
  if (green.report === null) return 'red';
  if (emptied.report === null) return 'unknown';
  const [before, now] = [countCommand(green).tests, countCommand(emptied).tests];
  return now !== null && now.failed === 0 && now.executed >= (before?.executed ?? 0) ? 'green' : 'red';
}
