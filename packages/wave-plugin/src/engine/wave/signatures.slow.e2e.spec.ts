// Tests engine/session/signatures.ts, engine/wave/sign-closing.ts and engine/slices/dependency-signature.ts.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import { runLaunch } from './run-launch';

const signers = 'wave.allowed_signers';
const closing = '.tmp/main-wave-launcher/closure/wave-1.sha256';

/** A wave whose commit lets Ada sign, with `trust: signed`, and a shared folder of proofs. */
function signedRig(config: Record<string, unknown> = {}, does?: string): WaveRig {
  const rig = createWaveRig({
    agents: [{ id: 'A1', ...(does === undefined ? {} : { does }) }],
    config: { trust: 'signed', store: { path: '../shared', repository: 'shop' }, ...config },
  });
  mkdirSync(join(rig.dir, 'keys'));
  for (const holder of ['ada', 'mallory'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(rig.dir, 'keys', holder)]);
  rig.write(signers, `ada@example.test ${readFileSync(join(rig.dir, 'keys', 'ada.pub'), 'utf8')}`);
  rig.git('add', '-A');
  rig.git('commit', '-q', '-m', 'signers');
  return rig;
}

const withKey = (rig: WaveRig, holder: string) => ({
  env: { ...rig.env, NX_WAVE_SIGNING_KEY: join(rig.dir, 'keys', holder) },
});

/** What another clone starts with: nothing but the shared folder. */
function forget(rig: WaveRig): void {
  rigStore(rig).removeStateRoot();
  rmSync(join(rig.root, '.git', 'nx-wave'), { recursive: true, force: true });
}

describe('trust: signed', () => {
  it('takes what somebody has signed who may, as it stands', async () => {
    await using rig = signedRig();
    expect(await rig.agent('A1', withKey(rig, 'ada'))).toMatchObject({ ran: { A1: 1 } });
    forget(rig);
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' }, ran: {} });
  });

  it.each([
    ['nobody has signed', undefined, 'nobody has signed it'],
    ['somebody has signed who may not', 'mallory', 'its key is none of the list'],
  ])('does not take what %s, and names it', async (_, holder, why) => {
    await using rig = signedRig();
    await rig.agent('A1', holder === undefined ? {} : withKey(rig, holder));
    forget(rig);
    const again = await rig.agent('A1');
    expect(again).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: { A1: 1 } });
    const told = again.lines.join('\n');
    expect(told).toContain('warning: The proof bundle wave-1/A1/attempt-1 in ');
    expect(told).toContain(why);
  });

  it('does not take what stands below results/ and nobody has signed, though Nx may have put it there', async () => {
    await using rig = signedRig({ store: {} });
    await rig.agent('A1');
    rmSync(join(rig.root, '.git', 'nx-wave'), { recursive: true, force: true });
    expect(await rig.agent('A1')).toMatchObject({ ran: { A1: 1 } });
  });

  it('closes nothing on what Nx restored and nobody has signed, and names each proof', async () => {
    await using rig = signedRig({ store: {} });
    await rig.launch();
    // As on another machine: what Nx restores is there, and nothing else.
    rmSync(join(rig.root, '.git', 'nx-wave'), { recursive: true, force: true });
    const session = await rig.session();
    if (!session.ok) throw new Error(JSON.stringify(session.error));
    expect(await runLaunch(session.value)).toMatchObject({ ok: true, value: { state: 'open' } });
    expect(session.value.refused.map(({ code, place }) => [code, place?.agentId])).toEqual([
      ['signature-refused', 'A1'],
    ]);
  });

  it('needs a list of signers in the checked-out commit, before anybody is paid', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }], config: { trust: 'signed' } });
    rig.write(signers, 'ada@example.test ssh-ed25519 AAAA');
    const ended = await rig.agent('A1');
    expect(ended).toMatchObject({ failures: [{ code: 'trust-unsupported' }], ran: {} });
    expect(ended.failures[0]?.message).toContain(signers);
  });

  it('tells that ssh-keygen is not there as what it is', async () => {
    await using rig = signedRig();
    await rig.agent('A1', withKey(rig, 'ada'));
    forget(rig);
    const bin = join(rig.dir, 'no-ssh');
    mkdirSync(bin);
    for (const name of ['git', 'node', 'sh', 'bash'])
      execFileSync('ln', ['-s', execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name)]);
    const again = await rig.agent('A1', { env: { ...rig.env, PATH: bin } });
    expect(again.lines.join('\n')).toContain(
      'ssh-keygen, which makes and checks signatures, cannot be started',
    );
  });
});

