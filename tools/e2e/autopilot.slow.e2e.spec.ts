// About the targets autopilot, submit, wait and attach: real Nx, which an autopilot runs inside of its own task.
import type { AutopilotReport } from '@nx-wave/schemas';
import { createWaveWorkspace, type WaveWorkspace } from './wave-workspace';

const third = `write('src/A1.txt', attempt < 3 ? 'not yet' : 'good');`;
const asking = `
if (prompt.includes('both formats')) write('src/A2.txt', 'both');
else envelope({ records: [{ kind: 'clarification-request', id: 'q1', summary: 'Which format?', targets: ['human'] }] });
`;
const reportFile = '.tmp/main-wave-launcher/status/autopilot-wave-1.json';

/** One workspace and one history: each test goes on where the one before has stopped. */
describe('an autopilot in real Nx', () => {
  let clone: WaveWorkspace;
  let untouched: string;
  beforeAll(() => {
    clone = createWaveWorkspace({
      1: [
        { id: 'A1', does: third, proofCommands: ['grep -q good src/A1.txt'] },
        { id: 'A2', does: asking },
        { id: 'A3' },
        { id: 'A4' },
      ],
    });
    untouched = clone.fingerprint();
  });
  afterAll(() => clone.dispose());

  it('brings an agent to its third attempt unattended, and stops where another asks', async () => {
    const run = await clone.nx(['run', 'wave-1:autopilot']);
    expect(run.code).not.toBe(0);
    expect(run.output).toContain('autopilot: launch 3 of wave-1, 4 tasks at once');
    expect(run.output).toContain('outcome: blocked (question)');
    expect(clone.readJson(reportFile)).toMatchObject({
      ...{ state: 'ended', outcome: 'blocked', why: 'question' },
      questions: [{ requestId: 'q1', agentId: 'A2', state: 'open' }],
    } satisfies Partial<Record<keyof AutopilotReport, unknown>>);
    expect(clone.started()).toEqual({ A1: 3, A2: 1, A3: 1, A4: 1 });
    expect(clone.fingerprint()).toBe(untouched);
  });

  it('goes on with an answer from outside, detached, and is waited for', async () => {
    const answer = ['run', 'wave-1:answer', '--request=q1', '--text=Keep both formats.', '--by=Ada'];
    expect((await clone.nx(answer)).code).toBe(0);
    const submitted = await clone.nx(['run', 'wave-1:submit']);
    expect({ code: submitted.code, output: submitted.code === 0 ? '' : submitted.output }).toEqual({
      code: 0,
      output: '',
    });
    const attached = await clone.nx(['run', 'wave-1:attach']);
    expect({ code: attached.code, output: attached.code === 0 ? '' : attached.output }).toEqual({
      code: 0,
      output: '',
    });
    expect(attached.output).toContain('autopilot: launch 1 of wave-1');
    const waited = await clone.nx(['run', 'wave-1:wait']);
    expect(waited.code).toBe(0);
    expect(waited.output).toContain('outcome: closed');
    expect(clone.closure(1).state).toBe('closed');
    expect(clone.started()).toEqual({ A1: 3, A2: 2, A3: 1, A4: 1 });
  });

  it('gives Nx nothing to hash: every task of a launch under a limit is served from the cache', async () => {
    const run = await clone.nx(['run', 'wave-1:launch'], { NX_WAVE_MAX_USD: '7' });
    expect(run.code).toBe(0);
    expect(run.tasks).toHaveLength(7);
    expect(run.cached.sort()).toEqual(run.tasks.sort());
  });

  it('is never one of several tasks: `run-many` starts nothing', async () => {
    clone.writeWave(2, [{ id: 'B1' }]);
    const run = await clone.nx(['run-many', '-t', 'autopilot']);
    expect(run.code).not.toBe(0);
    expect(run.output).toContain('autopilot-together');
    expect(clone.started()).toEqual({ A1: 3, A2: 2, A3: 1, A4: 1 });
  });
});
