import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Backend } from '../../core/shared-store/backend';
import { openFileBackend } from '../../edges/shared-store/file-backend';
import { goodPayloads } from '../../testing/envelopes';
import type { RigAgent } from '../../testing/rig-wave';
import { createWaveRig, type RigOptions, type WaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import { planLines } from '../../core/views/plan';
import type { Edges } from '../session/edges';
import { planWave } from '../wave/plan-wave';
import { readStatus } from '../wave/read-status';
import { runDecide } from '../wave/run-decide';
import { runLand } from '../wave/run-land';
import { runReopen } from '../wave/run-reopen';
import { runRetry } from '../wave/run-retry';
import { runAdopt } from './run-adopt';
import { runAgent } from './run-agent';
import { readContext } from './context-files';

const shared = 'docs/shared.md';
const rigWithSharedFile = (options: Partial<RigOptions> = {}) =>
  createWaveRig({
    ...options,
    agents: [
      { id: 'A1', reads: [shared] },
      { id: 'A2' },
      { id: 'A9', owns: [shared], does: `write('${shared}', read('${shared}') + 'closed: wave 1\\n')` },
    ],
    files: { [shared]: 'plan\n\n\n\nopen: wave 1\n' },
  });

async function sessionOf(rig: WaveRig) {
  const session = await rig.session(rig.edges());
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  return session.value;
}

/** Another wave lands: the shared file changes, and its ledger says from what to what. */
function landElsewhere(rig: WaveRig, text: string): void {
  const id = (path: string) => ({ mode: '100644', oid: rig.git('hash-object', '-w', path).trim() });
  const before = id(shared);
  rig.write(shared, text);
  const entry = {
    schemaVersion: 1,
    id: '01KC0000000000000000000000',
    wave: 'wave-7',
    by: 'Ada',
    reason: 'land',
    recordedAt: '2026-01-01T00:00:00.000Z',
    type: 'wave.landed',
    closureDigest: 'a'.repeat(64),
    changes: [{ path: shared, before, after: id(shared) }],
    agents: [],
  };
  rig.write('docs/plans/waves/wave-7.ledger/landed.json', JSON.stringify(entry));
  rig.git('add', '-A');
  rig.git('commit', '-q', '-m', 'land wave 7');
}

describe('a context file that another agent owns', () => {
  it('pays for nobody when the wave that changed it has landed and is opened again', async () => {
    await using rig = rigWithSharedFile();
    expect((await rig.launch()).ran).toEqual({ A1: 1, A2: 1, A9: 1 });
    expect((await runLand(await sessionOf(rig), { mode: 'commit', by: 'Ada' })).ok).toBe(true);
    expect(rig.read(shared)).toContain('closed');
    expect((await runReopen(await sessionOf(rig), { by: 'Ada', reason: 'once more' })).ok).toBe(true);
    const again = await rig.launch();
    expect(again.ran).toEqual({});
    expect(again.lines.join('\n')).toContain(
      `context-moved: Landings or adopted slices have changed ${shared}`,
    );
  });

  describe('in clones that share a store', () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nx-wave-store-'))));
    afterEach(() => rmSync(folder, { recursive: true, force: true }));
    const rigOfStore = (options: Partial<RigOptions> = {}) =>
      rigWithSharedFile({
        config: { store: { url: pathToFileURL(folder).href, repository: 'shop' } },
        ...options,
      });
    /** What a fresh clone does not have. */
    const forget = (rig: WaveRig) => {
      rmSync(join(rig.root, '.git/nx-wave'), { recursive: true });
      rigStore(rig).removeStateRoot();
    };

    it('pays for nobody in one that has nothing of the work that was done before the landing', async () => {
      await using rig = rigOfStore();
      await rig.launch();
      landElsewhere(rig, 'plan, wave 7 closed\n\n\n\nopen: wave 1\n');
      forget(rig);
      const again = await rig.launch();
      expect({ ran: again.ran, state: again.closure?.state }).toEqual({ ran: {}, state: 'closed' });
      expect(again.lines.filter((line) => line.includes('context-moved')).length).toBeGreaterThan(0);
    });

    it('serves what was proven after the landing before what was proven without it', async () => {
      await using rig = rigOfStore();
      await rig.launch();
      landElsewhere(rig, 'plan, wave 7 closed\n\n\n\nopen: wave 1\n');
      const session = await sessionOf(rig);
      const [first] = session.wave.agents;
      if (first === undefined) throw new Error('the wave has no agent');
      expect(await runAgent(session, first, { context: 'present' })).toMatchObject({ reused: false });
      forget(rig);
      const again = await rig.agent('A1');
      expect({ ran: again.ran, task: again.tasks['agent-a1'] }).toEqual({ ran: {}, task: 'proven' });
      expect(again.lines.join('\n')).not.toContain('context-moved');
    });

    it('pays for nobody where the store does not say what was proven before the landing', async () => {
      let isSilent = false;
      const files = openFileBackend(folder);
      const claimed = () => readdirSync(join(folder, 'claims')).map((name) => `claims/${name}`);
      const known: string[] = [];
      const trouble = { kind: 'credentials', detail: 'expired' } as const;
      const backend: Backend = {
        ...files,
        get: (key) =>
          isSilent && known.includes(key) ? Promise.resolve({ answer: 'unknown', trouble }) : files.get(key),
      };
      // Patience is over in a fiftieth of its time.
      const haste = 50;
      const clock: Edges['clock'] = {
        now: () => performance.now() * haste,
        sleep: (ms, signal) => delay(ms / haste, undefined, { signal }).catch(() => undefined),
      };
      await using rig = rigOfStore({ backend });
      await rig.launch();
      known.push(...claimed());
      landElsewhere(rig, 'plan, wave 7 closed\n\n\n\nopen: wave 1\n');
      forget(rig);
      isSilent = true;
      const refused = await rig.launch({ clock });
      expect(refused.ran).toEqual({});
      expect(refused.failures.map(({ code }) => code)).toContain('store-credentials');
      isSilent = false;
      expect((await rig.launch()).ran).toEqual({});
    });

    it('lets an agent run for the present where what was proven without the landing is revoked', async () => {
      await using rig = rigOfStore();
      const { closure } = await rig.launch();
      landElsewhere(rig, 'plan, wave 7 closed\n\n\n\nopen: wave 1\n');
      const proof = closure?.agents.find(({ agentId }) => agentId === 'A1')?.proofDigest ?? '';
      const revoked = await runDecide(await sessionOf(rig), { revoke: proof, by: 'Ada', reason: 'wrong' });
      expect(revoked.ok).toBe(true);
      forget(rig);
      expect((await rig.agent('A1')).ran).toEqual({ A1: 1 });
    });
  });

  it('pays for nobody when another wave has changed it and landed, until a retry asks for it', async () => {
    await using rig = rigWithSharedFile();
    await rig.launch();
    const planned = async () => {
      const report = await planWave(await sessionOf(rig));
      return report.ok ? planLines(report.value.plan).join('\n') : JSON.stringify(report.error);
    };
    expect(await planned()).not.toContain('context-moved');
    landElsewhere(rig, 'plan, wave 7 closed\n\n\n\nopen: wave 1\n');
    const again = await rig.launch();
    expect({ ran: again.ran, state: again.closure?.state }).toEqual({ ran: {}, state: 'closed' });
    expect(again.lines.join('\n')).toContain('context-moved');
    expect(await planned()).toContain('warning context-moved');
    expect(await readStatus(await sessionOf(rig))).toMatchObject({
      state: { advisories: [{ code: 'context-moved' }] },
    });
    const retry = {
      agents: ['A1'],
      fresh: false,
      whatIf: null,
      apply: { by: 'Ada', reason: 'it must follow' },
    };
    expect((await runRetry(await sessionOf(rig), retry)).ok).toBe(true);
    expect((await rig.launch()).ran).toMatchObject({ A1: 1 });
  });

  it('runs the agent that reads it, and not its sibling, when a person has edited it', async () => {
    await using rig = rigWithSharedFile();
    await rig.launch();
    rig.write(shared, 'plan by hand\n\n\n\nopen: wave 1\n');
    rig.git('commit', '-q', '-a', '-m', 'by hand');
    const again = await rig.launch();
    expect(again.ran).toMatchObject({ A1: 1 });
    expect(again.ran).not.toHaveProperty('A2');
  });

  it('runs nobody again because somebody else is to own it', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', reads: [shared] }, { id: 'A2' }],
      files: { [shared]: 'as it is\n' },
    });
    await rig.launch();
    rig.edit(({ A2 }) =>
      Object.assign(A2 ?? {}, { owns: ['src/A2.txt', shared], does: "write('src/A2.txt', 'A2')" }),
    );
    expect((await rig.launch()).ran).not.toHaveProperty('A1');
  });
});

