import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RetryPlan } from '@nx-wave/schemas';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { runDecide } from './run-decide';
import { runRetry } from './run-retry';

const claims =
  "{ architecture: 'pass', integration: 'pass', durability: 'pass', live: 'pass', docs: 'pass' }";
const verdict = (word: string, owners: string[] = []) =>
  `write('docs/reviews/wave-1.md', '${word}'); envelope({ 'cont-qa': { verdict: { verdict: '${word}', detail: 'the second line is missing', owners: ${JSON.stringify(owners)} }, gateClaims: ${claims} } })`;

const agents = (judge: string) => [
  { id: 'A1' },
  { id: 'A2' },
  {
    id: 'A8',
    owns: ['src/joined.txt'],
    does: "write('src/joined.txt', read('src/A1.txt') + read('src/A2.txt'))",
  },
  { id: 'A0', owns: ['docs/reviews/wave-1.md'], does: judge },
];

async function retry(
  rig: WaveRig,
  apply: boolean,
  more: { agents?: string[]; fresh?: boolean; whatIf?: string } = {},
) {
  const edges = rig.edges();
  const session = await rig.session(edges);
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  const decision = apply ? { by: 'Ada', reason: 'as planned' } : null;
  const request = {
    agents: more.agents ?? [],
    fresh: more.fresh ?? false,
    whatIf: more.whatIf ?? null,
    apply: decision,
  };
  const report = await runRetry(session.value, request);
  if (!report.ok) throw new Error(JSON.stringify(report.error));
  return report.value;
}

const none: Partial<RetryPlan> = { invalidated: [], resume_from_stage: 'none', human_inputs_blocking: [] };

