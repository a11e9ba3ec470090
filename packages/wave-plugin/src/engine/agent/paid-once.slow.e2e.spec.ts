// Tests engine/agent/run-agent.ts, engine/agent/reuse-proof.ts and engine/agent/attempt-history.ts.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { canonicalJson, failure, sha256 } from '@nx-wave/schemas/plain';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import { runAgent } from './run-agent';

const needsRight = 'grep -q right src/A1.txt';
const handoff = '.tmp/main-wave-launcher/handoff/wave-1/A1.json';

function replaceByLink(path: string): void {
  renameSync(path, `${path}.real`);
  symlinkSync(`${path}.real`, path);
}

function replaceByPipe(path: string): void {
  rmSync(path);
  execFileSync('mkfifo', [path]);
}

function replaceByFile(path: string): void {
  rmSync(path, { recursive: true });
  writeFileSync(path, 'no folder');
}

/** Another name for one of the files that a manifest lists, under a digest of its own again. */
function renameSubject(bundle: string, name: string): void {
  const path = join(bundle, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { subject: { name: string }[] };
  Object.assign(manifest.subject[0] ?? {}, { name });
  const text = `${canonicalJson(manifest)}\n`;
  writeFileSync(path, text);
  renameSync(bundle, join(dirname(bundle), sha256(text)));
}

const oneAgent = (does?: string): WaveRig =>
  createWaveRig({
    agents: [{ id: 'A1', proofCommands: [needsRight], does: does ?? "write('src/A1.txt', 'right')" }],
  });

/** A ledger entry that asks A1 to run again. */
function askAgain(rig: WaveRig, fresh: boolean, last: string): void {
  const id = `01ARZ3NDEKTSV4RRFFQ69G5FA${last}`;
  const common = {
    schemaVersion: 1,
    id,
    wave: 'wave-1',
    recordedAt: '2030-01-01T00:00:00Z',
    by: 'Ada',
    reason: 'again',
  };
  rig.write(
    `docs/plans/waves/wave-1.ledger/${id}-retry.applied.json`,
    JSON.stringify({ ...common, type: 'retry.applied', agents: ['A1'], fresh, executorChanges: [] }),
  );
}

describe('an agent that is wanted twice at the same time', () => {
  it('runs once: the second task waits, says so, and reuses', async () => {
    await using rig = oneAgent();
    const released = join(rig.dir, 'released');
    const waits = `while (!exists(${JSON.stringify(released)})) await new Promise((next) => setTimeout(next, 10)); write('src/A1.txt', 'right')`;
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { does: waits }));
    const print = (line: string) => (line.startsWith('waiting:') ? writeFileSync(released, '') : undefined);
    const [first, second] = await Promise.all([rig.agent('A1', { print }), rig.agent('A1', { print })]);
    expect(rig.runs()).toEqual({ A1: 1 });
    expect([first.tasks['agent-a1'], second.tasks['agent-a1']].sort()).toEqual(['proven', 'reused']);
    expect([...first.lines, ...second.lines]).toContainEqual(
      `waiting: process ${process.pid} is already running agent A1`,
    );
  });
});

describe('work that is finished and not yet judged', () => {
  it('is verified after a crash, and no agent runs', async () => {
    await using rig = oneAgent();
    await rig.agent('A1');
    // What a crash right after collecting leaves: no bundle, no proof, no view.
    const attempt = join(rig.root, '.git/nx-wave/attempts/wave-1/A1/attempt-1');
    rmSync(join(attempt, 'bundle'), { recursive: true });
    rigStore(rig).removeProofs();
    rigStore(rig).removeStateRoot();
    const again = await rig.agent('A1');
    expect(again).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
    expect(again.lines).toContain('verifying again: wave-1/A1/attempt-1 (no agent runs)');
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' } });
  });

  it('is kept when it cannot be published, and served as soon as it can', async () => {
    await using rig = oneAgent();
    const edges = rig.edges();
    const session = await rig.session(edges);
    if (!session.ok) throw new Error(session.error[0]?.message);
    const full = failure('disk-full', 'There is no space left.', { next: 'Free some space.' });
    const { proofs, wave } = session.value;
    const [agent] = wave.agents;
    if (agent === undefined) throw new Error('no agent');
    const refused = await runAgent(
      { ...session.value, proofs: { ...proofs, put: async () => ({ ok: false, error: full }) } },
      agent,
    );
    expect(refused).toMatchObject({ state: 'failed', failures: [{ code: 'disk-full' }] });
    expect(await rig.agent('A1')).toMatchObject({ failures: [], ran: {} });
    expect(rig.runs()).toEqual({ A1: 1 });
  });
});

