import { join, resolve } from 'node:path';
import { installPackages } from './install';
import { createWorkspace, type Workspace } from './workspace';

const wave = 'docs/plans/waves/wave-3.md';

/** The projects of the waves as Nx has them, whatever stands around them in its output. */
async function projectOf(clone: Workspace, name: string, env: Record<string, string>): Promise<unknown> {
  const shown = await clone.nx(['show', 'project', name, '--json'], env);
  return JSON.parse(
    shown.output.slice(shown.output.indexOf('{'), shown.output.lastIndexOf('}') + 1),
  ) as unknown;
}

describe('the graph of the waves', () => {
  let clone: Workspace;
  beforeAll(() => {
    clone = createWorkspace('source');
  });
  afterAll(() => clone.dispose());

  it('is the same with and without a daemon, with plugins isolated or not', async () => {
    const plain = await projectOf(clone, 'wave-3', { NX_ISOLATE_PLUGINS: 'false' });
    expect(plain).toMatchObject({ name: 'wave-3', targets: { launch: {}, 'agent-a1': {} } });
    expect(await projectOf(clone, 'wave-3', { NX_ISOLATE_PLUGINS: 'true' })).toEqual(plain);
    expect(await projectOf(clone, 'wave-3', { NX_DAEMON: 'true' })).toEqual(plain);
    // It would go on reading the workspace beside the commands of the next tests.
    await clone.nx(['daemon', '--stop'], { NX_DAEMON: 'true' });
  });

  it('shows a broken configuration in every target of the wave, and goes on when it is mended', async () => {
    const config = clone.read('wave.config.json');
    clone.write('wave.config.json', `${config.trimEnd().slice(0, -1)},\n  "limits": { "attempts": 0 }\n}\n`);
    const broken = await clone.nx(['run', 'wave-3:plan', '--json']);
    expect(broken.code).not.toBe(0);
    const report = /^\{"failures".*$/m.exec(broken.output)?.[0] ?? '{}';
    expect(JSON.parse(report)).toMatchObject({
      failures: [{ code: 'config-invalid-value', place: { path: 'wave.config.json', range: {} } }],
    });
    expect((await clone.nx(['show', 'projects'])).output).toContain('example');
    clone.write('wave.config.json', config);
    expect((await clone.nx(['run', 'wave-3:plan'])).code).toBe(0);
  });

  it('gives one report for a broken wave file, from its targets and from lint', async () => {
    clone.replace(wave, '### Exit contract', '### Exit contrat');
    const [plan, lint] = [
      await clone.nx(['run', 'wave-3:plan', '--json']),
      await clone.nx(['run', 'waves:lint-waves', '--json']),
    ];
    const failuresIn = (output: string) =>
      (JSON.parse(/^\{.*"failures".*\}$/m.exec(output)?.[0] ?? '{"failures":[]}') as { failures: object[] })
        .failures;
    const mistakes = failuresIn(plan.output);
    expect(mistakes).toMatchObject([{ code: 'section-misspelled', place: { path: wave } }]);
    expect(failuresIn(lint.output)).toEqual(expect.arrayContaining(mistakes));
  });

  it('is the same from the source of the plugin and from its published packages', async () => {
    const fromSource = await projectOf(clone, 'wave-3', {});
    installPackages(resolve(__dirname, '..', '..'), join(clone.root, 'node_modules'));
    expect(await projectOf(clone, 'wave-3', {})).toEqual(fromSource);
  });
});
