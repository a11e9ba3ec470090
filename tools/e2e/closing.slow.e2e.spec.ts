import type { RetryPlan } from '@nx-wave/schemas';
import { createWaveWorkspace, type WaveWorkspace } from './wave-workspace';
import type { NxRun } from './workspace';

const claims =
  "{ architecture: 'pass', integration: 'pass', durability: 'pass', live: 'pass', docs: 'pass' }";

/** Two agents that need several attempts, a steward who finds that they contradict each other, and one who is hard to please. */
const agents = [
  {
    id: 'A1',
    does: "write('src/A1.txt', ['first cents', 'first euros', 'first euros second'][Math.min(attempt, 3) - 1]);",
  },
  {
    id: 'A2',
    proofCommands: ['grep -q good src/A2.txt'],
    does: "write('src/A2.txt', ['bad', 'good cents', 'good euros'][Math.min(attempt, 3) - 1]);",
  },
  {
    id: 'A8',
    owns: ['docs/plans/integration.md'],
    does: [
      "const agreed = read('src/A1.txt').includes('euros') && read('src/A2.txt').includes('euros');",
      "write('docs/plans/integration.md', agreed ? 'agreed' : 'not agreed');",
      "const c1 = { kind: 'contradiction', id: 'c1', summary: 'cents or euros', targets: ['A1', 'A2'] };",
      'envelope(agreed ? {} : { records: [c1] });',
    ].join('\n'),
  },
  {
    id: 'A0',
    owns: ['docs/reviews/wave-1-cont-qa.md'],
    does: [
      "const owners = read('src/A1.txt').includes('second') ? [] : ['A1'];",
      "write('docs/reviews/wave-1-cont-qa.md', 'Verdict: BLOCKED');",
      `envelope({ 'cont-qa': { verdict: { verdict: 'blocked', detail: 'not yet', owners }, gateClaims: ${claims} } });`,
    ].join('\n'),
  },
];

const by = ['--by=Ada', '--reason=as discussed'];

