import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { runRetry } from '../wave/run-retry';
import { runAdopt, type AdoptRequest } from './run-adopt';

async function adopt(rig: WaveRig, request: Partial<AdoptRequest>) {
  const edges = rig.edges();
  const session = await rig.session(edges);
  if (!session.ok) throw new Error(session.error.map(({ message }) => message).join('\n'));
  const decision = { by: 'Ada', reason: 'I know this file.' };
  return runAdopt(session.value, {
    agent: 'A1',
    source: { kind: 'tree' },
    envelopePath: null,
    ...decision,
    ...request,
  });
}

describe('runAdopt', () => {
  it('takes the edits in the paths of an agent, proves them, and the wave closes without that agent', async () => {
    await using rig = createWaveRig({
      agents: [
        { id: 'A1', does: 'process.exitCode = 1;', proofCommands: ['grep -q Ada src/A1.txt'] },
        { id: 'A2' },
      ],
    });
    expect((await rig.launch()).tasks['agent-a1']).toBe('failed');
    rig.write('src/A1.txt', 'written by Ada\n');
    rig.write('src/elsewhere.txt', 'something else that Ada is at\n');
    const adopted = await adopt(rig, {});
    if (!adopted.ok) throw new Error(JSON.stringify(adopted.error));
    const entry = JSON.parse(rig.read(adopted.value.path)) as Record<string, unknown>;
    expect(entry).toMatchObject({ type: 'slice.adopted', agentId: 'A1', by: 'Ada' });
    expect(entry['proofDigest']).toBe(adopted.value.proofDigest);
    const [, , attempt] = adopted.value.proofBundleId.split('/');
    const bundle = `.tmp/main-wave-launcher/results/wave-1/${attempt ?? ''}/A1`;
    expect(rig.read(`${bundle}/changes.patch`)).not.toContain('elsewhere');
    expect(JSON.parse(rig.read(`${bundle}/manifest.json`))).toMatchObject({
      predicate: { executor: { id: 'person', adopted: true, by: 'Ada' }, usage: null },
    });
    const launched = await rig.launch();
    expect(launched.tasks).toMatchObject({ 'agent-a1': 'reused', 'agent-a2': 'reused' });
    expect(launched.closure?.state).toBe('closed');
    expect(rig.runs()).toEqual({ A1: 1, A2: 1 });
  });

  it('takes a branch and a patch file, and judges them as strictly as an agent', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1', proofCommands: ['grep -q Ada src/A1.txt'] }] });
    const main = rig.git('branch', '--show-current').trim();
    rig.git('checkout', '-q', '-b', 'by-hand');
    rig.write('src/A1.txt', 'by Bob\n');
    rig.write('README.md', 'not owned\n');
    rig.git('add', '-A');
    rig.git('commit', '-q', '-m', 'by hand');
    rig.git('checkout', '-q', main);
    const refused = await adopt(rig, { source: { kind: 'branch', name: 'by-hand' } });
    expect(refused.ok ? [] : refused.error.map(({ code }) => code)).toEqual([
      'ownership-violation',
      'proof-command-failed',
    ]);
    rig.write('src/A1.txt', 'by Ada\n');
    rig.git('add', '-N', 'src/A1.txt');
    const patch = rig.git('diff', '--binary');
    rig.git('reset', '-q');
    rmSync(join(rig.root, 'src/A1.txt'));
    rig.write('change.diff', patch);
    const before = rig.git('status', '--porcelain');
    const taken = await adopt(rig, { source: { kind: 'patch', path: join(rig.root, 'change.diff') } });
    expect(taken.ok).toBe(true);
    expect(rig.git('status', '--porcelain').replace(/^.*wave-1\.ledger\/\n/m, '')).toBe(before);
    expect((await rig.launch()).closure?.state).toBe('closed');
    expect(rig.runs()).toEqual({});
  });

  it('puts the slice of a person in the place of a proven one, and the last of them counts', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    const main = rig.git('branch', '--show-current').trim();
    expect((await rig.launch()).closure?.state).toBe('closed');
    // Which of two proofs for the same inputs comes first in the store is chance.
    for (const text of ['one', 'two', 'three', 'four', 'five']) {
      rig.git('checkout', '-q', '-b', text);
      rig.write('src/A1.txt', `${text} by Ada\n`);
      rig.git('add', 'src');
      rig.git('commit', '-q', '-m', text);
      rig.git('checkout', '-q', main);
      const adopted = await adopt(rig, { source: { kind: 'branch', name: text } });
      if (!adopted.ok) throw new Error(JSON.stringify(adopted.error));
      const launched = await rig.launch();
      expect({ ran: launched.ran, state: launched.closure?.state }).toEqual({ ran: {}, state: 'closed' });
      expect(launched.closure?.agents).toMatchObject([{ proofBundleId: adopted.value.proofBundleId }]);
    }
  });

  it('pays nobody for what a person has done where its proof is not to be found, until a retry asks for it', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    rig.write('src/A1.txt', 'by Ada\n');
    expect(await adopt(rig, {})).toMatchObject({ ok: true });
    rmSync(join(rig.root, 'src/A1.txt'));
    for (const folder of ['.tmp', '.git/nx-wave'])
      rmSync(join(rig.root, folder), { recursive: true, force: true });
    const launched = await rig.agent('A1');
    expect(launched).toMatchObject({ ran: {}, failures: [{ code: 'adopted-missing' }] });
    const edges = rig.edges();
    const session = await rig.session(edges);
    if (!session.ok) throw new Error('no session');
    const apply = { by: 'Ada', reason: 'let it' };
    expect((await runRetry(session.value, { agents: ['A1'], fresh: false, whatIf: null, apply })).ok).toBe(
      true,
    );
    expect((await rig.agent('A1')).ran).toEqual({ A1: 1 });
  });

  it('uses up no attempt of the agent, however often it is refused', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', proofCommands: ['grep -q made src/A1.txt'] }],
      config: { limits: { attempts: 1 } },
    });
    rig.write('src/A1.txt', 'by Ada\n');
    for (let time = 0; time < 2; time += 1) {
      const refused = await adopt(rig, {});
      expect(refused.ok ? [] : refused.error).toMatchObject([{ code: 'proof-command-failed' }]);
    }
    rmSync(join(rig.root, 'src/A1.txt'));
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: { A1: 1 } });
  });

  it.each<[string, Partial<AdoptRequest>, string, RegExp]>([
    ['no change', {}, 'option-invalid', /nothing to adopt/],
    ['no name', { by: ' ' }, 'option-invalid', /--by is missing/],
    ['an unknown agent', { agent: 'A7' }, 'agent-unknown', /no agent A7/],
    ['an unknown branch', { source: { kind: 'branch', name: '--all' } }, 'option-invalid', /no branch/],
    ['a missing patch', { source: { kind: 'patch', path: '/nowhere.diff' } }, 'option-invalid', /not there/],
    ['a judgement', { agent: 'A8' }, 'option-invalid', /result is a judgement/],
  ])('refuses %s and leaves no entry', async (_name, request, code, message) => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }, { id: 'A8' }] });
    const adopted = await adopt(rig, request);
    expect(adopted.ok ? [] : adopted.error).toMatchObject([{ code }]);
    expect(adopted.ok ? '' : adopted.error[0]?.message).toMatch(message);
    expect(rig.git('status', '--porcelain')).toBe('');
  });
});
