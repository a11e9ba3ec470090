// Tests engine/session/cages.ts and engine/program/cage-of-launch.ts: which cage agents and proof commands get.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createCageEdge } from '../../edges/processes/cage/cage-edge';
import { createProcessEdge } from '../../edges/processes/supervise';
import { machineHasCage } from '../../testing/cage-rig';
import { createWaveRig, type RigOptions, type WaveRig } from '../../testing/rig';
import { planWave } from '../wave/plan-wave';
import { planLines } from '../../core/views/plan';

/** The kit of a rig counts starts in a file beside the repository: the folder is allowed, its parts keep their own rules. */
function createCagedRig(options: RigOptions, isolation = 'auto'): WaveRig {
  const rig = createWaveRig(options);
  rig.configure({
    executors: { default: 'local', local: { isolation, folders: [rig.dir] } },
    proof: { isolation },
  });
  return rig;
}

const withoutCage = (rig: WaveRig) => ({
  processes: createProcessEdge({
    graceMs: 500,
    cages: createCageEdge({ env: { PATH: rig.dir }, folder: rig.dir, platform: 'linux' }),
  }),
});

const bundleFile = async (rig: WaveRig, name: string): Promise<string> => {
  const session = await rig.session();
  return session.ok ? rig.read(join(session.value.paths.bundle(1, 'A1'), name)) : '';
};
const cagesOf = async (rig: WaveRig) =>
  (JSON.parse(await bundleFile(rig, 'manifest.json')) as { predicate: { cages: unknown } }).predicate.cages;

const form = machineHasCage ? 'bubblewrap' : 'none';

test(`an agent and its proof run in the cage of this machine (${form}), and the bundle says so`, async () => {
  const writeHome = (name: string) =>
    `try { require('fs').writeFileSync(process.env.HOME + '/${name}', '') } catch {}`;
  await using rig = createCagedRig({
    agents: [
      {
        id: 'A1',
        proofCommands: ['git log --oneline', 'git status --short', `node -e "${writeHome('by-the-proof')}"`],
        does: `write('src/A1.txt', 'x');
try { write(env.HOME + '/by-the-agent', 'x') } catch {}`,
      },
    ],
  });
  const launch = await rig.agent('A1');
  expect(launch.failures).toEqual([]);
  expect(await cagesOf(rig)).toMatchObject({ agent: { cage: form }, proofs: { cage: form } });
  const written = existsSync(join(rig.env['HOME'] ?? '', 'by-the-agent'));
  expect(written).toBe(!machineHasCage);
  expect(launch.lines.some((line) => line.includes('without a cage'))).toBe(!machineHasCage);
});

test('where no cage can be had a launch goes on and says why; required, nobody is started', async () => {
  await using rig = createCagedRig({ agents: [{ id: 'A1', proofCommands: ['node --version'] }] });
  const went = await rig.agent('A1', withoutCage(rig));
  expect(went.failures).toEqual([]);
  for (const who of ['A1: runs', 'proof commands run'])
    expect(went.lines).toContainEqual(
      expect.stringContaining(`${who} without a cage: bwrap is not on PATH. What it reads, calls,`),
    );
  expect(await cagesOf(rig)).toMatchObject({
    agent: { cage: 'none', network: null, why: 'bwrap is not on PATH' },
  });

  await using other = createCagedRig({ agents: [{ id: 'A1' }] }, 'required');
  const refused = await other.agent('A1', withoutCage(other));
  expect(refused.ran).toEqual({});
  expect(refused.failures).toMatchObject([
    { code: 'cage-missing', next: expect.stringContaining('apt-get') },
  ]);
});

test('a plan names the cage, what it lets through and what may be written besides', async () => {
  await using rig = createCagedRig({ agents: [{ id: 'A1', proofCommands: ['node --version'] }] });
  rig.configure({
    executors: {
      default: 'local',
      local: { hosts: ['registry.npmjs.org'], folders: ['~/.cache/tool'], isolation: 'auto' },
    },
    proof: { isolation: 'off' },
  });
  const session = await rig.session();
  const planned = session.ok ? await planWave(session.value) : session;
  const lines = planned.ok ? planLines(planned.value.plan) : [];
  const agent = machineHasCage
    ? expect.stringContaining('; writes also to: ~/.cache/tool')
    : expect.stringContaining('cage: none: ');
  expect(lines).toEqual(
    expect.arrayContaining([agent, '  cage of its proof: none: proof.isolation is "off"']),
  );
});

if (machineHasCage) {
  test('a proof command that calls a host is refused by its name, and no agent is blamed', async () => {
    await using rig = createCagedRig({
      agents: [
        {
          id: 'A1',
          proofCommands: [`node -e "fetch('http://registry.example:80').catch((e) => { throw e.cause })"`],
        },
      ],
    });
    const { failures } = await rig.agent('A1');
    expect(failures).toMatchObject([
      {
        code: 'proof-needs-network',
        message: expect.stringContaining('registry.example'),
        next: expect.stringContaining('proof.services'),
      },
    ]);
  });

  test('a tree that was proved without a cage is proved again in one', async () => {
    await using rig = createCagedRig({
      agents: [
        { id: 'A1', proofCommands: ['node --version'] },
        { id: 'A0', owns: ['docs/qa.md'] },
      ],
    });
    const proofs = () => readdirSync(join(rig.root, '.git/nx-wave/tree-proofs')).length;
    await rig.launch(withoutCage(rig));
    const before = proofs();
    await rig.launch();
    expect(proofs()).toBeGreaterThan(before);
  });

  test('the settings of an environment in the tree of the person cannot be read', async () => {
    await using rig = createCagedRig({
      agents: [
        {
          id: 'A1',
          does: `let seen = '';
const [, root] = /ROOT=(\\S+)/.exec(prompt);
try { seen = read(root + '/app/.env') } catch (error) { seen = error.code }
write('src/A1.txt', seen);`,
        },
      ],
    });
    rig.write('app/.env', 'TOKEN=of-the-person');
    rig.edit(({ A1 }) => {
      if (A1 !== undefined) A1.prompt = `ROOT=${rig.root}`;
    });
    expect((await rig.agent('A1')).failures).toEqual([]);
    expect(await bundleFile(rig, 'changes.patch')).not.toContain('of-the-person');
  });
}