describe('work that was collected after an earlier attempt had been refused', () => {
  it('is verified after a crash all the same: it was paid for', async () => {
    await using rig = oneAgent("write('src/A1.txt', attempt === 1 ? 'wrong' : 'right')");
    await rig.agent('A1');
    await rig.agent('A1');
    rmSync(join(rig.root, '.git/nx-wave/attempts/wave-1/A1/attempt-2/bundle'), { recursive: true });
    rigStore(rig).removeProofs();
    rigStore(rig).removeStateRoot();
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
  });
});

describe('the next attempt of an agent', () => {
  const growing = `
    const before = exists('src/A1.txt') ? read('src/A1.txt') : '';
    write('src/A1.txt', before + 'attempt ' + attempt + (attempt === 3 ? ' right' : '') + '\\n');
    write('src/seen.txt', prompt.includes('The attempt before did not count') ? 'reasons' : 'none');`;
  const agents = [
    { id: 'A1', owns: ['src/A1.txt', 'src/seen.txt'], proofCommands: [needsRight], does: growing },
  ];
  const text = (rig: WaveRig, attempt: number) =>
    rig.read(`.git/nx-wave/attempts/wave-1/A1/attempt-${attempt}/bundle/changes.patch`);

  it('goes on from its own patch and is told why it runs, until it is proven', async () => {
    await using rig = createWaveRig({ agents });
    expect(await rig.agent('A1')).toMatchObject({
      failures: [{ code: 'proof-command-failed' }],
      ran: { A1: 1 },
    });
    expect(await rig.agent('A1')).toMatchObject({ ran: { A1: 1 } });
    expect(text(rig, 2)).toMatch(/\+attempt 1\n\+attempt 2\n/);
    expect(text(rig, 2)).toMatch(/\+reasons/);
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' } });
    expect(text(rig, 3)).toMatch(/\+attempt 1\n\+attempt 2\n\+attempt 3 right\n/);
  });

  it('starts from the base when a fresh retry asks for it, and from its work when another asks', async () => {
    await using rig = createWaveRig({ agents });
    await rig.agent('A1');
    askAgain(rig, true, 'A');
    await rig.agent('A1');
    expect(text(rig, 2)).not.toContain('attempt 1');
    askAgain(rig, false, 'B');
    await rig.agent('A1');
    expect(text(rig, 3)).toMatch(/\+attempt 2\n\+attempt 3 right\n/);
    expect(rig.runs()).toEqual({ A1: 3 });
  });

  it('starts from the base when the agent was asked for something else', async () => {
    await using rig = createWaveRig({ agents });
    await rig.agent('A1');
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { prompt: 'Something else.' }));
    await rig.agent('A1');
    expect(text(rig, 2)).not.toContain('attempt 1');
  });

  it('is refused once the attempts for the same inputs are used up', async () => {
    await using rig = createWaveRig({ agents, config: { limits: { attempts: 2 } } });
    await rig.agent('A1');
    await rig.agent('A1');
    const third = await rig.agent('A1');
    expect(third).toMatchObject({ failures: [{ code: 'attempt-cap-reached' }], ran: {} });
    expect(third.lines.join('\n')).toContain('raise limits.attempts in wave.config.json');
    rig.configure({ limits: { attempts: 3 } });
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' } });
  });

  it('does not count where no agent has worked', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', command: 'not-installed-yet' }],
      config: { limits: { attempts: 1 } },
    });
    expect(await rig.agent('A1')).toMatchObject({ failures: [{ code: 'agent-spawn' }] });
    expect(await rig.agent('A1')).toMatchObject({ failures: [{ code: 'agent-spawn' }] });
  });
});

