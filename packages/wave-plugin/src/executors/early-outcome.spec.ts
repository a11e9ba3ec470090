// About with-wave.ts and broken/broken.ts: a launch that is refused before any attempt ends with its outcome, too.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import brokenExecutor from './broken/broken';
import { withWave } from './with-wave';

describe('a task of a wave that cannot be opened', () => {
  let root: string;
  let said: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'nx-wave-early-'));
    said = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(root, { recursive: true });
  });

  const contextOf = (targetName: string) => {
    const metadata = { wave: { path: 'docs/plans/waves/wave-1.md', include: [] } };
    const projects = { 'wave-1': { metadata } };
    return {
      root,
      targetName,
      projectName: 'wave-1',
      projectsConfigurations: { projects },
    } as unknown as ExecutorContext;
  };
  const doors: [string, (context: ExecutorContext) => Promise<{ success: boolean }>][] = [
    ['a task', (context) => withWave(context, async () => true)],
    ['a task that the graph took out of service', (context) => brokenExecutor({ path: 'x' }, context)],
  ];

  describe.each(doors)('%s', (_title, door) => {
    it.each(['agent-a1', 'gate-implementation', 'prove', 'launch'])(
      'ends with the outcome where it is %s',
      async (target) => {
        expect(await door(contextOf(target))).toEqual({ success: false });
        expect(said).toMatch(/wave-unreadable[\s\S]*\noutcome: blocked \(wave-unreadable\)\n$/);
      },
    );

    it.each(['status', 'plan', 'decide'])('has none where it is %s, which is no launch', async (target) => {
      expect(await door(contextOf(target))).toEqual({ success: false });
      expect(said).toContain('wave-unreadable');
      expect(said).not.toContain('outcome:');
    });
  });

  it('failed where the defect is ours', async () => {
    await withWave({ ...contextOf('launch'), projectsConfigurations: undefined as never }, async () => true);
    expect(said).toMatch(/internal-error[\s\S]*\noutcome: failed \(internal-error\)\n$/);
  });
});
