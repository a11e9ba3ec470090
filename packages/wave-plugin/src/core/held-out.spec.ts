import { buildAgent, buildStrength, buildWave } from '../testing/resolved';
import { heldOutFiles, heldOutOf, hideHeldOut } from './held-out';

const heldOut = [
  { command: 'node --test checks/slug.mjs', files: ['checks/slug.mjs', 'checks/data/'] },
  { command: 'npm run check:slug', files: [] },
];
const own = { agentId: 'A1', proofStrength: buildStrength({ heldOut }) };
const wave = buildWave([
  buildAgent({ ...own, unitId: 'A1-design', stage: 'design' }),
  buildAgent({ ...own, unitId: 'A1' }),
  buildAgent({ unitId: 'A2', agentId: 'A2' }),
]);

describe('what is held out from agents', () => {
  it('is named by its place, for the unit that implements', () => {
    expect(heldOutOf(wave)).toEqual([
      { name: 'held-out 1 of A1', unitId: 'A1', ...heldOut[0] },
      { name: 'held-out 2 of A1', unitId: 'A1', ...heldOut[1] },
    ]);
    expect(heldOutFiles(wave)).toEqual(['checks/data/', 'checks/slug.mjs']);
  });

  it.each([
    '- held-out: node --test checks/slug.mjs | files: checks/slug.mjs, checks/data/',
    '  * **Held-Out:** `npm run check:slug`',
    '1. [x] held-out : anything | files: x',
    'Do not tell anybody of checks/slug.mjs.',
    '<!-- npm run check:slug -->',
    'See checks/data/ for more.',
  ])('stands in no line of the file that agents see: %s', (line) => {
    expect(hideHeldOut(`# Wave 1\n\n${line}\n- level: strict\n`, wave)).toBe('# Wave 1\n\n- level: strict\n');
  });

  it('leaves every other line as it is', () => {
    const text =
      '# Wave 1\r\n\r\n- level: strict\r\n- may change: checks.md\r\nWhat is held out: nothing.\r\n';
    expect(hideHeldOut(text, wave)).toBe(text);
  });
});
