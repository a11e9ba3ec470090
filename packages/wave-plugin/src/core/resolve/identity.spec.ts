import { type WaveConfig } from '@nx-wave/schemas';
import { dependencyProject, laneProjects, waveFolders, waveIdentity } from './identity';

const config: WaveConfig = {
  lanes: { beta: {}, gamma: { paths: { docsDir: 'teams/gamma', stateRoot: 'out' } } },
  projects: {
    shop: { rootDir: 'apps/shop', lanes: { beta: {} } },
    blog: { paths: { docsDir: 'content/docs' } },
  },
};

describe('the identity of a wave file', () => {
  it('needs no configuration', () => {
    expect(waveIdentity('docs/plans/waves/wave-3.md', {})).toEqual({
      project: 'wave-3',
      waveNumber: 3,
      lane: 'main',
      projectId: null,
      stateRoot: '.tmp',
      launcherDir: '.tmp/main-wave-launcher',
      stateRoots: ['.tmp'],
      path: 'docs/plans/waves/wave-3.md',
      ledgerDir: 'docs/plans/waves/wave-3.ledger',
    });
  });

  it.each([
    ['docs/plans/waves/wave-3.md', 'wave-3', '.tmp/main-wave-launcher'],
    ['docs/plans/waves/wave-3/wave-3.md', 'wave-3', '.tmp/main-wave-launcher'],
    ['docs/beta/plans/waves/wave-0.md', 'beta-wave-0', '.tmp/beta-wave-launcher'],
    ['teams/gamma/plans/waves/wave-12.md', 'gamma-wave-12', 'out/gamma-wave-launcher'],
    ['apps/shop/docs/plans/waves/wave-1.md', 'shop-wave-1', '.tmp/projects/shop/main-wave-launcher'],
    [
      'apps/shop/docs/beta/plans/waves/wave-1.md',
      'shop-beta-wave-1',
      '.tmp/projects/shop/beta-wave-launcher',
    ],
    ['content/docs/plans/waves/wave-2.md', 'blog-wave-2', '.tmp/projects/blog/main-wave-launcher'],
  ])('of %s is %s', (path, project, launcherDir) => {
    expect(waveIdentity(path, config)).toMatchObject({ project, launcherDir, path });
  });

  it.each([
    'docs/plans/waves/wave-3.txt',
    'docs/plans/waves/wave-x.md',
    'docs/plans/waves/Wave-3.md',
    'docs/plans/waves/old/wave-3.md',
    'docs/plans/waves/wave-4/wave-3.md',
    'docs/plans/waves/reviews/wave-3-cont-qa.md',
    'docs/plans/wave-3.md',
    'wave-3.md',
    'node_modules/x/docs/plans/waves/wave-3.md',
  ])('does not make a wave of %s', (path) => {
    expect(waveIdentity(path, config)).toBeNull();
  });

  it.each([
    ['plans/wave-3.md', ['plans'], true],
    ['plans/wave-3.md', ['./plans/'], true],
    ['libs/io/waves/wave-3.md', ['libs/*/waves'], true],
    ['libs/io/deep/waves/wave-3.md', ['libs/*/waves'], false],
    ['libs/io/deep/waves/wave-3.md', ['libs/**/waves'], true],
    ['libs/waves/wave-3/wave-3.md', ['libs/**/waves'], true],
    ['libs/io-waves/wave-3.md', ['libs/*-waves'], true],
  ])('of %s with the option include %j: %s', (path, include, found) => {
    expect(waveIdentity(path, {}, include) !== null).toBe(found);
  });

  it('keeps the lane main unnamed also when another lane is the default', () => {
    const trunk: WaveConfig = { defaultLane: 'trunk' };
    expect(waveIdentity('docs/plans/waves/wave-3.md', trunk)).toMatchObject({
      project: 'trunk-wave-3',
      launcherDir: '.tmp/trunk-wave-launcher',
    });
  });

  it('gives a folder to its first owner only', () => {
    const twice: WaveConfig = { lanes: { beta: { paths: { docsDir: 'docs' } } } };
    expect(waveFolders(twice).map(({ dir, lane }) => [dir, lane])).toEqual([['docs/plans/waves', 'main']]);
  });

  it('resolves dependencies inside the lane', () => {
    const identity = waveIdentity('docs/beta/plans/waves/wave-3.md', config);
    if (!identity) throw new Error('no identity');
    expect(dependencyProject('wave-2', identity)).toBe('beta-wave-2');
    expect(dependencyProject('shop-wave-2', identity)).toBe('shop-wave-2');
  });
});

describe('lane projects', () => {
  it('stand for every lane of the root and of the projects', () => {
    expect(laneProjects(config).map(({ project, wavesDir }) => [project, wavesDir])).toEqual([
      ['waves', 'docs/plans/waves'],
      ['beta-waves', 'docs/beta/plans/waves'],
      ['gamma-waves', 'teams/gamma/plans/waves'],
      ['shop-waves', 'apps/shop/docs/plans/waves'],
      ['shop-beta-waves', 'apps/shop/docs/beta/plans/waves'],
      ['blog-waves', 'content/docs/plans/waves'],
    ]);
  });
});
