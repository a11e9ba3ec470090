// Tests engine/stages/run-gate.ts, engine/stages/run-prove.ts, engine/wave/run-launch.ts and engine/wave/run-land.ts.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { readStatus } from './read-status';
import { runDecide } from './run-decide';
import { runGate } from '../stages/run-gate';
import { runLand } from './run-land';
import { runLaunch } from './run-launch';
import { runProve } from '../stages/run-prove';
import type { Session } from '../session/session';

const launcher = '.tmp/main-wave-launcher';
const decision = { by: 'Ada', reason: 'as discussed' };

async function open(rig: WaveRig): Promise<Session> {
  const session = await rig.session();
  if (!session.ok) throw new Error(session.error.map(({ message }) => message).join('\n'));
  return session.value;
}

/** What Nx runs when it serves every agent from its cache: the judging tasks alone; and what follows, though Nx stops. */
async function judgeAgain(rig: WaveRig) {
  const session = await open(rig);
  const gate = await runGate(session, 'implementation');
  const codes = gate.ok ? gate.value.reasons.map(({ code }) => code) : gate.error.map(({ code }) => code);
  await runProve(session);
  const launch = await runLaunch(session);
  return { codes, closed: launch.ok && launch.value.state === 'closed' };
}

async function stateOf(rig: WaveRig) {
  const session = await open(rig);
  return readStatus(session);
}

const wave = () =>
  createWaveRig({ agents: [{ id: 'A1', proofCommands: ['node -e 0'] }, { id: 'A2' }, { id: 'A8' }] });

describe('a wave does not close', () => {
  it('on a proof that was revoked, although Nx still serves its agent', async () => {
    await using rig = wave();
    await rig.launch();
    expect((await judgeAgain(rig)).closed).toBe(true);
    const session = await open(rig);
    expect(await runDecide(session, { revoke: 'wave-1/A1/attempt-1', ...decision })).toMatchObject({
      ok: true,
    });
    expect(await judgeAgain(rig)).toEqual({ codes: ['bundle-missing'], closed: false });
    const { state, plan } = await stateOf(rig);
    expect(state.units.find(({ unitId }) => unitId === 'A1')).toMatchObject({
      status: 'outdated',
      proof: null,
    });
    expect(plan.invalidated).toEqual(['wave-1:agent-a1']);
    const again = await rig.launch();
    expect(again).toMatchObject({ ran: { A1: 1 }, closure: { state: 'closed' } });
    expect(again.lines.join('\n')).not.toContain('goes on from');
  });

  it('on work that was accepted by other proof commands than those of today', async () => {
    await using rig = wave();
    await rig.launch();
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { proofCommands: ['node -e process.exit(1)'] }));
    expect(await judgeAgain(rig)).toEqual({ codes: ['bundle-missing'], closed: false });
    expect((await stateOf(rig)).state.units[0]).toMatchObject({ unitId: 'A1', proof: null });
    const session = await open(rig);
    const landed = await runLand(session, { mode: 'tree', by: 'Ada' });
    expect(landed).toMatchObject({ ok: false });
  });

  it('on slices that no verdict judged, whatever stands beside it', async () => {
    await using rig = wave();
    await rig.launch();
    const path = `${launcher}/gates/wave-1/integration/slices.json`;
    const list = JSON.parse(rig.read(path)) as {
      slices: { sliceId: string; changes: { path: string }[]; resultDigest: string }[];
    };
    const forge = (slices: typeof list.slices) => rig.write(path, canonicalJson({ ...list, slices }));
    const altered = structuredClone(list.slices);
    for (const { sliceId, changes } of altered)
      if (sliceId === 'A2') changes.forEach((change) => (change.path = 'src/other.txt'));
    const more = [
      ...list.slices,
      ...altered.map((slice) => ({ ...slice, sliceId: `${slice.sliceId}-more` })),
    ];
    for (const slices of [altered, list.slices.filter(({ sliceId }) => sliceId !== 'A2'), more]) {
      forge(slices);
      const session = await open(rig);
      expect(await runProve(session)).toMatchObject({ ok: false, error: [{ code: 'proof-altered' }] });
      expect(await runLand(session, { mode: 'tree', by: 'Ada' })).toMatchObject({ ok: false });
    }
  });

  it('on a verdict that somebody wrote by hand', async () => {
    await using rig = createWaveRig({
      agents: [
        { id: 'A1' },
        {
          id: 'A8',
          does: "envelope({ integration: { integrationState: { state: 'needs-more-work', claims: 0, conflicts: 1, blockers: 0, detail: null } } })",
        },
      ],
    });
    await rig.launch();
    const path = `${launcher}/gates/wave-1/integration.json`;
    const verdict = JSON.parse(rig.read(path)) as { ok: boolean; reasons: unknown[] };
    expect(verdict.ok).toBe(false);
    rig.write(path, canonicalJson({ ...verdict, ok: true, reasons: [] }));
    const session = await open(rig);
    await runProve(session);
    const closure = await runLaunch(session);
    expect(closure.ok && closure.value).toMatchObject({ state: 'open' });
    expect(closure.ok && closure.value.reasons.map(({ code }) => code)).toContain(
      'integration-needs-more-work',
    );
  });
});

