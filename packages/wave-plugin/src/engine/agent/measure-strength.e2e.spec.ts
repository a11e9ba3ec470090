// Also about engine/agent/measure-hollow.ts and engine/slices/observe-tests.ts: real node:test, real git.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base, blind, files, outcome, predicateOf, strength, writes } from '../../testing/proof-work';
import { createWaveRig } from '../../testing/rig';

describe('what a green proof is worth', () => {
  it('is measured: tests that look notice an empty function', async () => {
    await using rig = createWaveRig({ agents: [writes(files)], files: base });
    const { codes, lines } = await outcome(rig);
    expect(codes).toEqual([]);
    expect(lines).toContain('proof strength: checked (2 tests; `node --test` turns red without slug)');
    expect(predicateOf(rig).strength).toMatchObject({
      asked: 'checked',
      reached: 'checked',
      unmeasured: null,
      commands: [{ command: 'node --test', runners: ['node-test'], tests: { executed: 2, failed: 0 } }],
      changedTests: { files: ['test/slug.test.mjs'], notRun: [] },
      hollow: { functions: [{ path: 'src/slug.mjs', name: 'slug', line: 1 }], red: 'node --test' },
    });
    const statement = readFileSync(
      join(rig.root, '.tmp/main-wave-launcher/results/wave-1/attempt-1/A1/test-result.json'),
      'utf8',
    );
    expect(JSON.parse(statement)).toMatchObject({
      predicate: { result: 'PASSED', passedTests: ['node --test'] },
    });
  });

  it('refuses tests that look at nothing, keeps the work, and pays nobody for a changed level', async () => {
    await using rig = createWaveRig({
      agents: [writes({ ...files, 'test/slug.test.mjs': blind })],
      files: base,
    });
    const { codes, said } = await outcome(rig);
    expect(codes).toEqual(['proof-hollow']);
    expect(said).toContain('`node --test` stayed green while slug (src/slug.mjs:1) did nothing');
    expect(said).toContain('a test that calls slug and compares what it returns');
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, strength('level: counted', 'reason: shown by hand')));
    const again = await outcome(rig);
    expect(again).toMatchObject({ codes: [], ran: {} });
    expect(predicateOf(rig, 2).strength).toMatchObject({
      asked: 'counted',
      reached: 'counted',
      reason: 'shown by hand',
    });
  });
});
