// Tests engine/agent/refuse-programs.ts, engine/slices/proof-programs.ts and core/validate/programs.ts.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { type Failure } from '@nx-wave/schemas/plain';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { lintLane } from '../lane/lint-lane';
import { planWave } from '../wave/plan-wave';

const wave = 'docs/plans/waves/wave-1.md';
const ofPrograms = (failures: readonly Failure[]) =>
  failures.filter(({ code }) => code === 'proof-program-missing');

async function planned(rig: WaveRig) {
  const edges = rig.edges();
  const session = await rig.session(edges);
  if (!session.ok) throw new Error(session.error.map(({ message }) => message).join('\n'));
  const plan = await planWave(session.value);
  if (!plan.ok) throw new Error(plan.error.message);
  const lane = { workspaceRoot: rig.root, project: 'waves', projectId: null, lane: 'main', waves: [wave] };
  const linted = await lintLane({ ...lane, include: [] }, edges);
  const { stops, warnings } = plan.value.plan;
  return { stops: ofPrograms(stops), advice: ofPrograms(warnings), linted: ofPrograms(linted.failures) };
}

describe('a proof command without its program', () => {
  it('is refused before any agent of the wave starts, with its line, by plan, lint-waves and each task', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1' }, { id: 'A2', proofCommands: ['node --version', 'no-such-tool --check src'] }],
    });
    const text = rig.read(wave).split('\n');
    const line = text.findIndex((one) => one.includes('no-such-tool')) + 1;
    const place = { wave: 'wave-1', agentId: 'A2', path: wave, range: { start: { line } } };
    const { stops, advice, linted } = await planned(rig);
    expect([stops, advice]).toMatchObject([[{ severity: 'error', place }], []]);
    expect(stops[0]?.message).toContain('`no-such-tool` is not on the PATH that proof commands get');
    expect(linted).toMatchObject([{ severity: 'warning', place }]);
    const { tasks, failures, ran } = await rig.launch();
    expect(tasks).toMatchObject({ 'agent-a1': 'failed', 'agent-a2': 'failed' });
    expect(failures[0]).toEqual(stops[0]);
    expect([ran, rig.runs()]).toEqual([{}, {}]);
    const session = await rig.session();
    expect(session.ok && (await session.value.attempts.list('wave-1', 'A2'))).toEqual([]);
  });

  it('is the test command of the configuration, and its line there is named', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1' }],
      config: { validation: { testCommand: 'no-such-tool' } },
    });
    const line =
      rig
        .read('wave.config.json')
        .split('\n')
        .findIndex((one) => one.includes('no-such')) + 1;
    const { failures, ran } = await rig.launch();
    expect(failures[0]).toMatchObject({
      code: 'proof-program-missing',
      place: { path: 'wave.config.json', range: { start: { line } } },
    });
    expect(ran).toEqual({});
  });

  it('is only warned of where a command before it may install the program, or where nobody is paid', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', proofCommands: ['node tools/install.mjs ci', 'made-tool'] }],
      programs: { 'made-tool': '' },
    });
    const missing = { PATH: (rig.env['PATH'] ?? '').split(':').slice(1).join(':') };
    const session = await rig.session(rig.edges({ env: missing }));
    const plan = session.ok && (await planWave(session.value));
    expect(plan && plan.ok && ofPrograms(plan.value.plan.stops)).toEqual([]);
    expect(plan && plan.ok && ofPrograms(plan.value.plan.warnings)).toMatchObject([{ severity: 'warning' }]);
  });

  it('may be a program of the workspace, or one that an agent makes', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          owns: ['src/check.sh'],
          does: `write('src/check.sh', '#!/bin/sh\\n'); (await import('node:fs')).chmodSync('src/check.sh', 0o755);`,
          proofCommands: ['package-tool', './src/check.sh'],
        },
      ],
    });
    rig.write('.gitignore', '.tmp/\nnode_modules/\n');
    rig.write('node_modules/.bin/package-tool', '#!/bin/sh\n');
    chmodSync(join(rig.root, 'node_modules/.bin/package-tool'), 0o755);
    const { failures, closure } = await rig.launch();
    expect([failures, closure?.state]).toEqual([[], 'closed']);
  });
});