describe('stored proof', () => {
  it('that was changed is not used, whoever changed it', async () => {
    await using rig = oneAgent();
    await rig.agent('A1');
    rigStore(rig).tamper('changes.patch');
    rigStore(rig).removeStateRoot();
    rigStore(rig).removeAttempts();
    const again = await rig.agent('A1');
    expect(again).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: { A1: 1 } });
    expect(again.lines.join('\n')).toContain('changes.patch does not have the recorded hash');
  });

  it('from elsewhere is proved here before it counts, and once only', async () => {
    await using rig = oneAgent();
    await rig.agent('A1');
    // A clone that got its results from a cache: nothing but the outputs.
    rigStore(rig).removeProofs();
    rigStore(rig).removeAttempts();
    const proved = await rig.agent('A1');
    expect(proved).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
    expect(proved.lines).toContain(`proved: ${needsRight}`);
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' }, ran: {} });
  });

  it('from elsewhere is believed by its digest only where the configuration says so', async () => {
    await using rig = oneAgent();
    await rig.agent('A1');
    rigStore(rig).removeProofs();
    rigStore(rig).removeAttempts();
    rig.configure({ trust: 'digest' });
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' } });
  });

  it('that stands broken in the store is replaced by an intact one below `results/`', async () => {
    await using rig = oneAgent();
    await rig.agent('A1');
    rigStore(rig).tamper('changes.patch');
    rigStore(rig).removeAttempts();
    const healed = await rig.agent('A1');
    expect(healed).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' } });
  });
});

describe('a shared store', () => {
  const forget = (rig: WaveRig, times: number) => {
    renameSync(join(rig.root, '.git/nx-wave'), join(rig.dir, `forgotten-${times}`));
    rigStore(rig).removeStateRoot();
  };
  const store = { path: '../shared-proofs', repository: 'shop', periods: { beat: 0.1, lost: 0.5 } };
  const bundlesIn = (rig: WaveRig) => readdirSync(join(rig.dir, 'shared-proofs', 'bundles'));

  it('serves every clone that names it: what it gives is proved there once, and nobody runs', async () => {
    await using rig = oneAgent();
    rig.configure({ store });
    await rig.agent('A1');
    forget(rig, 1);
    const second = await rig.agent('A1');
    expect(second).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
    expect(second.lines).toContain(`proved: ${needsRight}`);
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' }, ran: {} });
    expect(bundlesIn(rig)).toHaveLength(1);
    forget(rig, 2);
    rig.configure({ trust: 'digest' });
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' }, ran: {} });
  });

  it('that gives work which does not hold is a miss with a reason: the agent runs, from the base', async () => {
    await using rig = oneAgent("write('src/A1.txt', exists('src/A1.txt') ? read('src/A1.txt') : 'right')");
    rig.configure({ store });
    // Accepted in a clone where nothing is checked.
    rig.edit(({ A1 }) =>
      Object.assign(A1 ?? {}, { proofCommands: [], does: "write('src/A1.txt', 'planted')" }),
    );
    await rig.agent('A1');
    forget(rig, 1);
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { proofCommands: [needsRight] }));
    const ended = await rig.agent('A1');
    expect(ended.lines.join('\n')).toMatch(/^not used: wave-1\/A1\/attempt-1 \(/m);
    // The program is the same one, so it plants again: what counts is that it was asked, and on a clean base.
    expect(ended.ran).toEqual({ A1: 1 });
    expect(rig.read('.git/nx-wave/attempts/wave-1/A1/attempt-3/bundle/changes.patch')).toContain('new file');
  });

  it.each<[string, (bundle: string) => void]>([
    ['cut short', (bundle) => truncateSync(join(bundle, 'manifest.json'), 100)],
    ['changed', (bundle) => appendFileSync(join(bundle, 'changes.patch'), '\n')],
    ['with a link for a manifest', (bundle) => replaceByLink(join(bundle, 'manifest.json'))],
    ['with a pipe for a manifest', (bundle) => replaceByPipe(join(bundle, 'manifest.json'))],
    ['with a link inside', (bundle) => symlinkSync('/etc/passwd', join(bundle, 'extra'))],
    ['that is a file', (bundle) => replaceByFile(bundle)],
    ['that names files outside of itself', (bundle) => renameSubject(bundle, '../../../escaped')],
  ])('in which an earlier version left a bundle %s is a miss with a reason', async (_, damage) => {
    await using rig = await filledByEarlierVersion();
    damage(rig.bundle);
    const again = await rig.agent('A1');
    expect(again).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: { A1: 1 } });
    expect(again.lines.join('\n')).toMatch(
      /^warning: (The proof bundle in .* is not used|There is no proof)/m,
    );
  });

  it('in which an earlier version left a bundle serves it', async () => {
    await using rig = await filledByEarlierVersion();
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' }, ran: {} });
  });

  it('that cannot be reached pays nobody, and what is proven here is served all the same', async () => {
    await using rig = oneAgent();
    rig.configure({ store: { ...store, path: 'src/base.txt/nowhere' } });
    expect(await rig.agent('A1')).toMatchObject({ failures: [{ code: 'store-unavailable' }], ran: {} });
    rig.configure({ store: {} });
    await rig.agent('A1');
    rig.configure({ store: { ...store, path: 'src/base.txt/nowhere' } });
    rigStore(rig).removeStateRoot();
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' } });
  });

  /** A clone that has nothing but the folder of a store as versions without claims have left it. */
  async function filledByEarlierVersion(): Promise<WaveRig & { bundle: string }> {
    const rig = oneAgent();
    await rig.agent('A1');
    const [bundle = ''] = rigStore(rig).proofs();
    const inStore = join(rig.dir, 'shared-proofs', ...bundle.split('/').slice(-3));
    cpSync(bundle, inStore, { recursive: true });
    forget(rig, 1);
    rig.configure({ store, trust: 'digest' });
    return Object.assign(rig, { bundle: inStore });
  }
});

