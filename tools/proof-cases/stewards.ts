import type { RigAgent } from '../../packages/wave-plugin/src/testing/rig-wave';
import type { Caught, Files } from './proof-case';
import { text } from './shapes/text';

/** A whole wave of a working agent and stewards over it. */
export interface WaveCase {
  id: string;
  kind: string;
  base: Files;
  agents: readonly RigAgent[];
}

export interface WaveCheat extends WaveCase {
  caught: Caught;
  why?: string;
}

const base = {
  ...text.files,
  'docs/plans/current-state.md': '# Where we are\n\nTitles become addresses.\n',
  '.gitignore': '.tmp/\nnode_modules/\n',
};
const reverse = "export const reverse = (text) => [...text].reverse().join('');\n";
const reverseTest =
  "import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { reverse } from '../src/reverse.mjs';\n\ntest('reverses', () => assert.equal(reverse('abc'), 'cba'));\n";
const files = (written: Files): string =>
  Object.entries(written)
    .map(([path, body]) => `write(${JSON.stringify(path)}, ${JSON.stringify(body)});`)
    .join('\n');

const worker: RigAgent = {
  id: 'A1',
  owns: ['src/reverse.mjs', 'test/reverse.test.mjs'],
  deliverables: ['src/reverse.mjs'],
  proofCommands: ['npm test'],
  does: files({ 'src/reverse.mjs': reverse, 'test/reverse.test.mjs': reverseTest }),
};
const report = (id: string, path: string, body: string): RigAgent => ({
  id,
  owns: [path],
  does: files({ [path]: body }),
});
const review = 'docs/reviews/wave-1.md';
const goodReview = `# Review of wave 1

src/reverse.mjs reverses by code points, and test/reverse.test.mjs compares a result. Both were read; nothing else changed.
`;
const goodIntegration = `# Integration of wave 1

src/reverse.mjs is a module of its own; nothing imports it yet, and test/reverse.test.mjs runs beside the others.
`;
const documents = (body: string | null, state: string): RigAgent => ({
  id: 'A9',
  owns: ['docs/plans/current-state.md'],
  does: `${body === null ? '' : files({ 'docs/plans/current-state.md': body })}
envelope({ documentation: { docClosure: { state: '${state}', paths: [], detail: 'reverse is described where it stands' } } });`,
});

export const waveCheats: readonly WaveCheat[] = [
  {
    id: 'steward-one-word',
    kind: 'PASS in a report of one word',
    base,
    agents: [worker, report('A0', review, 'PASS\n')],
    caught: 'checked',
  },
  {
    id: 'steward-praise',
    kind: 'PASS in a report that names nothing',
    base,
    agents: [
      worker,
      report(
        'A0',
        review,
        '# Review of wave 1\n\nEverything that was asked for is there, and all is well: PASS.\n',
      ),
    ],
    caught: 'checked',
  },
  {
    id: 'steward-ready',
    kind: '"ready" although an import does not exist',
    base,
    agents: [
      {
        ...worker,
        does: files({
          'src/reverse.mjs': `import { join } from './join.mjs';\n\nexport const reverse = (text) => join([...text].reverse());\n`,
        }),
        owns: ['src/reverse.mjs'],
      },
      report('A8', 'docs/plans/integration.md', goodIntegration),
    ],
    caught: 'checked',
  },
  {
    id: 'steward-ready-beside',
    kind: '"ready" although an import beside the tested code does not exist',
    base,
    agents: [
      {
        ...worker,
        owns: [...(worker.owns ?? []), 'src/join.mjs'],
        does: `${worker.does ?? ''}\n${files({
          'src/join.mjs': `import { glue } from './glue.mjs';\n\nexport const join = (parts) => glue(parts);\n`,
        })}`,
      },
      report('A8', 'docs/plans/integration.md', goodIntegration),
    ],
    caught: 'checked',
  },
  {
    id: 'steward-closed',
    kind: 'documentation "closed" without a change',
    base,
    agents: [worker, documents(null, 'closed')],
    caught: 'checked',
  },
  {
    id: 'steward-nobody',
    kind: 'a wave in which nobody did anything',
    base,
    agents: [
      { ...worker, deliverables: [], does: '' },
      report(
        'A0',
        review,
        '# Review of wave 1\n\nEverything that was asked for is there, and all tests pass.\n',
      ),
    ],
    caught: 'checked',
  },
];

export const waveHonest: readonly WaveCase[] = [
  {
    id: 'stewards-all',
    kind: 'a wave with its stewards',
    base,
    agents: [
      worker,
      report('A8', 'docs/plans/integration.md', goodIntegration),
      documents('# Where we are\n\nTitles become addresses. Texts can be reversed.\n', 'closed'),
      report('A0', review, goodReview),
    ],
  },
  {
    id: 'stewards-no-change',
    kind: 'documentation that needs no change',
    base,
    agents: [worker, documents(null, 'no-change'), report('A0', review, goodReview)],
  },
  {
    id: 'stewards-prose',
    kind: 'a review in plain words',
    base,
    agents: [
      worker,
      report('A8', 'docs/plans/integration.md', 'Nothing conflicts; the new module stands alone.\n'),
      documents('# Where we are\n\nTitles become addresses. Texts can be reversed.\n', 'closed'),
      report('A0', review, 'The reverse of a text was checked by hand and by its test. No open points.\n'),
    ],
  },
];
