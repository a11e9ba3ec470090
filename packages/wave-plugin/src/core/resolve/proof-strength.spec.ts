import { buildStrength } from '../../testing/resolved';
import { type AgentSpec } from '@nx-wave/schemas';
import { filledScopeOf } from './filled-scope';
import { proofStrengthOf } from './proof-strength';

type Given = Parameters<typeof filledScopeOf>[0]['proof'];

const strengthOf = (proof: Given, owned: string[], section?: AgentSpec['proofStrength']) =>
  proofStrengthOf(
    { ...(section === undefined ? {} : { proofStrength: section }) } as AgentSpec,
    owned,
    filledScopeOf({ ...(proof === undefined ? {} : { proof }) }, { lane: 'main', projectId: null }),
  );

describe('what the proof of an agent has to be worth', () => {
  it('is `checked` where nobody says anything', () => {
    expect(strengthOf(undefined, ['src/a.ts'])).toEqual(buildStrength());
  });

  it.each<[string, Given, string[], string]>([
    ['the level of the configuration', { level: 'counted' }, ['src/'], 'counted'],
    ['the level of a folder above', { levels: [{ paths: ['docs'], level: 'exit' }] }, ['docs/a.md'], 'exit'],
    ['the level of the folder itself', { levels: [{ paths: ['docs'], level: 'exit' }] }, ['docs/'], 'exit'],
    ['the level of a file', { levels: [{ paths: ['README.md'], level: 'exit' }] }, ['README.md'], 'exit'],
    ['the level of the whole workspace', { levels: [{ paths: ['.'], level: 'strict' }] }, ['src/'], 'strict'],
    [
      'of one of several folders',
      { levels: [{ paths: ['docs', 'src'], level: 'exit' }] },
      ['src/a.ts'],
      'exit',
    ],
    [
      'that of the configuration where an entry names no path',
      { levels: [{ level: 'exit' }] },
      ['src/'],
      'checked',
    ],
    [
      'the highest of all paths',
      { levels: [{ paths: ['docs'], level: 'exit' }] },
      ['docs/a.md', 'src/a.ts'],
      'checked',
    ],
    [
      'the first entry that covers a path',
      {
        levels: [
          { paths: ['src/legacy'], level: 'counted' },
          { paths: ['src'], level: 'strict' },
        ],
      },
      ['src/legacy/a.ts'],
      'counted',
    ],
    [
      'that of a folder inside of what it owns, which it may change too',
      { levels: [{ paths: ['src/payments'], level: 'strict' }] },
      ['src/'],
      'strict',
    ],
    [
      'that of a folder further inside',
      { levels: [{ paths: ['src/shop/payments'], level: 'strict' }] },
      ['src/shop/'],
      'strict',
    ],
    [
      'that of a folder inside of the workspace',
      { levels: [{ paths: ['a/b'], level: 'strict' }] },
      ['.'],
      'strict',
    ],
    [
      'the first entry that covers such a folder',
      {
        levels: [
          { paths: ['src'], level: 'counted' },
          { paths: ['src/payments'], level: 'strict' },
        ],
      },
      ['src/'],
      'counted',
    ],
    [
      'nothing of a folder whose name only begins like that of a file',
      { levels: [{ paths: ['src/a.ts-critical'], level: 'strict' }] },
      ['src/a.ts'],
      'checked',
    ],
    [
      'a folder of a longer name is another',
      { levels: [{ paths: ['doc'], level: 'exit' }] },
      ['docs/a.md'],
      'checked',
    ],
  ])('%s', (_what, proof, owned, level) => {
    expect(strengthOf(proof, owned)).toMatchObject({ level, usual: level });
  });

  it('is what the wave file says, beside what it would be', () => {
    const section = { level: 'exit' as const, mayChange: ['a.ts'], heldOut: [], reason: 'documents only' };
    expect(strengthOf({ level: 'strict', required: true, mutants: 3 }, ['src/'], section)).toEqual(
      buildStrength({
        level: 'exit',
        usual: 'strict',
        required: true,
        mutants: 3,
        mayChange: ['a.ts'],
        reason: 'documents only',
      }),
    );
  });
});