describe('a context file that a closed wave below it changes', () => {
  const notes = 'docs/notes.md';
  const rigOfTwo = () => {
    const first = createWaveRig({
      agents: [{ id: 'A1', owns: [notes], does: `write('${notes}', 'made by wave 1\\n')` }],
      files: { [notes]: 'the base\n' },
    });
    const second = first.wave(2, {
      header: '## Depends on\n\n- wave-1',
      agents: [{ id: 'A2', reads: [notes], does: `write('src/A2.txt', read('${notes}'))` }],
    });
    return { first, second };
  };
  const contextOf = async (rig: WaveRig) => {
    const session = await sessionOf(rig);
    const [agent] = session.wave.agents;
    return new Map(agent === undefined ? [] : await readContext(session, agent.contextPaths));
  };
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  it('counts as its agent has it, and the same landed pays nobody', async () => {
    const { first, second } = rigOfTwo();
    await using _ = first;
    await first.launch();
    expect(first.read(notes)).toBe('the base\n');
    expect((await contextOf(second)).get(notes)).toBe(sha256('made by wave 1\n'));
    expect((await second.launch()).ran).toEqual({ A2: 1 });
    expect((await runLand(await sessionOf(first), { mode: 'commit', by: 'Ada' })).ok).toBe(true);
    const after = await second.launch();
    expect({ ran: after.ran, state: after.closure?.state }).toEqual({ ran: {}, state: 'closed' });
    expect(after.lines.join('\n')).not.toContain('context-moved');
  });

  it('runs its agent again when the wave below it has come to something else', async () => {
    const { first, second } = rigOfTwo();
    await using _ = first;
    await first.launch();
    expect((await second.launch()).ran).toEqual({ A2: 1 });
    first.edit(({ A1 }) => Object.assign(A1 ?? {}, { does: `write('${notes}', 'made otherwise\\n')` }));
    expect((await first.launch()).ran).toEqual({ A1: 1 });
    expect((await second.launch()).ran).toEqual({ A2: 1 });
  });
});