describe('judging in memory', () => {
  it('knows what a lost state root held, and that the merged tree was proved', async () => {
    await using rig = wave();
    await rig.launch();
    rig.git('clean', '-fdxq', '.tmp');
    const { state, plan } = await stateOf(rig);
    expect(state.units.map(({ status }) => status)).toEqual(['proven', 'proven', 'proven']);
    expect(state.verdicts.map(({ ok }) => ok)).toEqual([true, true]);
    expect(plan).toMatchObject({ invalidated: [], resume_from_stage: 'none' });
  });

  it('gives the bytes of every verdict that a gate task wrote', async () => {
    await using rig = wave();
    await rig.launch();
    const { state } = await stateOf(rig);
    for (const verdict of state.verdicts)
      expect(`${canonicalJson(verdict)}\n`).toBe(rig.read(`${launcher}/gates/wave-1/${verdict.stage}.json`));
  });

  it('is the same on a machine that has only what Nx restored there', async () => {
    await using rig = createWaveRig({
      agents: [
        { id: 'A1', proofCommands: ['grep -q 2 src/A1.txt'], does: "write('src/A1.txt', `${attempt}`)" },
      ],
    });
    await rig.launch();
    await rig.launch();
    const here = await stateOf(rig);
    expect(here.state.units[0]).toMatchObject({ status: 'proven', attempts: 2, lastAttempt: 2 });
    rmSync(join(rig.root, '.git/nx-wave'), { recursive: true });
    rmSync(join(rig.root, launcher, 'control-plane'), { recursive: true });
    const there = await stateOf(rig);
    expect(canonicalJson(there.state)).toBe(canonicalJson(here.state));
    expect(canonicalJson(there.plan)).toBe(canonicalJson(here.plan));
  });

  it('hears of a waiver at once, before any gate runs again', async () => {
    await using rig = createWaveRig({
      agents: [
        { id: 'A1' },
        {
          id: 'A8',
          does: "envelope({ integration: { integrationState: { state: 'needs-more-work', claims: 0, conflicts: 1, blockers: 0, detail: null } } })",
        },
        { id: 'A0', owns: ['docs/reviews/wave-1.md'] },
      ],
    });
    await rig.launch();
    expect((await stateOf(rig)).state.reasons).toMatchObject([{ code: 'integration-needs-more-work' }]);
    const session = await open(rig);
    await runDecide(session, { waive: 'integration-needs-more-work', ...decision });
    const { state } = await stateOf(rig);
    expect(state.reasons.map(({ code }) => code)).toEqual(['handoff-missing']);
    expect(state.units.find(({ unitId }) => unitId === 'A0')).toMatchObject({ status: 'never-run' });
    expect(state.advisories).toMatchObject([{ code: 'integration-needs-more-work' }]);
  });

  it('says of slices that were never merged by a task that they wait for it, and asks nobody to run', async () => {
    await using rig = wave();
    await rig.agent('A1');
    await rig.agent('A2');
    const { state, plan } = await stateOf(rig);
    expect(state.reasons).toMatchObject([{ code: 'merge-unproven', repair: 'wait' }]);
    expect(plan).toMatchObject({ invalidated: [], human_inputs_blocking: [] });
  });
});
