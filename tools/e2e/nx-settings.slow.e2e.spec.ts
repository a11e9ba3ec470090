/** Defaults for targets in nx.json, and what becomes of waves that they reach: `core/infer/guard-targets.ts`. */
import { createWaveWorkspace, type WaveWorkspace } from './wave-workspace';

describe('targetDefaults of nx.json, in real Nx', () => {
  let clone: WaveWorkspace;
  let settings: Record<string, unknown>;
  beforeAll(() => {
    clone = createWaveWorkspace({ 1: [{ id: 'A1', does: "write('src/A1.txt', 'done')" }] });
    settings = JSON.parse(clone.read('nx.json')) as typeof settings;
  });
  afterAll(() => clone.dispose());
  const setDefaults = (targetDefaults: object) => {
    clone.write('nx.json', JSON.stringify({ ...settings, targetDefaults }));
  };

  it.each([
    ['targetDefaults.launch sets dependsOn', { launch: { dependsOn: ['^build'] } }],
    ['targetDefaults["agent-*"] sets inputs', { 'agent-*': { inputs: ['default'] } }],
    ['targetDefaults["@nx-wave/plugin:prove"] sets cache', { '@nx-wave/plugin:prove': { cache: false } }],
  ])(
    'that reach a wave are named by its tasks, plan and doctor, and nobody is paid: %s',
    async (said, given) => {
      setDefaults(given);
      for (const task of ['wave-1:launch', 'wave-1:gate-implementation', 'waves:doctor']) {
        const run = await clone.nx(['run', task]);
        expect({ task, code: run.code, said: run.output.includes(said) }).toEqual({
          task,
          code: 1,
          said: true,
        });
      }
      const plan = await clone.nx(['run', 'wave-1:plan']);
      expect(plan.output).toContain(`nx.json (wave-1): error nx-settings-reach: ${said}`);
      expect(plan.output).toMatch(/Next: (Let it not reach waves|Remove targetDefaults)/);
      expect(clone.started()).toEqual({});
    },
  );

  it('that reach other targets, named inputs and global ones change nothing: the wave closes', async () => {
    const launch = [{ filter: { projects: ['!tag:wave'] }, dependsOn: ['^build'] }];
    const build = { dependsOn: ['^build'], cache: true, inputs: ['production', '^production'] };
    settings = {
      ...settings,
      namedInputs: {
        default: ['{projectRoot}/**/*', 'sharedGlobals'],
        sharedGlobals: ['{workspaceRoot}/src/**/*'],
        production: ['default'],
      },
    };
    setDefaults({ build, test: { ...build }, launch });
    const doctor = await clone.nx(['run', 'waves:doctor']);
    expect(doctor.output).not.toContain('nx.json');
    const run = await clone.nx(['run', 'wave-1:launch']);
    expect({ code: run.code, output: run.code === 0 ? '' : run.output }).toEqual({ code: 0, output: '' });
    expect(clone.closure(1).state).toBe('closed');
    clone.write('src/base.txt', 'another base\n');
    const agent = await clone.nx(['run', 'wave-1:agent-a1']);
    expect(agent.cached).toEqual(['wave-1:agent-a1']);
  });
});
