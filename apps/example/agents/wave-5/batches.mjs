// Agent A2: how long the oven is busy when not all loaves fit at once.
const folder = 'apps/example/src';

const code = (pause) => `import { bakeMinutes } from './oven';

/** Between two batches the oven heats up again. */
export const reheatMinutes = ${pause};

/** How long the oven is busy with \`loaves\` of \`gramsEach\`, \`perBatch\` of which fit in at a time. */
export function ovenMinutes(loaves: number, gramsEach: number, perBatch: number): number {
  const batches = Math.ceil(loaves / perBatch);
  return batches === 0 ? 0 : batches * bakeMinutes(gramsEach) + (batches - 1) * reheatMinutes;
}
`;

/** The time of one batch as a test states it: as the figure of the still-air oven, or as the oven module says. */
const batchMinutes = { 'in figures': '45', 'from bakeMinutes': 'bakeMinutes(900)' };

const tests = (pause, expectation) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ovenMinutes } from './batches';
${expectation === 'from bakeMinutes' ? "import { bakeMinutes } from './oven';\n" : ''}
const oneBatch = ${batchMinutes[expectation]};

test('bakes what fits in one go', () => {
  assert.equal(ovenMinutes(2, 900, 2), oneBatch);
});

test('heats the oven up again between batches', () => {
  assert.equal(ovenMinutes(4, 900, 2), 2 * oneBatch + ${pause});
  assert.equal(ovenMinutes(5, 900, 2), 3 * oneBatch + ${2 * pause});
});

test('needs no oven for no bread', () => {
  assert.equal(ovenMinutes(0, 900, 2), 0);
});
`;

export function work({ number, word, needExports, files, delivered }) {
  needExports(`${folder}/oven.ts`, ['bakeMinutes']);
  const pause = number('reheating', 10);
  const expectation = word('expected times', ['in figures', 'from bakeMinutes']);
  files.write(`${folder}/batches.ts`, code(pause));
  files.write(`${folder}/batches.test.ts`, tests(pause, expectation));
  return delivered({
    detail: `Batches are timed with ${pause} minutes of reheating; tests state times ${expectation}.`,
    components: ['baking-batches'],
  });
}
