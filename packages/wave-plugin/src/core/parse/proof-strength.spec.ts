import { collectDiagnostics } from './diagnostics';
import { readProofStrength } from './proof-strength';

/** What the bullets of the section say, and the codes of what is wrong with them. */
function readLines(...lines: string[]) {
  const diagnostics = collectDiagnostics('wave-3.md', lines);
  const entries = lines.map((text, index) => ({ text, index, column: 3 }));
  const { proofStrength } = readProofStrength(entries, diagnostics);
  return { proofStrength, wrong: diagnostics.found.map(({ code }) => code) };
}

describe('the section `Proof strength`', () => {
  it('says nothing where it has no entry', () => {
    expect(readLines()).toStrictEqual({ proofStrength: undefined, wrong: [] });
  });

  it('takes a command with a colon and without files whole', () => {
    expect(readLines('held-out: npm run test:held').proofStrength?.heldOut).toStrictEqual([
      { command: 'npm run test:held', files: [] },
    ]);
  });

  it('leaves out what cannot be read, and keeps the rest', () => {
    const { proofStrength, wrong } = readLines(
      'held-out: node a.mjs | paths: a.mjs',
      'held-out: node b.mjs | files: ../b.mjs, b.mjs',
      'may change: ../x.ts, y.ts',
    );
    expect(proofStrength).toStrictEqual({
      ...{ level: null, mayChange: ['y.ts'], reason: null },
      heldOut: [{ command: 'node b.mjs', files: ['b.mjs'] }],
    });
    expect(wrong).toHaveLength(3);
  });
});