describe('a key to sign with', () => {
  it.each([
    ['is a path from nowhere', () => 'key', 'is not an absolute path'],
    ['is not there', () => '/nowhere/key', 'there is no file'],
    ['stands in the repository', (rig: WaveRig) => join(rig.root, 'key'), 'stands in the repository'],
    ['is led into the repository', (rig: WaveRig) => join(rig.dir, 'way', 'key'), 'stands in the repository'],
  ])('is refused before anybody is paid where it %s', async (_, keyOf, why) => {
    await using rig = signedRig();
    writeFileSync(join(rig.root, 'key'), '');
    symlinkSync(rig.root, join(rig.dir, 'way'));
    const ended = await rig.agent('A1', { env: { ...rig.env, NX_WAVE_SIGNING_KEY: keyOf(rig) } });
    expect(ended).toMatchObject({ failures: [{ code: 'signing-failed' }], ran: {} });
    expect(ended.failures[0]?.message).toContain(why);
  });

  it('that cannot sign costs no work: it is kept, and what is missing is told', async () => {
    await using rig = signedRig({ trust: 'reprove' });
    writeFileSync(join(rig.dir, 'keys', 'broken'), 'no key\n', { mode: 0o600 });
    const ended = await rig.launch(withKey(rig, 'broken'));
    expect(ended).toMatchObject({ tasks: { 'agent-a1': 'proven' }, closure: { state: 'closed' } });
    expect(ended.lines.join('\n')).toContain('warning: the proof is not signed');
    expect(existsSync(join(rig.root, `${closing}.sig`))).toBe(false);
  });

  it('is seen by no agent: neither the variable nor the socket of an ssh-agent', async () => {
    await using rig = signedRig(
      { trust: 'reprove' },
      "write('src/A1.txt', JSON.stringify([env.NX_WAVE_SIGNING_KEY ?? null, env.SSH_AUTH_SOCK ?? null]))",
    );
    const { env } = withKey(rig, 'ada');
    await rig.agent('A1', { env: { ...env, SSH_AUTH_SOCK: join(rig.dir, 'agent.sock') } });
    const patch = rig.read('.tmp/main-wave-launcher/results/wave-1/attempt-1/A1/changes.patch');
    expect(patch).toContain('+[null,null]');
  });
});

describe('a closing', () => {
  it('is signed by the machine that proved the merged tree, and stays so until it is another one', async () => {
    await using rig = signedRig();
    await rig.launch(withKey(rig, 'ada'));
    const signature = rig.read(`${closing}.sig`);
    await rig.launch();
    expect(rig.read(`${closing}.sig`)).toBe(signature);
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { does: "write('src/A1.txt', 'other')" }));
    await rig.launch();
    expect([closing, `${closing}.sig`].map((path) => existsSync(join(rig.root, path)))).toEqual([
      false,
      false,
    ]);
  });

  it('is not signed where a cache may have made up what `prove` found', async () => {
    await using rig = signedRig();
    await rig.launch(withKey(rig, 'ada'));
    rmSync(join(rig.dir, 'written'), { recursive: true });
    for (const path of [closing, `${closing}.sig`]) rmSync(join(rig.root, path));
    const session = await rig.session(rig.edges(withKey(rig, 'ada')));
    if (!session.ok) throw new Error(JSON.stringify(session.error));
    expect((await runLaunch(session.value)).ok).toBe(true);
    expect(existsSync(join(rig.root, closing))).toBe(false);
  });

  it('of another wave is built on where it is signed, and not where it came from elsewhere unsigned', async () => {
    await using rig = signedRig();
    const next = rig.wave(2, {
      agents: [{ id: 'A1', owns: ['src/next.txt'] }],
      header: '## Depends on\n\n- wave-1',
    });
    await rig.launch(withKey(rig, 'ada'));
    cpSync(join(rig.root, closing), join(rig.dir, 'list'));
    cpSync(join(rig.root, `${closing}.sig`), join(rig.dir, 'list.sig'));
    // Another machine: nothing here was written by a runner of it.
    rmSync(join(rig.dir, 'written'), { recursive: true });
    rmSync(join(rig.root, `${closing}.sig`));
    const refused = await next.agent('A1');
    expect(refused).toMatchObject({ failures: [{ code: 'signature-refused' }], ran: {} });
    cpSync(join(rig.dir, 'list.sig'), join(rig.root, `${closing}.sig`));
    expect(await next.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' } });
  });
});
