import { inferBrokenProject, inferTargets } from '../../packages/wave-plugin/src/core/infer/targets';
import { waveCommands } from '../../packages/wave-plugin/src/core/infer/wave-commands';
import { buildWave } from '../../packages/wave-plugin/src/testing/resolved';
import { implementer, steward } from '../../packages/wave-plugin/src/testing/stewards';
import { executorsManifest } from './render-executors';

/** A command that nobody has heard of: its line in `waveCommands`. */
const toy = { target: 'toy', description: 'Plays with the wave', example: { loud: true } };
/** And its folder, `executors/toy/` with `toy.ts` and `schema.json`. */
const folder = { name: 'toy', schema: {} };

describe('a command that is only a folder and a line in the table', () => {
  const commands = [...waveCommands, toy];
  const wave = buildWave([implementer('A1'), steward('cont-qa')]);

  it('is a target of every wave, uncached, with its help', () => {
    const { targets, metadata } = inferTargets(wave, {
      root: 'w',
      targetPrefix: 'my-',
      ledger: { landed: false, agent: () => ({ epoch: null, entries: [] }) },
      shadowed: [],
      ultracache: false,
      commands,
    });
    expect(metadata.targetGroups['wave']).toContain('my-toy');
    expect(targets['my-toy']).toMatchObject({
      executor: '@nx-wave/plugin:toy',
      cache: false,
      inputs: [],
      metadata: {
        description: toy.description,
        help: { command: 'nx run wave-3:my-toy --help', example: { options: { loud: true } } },
      },
    });
  });

  it('says what is wrong with a wave that cannot be read, as every target does', () => {
    const { targets } = inferBrokenProject(wave.identity, { root: 'w', targetPrefix: '', commands });
    expect(targets['toy']).toMatchObject({ executor: '@nx-wave/plugin:broken' });
  });

  it('is an executor that Nx finds, described by its line', () => {
    const manifest = executorsManifest([folder], [{ executor: toy.target, description: toy.description }]);
    expect(JSON.parse(manifest)).toEqual({
      executors: {
        toy: {
          implementation: './dist/executors/toy/toy',
          schema: './dist/executors/toy/schema.json',
          description: 'Plays with the wave.',
        },
      },
    });
  });

  it('is refused where it is a folder alone', () => {
    expect(() => executorsManifest([folder], [])).toThrow('executors/toy is in no table of commands');
  });
});