describe('the run mode', () => {
  const mayRun = async (env: Record<string, string>, config: Record<string, unknown> = {}) => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }], config, env });
    const { failures, lines } = await rig.agent('A1');
    return { codes: failures.map(({ code }) => code), runs: rig.runs(), text: lines.join('\n') };
  };

  it('`never` runs nothing and looks no program up, but still serves proof', async () => {
    await using rig = oneAgent();
    const never = { env: { ...rig.env, NX_WAVE_RUN: 'never' } };
    expect(await rig.agent('A1', never)).toMatchObject({ failures: [{ code: 'proof-required' }], ran: {} });
    await rig.agent('A1');
    rigStore(rig).removeStateRoot();
    expect(await rig.agent('A1', never)).toMatchObject({ tasks: { 'agent-a1': 'reused' } });
  });

  it('of a CI machine runs what is free and nothing that is paid', async () => {
    expect(await mayRun({ CI: '1' })).toMatchObject({ codes: [], runs: { A1: 1 } });
    await using rig = createWaveRig({ agents: [{ id: 'A1', executorId: 'codex' }], env: { CI: '1' } });
    expect(await rig.agent('A1')).toMatchObject({ failures: [{ code: 'proof-required' }] });
  });

  it('is refused when it is no mode, and when Nx would cache failures', async () => {
    const wrong = await mayRun({ NX_WAVE_RUN: 'sometimes' });
    expect(wrong).toMatchObject({ codes: ['option-invalid'], runs: {} });
    expect(wrong.text).toContain('Set it to one of auto, local-only, never.');
    expect(await mayRun({ NX_CACHE_FAILURES: 'true' })).toMatchObject({
      codes: ['cache-failures-set'],
      runs: {},
    });
  });
});

describe('secrets', () => {
  it('reach the disk and the screen neither through output nor envelope', async () => {
    const secret = 'sk-proj-Zq8LmN3vTr5XwYb7KcHd9PfGj2Es4AuV6Bn1Mx0Q';
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          does: `write('src/A1.txt', 'fine');
            const secret = ['sk-proj', 'Zq8LmN3vTr5XwYb7KcHd9PfGj2Es4AuV6Bn1Mx0Q'].join('-');
            console.log('the key is ' + secret); console.error('again ' + secret);
            envelope({ riskNotes: ['the key is ' + secret] });`,
        },
      ],
    });
    const ended = await rig.agent('A1');
    expect(ended).toMatchObject({ tasks: { 'agent-a1': 'proven' } });
    expect(rig.read(handoff)).toContain('owned_slice_proven');
    expect(ended.lines.filter((line) => line.includes(secret))).toEqual([]);
    expect(
      rigStore(rig)
        .texts()
        .filter(([, text]) => text.includes(secret))
        .map(([path]) => path),
    ).toEqual([]);
  });
});
