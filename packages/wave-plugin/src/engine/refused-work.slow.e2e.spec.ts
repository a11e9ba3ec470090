import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type RigLaunch, type WaveRig, createWaveRig } from '../testing/rig';
import { rigStore } from '../testing/rig-store';
import { type RigAgent } from '../testing/rig-wave';

jest.setTimeout(180_000);

const own = (id: string) => `src/${id}.txt`;
const done = (id: string) => `write('${own(id)}', 'work of ${id}');`;

interface Case {
  title: string;
  agent: Omit<RigAgent, 'id'> & { does?: string | null };
  /** Codes of all failures, in order. */
  codes: string[];
  /** What the person reads, somewhere. */
  tells: (string | RegExp)[];
  /** False where the program never started. */
  started?: false;
  /** False where nothing was left to keep. */
  kept?: false;
}

const cases: Case[] = [
  {
    title: 'whose script is not there',
    agent: { does: null },
    codes: ['agent-exit'],
    tells: [
      /Cannot find module.*agents\/X1\.mjs/,
      'Read .tmp/main-wave-launcher/results/wave-1/attempt-1/X1/transcript.jsonl',
    ],
    started: false,
  },
  {
    title: 'whose program is not on PATH',
    agent: { command: 'no-such-program --fast' },
    codes: ['agent-spawn'],
    tells: [
      '"no-such-program --fast" (ENOENT)',
      'Check the command under "### Executor" in docs/plans/waves/wave-1.md',
    ],
    started: false,
  },
  {
    title: 'that declares no command',
    agent: { command: null },
    codes: ['local-command-missing'],
    tells: ['declares no local.command', 'Write "- local.command:'],
    started: false,
  },
  {
    title: 'whose program exits with an error',
    agent: {
      does: "write('src/X4.txt', 'half'); silent(); console.error('out of eggs'); process.exitCode = 3;",
    },
    codes: ['agent-exit'],
    tells: ['exit code 3', 'out of eggs'],
  },
  {
    title: 'whose program is killed',
    agent: {
      does: "write('src/X5.txt', 'half'); process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});",
    },
    codes: ['agent-killed'],
    tells: ['SIGKILL'],
  },
  {
    title: 'that leaves no envelope',
    agent: { does: `${done('X6')} silent();` },
    codes: ['envelope-missing'],
    tells: ['left no result envelope', 'WAVE_RESULT_ENVELOPE'],
  },
  {
    title: 'whose envelope is not JSON',
    agent: { does: `${done('X7')} silent(); raw('{"schemaVersion": 2,');` },
    codes: ['envelope-malformed'],
    tells: ['is not JSON'],
  },
  {
    title: 'whose envelope breaks its schema',
    agent: { does: `${done('X8')} envelope({ proof: { state: 'perfect' }, implementation: undefined });` },
    codes: ['envelope-malformed', 'envelope-malformed'],
    tells: ['proof.state', 'The payload `implementation` is missing'],
  },
  {
    title: 'that answers under another name',
    agent: { does: `${done('X9')} envelope({ agentId: 'X1' });` },
    codes: ['envelope-identity'],
    tells: ['The envelope says agentId "X1", but this is agentId "X9"'],
  },
  {
    title: 'that adds a path it does not own',
    agent: { does: `${done('X10')} write('src/stolen.txt', 'mine now');` },
    codes: ['ownership-violation'],
    tells: ['src/stolen.txt'],
  },
  {
    title: 'that deletes a path it does not own',
    agent: { does: `${done('X11')} remove('src/base.txt');` },
    codes: ['ownership-violation'],
    tells: ['src/base.txt'],
  },
  {
    title: 'that moves a path it does not own to one that it owns',
    agent: { does: "rename('src/base.txt', 'src/X12.txt');" },
    codes: ['ownership-violation'],
    tells: ['src/base.txt'],
  },
  {
    title: 'that leaves a link out of the checkout',
    agent: { does: "link('../../../../etc/hosts', 'src/X13.txt');" },
    codes: ['symlink-escape'],
    tells: ['src/X13.txt'],
  },
  {
    title: 'that forgets a deliverable',
    agent: { does: '', deliverables: [own('X14')] },
    codes: ['deliverable-missing'],
    tells: [own('X14')],
    kept: false,
  },
  {
    title: 'that leaves a deliverable empty',
    agent: { does: "write('src/X15.txt', '');", deliverables: [own('X15')] },
    codes: ['deliverable-empty'],
    tells: [own('X15')],
  },
  {
    title: 'whose proof command fails',
    agent: { does: done('X16'), proofCommands: ['node -e "console.log(6 * 7); process.exit(5)"'] },
    codes: ['proof-command-failed'],
    tells: ['process.exit(5)', '42'],
  },
  {
    title: 'whose proof command names a program that is not there',
    agent: { does: done('X17'), proofCommands: ['no-such-checker src'] },
    codes: ['proof-command-missing'],
    tells: ['no-such-checker'],
  },
  {
    title: 'that leaves a repository inside its checkout',
    agent: {
      does: `${done('X18')} (await import('node:child_process')).execSync('git init -q src/inner && echo x > src/inner/x');`,
      owns: ['src/X18.txt', 'src/inner/'],
    },
    codes: ['nested-repository'],
    tells: ['src/inner'],
  },
];

