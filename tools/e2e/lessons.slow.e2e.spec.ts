import { createWorkspace, type Workspace } from './workspace';

/** The example's two waves that fail, as its README tells them. */
describe('the lessons of the example in real Nx', () => {
  let clone: Workspace;
  beforeAll(() => {
    clone = createWorkspace('example');
  });
  afterAll(() => clone.dispose());

  it('launches both waves at once: each that fails says why, and the tree is as it was', async () => {
    const before = clone.fingerprint();
    const run = await clone.nx(['run-many', '-t', 'launch', '-p', 'lessons-*']);
    expect(run.code).not.toBe(0);
    expect(clone.closure(4, 'lessons').state).toBe('open');
    expect(clone.closure(4, 'lessons').reasons[0]).toMatchObject({
      code: 'proof-command-failed',
      agentIds: ['A2'],
    });
    expect(clone.closure(5, 'lessons').state).toBe('open');
    expect(clone.closure(5, 'lessons').reasons[0]).toMatchObject({
      code: 'merge-red',
      agentIds: ['A1', 'A2'],
      command: 'node apps/example/tools/run-tests.mjs batches',
    });
    expect(clone.runs(4, 'lessons')).toEqual({ A1: 1, A2: 1 });
    expect(clone.runs(5, 'lessons')).toEqual({ A1: 1, A2: 1 });
    expect(clone.fingerprint()).toBe(before);
  });

  it('mends wave 4 by one corrected line: only that agent runs, on top of what it left', async () => {
    clone.replace('apps/example/agents/wave-4/dough-temperature.mjs', 'const parts = 2;', 'const parts = 3;');
    const run = await clone.nx(['run', 'lessons-wave-4:launch']);
    expect({ code: run.code, output: run.code === 0 ? '' : run.output }).toEqual({ code: 0, output: '' });
    expect(clone.runs(4, 'lessons')).toEqual({ A0: 1, A1: 1, A2: 2, A8: 1, A9: 1 });
    expect(run.output).toContain('attempt 2 goes on from the 2 files of the one before');
    expect(clone.closure(4, 'lessons').state).toBe('closed');
    clone.git('checkout', '-q', '--', 'apps');
  });
});
