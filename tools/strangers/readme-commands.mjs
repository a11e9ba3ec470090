import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../packages.mjs';

/** The commands of the first screen of the README, in order, without their comments. */
export function readmeCommands() {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const [, block] = /^## Five minutes$[^]*?^```sh\n([^]*?)^```$/m.exec(text) ?? [];
  if (block === undefined) throw new Error('README.md has no "## Five minutes" with a block of commands.');
  return block
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}