describe('two waves that are closed on one base and share their context', () => {
  it('pay for nobody when both land, somebody is adopted from the tree, and both are opened again', async () => {
    const steward = (line: string): RigAgent => ({
      id: 'A9',
      owns: [shared],
      does: `write('${shared}', read('${shared}').replace('open: wave ${line}', 'closed: wave ${line}'))`,
    });
    const plan = 'open: wave 1\n\n\n\n\n\n\nopen: wave 2\n';
    await using first = createWaveRig({
      agents: [{ id: 'A1', reads: [shared] }, { id: 'A2', reads: [shared] }, steward('1')],
      files: { [shared]: plan },
    });
    const second = first.wave(2, { agents: [{ id: 'A3', reads: [shared] }, steward('2')] });
    expect((await first.launch()).closure?.state).toBe('closed');
    expect((await second.launch()).closure?.state).toBe('closed');
    expect(first.runs()).toEqual({ A1: 1, A2: 1, A3: 1, A9: 2 });

    expect((await runLand(await sessionOf(first), { mode: 'commit', by: 'Ada' })).ok).toBe(true);
    const open = await second.launch();
    expect({ ran: open.ran, state: open.closure?.state }).toEqual({ ran: {}, state: 'closed' });
    const byHand = plan.replaceAll('open', 'closed').replace('wave 2', 'wave 2, by Ada');
    second.write(shared, byHand);
    const envelopePath = join(first.dir, 'envelope.json');
    const proof = {
      state: 'satisfied',
      completion: 'contract',
      durability: 'none',
      proofLevel: 'unit',
      detail: null,
    };
    const role = 'documentation';
    const envelope = { schemaVersion: 2, agentId: 'A9', role, proof, [role]: goodPayloads[role] };
    writeFileSync(envelopePath, JSON.stringify(envelope));
    const adopt = { agent: 'A9', source: { kind: 'tree' }, envelopePath, by: 'Ada', reason: 'mine' } as const;
    const adopted = await runAdopt(await sessionOf(second), adopt);
    expect(adopted).toMatchObject({ ok: true });
    const taken = await second.launch();
    expect(taken.ran).toEqual({});
    first.git('checkout', '-q', '--', shared);
    const clean = await second.launch();
    expect({ ran: clean.ran, state: clean.closure?.state }).toEqual({ ran: {}, state: 'closed' });
    expect((await runLand(await sessionOf(second), { mode: 'commit', by: 'Ada' })).ok).toBe(true);
    expect(first.read(shared)).toBe(byHand);

    for (const rig of [first, second]) {
      expect((await runReopen(await sessionOf(rig), { by: 'Ada', reason: 'once more' })).ok).toBe(true);
      const again = await rig.launch();
      expect({ ran: again.ran, state: again.closure?.state }).toEqual({ ran: {}, state: 'closed' });
    }
    expect(first.runs()).toEqual({ A1: 1, A2: 1, A3: 1, A9: 2 });
  });
});

describe('work of a version that left owned context files out of its keys', () => {
  it('is reused where nobody owns one, and the miss is named by the plan and the run where somebody does', async () => {
    const free = 'docs/free.md';
    await using rig = createWaveRig({
      agents: [
        { id: 'A1', reads: [free, shared] },
        { id: 'A2', reads: [free] },
        { id: 'A9', owns: [shared] },
      ],
      files: { [shared]: 'owned\n', [free]: 'free\n' },
    });
    const session = await sessionOf(rig);
    for (const agent of session.wave.agents.filter(({ unitId }) => unitId !== 'A9')) {
      const former = { ...agent, contextPaths: agent.contextPaths.filter((path) => path !== shared) };
      expect((await runAgent(session, former)).state).toBe('owned_slice_proven');
    }
    const named = `wave-1/A1/attempt-1 was made by a version whose key left out ${shared}, which this wave owns`;
    const plan = await planWave(await sessionOf(rig));
    if (!plan.ok) throw new Error(plan.error.message);
    expect(planLines(plan.value.plan).join('\n')).toContain(named);
    expect(plan.value.plan.units.slice(0, 2).map(({ action }) => action)).toEqual(['run', 'reuse']);
    const launched = await rig.launch();
    expect(launched.ran).toEqual({ A1: 1, A9: 1 });
    expect(launched.lines.join('\n')).toContain(`not reused: ${named}`);
  });
});