describe('retry', () => {
  it('leaves alone what runs right now: it is said to run, and what it is paid for stays valid', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }, { id: 'A2' }, { id: 'A0' }] });
    const [started, go] = [join(rig.dir, 'started'), join(rig.dir, 'go')];
    execFileSync('mkfifo', [started, go]);
    const waits = `write(${JSON.stringify(started)}, 'x'); read(${JSON.stringify(go)}); write('src/A2.txt', 'two')`;
    rig.edit(
      ({ A1, A2 }) =>
        Object.assign(A1 ?? {}, { does: 'process.exit(3)' }) && Object.assign(A2 ?? {}, { does: waits }),
    );
    const running = rig.agent('A2');
    await readFile(started);
    await rig.agent('A1');
    expect(JSON.parse(rig.read('.tmp/main-wave-launcher/status/wave-1.json'))).toMatchObject({
      units: [{ status: 'failed' }, { status: 'running' }, { status: 'waiting' }],
    });
    expect((await retry(rig, true)).applied?.entry).toMatchObject({ agents: ['A1'] });
    await writeFile(go, 'x');
    expect((await running).tasks).toEqual({ 'agent-a2': 'proven' });
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { does: "write('src/A1.txt', 'one')" }));
    expect((await rig.launch()).ran).toEqual({ A0: 1, A1: 1 });
  });

  it('plans nothing for a closed wave, and only the slice that failed for an open one', async () => {
    await using rig = createWaveRig({ agents: agents(verdict('pass')) });
    expect((await rig.launch()).closure?.state).toBe('closed');
    expect((await retry(rig, false)).plan).toMatchObject(none);

    rig.edit(({ A2 }) => Object.assign(A2 ?? {}, { does: "write('elsewhere.txt', 'x')" }));
    expect((await rig.launch()).closure?.state).toBe('open');
    const { plan } = await retry(rig, false);
    expect(plan).toMatchObject({ resume_from_stage: 'implementation', human_inputs_blocking: [] });
    expect(plan.invalidated).toContain('wave-1:agent-a2');
    expect(plan.invalidated).not.toContain('wave-1:agent-a1');
    expect(plan.reusable_proof.map(({ agentId }) => agentId)).toContain('A1');
  });

  it('sends a blocking judgement to the owner that it names, and the stewards follow its new result', async () => {
    const judge = `if (read('src/A1.txt').includes('second')) { ${verdict('pass')} } else { ${verdict('blocked', ['A1'])} }`;
    const writes = "write('src/A1.txt', attempt === 1 ? 'first' : 'first\\nsecond')";
    await using rig = createWaveRig({
      agents: agents(judge).map((agent) => (agent.id === 'A1' ? { ...agent, does: writes } : agent)),
    });
    const first = await rig.launch();
    expect(first).toMatchObject({ ran: { A1: 1, A2: 1, A8: 1, A0: 1 }, closure: { state: 'open' } });
    expect((await rig.launch()).ran).toEqual({});

    const { plan, applied } = await retry(rig, true);
    expect(plan.why_resuming).toMatch(/^[a-z0-9-]+: ./);
    expect(plan.invalidated).toEqual(['wave-1:agent-a0', 'wave-1:agent-a1', 'wave-1:agent-a8']);
    expect(applied?.entry).toMatchObject({ type: 'retry.applied', agents: ['A1'], by: 'Ada' });
    const second = await rig.launch();
    expect(second).toMatchObject({ ran: { A1: 1, A8: 1, A0: 1 }, closure: { state: 'closed' } });
  });

  it('never asks a steward again on an unchanged result: a person has to look at it', async () => {
    await using rig = createWaveRig({ agents: agents(verdict('blocked')) });
    await rig.launch();
    const { plan, applied } = await retry(rig, true);
    expect(plan.human_inputs_blocking).toEqual(['review:A0']);
    expect(plan.invalidated).toEqual([]);
    expect(applied).toBeNull();
    expect((await rig.launch()).ran).toEqual({});

    const edges = rig.edges();
    const session = await rig.session(edges);
    if (!session.ok) throw new Error('the wave cannot be opened');
    const waived = await runDecide(session.value, {
      waive: 'cont-qa-blocked',
      by: 'Ada',
      reason: 'known and accepted',
    });
    expect(waived.ok).toBe(true);
    expect(await rig.launch()).toMatchObject({ ran: {}, closure: { state: 'closed' } });
  });

  it('runs exactly the agents that a person asks for, from their own patch or afresh', async () => {
    await using rig = createWaveRig({
      agents: agents(verdict('pass')).map((agent) =>
        agent.id === 'A1'
          ? { ...agent, does: "write('src/A1.txt', exists('src/A1.txt') ? 'continued' : 'from the base')" }
          : agent,
      ),
    });
    await rig.launch();
    expect((await retry(rig, true, { agents: ['A1'] })).applied?.entry).toMatchObject({
      agents: ['A1'],
      fresh: false,
    });
    expect((await rig.launch()).ran).toEqual({ A1: 1, A8: 1, A0: 1 });
    expect(rig.read('.tmp/main-wave-launcher/closure/wave-1.patch')).toContain('+continued');

    await retry(rig, true, { agents: ['A1'], fresh: true });
    expect((await rig.launch()).ran).toEqual({ A1: 1 });
    expect(rig.read('.tmp/main-wave-launcher/closure/wave-1.patch')).toContain('+from the base');
  });

  it('answers what would happen without recording anything', async () => {
    await using rig = createWaveRig({ agents: agents(verdict('pass')) });
    await rig.launch();
    const { plan, applied } = await retry(rig, true, { whatIf: 'A2 fails' });
    expect(plan.invalidated).toContain('wave-1:agent-a2');
    expect(applied).toBeNull();
    expect(rig.git('status', '--porcelain')).toBe('');
  });

  it('gives the same bytes for the same stored state', async () => {
    await using rig = createWaveRig({ agents: agents(verdict('blocked', ['A1', 'A2'])) });
    await rig.launch();
    const path = '.tmp/main-wave-launcher/retry/wave-1.json';
    await retry(rig, false);
    const bytes = rig.read(path);
    await retry(rig, false);
    expect(rig.read(path)).toBe(bytes);
  });

  it('lets two branches apply a retry each and merges them without conflict and without a third payment', async () => {
    await using rig = createWaveRig({ agents: agents(verdict('pass')) });
    await rig.launch();
    rig.git('branch', 'other');
    await retry(rig, true, { agents: ['A1'] });
    rig.git('add', '-A');
    rig.git('commit', '-qm', 'retry here');
    expect((await rig.launch()).ran).toEqual({ A1: 1 });
    rig.git('checkout', '-q', 'other');
    await retry(rig, true, { agents: ['A1'] });
    rig.git('add', '-A');
    rig.git('commit', '-qm', 'retry there');
    expect((await rig.launch()).ran).toEqual({ A1: 1 });
    rig.git('merge', '-q', '--no-edit', '-');
    expect((await rig.launch()).ran).toEqual({});
  });
});
