import { type ExecutorContext } from '@nx/devkit';
import { type Failure } from '@nx-wave/schemas/plain';
import { terminalText } from '../core/terminal-text';
import { describeFailure } from '../core/views/describe-failure';
import { withoutCommands } from '../core/views/forms/github';
import { earlyOutcomeLine } from '../core/views/outcome';
import { type Redactor } from '../edges/processes/redact';

/**
 * The only way of a text to standard output: without secrets, and without anything that steers a terminal or the runner of
 * GitHub Actions. Nx shows stored output on other machines, so that it does not matter on which this one is.
 */
export const printTo =
  (redactor: Redactor) =>
  (text: string): void =>
    void process.stdout.write(`${withoutCommands(terminalText(redactor.redact(text)))}\n`);

/** A command for the runner of GitHub Actions, made by `workflowCommand`. */
export const announceTo =
  (redactor: Redactor) =>
  (command: string): void =>
    void process.stdout.write(`${terminalText(redactor.redact(command))}\n`);

/** To standard error, before there is a wave whose rules for secrets could be known. */
export function complain(text: string): void {
  process.stderr.write(`${withoutCommands(terminalText(text))}\n`);
}

/** What is in the way of opening a wave, all of it, and the outcome where the task is part of a launch. */
export function complainOf(
  failures: readonly Failure[],
  { targetName }: Pick<ExecutorContext, 'targetName'>,
): void {
  for (const one of failures) complain(describeFailure(one));
  const outcome = earlyOutcomeLine(targetName, failures[0]?.code);
  if (outcome !== null) complain(outcome);
}

/** Where a table is drawn in place; whoever draws there makes its own texts harmless. */
export const drawnOn = (): NodeJS.WriteStream => process.stdout;