/** One clone and one history: each test goes on where the one before has stopped. */
describe('a wave that does not close at once, in real Nx', () => {
  let clone: WaveWorkspace;
  beforeAll(() => {
    clone = createWaveWorkspace({ 1: agents });
  });
  afterAll(() => clone.dispose());

  const launch = () => clone.nx(['run', 'wave-1:launch']);
  const agentTasks = (run: NxRun) => run.cached.filter((task) => task.includes(':agent-')).sort();
  const document = <T>(run: NxRun): T => {
    const line = run.output.split('\n').find((one) => one.startsWith('{'));
    if (line === undefined) throw new Error(run.output);
    return JSON.parse(line) as T;
  };
  const plan = async (...more: string[]) =>
    document<RetryPlan>(await clone.nx(['run', 'wave-1:retry', '--json', ...more]));
  const ledger = () => clone.git('status', '--porcelain', '--untracked-files=all');

  it('runs again only the agent whose slice failed; its sibling is a hit of Nx', async () => {
    const first = await launch();
    expect(first.code).not.toBe(0);
    expect(first.output).toContain('next: nx run wave-1:launch');
    expect(clone.started()).toEqual({ A1: 1, A2: 1 });
    expect(clone.closure(1)).toMatchObject({ state: 'open' });
    expect(await plan()).toMatchObject({
      invalidated: ['wave-1:agent-a2'],
      reusable_proof: [{ agentId: 'A1' }],
      resume_from_stage: 'implementation',
    });

    const second = await launch();
    expect(clone.started()).toEqual({ A1: 1, A2: 2, A8: 1 });
    expect(agentTasks(second)).toEqual(['wave-1:agent-a1']);
  });

  it('answers `--agents`, which Nx keeps for itself, with the right spelling and an exit code', async () => {
    const misspelled = await clone.nx(['run', 'wave-1:retry', '--agents=A2', '--apply', ...by]);
    expect(misspelled.code).not.toBe(0);
    expect(misspelled.output).toContain('nx run wave-1:retry --agent=A2');
    expect(ledger()).toBe('');
  });

  it('sends a contradiction to the two agents that it names', async () => {
    expect(ledger()).toBe('');
    const applied = await plan('--apply', ...by);
    expect(applied).toMatchObject({
      invalidated: ['wave-1:agent-a1', 'wave-1:agent-a2', 'wave-1:agent-a8'],
      human_inputs_blocking: [],
    });
    expect(ledger()).toMatch(/^\?\? docs\/plans\/waves\/wave-1\.ledger\/\w+-retry\.applied\.json$/m);
    await launch();
    expect(clone.started()).toEqual({ A1: 2, A2: 3, A8: 2, A0: 1 });
  });

  it('sends a blocked verdict to the owner that it names, and the stewards follow its new result', async () => {
    const applied = await plan('--apply', ...by);
    expect(applied).toMatchObject({
      invalidated: ['wave-1:agent-a0', 'wave-1:agent-a1', 'wave-1:agent-a8'],
      reusable_proof: [{ agentId: 'A2' }],
    });
    const run = await launch();
    expect(agentTasks(run)).toEqual(['wave-1:agent-a2']);
    expect(clone.started()).toEqual({ A1: 3, A2: 3, A8: 3, A0: 2 });
  });

  it('asks a person where nobody is named, and no steward a second time on unchanged inputs', async () => {
    const before = ledger();
    const waiting = await plan('--apply', ...by);
    expect(waiting).toMatchObject({ invalidated: [], human_inputs_blocking: ['review:A0'] });
    expect(ledger()).toBe(before);
    const again = await launch();
    expect(again.code).not.toBe(0);
    expect(again.output).toContain('review review:A0 of A0 waits for human');
    expect(agentTasks(again)).toHaveLength(4);

    await clone.nx(['run', 'wave-1:decide', '--waive=cont-qa-blocked', ...by]);
    const closed = await launch();
    expect({ code: closed.code, output: closed.code === 0 ? '' : closed.output }).toEqual({
      code: 0,
      output: '',
    });
    expect(clone.closure(1)).toMatchObject({
      state: 'closed',
      advisories: [{ code: 'cont-qa-blocked', detail: expect.stringContaining('Waived by Ada') }],
    });
    expect(clone.started()).toEqual({ A1: 3, A2: 3, A8: 3, A0: 2 });
  });

  it('makes every verdict again to the byte, and agrees with what Nx calls affected', async () => {
    const replayed = await clone.nx(['run', 'wave-1:verify', '--replay']);
    expect({ code: replayed.code, output: replayed.code === 0 ? '' : replayed.output }).toEqual({
      code: 0,
      output: '',
    });
    const asked = await clone.nx([
      'affected',
      '-t',
      'launch',
      '--files=docs/plans/waves/wave-1.md',
      '--graph=.tmp/affected.json',
    ]);
    expect(asked.code).toBe(0);
    const { tasks } = clone.readJson('.tmp/affected.json') as { tasks: { tasks: Record<string, unknown> } };
    expect(Object.keys(tasks.tasks)).toEqual(
      expect.arrayContaining(['wave-1:launch', 'wave-1:agent-a1', 'wave-1:gate-cont-qa']),
    );
  });

  it('merges two branches that each apply a retry without conflict and without another payment', async () => {
    clone.git('add', '-A');
    clone.git('commit', '-q', '-m', 'the ledger so far');
    clone.git('branch', 'other');
    for (const branch of ['main', 'other']) {
      clone.git('checkout', '-q', branch);
      await plan('--agent=A2', '--apply', ...by);
      clone.git('add', '-A');
      clone.git('commit', '-q', '-m', `retry on ${branch}`);
      expect((await launch()).code).toBe(0);
    }
    expect(clone.started()).toEqual({ A1: 3, A2: 5, A8: 3, A0: 2 });
    clone.git('merge', '-q', '--no-edit', 'main');
    expect((await launch()).code).toBe(0);
    expect(clone.started()).toEqual({ A1: 3, A2: 5, A8: 3, A0: 2 });
  });

  it('is open again after `reopen`, and is then served from what is stored', async () => {
    const landed = await clone.nx(['run', 'wave-1:land', '--commit', '--by=Ada']);
    expect({ code: landed.code, output: landed.code === 0 ? '' : landed.output }).toEqual({
      code: 0,
      output: '',
    });
    expect((await clone.nx(['run', 'wave-1:retry', '--apply', ...by])).output).toContain('wave-landed');
    expect((await clone.nx(['run', 'wave-1:reopen', ...by])).code).toBe(0);
    const run = await launch();
    expect({ code: run.code, output: run.code === 0 ? '' : run.output }).toEqual({ code: 0, output: '' });
    expect(clone.closure(1)).toMatchObject({ state: 'closed', landed: false });
    expect(clone.started()).toEqual({ A1: 3, A2: 5, A8: 3, A0: 2 });
  });
});
