/** About engine/agent/under-shared-claim.ts and checkpoints.ts, by way of real Nx in two clones that share a store in Azurite. */
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { claimSchema, type Claim } from '@nx-wave/schemas';
import { openBackend } from '../../packages/wave-plugin/src/edges/shared-store/backends';
import { parseStoreUrl } from '../../packages/wave-plugin/src/edges/shared-store/store-url';
import { createWaveWorkspace, type WaveWorkspace } from '../e2e/wave-workspace';
import { type Workspace } from '../e2e/workspace';
import { startAzurite, type Azurite } from '../stores/azurite';
import { loadLibrary } from '../stores/load';
import {
  gone,
  halfThenWhole,
  installClient,
  launch,
  openPlace,
  signalOne,
  writePaidProgram,
  type Place,
} from './machines';

const long = process.env['WAVE_CLONES_LONG'] === '1';
/** Short, and far above what a busy machine may take from one beat to the next. */
const shortPeriods = { beat: 2, lost: 25, end: 5, dead: 35, poll: 1, checkpoint: 2 };
const longStopMs = 5 * 60_000;

let azurite: Azurite;
let first: WaveWorkspace;
let second: Workspace;
let place: Place;
let env: Record<string, string>;
let url: string;

beforeAll(async () => {
  azurite = await startAzurite();
  url = `azblob://${azurite.account}/${azurite.container}/clones`;
  env = { AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString() };
  const free = { id: 'A1' };
  first = createWaveWorkspace(
    {},
    {
      store: {
        url,
        repository: 'shop',
        ...(long ? { periods: { checkpoint: 5 } } : { periods: shortPeriods }),
      },
    },
  );
  place = openPlace(join(first.dir, 'place'));
  for (const wave of [1, 2, 3])
    first.writeWave(wave, [{ ...free, owns: [`src/A1-${wave}.txt`], does: halfThenWhole(place.dir) }]);
  const paid = (id: string) => ({
    id,
    owns: [`src/${id}-4.txt`],
    executorId: 'codex',
    command: null,
    does: null,
  });
  first.writeWave(4, [paid('A1'), paid('A2')]);
  first.git('add', '-A');
  first.git('commit', '-q', '-m', 'waves that are cut off');
  second = first.sibling('second', 'clone');
  for (const clone of [first, second]) installClient(clone);
});
afterAll(async () => {
  first.dispose();
  await azurite.close();
});

/** Every claim of the store that has starts of this run. */
async function claimsOf(wave: number): Promise<Claim[]> {
  const address = parseStoreUrl(url);
  const opened = address.ok ? await openBackend(address.value, { env, load: loadLibrary }) : address;
  if (!opened.ok) throw new Error(opened.error.message);
  const listed = await opened.value.list('claims/');
  if (listed.answer !== 'done') throw new Error(listed.answer);
  const claims: Claim[] = [];
  for (const key of listed.keys) {
    const there = await opened.value.get(key);
    if (there.answer === 'done')
      claims.push(claimSchema.parse(JSON.parse(Buffer.from(there.body).toString())));
  }
  return claims.filter(({ run }) => run === `run-${wave}`);
}

const endsOf = ({ starts }: Claim) => starts.map(({ end }) => end);
/** What a clone shows of a wave. Under `reprove` each names the bundle by which it has proved the work itself. */
function shown(clone: Workspace, wave: number) {
  const at = (path: string) => clone.read(`.tmp/main-wave-launcher/${path}`);
  const { agents, ...closure } = clone.closure(wave);
  return {
    handoff: at(`handoff/wave-${wave}/A1.json`),
    patch: at(`closure/wave-${wave}.patch`),
    closure,
    agents: agents.map(({ proofBundleId: _id, proofDigest: _digest, ...agent }) => agent),
  };
}

async function expectClosed(ended: ReturnType<typeof launch>['ended']): Promise<string> {
  const { code, output } = await ended;
  if (code !== 0) throw new Error(output);
  return output;
}

it('a machine is killed in the middle of an agent: the other goes on from the checkpoint and closes', async () => {
  const lost = launch(first, 1, env);
  const agent = await place.begun(1);
  await lost.says('checkpoint kept in the shared store');
  await lost.signal('SIGKILL');
  await lost.ended;
  await gone(agent.pid);
  const output = await expectClosed(launch(second, 1, env).ended);
  expect(output).toContain('goes on from a checkpoint of 1 file');
  expect(second.closure(1).state).toBe('closed');
  const [claim] = await claimsOf(1);
  expect(claim && endsOf(claim)).toEqual(['lost', 'proven']);
  expect(second.read('.tmp/main-wave-launcher/closure/wave-1.patch')).toContain('+half and whole');
});

it('the runner alone is killed: its agent ends, and another machine goes on', async () => {
  const lost = launch(first, 2, env);
  const agent = await place.begun(2);
  await lost.says('checkpoint kept in the shared store');
  signalOne(agent.ppid, 'SIGKILL');
  await gone(agent.pid);
  expect((await lost.ended).code).not.toBe(0);
  await expectClosed(launch(second, 2, env).ended);
  const [claim] = await claimsOf(2);
  expect(claim && endsOf(claim)).toEqual(['lost', 'proven']);
});

it('a machine stands still for longer than its claim: the other goes on, and the first shows the same when it wakes up', async () => {
  const asleep = launch(first, 3, env);
  const agent = await place.begun(3);
  await asleep.says('checkpoint kept in the shared store');
  await asleep.signal('SIGSTOP');
  const [output] = await Promise.all([
    expectClosed(launch(second, 3, env).ended),
    ...(long ? [delay(longStopMs)] : []),
  ]);
  await asleep.signal('SIGCONT');
  await gone(agent.pid);
  await expectClosed(asleep.ended);
  expect(output).toContain('goes on from a checkpoint of 1 file');
  const [claim] = await claimsOf(3);
  expect(claim && endsOf(claim)).toEqual(['lost', 'proven']);
  expect(shown(first, 3)).toEqual(shown(second, 3));
});

it('both are launched at once with a budget for one agent: one runs', async () => {
  const config = JSON.parse(first.read('wave.config.json')) as Record<string, unknown>;
  const kit = join(first.dir, 'kit.mjs');
  const bin = writePaidProgram(join(first.dir, 'bin'), kit);
  for (const clone of [first, second])
    clone.write(
      'wave.config.json',
      JSON.stringify({ ...config, budget: { minutes: 30 }, limits: { attemptMinutes: 30 } }),
    );
  const before = first.started();
  const withPaid = { ...env, PATH: [bin, process.env['PATH'] ?? ''].join(delimiter), NX_WAVE_RUN: 'auto' };
  const runs = await Promise.all([first, second].map((clone) => launch(clone, 4, withPaid).ended));
  const after = first.started();
  const started = Object.entries(after).map(([id, times]) => times - (before[id] ?? 0));
  expect(started.reduce((sum, times) => sum + times, 0)).toBe(1);
  for (const { code, output } of runs) {
    expect(code).not.toBe(0);
    expect(output).toContain('budget-spent');
  }
  expect((await claimsOf(4)).map(({ starts }) => starts.map(({ end }) => end)).flat()).toEqual(['proven']);
});
