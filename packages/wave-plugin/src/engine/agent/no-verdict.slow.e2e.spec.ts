// Tests engine/agent/judge-attempt.ts, engine/slices/proof-commands.ts and engine/slices/tree-proof.ts: what was not checked has no verdict.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, failure } from '@nx-wave/schemas/plain';
import { runGit } from '../../edges/git/run-git';
import { createWaveRig } from '../../testing/rig';

const agents = [{ id: 'A1', proofCommands: ['node -e 0'] }];

describe('work that was cancelled while it was verified', () => {
  it('is kept, and the next launch verifies it without running the agent', async () => {
    await using rig = createWaveRig({ agents });
    const { git } = rig.edges();
    const stop = new AbortController();
    const collect: typeof git.collect = async (...call) => {
      const collected = await git.collect(...call);
      stop.abort();
      return collected;
    };
    const cancelled = await rig.agent('A1', { git: { ...git, collect }, signal: stop.signal });
    expect(cancelled).toMatchObject({ failures: [{ code: 'agent-cancelled' }], ran: { A1: 1 } });
    const again = await rig.agent('A1');
    expect(again).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
    expect(again.lines).toContain('verifying again: wave-1/A1/attempt-1 (no agent runs)');
  });
});

describe('a merged tree whose proof was cancelled', () => {
  it('is judged by nobody: no agent is to blame', async () => {
    await using rig = createWaveRig({ agents: [...agents, { id: 'A2', proofCommands: ['node -e 1'] }] });
    await rig.agent('A1');
    await rig.agent('A2');
    const { git } = rig.edges();
    const stop = new AbortController();
    const mergeSlices: typeof git.mergeSlices = async (...call) => {
      const merged = await git.mergeSlices(...call);
      stop.abort();
      return merged;
    };
    const cancelled = await rig.launch({ git: { ...git, mergeSlices }, signal: stop.signal });
    expect(cancelled).toMatchObject({
      tasks: { 'gate-implementation': 'failed' },
      failures: [{ code: 'agent-cancelled' }],
    });
    expect(cancelled.lines.join('\n')).not.toContain('merge-red');
    expect(await rig.launch()).toMatchObject({ closure: { state: 'closed' }, ran: {} });
  });
});

