// Tests under-shared-claim.ts, let-in.ts, engine/session/open-store.ts and shared-work.ts: clones that share a folder.
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { claimSchema, type Claim } from '@nx-wave/schemas';
import type { Backend } from '../../core/shared-store/backend';
import { openFileBackend } from '../../edges/shared-store/file-backend';
import { createWaveRig, type RigOptions, type WaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import type { Edges } from '../session/edges';
import { runAdopt } from './run-adopt';

const handoff = '.tmp/main-wave-launcher/handoff/wave-1/A1.json';
const inRun = { NX_CI_EXECUTION_ID: 'run-7' };
let folder: string;
let backend: Backend;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nx-wave-store-'));
  backend = openFileBackend(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clone = (options: Partial<RigOptions> = {}) =>
  createWaveRig({
    agents: [{ id: 'A1' }],
    config: { store: { url: pathToFileURL(folder).href, repository: 'shop' } },
    env: inRun,
    ...options,
  });

async function onlyClaim(): Promise<Claim> {
  const [key] = readdirSync(join(folder, 'claims'));
  const stored = await backend.get(`claims/${key ?? ''}`);
  if (stored.answer !== 'done') throw new Error(stored.answer);
  return claimSchema.parse(JSON.parse(new TextDecoder().decode(stored.body)));
}

/** What a fresh clone does not have. */
function forget(rig: WaveRig, times: number): void {
  renameSync(join(rig.root, '.git/nx-wave'), join(rig.dir, `forgotten-${times}`));
  rigStore(rig).removeStateRoot();
}

it('a fresh clone is served what another has settled, and shows the same bytes', async () => {
  await using rig = clone();
  const first = await rig.launch();
  expect(first).toMatchObject({ ran: { A1: 1 }, closure: { state: 'closed' } });
  const shown = rig.read(handoff);
  expect(await onlyClaim()).toMatchObject({
    state: 'settled',
    gen: 1,
    holder: null,
    starts: [{ end: 'proven', run: 'run-7' }],
  });
  forget(rig, 1);
  const second = await rig.launch();
  expect(second).toMatchObject({ ran: {}, closure: { state: 'closed' } });
  expect(rig.read(handoff)).toBe(shown);
  expect(await onlyClaim()).toMatchObject({ state: 'settled', gen: 1, starts: [{ end: 'proven' }] });
});

it('what failed in a run is not paid again in it by another clone, and is in the next one', async () => {
  await using rig = clone({ agents: [{ id: 'A1', proofCommands: ['false'] }] });
  expect((await rig.launch()).ran).toEqual({ A1: 1 });
  expect(await onlyClaim()).toMatchObject({ state: 'free', starts: [{ end: 'failed', run: 'run-7' }] });
  forget(rig, 1);
  const again = await rig.launch();
  expect(again.ran).toEqual({});
  expect(again.failures.map(({ code }) => code)).toContain('failed-in-run');
  forget(rig, 2);
  expect((await rig.launch({ env: { ...rig.env, NX_CI_EXECUTION_ID: 'run-8' } })).ran).toEqual({ A1: 1 });
  expect((await onlyClaim()).starts.map(({ end, run }) => [end, run])).toEqual([
    ['failed', 'run-7'],
    ['failed', 'run-8'],
  ]);
});

it('nobody is paid where the store gives no answer, and what is proven here is served all the same', async () => {
  let isSilent = true;
  const trouble = { kind: 'credentials', detail: 'expired' } as const;
  const store: Backend = {
    ...backend,
    get: (key) => (isSilent ? Promise.resolve({ answer: 'unknown', trouble }) : backend.get(key)),
  };
  // Time passes as fast as it is asked for.
  let nowMs = 0;
  const clock: Edges['clock'] = {
    now: () => nowMs,
    epochMs: () => nowMs,
    async sleep(ms) {
      nowMs += Math.min(ms, 2_000);
      await new Promise(setImmediate);
    },
  };
  await using rig = clone({ backend: store });
  const refused = await rig.launch({ clock });
  expect(refused.ran).toEqual({});
  expect(refused.failures.map(({ code }) => code)).toContain('store-credentials');
  isSilent = false;
  expect((await rig.launch()).ran).toEqual({ A1: 1 });
  isSilent = true;
  expect(await rig.launch()).toMatchObject({ ran: {}, closure: { state: 'closed' } });
});

it("a person's slice is settled beside what an agent failed at, and served to a fresh clone", async () => {
  await using rig = clone({ agents: [{ id: 'A1', proofCommands: ['grep -q right src/A1.txt'] }] });
  expect((await rig.launch()).ran).toEqual({ A1: 1 });
  rig.write('src/A1.txt', 'right');
  const session = await rig.session(rig.edges({ env: { ...rig.env, NX_CI_EXECUTION_ID: 'run-8' } }));
  if (!session.ok) throw new Error(session.error[0]?.message);
  const adopted = await runAdopt(session.value, {
    agent: 'A1',
    source: { kind: 'tree' },
    envelopePath: null,
    by: 'Ada',
    reason: 'one word',
  });
  expect(adopted).toMatchObject({ ok: true });
  expect(await onlyClaim()).toMatchObject({ state: 'settled', starts: [{ end: 'failed' }] });
  forget(rig, 1);
  expect(await rig.launch()).toMatchObject({ ran: {}, closure: { state: 'closed' } });
});

it('a store of another repository, and one whose name nobody knows, is used by nobody', async () => {
  await using shop = clone();
  await shop.launch();
  const url = pathToFileURL(folder).href;
  await using other = clone({ config: { store: { url, repository: 'bakery' } } });
  const refused = await other.launch();
  expect(refused).toMatchObject({ ran: {} });
  expect(refused.failures[0]).toMatchObject({ code: 'store-other-repository', place: { agentId: 'A1' } });
  await using unnamed = clone({ config: { store: { url } } });
  expect((await unnamed.launch()).failures[0]).toMatchObject({ code: 'store-url-invalid' });
});

it.each([
  ['an address with a login', { url: 'azblob://me:secret@account/container' }, 'store-url-invalid'],
  [
    'periods that contradict each other',
    { path: '../store', periods: { dead: 60 } },
    'store-periods-invalid',
  ],
])('%s is told before anything else happens', async (_, store, code) => {
  await using rig = clone({ config: { store } });
  const told = await rig.launch();
  expect(told).toMatchObject({ ran: {}, failures: [{ code }] });
  expect(JSON.stringify(told)).not.toContain('secret');
});
