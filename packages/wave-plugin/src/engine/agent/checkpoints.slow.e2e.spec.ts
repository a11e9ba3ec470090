// Tests checkpoints.ts, engine/lane/run-break-claim.ts and what programs get of a store's logins: clones that share a folder.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { claimSchema, type Claim } from '@nx-wave/schemas';
import { openFileBackend } from '../../edges/shared-store/file-backend';
import { createProcessTable } from '../../edges/processes/process-table';
import { createWaveRig, type RigOptions, type WaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import { startTask } from '../../testing/start-task';
import { runBreakClaim } from '../lane/run-break-claim';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nx-wave-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Leaves half of its file and stays, unless it finds that half, or a file `released` beside the repository. */
const halfThenWhole = (dir: string) => `
  const { watch } = await import('node:fs');
  const dir = ${JSON.stringify(dir)};
  const released = () => exists(dir + '/released') || exists('src/A1.txt');
  const wasCut = /cut off in the middle/.test(prompt);
  if (!released()) {
    write('src/A1.txt', 'half');
    write('src/other.txt', 'not mine');
    console.log('begun ' + process.pid);
    await new Promise((done) => watch(dir, () => exists(dir + '/released') && done()));
  }
  if (exists('src/other.txt')) remove('src/other.txt');
  write('src/A1.txt', (exists('src/A1.txt') ? read('src/A1.txt') : 'nothing') + ' and whole, cut off: ' + wasCut);`;

function clones(options: Partial<RigOptions> = {}): WaveRig {
  const periods = { beat: 1, checkpoint: 0.3, poll: 0.3 };
  const rig = createWaveRig({
    agents: [{ id: 'A1' }],
    config: { store: { url: pathToFileURL(folder).href, repository: 'shop', periods } },
    env: { NX_CI_EXECUTION_ID: 'run-7' },
    ...options,
  });
  rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { does: A1?.does ?? halfThenWhole(rig.dir) }));
  rig.git('commit', '-qa', '--allow-empty', '-m', 'an agent that is cut off');
  execFileSync('git', ['clone', '-q', rig.root, join(rig.dir, 'second')], { env: rig.env });
  return rig;
}

async function onlyClaim(): Promise<Claim> {
  const [key] = readdirSync(join(folder, 'claims'));
  const stored = await openFileBackend(folder).get(`claims/${key ?? ''}`);
  if (stored.answer !== 'done') throw new Error(stored.answer);
  return claimSchema.parse(JSON.parse(new TextDecoder().decode(stored.body)));
}

async function isAlive(begun: string): Promise<boolean> {
  const pid = Number(begun.split('begun ')[1]);
  return (await createProcessTable().list()).some((one) => one.pid === pid);
}

const patchIn = (rig: WaveRig, clone: string, attempt = 1) =>
  readFileSync(
    join(rig.dir, clone, `.git/nx-wave/attempts/wave-1/A1/attempt-${attempt}/bundle/changes.patch`),
    'utf8',
  );

it('where a machine is killed the next goes on from its checkpoint, and its agent has ended by then', async () => {
  await using rig = clones();
  const first = startTask(rig, 'A1');
  const begun = await first.until('begun ');
  await first.until('checkpoint kept');
  const { checkpoint } = await onlyClaim();
  expect(checkpoint).toMatch(/^[0-9a-f]{64}$/);
  first.child.kill('SIGKILL');
  await first.ended;
  const lines = await startTask(rig, 'A1', 'second').ended;
  expect(lines).toContain('A1: goes on from a checkpoint of 1 file');
  expect(lines.at(-1)).toBe('owned_slice_proven');
  expect(await isAlive(begun)).toBe(false);
  expect(patchIn(rig, 'second')).toContain('+half and whole, cut off: true');
  expect(rig.runs()).toEqual({ A1: 2 });
  expect(await onlyClaim()).toMatchObject({
    state: 'settled',
    gen: 2,
    checkpoint: null,
    starts: [{ end: 'lost' }, { end: 'proven' }],
  });
});

it('a machine that is told to end leaves a checkpoint and a free claim; under reprove another run starts from the base', async () => {
  await using rig = clones({
    config: {
      store: { url: pathToFileURL(folder).href, repository: 'shop', periods: { beat: 1, poll: 0.3 } },
    },
  });
  const first = startTask(rig, 'A1');
  await first.until('begun ');
  first.child.kill('SIGTERM');
  await first.ended;
  const left = await onlyClaim();
  expect(left).toMatchObject({ state: 'free', holder: null, starts: [{ end: 'interrupted' }] });
  expect(left.checkpoint).toMatch(/^[0-9a-f]{64}$/);
  Object.assign(rig.env, { NX_CI_EXECUTION_ID: 'run-8' });
  writeFileSync(join(rig.dir, 'released'), '');
  const lines = await startTask(rig, 'A1', 'second').ended;
  expect(lines.join('\n')).toContain(
    'starts without the checkpoint of another machine: another run has made it',
  );
  expect(patchIn(rig, 'second')).toContain('+nothing and whole, cut off: false');
});

