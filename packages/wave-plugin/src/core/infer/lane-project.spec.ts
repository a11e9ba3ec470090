import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WaveConfig } from '@nx-wave/schemas';
import { waveIdentity } from '../resolve/identity';
import { inferLanes, laneCommands } from './lane-project';

const lanesOf = (config: WaveConfig, files: string[], { include = [] as string[], targetPrefix = '' } = {}) =>
  inferLanes(
    config,
    files.flatMap((file) => waveIdentity(file, config, include) ?? []),
    { targetPrefix, include },
  );

describe('inferLanes', () => {
  it('gives the main lane the project `waves` at its folder', () => {
    const [lane] = lanesOf({}, ['docs/plans/waves/wave-10.md', 'docs/plans/waves/wave-2/wave-2.md']);
    expect(lane?.project).toMatchObject({
      name: 'waves',
      root: 'docs/plans/waves',
      tags: ['waves', 'lane:main'],
    });
    expect(lane?.lane.waves).toEqual(['docs/plans/waves/wave-2/wave-2.md', 'docs/plans/waves/wave-10.md']);
  });

  it('names other lanes and projects, and leaves out those without waves', () => {
    const config: WaveConfig = { lanes: { beta: {}, idle: {} }, projects: { shop: { lanes: { beta: {} } } } };
    const files = ['docs/beta/plans/waves/wave-1.md', 'docs/shop/beta/plans/waves/wave-1.md'];
    expect(lanesOf(config, files).map(({ project }) => project.name)).toEqual([
      'beta-waves',
      'shop-beta-waves',
    ]);
  });

  it('keeps one project where two lanes share a folder', () => {
    const config: WaveConfig = { lanes: { beta: { paths: { docsDir: 'docs' } } } };
    expect(lanesOf(config, ['docs/plans/waves/wave-1.md']).map(({ project }) => project.name)).toEqual([
      'waves',
    ]);
  });

  it('counts waves of included folders to the main lane', () => {
    const [lane] = lanesOf({}, ['plans/wave-1.md'], { include: ['plans'] });
    expect(lane).toMatchObject({ source: 'plans/wave-1.md', lane: { waves: ['plans/wave-1.md'] } });
  });

  it('has no target that `run-many` over common names starts', () => {
    const names = laneCommands.map(({ target }) => target);
    for (const common of ['build', 'test', 'lint', 'typecheck', 'e2e', 'serve', 'format'])
      expect(names).not.toContain(common);
  });

  it('declares its inputs on every target and caches none', () => {
    const [lane] = lanesOf({}, ['docs/plans/waves/wave-1.md'], { targetPrefix: 'wave-' });
    const targets = Object.entries(lane?.project.targets ?? {});
    expect(targets.map(([name]) => name)).toEqual(laneCommands.map(({ target }) => `wave-${target}`));
    for (const [, target] of targets) expect(target).toMatchObject({ cache: false, inputs: [] });
  });

  it('has a registered executor behind every command', () => {
    const manifest = JSON.parse(
      readFileSync(join(__dirname, '..', '..', '..', 'executors.json'), 'utf8'),
    ) as { executors: Record<string, unknown> };
    for (const { executor } of laneCommands) expect(Object.keys(manifest.executors)).toContain(executor);
  });
});
