import type { AutopilotReport } from '@nx-wave/schemas';
import { count } from '../count';
import { describeHumanInput } from '../people/questions';

/** How an autopilot has ended, for people; the last line is the word that launches end with, too. */
export function autopilotLines(report: AutopilotReport): string[] {
  const { outcome, why, detail, next, steps, questions, notices, waves } = report;
  const launches = steps.filter(({ step }) => step === 'launch').length;
  const repairs = steps.filter(({ step }) => step === 'apply').length;
  const done = [
    `${launches} ${launches === 1 ? 'launch' : 'launches'}`,
    ...(repairs > 0 ? [count(repairs, 'repair')] : []),
  ];
  return [
    '',
    ...waves.map((wave) => `${wave.wave}: ${wave.landed ? 'landed' : (wave.outcome ?? 'not reached')}`),
    `${detail ?? 'The autopilot has not ended.'}${waves.length > 0 ? '' : ` (${done.join(', ')})`}`,
    ...(why === 'question' ? questions.map((question) => `question: ${describeHumanInput(question)}`) : []),
    ...notices.map((notice) => `not told: ${notice}`),
    ...(next === null ? [] : [`next: ${next}`]),
    `outcome: ${outcome ?? 'open'}${why === null || why === 'closed' ? '' : ` (${why})`}`,
  ];
}
