import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createWaveWorkspace, type WaveWorkspace } from './wave-workspace';

/** Agents, gates and the proof run as commands of Nx: what a process of Nx around them would otherwise give. */
describe('tasks that run as commands, in real Nx', () => {
  let clone: WaveWorkspace;
  let PATH: string;
  beforeAll(() => {
    clone = createWaveWorkspace(
      {
        1: [{ id: 'A1', does: "write('src/A1.txt', `${env.PATH}\\n`);" }],
        2: [
          {
            id: 'A1',
            owns: ['lib/sum.mjs', 'lib/sum.test.mjs'],
            proofCommands: ['nx run lib:check'],
            does: [
              "write('lib/sum.mjs', 'export const sum = (a, b) => a + b;\\n');",
              "const lines = ['node:test', 'node:assert'].map((name, at) => `import ${['test', 'assert'][at]} from '${name}';`);",
              "write('lib/sum.test.mjs', [...lines, `import { sum } from './sum.mjs';`, `test('adds', () => assert.equal(sum(1, 2), 3));`, ''].join('\\n'));",
            ].join('\n'),
          },
        ],
      },
      { proof: { level: 'checked' } },
    );
    clone.write(
      'lib/project.json',
      JSON.stringify({
        name: 'lib',
        targets: { check: { command: 'node --test', options: { cwd: 'lib' } } },
      }),
    );
    clone.git('add', '-A');
    clone.git('commit', '-qm', 'a library with a test target');
    const bin = join(clone.root, '..', 'my-bin');
    mkdirSync(bin);
    const nx = join(clone.root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
    writeFileSync(join(bin, 'nx'), `#!/bin/sh\nexec node ${nx} "$@"\n`);
    chmodSync(join(bin, 'nx'), 0o755);
    PATH = [bin, process.env['PATH'] ?? ''].join(delimiter);
  });
  afterAll(() => clone.dispose());

  it('are what Nx shows of a wave, whose path no shell sees', async () => {
    const { output } = await clone.nx(['show', 'project', 'wave-1', '--json']);
    const { targets } = JSON.parse(output) as {
      targets: Record<
        string,
        { executor: string; options: unknown; metadata: { help: { command: string } } }
      >;
    };
    const program = `exec node -e "require('@nx-wave/plugin/task')"`;
    const env = { NX_WAVE_FILE: 'docs/plans/waves/wave-1.md' };
    const optionsOf = (name: string) => targets[name]?.options;
    expect(optionsOf('agent-a1')).toEqual({ command: `${program} agent A1`, env });
    expect(optionsOf('gate-implementation')).toEqual({ command: `${program} gate implementation`, env });
    expect(optionsOf('prove')).toEqual({ command: `${program} prove`, env });
    expect(targets['launch']?.executor).toBe('@nx-wave/plugin:launch');
    const help = targets['agent-a1']?.metadata.help.command ?? '';
    const said = execFileSync('sh', ['-c', help], { cwd: clone.root, encoding: 'utf8' });
    expect(said).toContain('--executor <id>  Run every agent of the wave on this executor');
  });

  it('refuse an option that they have not, and pay nobody', async () => {
    const run = await clone.nx(['run', 'wave-1:agent-a1', '--executr=local']);
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("Unknown option '--executr'. The one option of a task is --executor=<id>.");
    expect(run.output).toMatch(/Next: nx run wave-1:launch\n.*outcome: blocked \(option-invalid\)/s);
    expect(clone.started()).toEqual({});
  });

  it('take an option of launch, and say what is wrong with it', async () => {
    const run = await clone.nx(['run', 'wave-1:launch', '--executor=nobody']);
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(/Agent `A1` would run on `nobody`.*outcome: blocked \(executor-unknown\)/s);
    expect(clone.started()).toEqual({});
  });

  it('give agents the PATH of whoever called Nx, not the one that Nx makes for commands', async () => {
    expect(await clone.nx(['run', 'wave-1:agent-a1'], { PATH })).toMatchObject({ code: 0 });
    const patch = clone.read('.tmp/main-wave-launcher/results/wave-1/attempt-1/A1/changes.patch');
    // In front of it, as ever, the packages of the checkout.
    expect(patch).toContain(`/checkout/tree/node_modules/.bin:${join(clone.root, '..', 'my-bin')}:`);
  });

  it('measure the strength of a proof that is a target of Nx', async () => {
    const { code, output } = await clone.nx(['run', 'wave-2:agent-a1'], { PATH });
    expect(output).toMatch(/proof strength: checked/);
    expect(code).toBe(0);
  });
});
