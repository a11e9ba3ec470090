import { localAdapter } from '../../adapters/local.adapter';
import { paidProgram } from '../../testing/paid-program';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { runReport, type ReportForm } from './run-report';

async function report(rig: WaveRig, form: ReportForm): Promise<string> {
  const edges = rig.edges();
  const session = await rig.session(edges);
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  const written = await runReport(session.value, form);
  if (!written.ok) throw new Error(JSON.stringify(written.error));
  return rig.read(written.value);
}

describe('the report of a real wave', () => {
  it('tells what was used, what changed and what it rests on, hides secrets, and is the same twice', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          executorId: 'paid',
          command: null,
          does: `console.log(JSON.stringify({ tokens: 1234, cents: 150 })); write('src/A1.txt', process.env.PATH ? 'one <b> hush-hush-0000\\n' : '');`,
        },
        { id: 'A0' },
      ],
      env: { SERVICE_API_KEY: 'hush-hush-0000' },
      adapters: [paidProgram, localAdapter],
    });
    const { closure } = await rig.launch();
    expect(closure?.state).toBe('closed');
    const before = rig.fingerprint();
    const markdown = await report(rig, 'markdown');
    expect(markdown).toMatch(/\| `A1` \| 1 \| [\d.]+ s \| 1234 \| 0 \| 0 \| \$1\.50 \|/);
    expect(markdown).toContain('| `src/A1.txt` | new, by A1, +1 \u22120 |');
    expect(markdown).toContain('+one <b> ');
    const html = await report(rig, 'html');
    expect(html).toContain('+one &lt;b&gt; ');
    for (const text of [markdown, html]) {
      expect(text).toContain(closure?.mergedTree);
      expect(text).not.toContain('hush-hush-0000');
      expect(text).not.toContain(rig.dir);
    }
    expect(await report(rig, 'html')).toBe(html);
    expect(rig.fingerprint()).toBe(before);
  });
});