describe('work that the machine could not check', () => {
  it('is kept, and the next launch verifies it without running the agent', async () => {
    await using rig = createWaveRig({ agents });
    const { git } = rig.edges();
    const full = failure('disk-full', 'There is no space left.', { next: 'Free some space.' });
    const putBack: typeof git.putBack = async () => err(full);
    const unchecked = await rig.agent('A1', { git: { ...git, putBack } });
    expect(unchecked).toMatchObject({ failures: [{ code: 'disk-full' }], ran: { A1: 1 } });
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
  });

  it.each(['EMFILE', 'EAGAIN', 'EACCES'])(
    'because the machine could not start a proof command (%s) is kept, too',
    async (errorCode) => {
      await using rig = createWaveRig({ agents });
      const { processes } = rig.edges();
      const supervise: typeof processes.supervise = async (program, args, options) => {
        const exit = await processes.supervise(program, args, options);
        return args[0] === '-e' ? { ...exit, code: null, cause: 'spawn-error', errorCode } : exit;
      };
      const unchecked = await rig.agent('A1', { processes: { ...processes, supervise } });
      expect(unchecked).toMatchObject({ failures: [{ code: 'state-unwritable' }], ran: { A1: 1 } });
      expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
    },
  );

  it('because git could not be started after a proof command is kept, too', async () => {
    await using rig = createWaveRig({ agents });
    const { git } = rig.edges();
    const noGit = join(rig.dir, 'no-git');
    mkdirSync(noGit);
    // There, and nobody may run it.
    writeFileSync(join(noGit, 'git'), '');
    const unstarted = await runGit(['version'], { cwd: rig.dir, env: { PATH: noGit } });
    if (unstarted.ok) throw new Error('git was started');
    const putBack: typeof git.putBack = async () => unstarted;
    const unchecked = await rig.agent('A1', { git: { ...git, putBack } });
    const told = { code: 'state-unwritable', message: expect.stringContaining('git could not be started') };
    expect(unchecked).toMatchObject({ failures: [told], ran: { A1: 1 } });
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
  });

  it('because no cage could be put around a proof command is kept, too', async () => {
    await using rig = createWaveRig({ agents });
    const { processes } = rig.edges();
    const cageProblem = "bwrap: Can't find source path /srv/x";
    const supervise: typeof processes.supervise = async (program, args, options) => {
      const exit = await processes.supervise(program, args, options);
      return args[0] === '-e'
        ? { ...exit, code: null, cause: 'spawn-error', errorCode: null, cageProblem }
        : exit;
    };
    const unchecked = await rig.agent('A1', { processes: { ...processes, supervise } });
    const told = { code: 'cage-failed', message: expect.stringContaining(cageProblem) };
    expect(unchecked).toMatchObject({ failures: [told], ran: { A1: 1 } });
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
  });

  it('because no cage could be put around its agent counts as no attempt', async () => {
    await using rig = createWaveRig({ agents });
    const { processes } = rig.edges();
    const supervise: typeof processes.supervise = () =>
      Promise.resolve({
        code: null,
        signal: null,
        cause: 'spawn-error',
        errorCode: null,
        cageProblem: 'bwrap: No space left on device',
        durationMs: 1,
      });
    const unstarted = await rig.agent('A1', { processes: { ...processes, supervise } });
    expect(unstarted).toMatchObject({
      failures: [
        {
          code: 'cage-failed',
          message: expect.stringContaining('agent A1 of wave-1 could not be made: bwrap: No space'),
          next: expect.stringContaining('run the same command again'),
        },
      ],
      ran: {},
    });
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: { A1: 1 } });
  });

  it('on its merged tree blames no agent, when the search for the slices that are red together finds no room', async () => {
    const fails = 'node test/together.mjs';
    const together = `import { existsSync } from 'node:fs';\nprocess.exit(existsSync('src/A1.txt') && existsSync('src/A2.txt') ? 1 : 0);\n`;
    await using rig = createWaveRig({
      files: { 'test/together.mjs': together },
      agents: [
        { id: 'A1', proofCommands: [fails] },
        { id: 'A2', proofCommands: [fails] },
      ],
    });
    await rig.agent('A1');
    await rig.agent('A2');
    const { processes } = rig.edges();
    let ran = 0;
    const supervise: typeof processes.supervise = async (program, args, options) => {
      const exit = await processes.supervise(program, args, options);
      if (args[0] !== 'test/together.mjs') return exit;
      ran += 1;
      return ran === 1 ? exit : { ...exit, code: null, cause: 'spawn-error', errorCode: 'EMFILE' };
    };
    const searched = await rig.launch({ processes: { ...processes, supervise } });
    expect(searched).toMatchObject({
      tasks: { 'gate-implementation': 'failed' },
      failures: [{ code: 'state-unwritable' }],
    });
    expect(searched.lines.join('\n')).not.toContain('red together');
    expect((await rig.launch()).lines.join('\n')).toContain('A1 and A2 are red together');
  });

  it('because the cage that it requires was gone is kept, too', async () => {
    await using rig = createWaveRig({ agents });
    const isolated = (isolation: string) =>
      rig.configure({
        executors: { default: 'local', local: { isolation: 'off' } },
        proof: { isolation },
      });
    isolated('required');
    const { git, processes } = rig.edges();
    let gone = false;
    const resetTo: typeof git.resetTo = async (...call) => {
      gone = true;
      return await git.resetTo(...call);
    };
    const find: typeof processes.cages.find = async () =>
      gone
        ? { kind: 'none', why: 'bwrap was removed', next: 'Install it.' }
        : { kind: 'bubblewrap', version: null, network: true, next: null };
    const cages = { ...processes.cages, find };
    const unchecked = await rig.agent('A1', {
      git: { ...git, resetTo },
      processes: { ...processes, cages },
    });
    expect(unchecked).toMatchObject({ failures: [{ code: 'cage-missing' }], ran: { A1: 1 } });
    isolated('off');
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
  });
});
