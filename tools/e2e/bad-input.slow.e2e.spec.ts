import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { refusedAgents, refusedCases } from '../../packages/wave-plugin/src/testing/refused-cases';
import { limitDisk, makeUnwritable } from '../../packages/wave-plugin/src/testing/rig-disk';
import { type RigAgent } from '../../packages/wave-plugin/src/testing/rig-wave';
import { createWaveWorkspace, type WaveWorkspace } from './wave-workspace';
import { type NxRun } from './workspace';

const hangs: RigAgent = {
  id: 'H1',
  does: "write('src/H1.txt', 'half'); silent(); await new Promise((done) => setTimeout(done, 600_000));",
};
const large: RigAgent = {
  id: 'L1',
  does: "write('src/L1.txt', (await import('node:crypto')).randomBytes(200_000).toString('hex'))",
};

describe('agents whose work is refused, in real Nx', () => {
  let clone: WaveWorkspace;
  let untouched: string;
  let run: NxRun;
  beforeAll(async () => {
    // Long enough for every agent to be started on a loaded machine, and over while the other wave runs.
    clone = createWaveWorkspace({ 1: refusedAgents(), 2: [hangs] }, { limits: { idleMinutes: 0.5 } });
    untouched = clone.fingerprint();
    run = await clone.nx(['run-many', '-t', 'launch', '-p', 'wave-1', 'wave-2']);
  });
  afterAll(() => clone.dispose());

  it.each(refusedCases.map((one, at) => ({ id: `X${at + 1}`, ...one })))(
    'the task of an agent $title fails with a clear word',
    ({ id, codes, tells, started = true, kept = started, attempted = true }) => {
      expect(run.output).toMatch(new RegExp(`^- wave-1:agent-${id.toLowerCase()}$`, 'm'));
      for (const text of tells) expect(run.output).toMatch(text);
      expect(clone.closure(1).state).toBe('open');
      const { reasons } = clone.closure(1);
      const own = reasons.filter(({ agentIds }) => agentIds.includes(id)).map(({ code }) => code);
      if (attempted) expect(own).toEqual(codes);
      expect(clone.started()[id] ?? 0).toBe(started ? 1 : 0);
      expect(existsSync(join(clone.root, `.tmp/main-wave-launcher/handoff/wave-1/${id}.json`))).toBe(false);
      const patch = `.git/nx-wave/attempts/wave-1/${id}/attempt-1/bundle/changes.patch`;
      if (kept) expect(existsSync(join(clone.root, patch))).toBe(true);
    },
  );

  it('ends an agent that hangs past its limit, and keeps what it did', () => {
    expect(clone.closure(2).reasons).toContainEqual(
      expect.objectContaining({ code: 'agent-idle', agentIds: ['H1'] }),
    );
    expect(run.output).toContain('limits.idleMinutes');
    expect(clone.read('.git/nx-wave/attempts/wave-2/H1/attempt-1/bundle/changes.patch')).toContain('+half');
  });

  it('tells the next command, touches nothing, stores nothing and caches nothing', async () => {
    expect(run.code).not.toBe(0);
    expect(run.cached).toEqual([]);
    expect(run.output).toMatch(/^ *[Nn]ext: .+$/m);
    expect(run.output).toMatch(/^next: nx run wave-1:/m);
    expect(clone.fingerprint()).toBe(untouched);
    expect(existsSync(join(clone.root, '.git/nx-wave/proofs'))).toBe(false);
    const again = await clone.nx(['run', 'wave-1:agent-x16']);
    expect(again.code).not.toBe(0);
    expect(again.cached).toEqual([]);
    expect(clone.started().X16).toBe(2);
  });
});

