import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');

/**
 * Lints texts as the repository is configured, in one run, as if each stood in its file (relative to the root), and tells
 * which of them a restriction refuses whose message begins so.
 */
export function refusedBy(message: string, pairs: { file: string; text: string }[]): boolean[] {
  const script = `
    const { ESLint } = require('eslint');
    const { message, pairs } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
    (async () => {
      const eslint = new ESLint({ cwd: process.cwd() });
      const found = [];
      for (const { file, text } of pairs) {
        const [{ messages }] = await eslint.lintText(text, { filePath: file });
        found.push(messages.some((one) => one.ruleId === 'no-restricted-syntax' && one.message.startsWith(message)));
      }
      console.log(JSON.stringify(found));
    })();`;
  const output = execFileSync(process.execPath, ['-e', script], {
    cwd: root,
    encoding: 'utf8',
    input: JSON.stringify({ message, pairs }),
  });
  return JSON.parse(output) as boolean[];
}
