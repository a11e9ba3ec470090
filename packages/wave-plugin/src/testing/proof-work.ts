import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BundlePredicate } from '@nx-wave/schemas';
import { type WaveRig } from './rig';
import { type RigAgent } from './rig-wave';

/** A function, and tests of it that look at what it returns, or do not. */
export const source = `export function slug(text) {
  return text.trim().toLowerCase().replaceAll(' ', '-');
}
`;
const testOf = (body: string) =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { slug } from '../src/slug.mjs';\n${body}\n`;
export const looks = testOf(`test('slug', () => assert.equal(slug(' A b '), 'a-b'));`);
export const blind = testOf(`test('slug', () => { slug('a'); });`);
export const base = {
  'package.json': JSON.stringify({ name: 'user', private: true, scripts: { test: 'node --test' } }),
  'test/old.test.mjs': `import { test } from 'node:test';\ntest('old', () => {});\n`,
};

/** One agent that writes files and says that it is done. */
export const writes = (files: Record<string, string>, more: Partial<RigAgent> = {}): RigAgent => ({
  id: 'A1',
  owns: [...new Set(['src/', 'test/', ...Object.keys(files)])],
  does: Object.entries(files)
    .map(([path, text]) => `write(${JSON.stringify(path)}, ${JSON.stringify(text)});`)
    .join('\n'),
  proofCommands: ['node --test'],
  ...more,
});

export const strength = (...lines: string[]) => ({
  sections: ['### Proof strength', '', ...lines.map((l) => `- ${l}`)].join('\n'),
});

/** What running the agent says. */
export async function outcome(rig: WaveRig) {
  const { failures, lines, ran } = await rig.agent('A1');
  return {
    codes: failures.map(({ code }) => code),
    said: failures.map(({ message, next }) => `${message} ${next ?? ''}`).join('\n'),
    lines,
    ran,
  };
}

export const predicateOf = (rig: WaveRig, attempt = 1) =>
  (
    JSON.parse(
      readFileSync(
        join(rig.root, `.tmp/main-wave-launcher/results/wave-1/attempt-${attempt}/A1/manifest.json`),
        'utf8',
      ),
    ) as { predicate: BundlePredicate }
  ).predicate;

export const files = { 'src/slug.mjs': source, 'test/slug.test.mjs': looks };
