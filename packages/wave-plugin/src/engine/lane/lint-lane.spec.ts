import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { validConfig, validFiles, validWave } from '../../testing/valid-wave';
import { createGitEdge } from '../../edges/git/git-edge';
import { lintLane } from './lint-lane';

describe('lintLane', () => {
  let root: string;
  const first = 'docs/plans/waves/wave-7.md';
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const lint = async (waves: string[]) => {
    const lane = { workspaceRoot: root, project: 'waves', projectId: null, lane: 'main', waves, include: [] };
    return (await lintLane(lane, { git: createGitEdge({ env: process.env }), env: {} })).failures.map(
      ({ code, place }) => [code, place?.path],
    );
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'nx-wave-lint-'));
    write('wave.config.json', JSON.stringify(validConfig));
    write(first, validWave);
    for (const [path, text] of Object.entries(validFiles)) if (text !== undefined) write(path, text);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('finds nothing in a lane where everything is in place', async () => {
    expect(await lint([first])).toEqual([]);
  });

  it('reports the mistakes of every wave at once, and those of the files that they refer to', async () => {
    const second = 'docs/plans/waves/wave-8.md';
    write(second, '# Wave 8 - Empty\n');
    rmSync(join(root, 'docs/plans/component-cutover-matrix.json'));
    write('docs/plans/waves/wave-7.ledger/broken.json', '{}');
    const found = await lint([first, second]);
    expect(found).toContainEqual(['wave-no-agents', second]);
    expect(found).toContainEqual(['matrix-missing', first]);
    expect(found.map(([code]) => code)).toContain('ledger-entry-invalid');
  });

  it('names two files that want one project', async () => {
    const second = 'docs/plans/waves/wave-7/wave-7.md';
    write(second, validWave);
    expect(await lint([first, second])).toEqual([['wave-duplicate-project', second]]);
  });

  it('says that the configuration cannot be used', async () => {
    write('wave.config.json', '{');
    expect((await lint([first]))[0]?.[0]).toBe('config-unreadable');
  });
});