describe('a wave on bad ground, in real Nx', () => {
  let clone: WaveWorkspace;
  const launch = (env: Record<string, string> = {}) => clone.nx(['run', 'wave-1:launch'], env);
  beforeAll(() => {
    clone = createWaveWorkspace({ 1: [{ id: 'A1' }], 2: [large] });
  });
  afterAll(() => clone.dispose());

  const refuses = async (running: Promise<NxRun>, tells: (string | RegExp)[]) => {
    const { code, output } = await running;
    expect(code).not.toBe(0);
    for (const text of tells) expect(output).toMatch(text);
    expect(clone.started()).toEqual({});
  };

  /** Puts the repository aside for the length of a test. */
  async function withoutRepository(test: () => Promise<void>): Promise<void> {
    const [from, to] = [join(clone.root, '.git'), join(clone.root, '..', 'aside')];
    execFileSync('mv', [from, to]);
    try {
      await test();
    } finally {
      rmSync(from, { recursive: true, force: true });
      execFileSync('mv', [to, from]);
    }
  }

  it('says that there is no repository, and how to get one', () =>
    withoutRepository(() => refuses(launch(), [/not-a-repository/, 'git init'])));

  it('says that there is no commit, and how to make one', () =>
    withoutRepository(async () => {
      clone.git('init', '-q');
      await refuses(launch(), [/no-commits/, 'git commit']);
    }));

  it('says which git it needs when the installed one is too old', async () => {
    const bin = join(clone.root, '..', 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), "#!/bin/sh\necho 'git version 2.37.9'\n");
    chmodSync(join(bin, 'git'), 0o755);
    await refuses(launch({ PATH: [bin, process.env.PATH ?? ''].join(delimiter) }), [
      /git-too-old/,
      /git 2\.37\.9 is too old.*needs git 2\.38 or newer/,
    ]);
  });

  it('names the files of a merge that is not finished, and runs nobody', async () => {
    const main = clone.git('branch', '--show-current').trim();
    clone.git('checkout', '-q', '-b', 'other');
    clone.write('src/base.txt', 'theirs\n');
    clone.git('commit', '-qam', 'theirs');
    clone.git('checkout', '-q', main);
    clone.write('src/base.txt', 'ours\n');
    clone.git('commit', '-qam', 'ours');
    expect(() => clone.git('merge', '-q', 'other')).toThrow();
    const untouched = clone.fingerprint();
    await refuses(launch(), [
      /unmerged-index/,
      'A merge is not finished: src/base.txt.',
      'git merge --abort',
    ]);
    expect(clone.fingerprint()).toBe(untouched);
    clone.git('merge', '--abort');
  });

  it('refuses before anything is paid when the state root cannot be written', async () => {
    clone.remove('.tmp');
    const restore = makeUnwritable(join(clone.root, '.tmp'));
    try {
      await refuses(launch(), [/state-unwritable/, '.tmp/main-wave-launcher']);
    } finally {
      restore();
    }
  });

  it('keeps the work of an agent when there is no space, and serves it when there is', async () => {
    clone.remove('.tmp');
    const disk = limitDisk(join(clone.root, '.tmp'), '64k');
    try {
      const { code, output } = await clone.nx(['run', 'wave-2:agent-l1']);
      expect(code).not.toBe(0);
      expect(output).toContain(disk.code);
      expect(output).toContain('run the same command again');
    } finally {
      disk.free();
    }
    expect(clone.started()).toEqual({ L1: 1 });
    expect((await clone.nx(['run', 'wave-2:agent-l1'])).code).toBe(0);
    expect(clone.started()).toEqual({ L1: 1 });
  });

  it('leaves out a repository inside the workspace, says so, and closes', async () => {
    clone.write('inner/x.txt', 'x');
    execFileSync('git', ['init', '-q'], { cwd: join(clone.root, 'inner') });
    const { code, output } = await launch();
    expect({ code, state: clone.closure(1).state }).toEqual({ code: 0, state: 'closed' });
    expect(output).toContain('warning: inner is a git repository of its own: agents will not see it.');
    expect(readdirSync(join(clone.root, 'inner'))).toContain('x.txt');
  });
});
