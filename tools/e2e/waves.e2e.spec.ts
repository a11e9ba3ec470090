import { createWorkspace, type Workspace } from './workspace';

const wave3 = 'docs/plans/waves/wave-3.md';
const sixAgents = ['agent-a0', 'agent-a1', 'agent-a2', 'agent-a3', 'agent-a8', 'agent-a9'];

/** One clone and one history: each test goes on where the one before has stopped. */
describe('the example in real Nx', () => {
  let clone: Workspace;
  let untouched: string;
  beforeAll(() => {
    clone = createWorkspace('example');
    untouched = clone.fingerprint();
  });
  afterAll(() => clone.dispose());

  it('closes wave 3 with six proven agents and leaves the repository as it was', async () => {
    const run = await clone.nx(['run', 'wave-3:launch']);
    expect({ code: run.code, output: run.code === 0 ? '' : run.output }).toEqual({ code: 0, output: '' });
    expect(clone.closure(3)).toMatchObject({ state: 'closed', landed: false });
    expect(clone.readJson('.tmp/main-wave-launcher/status/wave-3.json')).toMatchObject({
      phase: 'closed',
      units: sixAgents.map(() => ({ status: 'proven', closureState: 'closed' })),
    });
    expect(clone.closure(3).agents.filter(({ proofDigest }) => proofDigest !== null)).toHaveLength(6);
    expect(clone.runs(3)).toEqual({ A0: 1, A1: 1, A2: 1, A3: 1, A8: 1, A9: 1 });
    expect(clone.git('status', '--porcelain')).toBe('');
    expect(clone.fingerprint()).toBe(untouched);
  });

  it('serves the second launch from the cache of Nx alone', async () => {
    const run = await clone.nx(['run', 'wave-3:launch']);
    expect(run.code).toBe(0);
    expect(run.tasks).toHaveLength(12);
    expect(run.cached.sort()).toEqual(run.tasks.sort());
  });

  it('runs no agent after `nx reset` and the loss of the state root: proof is kept elsewhere', async () => {
    const before = clone.closure(3);
    expect((await clone.nx(['reset'])).code).toBe(0);
    clone.remove('.tmp');
    const run = await clone.nx(['run', 'wave-3:launch']);
    expect(run.code).toBe(0);
    expect(run.cached).toEqual([]);
    expect(clone.runs(3)).toEqual({ A0: 1, A1: 1, A2: 1, A3: 1, A8: 1, A9: 1 });
    expect(clone.closure(3)).toEqual(before);
  });

  it('runs the agent whose prompt changed, none of its siblings, and nothing after it while its result is the same', async () => {
    clone.replace(wave3, 'A baker asks', 'People ask');
    const run = await clone.nx(['run', 'wave-3:gate-cont-qa']);
    expect(run.code).toBe(0);
    expect(clone.runs(3)).toEqual({ A0: 1, A1: 2, A2: 1, A3: 1, A8: 1, A9: 1 });
    expect(run.cached).toEqual(
      expect.arrayContaining(sixAgents.filter((one) => one !== 'agent-a1').map((one) => `wave-3:${one}`)),
    );
    clone.git('checkout', '-q', '--', wave3);
  });

  it('shows a wave as a project, and the waves in the graph', async () => {
    const shown = await clone.nx(['show', 'project', 'wave-3', '--json']);
    const project = JSON.parse(shown.output) as {
      tags: string[];
      targets: Record<string, { cache: boolean }>;
    };
    expect(project).toMatchObject({
      name: 'wave-3',
      root: 'docs/plans/waves/wave-3',
      tags: ['wave', 'lane:main'],
    });
    for (const target of [...sixAgents, 'gate-implementation', 'gate-cont-qa', 'prove', 'launch'])
      expect(project.targets[target]).toMatchObject({ cache: true });
    expect((await clone.nx(['graph', '--file=.tmp/graph.json'])).code).toBe(0);
    const graph = clone.readJson('.tmp/graph.json') as { graph: { nodes: Record<string, unknown> } };
    expect(Object.keys(graph.graph.nodes)).toEqual(
      expect.arrayContaining(['wave-3', 'lessons-wave-4', 'lessons-wave-5']),
    );
  });

  it('launches the waves of the main lane by name, and finds them green', async () => {
    const run = await clone.nx(['run-many', '-t', 'launch', '-p', 'wave-*']);
    expect(run.code).toBe(0);
    expect(clone.closure(3).state).toBe('closed');
  });

  it('finds the waves that an edit affects', async () => {
    const run = await clone.nx([
      'show',
      'projects',
      '--affected',
      '--files',
      'docs/lessons/plans/waves/wave-5.md',
      '--json',
    ]);
    expect(JSON.parse(run.output)).toContain('lessons-wave-5');
    const asked = await clone.nx([
      'affected',
      '-t',
      'launch',
      '--files',
      wave3,
      '--graph=.tmp/affected.json',
    ]);
    expect(asked.code).toBe(0);
    const { tasks } = clone.readJson('.tmp/affected.json') as { tasks: { tasks: Record<string, unknown> } };
    expect(Object.keys(tasks.tasks)).toEqual(expect.arrayContaining(['wave-3:launch', 'wave-3:agent-a1']));
  });

  it('keeps every other project when a wave file is broken or claims a name that is taken', async () => {
    clone.write(
      'docs/plans/waves/wave-6.md',
      '# Wave 6 - Broken\n\n## Agent A1: No prompt\n\n### Executer\n\n- id: local\n',
    );
    clone.write('docs/plans/waves/wave-3/wave-3.md', clone.read(wave3));
    const shown = await clone.nx(['show', 'projects', '--json']);
    expect(JSON.parse(shown.output)).toEqual(
      expect.arrayContaining(['wave-3', 'lessons-wave-4', 'lessons-wave-5', 'wave-6']),
    );
    const broken = await clone.nx(['run', 'wave-6:launch']);
    expect(broken.code).not.toBe(0);
    expect(broken.output).toMatch(/docs\/plans\/waves\/wave-6\.md:5:\d+ .*section-misspelled/);
    expect(broken.output).toMatch(/docs\/plans\/waves\/wave-6\.md:3:\d+ .*prompt-missing/);
    const claimed = await clone.nx(['show', 'project', 'wave-3', '--json']);
    expect(JSON.parse(claimed.output)).toMatchObject({
      metadata: { description: expect.stringContaining('docs/plans/waves/wave-3/wave-3.md') },
    });
    const status = await clone.nx(['run', 'wave-3:status']);
    expect(status.output).toMatch(
      /^docs\/plans\/waves\/wave-3\/wave-3\.md: warning wave-duplicate-project: /m,
    );
    expect(status.output).toMatch(/^wave-3 is /m);
    clone.remove('docs/plans/waves/wave-6.md');
    clone.remove('docs/plans/waves/wave-3');
    expect(clone.git('status', '--porcelain')).toBe('');
  });
});
