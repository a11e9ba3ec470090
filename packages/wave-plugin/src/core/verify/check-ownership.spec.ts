import { buildFileEvidence } from '../../testing/slice-evidence';
import { checkOwnership, checkSymlinks } from './check-ownership';
import type { FileEvidence } from './slice-evidence';

const evidence = (seen: Partial<FileEvidence>, ownedPaths = ['src/']) =>
  buildFileEvidence({ ownedPaths }, seen);
const change = (path: string) => ({ path, before: null, after: null });
const artifact = (path: string) => ({ path, sha256: 'a', size: 1 });

describe('paths that a slice may not change', () => {
  it('are told in their order, each once, changed or left as an artifact', () => {
    const found = checkOwnership(
      evidence({
        changes: [change('z.ts'), change('src/a.ts'), change('b.ts')],
        artifacts: [artifact('b.ts'), artifact('.tmp/x')],
      }),
    );
    expect(found.map(({ place }) => place?.path)).toEqual(['.tmp/x', 'b.ts', 'z.ts']);
  });

  it('are compared with all that is owned and granted', () => {
    const granted = { changes: [change('b.ts'), change('c/d.ts'), change('e.ts')], amendments: ['c/'] };
    const [found, ...more] = checkOwnership(evidence(granted, ['b.ts']));
    expect(more).toEqual([]);
    expect(found?.message).toBe(
      'Agent A1: e.ts was changed without owning it. Expected changes in b.ts, c/, got e.ts.',
    );
    expect(checkOwnership(evidence({ changes: [change('a')] }, []))[0]?.message).toContain('no path at all');
  });

  it.each(['/etc/passwd', 'src/.git/config', '.nx-wave/x', '.tmp/main-wave-launcher/results/x'])(
    'and that nobody may ever own: %s',
    (path) => {
      const owned = ['src/', '.nx-wave/', '.tmp/'];
      expect(checkOwnership(evidence({ changes: [change(path)] }, owned))).toMatchObject([
        {
          code: 'ownership-violation',
          message: expect.stringContaining('no agent may ever own it'),
          place: { wave: 'wave-3', agentId: 'A1', path },
          next: 'Take the change out, then nx run wave-3:agent-a1',
          facts: { got: path, path },
        },
      ]);
    },
  );
});

it('links that lead out are told in their order, with their targets', () => {
  const symlinks = { 'src/z': '/etc', 'src/b': 'c', 'src/a': '../../x', 'src/m': '../.git' };
  const found = checkSymlinks(evidence({ symlinks }));
  expect(found.map(({ code, place, facts }) => [code, place?.path, facts?.['got']])).toEqual([
    ['symlink-escape', 'src/a', '../../x'],
    ['symlink-escape', 'src/m', '../.git'],
    ['symlink-escape', 'src/z', '/etc'],
  ]);
});