it('work that holds a secret of the environment is in no checkpoint', async () => {
  const does = `write('src/A1.txt', env.MY_TOKEN); console.log('begun'); await new Promise(() => setInterval(() => 0, 1000));`;
  await using rig = clones({
    agents: [{ id: 'A1', does }],
    env: { NX_CI_EXECUTION_ID: 'run-7', MY_TOKEN: 'k3VnR8sT5wXyZ1aB7cD9' },
    config: {
      store: { url: pathToFileURL(folder).href, repository: 'shop', periods: { beat: 1, checkpoint: 0.3 } },
      executors: { local: { env: ['MY_TOKEN'] } },
    },
  });
  const first = startTask(rig, 'A1');
  await first.until('no checkpoint, since its work holds a secret');
  first.child.kill('SIGTERM');
  await first.ended;
  expect(await onlyClaim()).toMatchObject({ state: 'free', checkpoint: null });
  expect(readdirSync(folder)).not.toContain('checkpoints');
});

it('a person takes a claim from whoever holds it, and says who and why', async () => {
  await using rig = clones();
  const first = startTask(rig, 'A1');
  await first.until('begun ');
  const lane = {
    workspaceRoot: join(rig.dir, 'second'),
    project: 'waves',
    projectId: null,
    lane: 'main',
    waves: ['docs/plans/waves/wave-1.md'],
    include: [],
  };
  const asked = { wave: 'wave-1', agent: 'A1' };
  const refused = await runBreakClaim(lane, asked, rig.edges());
  expect(refused).toMatchObject({ ok: false, error: [{ code: 'option-invalid' }] });
  const broken = await runBreakClaim(lane, { ...asked, by: 'Ada', reason: 'it hangs' }, rig.edges());
  expect(broken).toMatchObject({ ok: true, value: { is: 'broken', from: { pid: first.child.pid } } });
  // Its holder learns of it, ends its agent, and takes the claim again, since nobody else wants it.
  expect((await first.ended).at(-1)).toBe('owned_slice_proven');
  const claim = await onlyClaim();
  expect(claim).toMatchObject({ state: 'settled', broken: { gen: 1, by: 'Ada', reason: 'it hangs' } });
  expect(claim.starts.map(({ end }) => end)).toEqual(['lost', 'proven']);
  expect(patchIn(rig, 'user', 2)).toContain('+half and whole');
  const key = { key: claim.workKey, by: 'Ada', reason: 'to be sure' };
  expect(await runBreakClaim(lane, key, rig.edges())).toMatchObject({ value: { is: 'not-held' } });
});

it('logins of the store reach no agent, no proof command, no file and no line', async () => {
  const logins = {
    AZURE_STORAGE_CONNECTION_STRING: 'AccountName=account;AccountKey=b1gS3cretOfTheStoreB1g',
    AZURE_STORAGE_KEY: 'an0therS3cretOfTheStore1',
  };
  const names = Object.keys(logins);
  await using rig = createWaveRig({
    agents: [
      {
        id: 'A1',
        does: `console.log(JSON.stringify(env)); write('src/A1.txt', Object.keys(env).join('\\n'));`,
        proofCommands: ['node -p process.env'],
      },
    ],
    backend: openFileBackend(folder),
    env: logins,
    config: {
      store: { url: 'azblob://account/waves', repository: 'shop' },
      executors: { local: { env: names } },
      proof: { env: names, isolation: 'off' },
      bundle: { transcript: 'full' },
    },
  });
  const ended = await rig.launch();
  expect(ended.failures).toEqual([]);
  expect(ended).toMatchObject({ ran: { A1: 1 }, closure: { state: 'closed' } });
  expect(rig.read('.git/nx-wave/attempts/wave-1/A1/attempt-1/bundle/changes.patch')).not.toContain('AZURE_');
  const stored = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'));
  const texts = [
    ...ended.lines,
    ...rigStore(rig)
      .texts()
      .map(([, text]) => text),
    ...stored,
  ].join('\n');
  for (const secret of ['b1gS3cretOfTheStoreB1g', 'an0therS3cretOfTheStore1'])
    expect(texts).not.toContain(secret);
});