describe('a program that does not end', () => {
  const hangs = {
    id: 'A1',
    does: "write('src/A1.txt', 'half'); silent(); await new Promise((done) => setTimeout(done, 600_000));",
  };

  it.each([
    ['runs past its limit', { attemptMinutes: 0.05 }, 'agent-timeout', 'limits.attemptMinutes'],
    ['is silent for too long', { idleMinutes: 0.04 }, 'agent-idle', 'limits.idleMinutes'],
  ])('%s: it is ended, and what it did is kept', async (_title, limits, code, setting) => {
    await using rig = createWaveRig({ agents: [hangs], config: { limits } });
    const { failures, lines } = await rig.agent('A1');
    expect(failures).toMatchObject([{ code, next: expect.stringContaining(setting) }]);
    expect(lines.at(-1)).toBe('next: nx run wave-1:launch');
    expect(rig.read('.git/nx-wave/attempts/wave-1/A1/attempt-1/bundle/changes.patch')).toContain('+half');
  });

  it('is ended when the user cancels, and goes on from there the next time', async () => {
    const controller = new AbortController();
    await using rig = createWaveRig({
      agents: [
        {
          ...hangs,
          does: `if (exists('src/A1.txt')) write('src/A1.txt', 'whole'); else { ${hangs.does.replace('silent();', "console.log('begun'); silent();")} }`,
        },
      ],
    });
    const print = (line: string) => (line.includes('begun') ? controller.abort() : undefined);
    const cancelled = await rig.agent('A1', { signal: controller.signal, print });
    expect(cancelled.failures).toMatchObject([{ code: 'agent-cancelled' }]);
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' } });
  });
});

describe('the slice of an agent', () => {
  let rig: WaveRig;
  let untouched: string;
  beforeAll(() => {
    rig = createWaveRig({ agents: cases.map(({ agent }, at) => ({ id: `X${at + 1}`, ...agent })) });
    untouched = rig.fingerprint();
  });
  afterAll(() => rig.dispose());

  it.each(cases.map((one, at) => ({ id: `X${at + 1}`, ...one })))(
    '$title is refused with a clear word, and what it left is kept',
    async ({ id, codes, tells, started = true, kept = started }) => {
      const ended: RigLaunch = await rig.agent(id);
      expect(ended.failures.map(({ code }) => code)).toEqual(codes);
      const printed = ended.lines.join('\n');
      for (const text of tells) expect(printed).toMatch(text);
      expect(printed).toMatch(/\n {2}Next: .+\n/);
      expect(ended.lines.at(-1)).toMatch(/^next: nx run wave-1:/);
      expect(ended.closure).toMatchObject({ state: 'open' });
      expect(ended.closure?.reasons).toContainEqual(
        expect.objectContaining({ code: codes[0], agentIds: [id] }),
      );
      expect(ended.ran).toEqual(started ? { [id]: 1 } : {});
      expect(existsSync(join(rig.root, `.tmp/main-wave-launcher/handoff/wave-1/${id}.json`))).toBe(false);
      const bundle = join(rig.root, '.git/nx-wave/attempts/wave-1', id, 'attempt-1/bundle/changes.patch');
      if (kept) expect(existsSync(bundle)).toBe(true);
    },
  );

  it('never reaches the proof store, and the tree is untouched', () => {
    expect(rigStore(rig).proofs()).toEqual([]);
    expect(rig.fingerprint()).toBe(untouched);
  });
});
