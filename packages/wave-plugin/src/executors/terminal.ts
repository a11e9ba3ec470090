import { terminalText } from '../core/terminal-text';
import { type Redactor } from '../edges/processes/redact';

/** The only way of a text to standard output: without secrets, and without anything that steers a terminal. */
export const printTo =
  (redactor: Redactor) =>
  (text: string): void =>
    void process.stdout.write(`${terminalText(redactor.redact(text))}\n`);

/** To standard error, before there is a wave whose rules for secrets could be known. */
export function complain(text: string): void {
  process.stderr.write(`${terminalText(text)}\n`);
}
