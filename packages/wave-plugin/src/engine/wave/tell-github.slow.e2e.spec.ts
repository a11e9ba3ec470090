import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig } from '../../testing/rig';
import { tellGithub } from './tell-github';

describe('a job of GitHub Actions', () => {
  it('has what failed as an annotation of its file, and one part of the summary for the wave', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', proofCommands: ['node --check src/A1.txt.mjs'] }, { id: 'A2' }],
    });
    const summary = join(rig.dir, 'summary.md');
    writeFileSync(summary, 'of an earlier command\n');
    const announced: string[] = [];
    const job = {
      env: { ...rig.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
      announce: (line: string) => void announced.push(line),
    };
    const failed = await rig.launch(job);
    expect(failed.closure?.state).toBe('open');
    expect(announced).toEqual([
      expect.stringMatching(
        /^::error file=docs\/plans\/waves\/wave-1\.md,title=wave-1 A1 proof-command-failed::/,
      ),
    ]);
    const text = readFileSync(summary, 'utf8');
    expect(text).toMatch(/^of an earlier command\n/);
    expect(text).toContain('**No: what was judged was refused.**');

    rig.edit((agents) => Object.assign(agents['A1'] ?? {}, { proofCommands: ['git --version'] }));
    const session = await rig.session(rig.edges(job));
    if (!session.ok) throw new Error(JSON.stringify(session.error));
    await tellGithub(session.value);
    expect(readFileSync(summary, 'utf8').match(/<!-- nx-wave wave-1 -->/g)).toHaveLength(1);
  });

  it('that cannot be told has the outcome that it had, and says so', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1', does: 'process.exitCode = 3;' }] });
    const announce = () => {
      throw new Error('nobody listens');
    };
    const launched = await rig.launch({ env: { ...rig.env, GITHUB_ACTIONS: 'true' }, announce });
    expect(launched.closure?.state).toBe('open');
    expect(launched.lines.join('\n')).toContain('warning internal-error: Error: nobody listens');
    expect(launched.lines.join('\n')).toContain('outcome: failed (A1: agent-exit)');
  });

  it('is told nothing anywhere else', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1', does: 'process.exitCode = 3;' }] });
    const summary = join(rig.dir, 'summary.md');
    const announced: string[] = [];
    const env = { ...rig.env, GITHUB_STEP_SUMMARY: summary };
    await rig.launch({ env, announce: (line: string) => void announced.push(line) });
    expect(announced).toEqual([]);
    expect(existsSync(summary)).toBe(false);
  });
});
