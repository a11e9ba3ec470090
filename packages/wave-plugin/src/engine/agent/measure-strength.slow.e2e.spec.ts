// About engine/agent/measure-strength.ts, measure-strict.ts and measured-memo.ts: real node:test, real git.
import { base, files, looks, outcome, predicateOf, source, strength, writes } from '../../testing/proof-work';
import { createWaveRig } from '../../testing/rig';
import { type RigAgent } from '../../testing/rig-wave';

describe('the strength of a proof', () => {
  it.each<[string, RigAgent, string]>([
    [
      'passes over its tests',
      writes({
        ...files,
        'test/slug.test.mjs': looks.replace("test('slug'", "test.skip('slug'"),
        'test/old.test.mjs': '',
      }),
      'proof-no-tests',
    ],
    [
      'calls its test so that nobody runs it',
      writes(
        { 'src/slug.mjs': source, 'test/slug.test.mjs': looks },
        { proofCommands: ['node --test test/old.test.mjs'] },
      ),
      'proof-tests-not-run',
    ],
    [
      'makes the script of the base pass over what fails',
      writes(
        {
          'src/slug.mjs': source.replace('toLowerCase', 'toUpperCase'),
          'package.json': JSON.stringify({ scripts: { test: 'node --test test/old.test.mjs' } }),
        },
        { proofCommands: ['npm test'] },
      ),
      'proof-config-changed',
    ],
    [
      'leaves no runner in the script of the base',
      writes(
        {
          'src/slug.mjs': source.replace('toLowerCase', 'toUpperCase'),
          'package.json': JSON.stringify({ scripts: { test: 'echo ok' } }),
        },
        { proofCommands: ['npm test'] },
      ),
      'proof-config-changed',
    ],
    [
      'delivers a comment',
      writes({ ...files, 'src/more.mjs': '// later\n' }, { deliverables: ['src/more.mjs'] }),
      'deliverable-empty',
    ],
    ['changes nothing', writes({}), 'slice-empty'],
  ])('refuses a slice that %s', async (_what, agent, code) => {
    const known = { ...base, 'test/known.test.mjs': looks };
    await using rig = createWaveRig({
      agents: [agent],
      files: code === 'proof-config-changed' ? known : base,
    });
    expect((await outcome(rig)).codes).toEqual([code]);
  });

  it('refuses no function that is renamed where it is handed on', async () => {
    const index = (name: string) => `export { ${name} } from './slug.mjs';\n`;
    const renamed = (text: string) => text.replaceAll('slug(', 'toSlug(').replace('{ slug }', '{ toSlug }');
    const before = { ...base, ...files, 'src/index.mjs': index('slug') };
    await using rig = createWaveRig({
      agents: [
        writes({
          'src/slug.mjs': renamed(source),
          'test/slug.test.mjs': renamed(looks),
          'src/index.mjs': index('toSlug'),
        }),
      ],
      files: before,
    });
    expect((await outcome(rig)).codes).toEqual([]);
  });

  it.each<[string, RigAgent, string]>([
    ['documents', writes({ 'src/a.md': '# A\n' }), 'it changes no source in a language that is known here'],
    [
      'a runner that nobody knows',
      writes(files, { proofCommands: ['node -e 0'] }),
      'no test runner that is known here is among its proof commands',
    ],
    ['no proof commands', writes(files, { proofCommands: [] }), 'it has no proof commands'],
  ])(
    'cannot be measured with %s: that is said, and refuses only where it is required',
    async (_what, agent, why) => {
      await using rig = createWaveRig({ agents: [agent], files: base });
      const { codes, lines } = await outcome(rig);
      expect(codes).toEqual([]);
      expect(lines).toContain(`advisory: proof-unmeasured: ${why}; the level checked counts as met`);
      rig.configure({ proof: { required: true } });
      const required = await outcome(rig);
      expect(required).toMatchObject({ codes: ['proof-unmeasured'], ran: {} });
    },
  );

  it('takes the configuration of the base, unless the wave allows another one', async () => {
    const other = JSON.stringify({
      name: 'user',
      private: true,
      scripts: { test: 'node --test test/slug.test.mjs' },
    });
    await using rig = createWaveRig({
      agents: [
        writes(
          { ...files, 'package.json': other },
          { proofCommands: ['npm test'], ...strength('may change: package.json') },
        ),
      ],
      files: base,
    });
    expect((await outcome(rig)).codes).toEqual([]);
    expect(predicateOf(rig).strength).toMatchObject({
      baseConfig: null,
      commands: [{ tests: { executed: 1 } }],
    });
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { sections: '' }));
    expect(await outcome(rig)).toMatchObject({ codes: [], ran: {} });
    expect(predicateOf(rig, 2).strength).toMatchObject({
      baseConfig: { paths: ['package.json'], red: null },
    });
  });

  it('asks at `strict` for the tests of the base, for each function and for one small fault', async () => {
    const two = `${source}export const twice = (n) => n * 2;\n`;
    await using rig = createWaveRig({
      agents: [writes({ ...files, 'src/slug.mjs': two }, strength('level: strict'))],
      files: base,
      config: { proof: { mutants: 2 } },
    });
    const weak = await outcome(rig);
    expect(weak.codes).toEqual(['proof-hollow']);
    expect(weak.said).toContain('twice (src/slug.mjs:4)');
    const better =
      looks.replace('{ slug }', '{ slug, twice }') + `test('twice', () => assert.equal(twice(3), 6));\n`;
    rig.edit(({ A1 }) =>
      Object.assign(
        A1 ?? {},
        writes({ 'src/slug.mjs': two, 'test/slug.test.mjs': better }, strength('level: strict')),
      ),
    );
    const { codes, lines } = await outcome(rig);
    expect(codes).toEqual([]);
    expect(lines.join('\n')).toMatch(/proof strength: strict \(3 tests; .* small faults? noticed\)/);
  });

  it('measures the same tree once', async () => {
    const agent = writes(files);
    const claims = `envelope(attempt === 1 ? { proof: { state: 'gap', detail: 'not sure' } } : {});`;
    await using rig = createWaveRig({
      agents: [{ ...agent, does: `${agent.does ?? ''}\n${claims}` }],
      files: base,
    });
    expect((await outcome(rig)).codes).toEqual(['proof-state-gap']);
    expect((await outcome(rig)).codes).toEqual([]);
    expect(predicateOf(rig, 2).strength?.hollow).toEqual(predicateOf(rig).strength?.hollow);
  });
});
