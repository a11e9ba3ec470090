import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { acquireLease, isLeaseHeld } from './lease';

const workspace = resolve(__dirname, '../../../../..');

interface Holder {
  process: ChildProcess;
  /** The next line that it prints. */
  line(): Promise<string>;
  release(): void;
}

describe('a lease', () => {
  let folder: string;
  const holders: Holder[] = [];

  /** Another process that wants the lease, from the real code. */
  function startHolder(): Holder {
    const child = spawn(
      process.execPath,
      [
        '-r',
        '@swc-node/register',
        join(workspace, 'packages/wave-plugin/src/testing/lease-holder.ts'),
        folder,
      ],
      {
        cwd: workspace,
        env: { PATH: process.env['PATH'], TS_NODE_PROJECT: join(workspace, 'tsconfig.base.json') },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const holder: Holder = {
      process: child,
      line: async () => String((await lines.next()).value),
      release: () => void child.stdin.write('\n'),
    };
    holders.push(holder);
    return holder;
  }

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nx-wave-lease-'))));
  afterEach(() => {
    for (const { process: child } of holders.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('has one holder: the second waits, says for whom, and goes on when the first is done', async () => {
    const first = startHolder();
    expect(await first.line()).toMatch(/^holding /);
    const second = startHolder();
    expect(await second.line()).toBe(`waiting ${first.process.pid}`);
    expect(await isLeaseHeld(folder)).toBe(true);
    first.release();
    expect(await first.line()).toBe('released');
    expect(await second.line()).toMatch(/^holding /);
    second.release();
    expect(await second.line()).toBe('released');
    expect(await isLeaseHeld(folder)).toBe(false);
    expect(await isLeaseHeld(join(folder, 'of nobody'))).toBe(false);
  });

  it('of a killed holder is taken over at once, after what that holder had started is ended', async () => {
    const first = startHolder();
    const marker = (await first.line()).replace('holding ', '');
    const second = startHolder();
    expect(await second.line()).toBe(`waiting ${first.process.pid}`);
    first.process.kill('SIGKILL');
    expect(await second.line()).toBe(`taken over ${marker}`);
    expect(await second.line()).toMatch(/^holding /);
  });

  it('fails nobody when it cannot be given back', async () => {
    const lease = await acquireLease({
      folder,
      signal: new AbortController().signal,
      onWait: () => undefined,
      onTakeover: async () => undefined,
    });
    rmSync(folder, { recursive: true });
    await expect(lease.ok ? lease.value.release() : fail('no lease')).resolves.toBeUndefined();
  });

  it('of a stopped holder is never taken: it goes on where it was', async () => {
    const first = startHolder();
    expect(await first.line()).toMatch(/^holding /);
    first.process.kill('SIGSTOP');
    const asked: number[] = [];
    const stop = new AbortController();
    const refused = await acquireLease({
      folder,
      signal: stop.signal,
      // Long enough for it to be asked a few times.
      onWait: ({ pid }) => {
        asked.push(pid);
        setTimeout(() => stop.abort(), 400);
      },
      onTakeover: async () => fail('a living holder was robbed'),
      pollMs: 20,
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'agent-cancelled' } });
    expect(asked).toEqual([first.process.pid]);
    first.process.kill('SIGCONT');
    first.release();
    expect(await first.line()).toBe('released');
  });

  it.each(['', '{', 'null', '{}', '{"owner":null}', '{"owner":{"host":5},"marker":"m","released":false}'])(
    'is free where its last file says %j, which no holder has written',
    async (text) => {
      writeFileSync(join(folder, 'g1'), text);
      expect(await isLeaseHeld(folder)).toBe(false);
      const onTakeover = async () => fail('nobody is known to have held it');
      const lease = await acquireLease({
        folder,
        signal: new AbortController().signal,
        onWait: () => fail('nobody holds it'),
        onTakeover,
      });
      expect(lease.ok).toBe(true);
    },
  );

  it('goes to one of many who ask at once, and to each of them in turn', async () => {
    const counts = { inside: 0, most: 0, done: 0 };
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        const lease = await acquireLease({
          folder,
          signal: new AbortController().signal,
          onWait: () => undefined,
          onTakeover: async () => fail('nobody has died'),
          pollMs: 1,
        });
        if (!lease.ok) throw new Error(lease.error.message);
        counts.inside += 1;
        counts.most = Math.max(counts.most, counts.inside);
        await new Promise((next) => setImmediate(next));
        counts.inside -= 1;
        counts.done += 1;
        await lease.value.release();
      }),
    );
    expect(counts).toEqual({ inside: 0, most: 1, done: 12 });
    // One generation to take and one to give back, never deleted.
    expect(readdirSync(folder)).toHaveLength(24);
  });

  it('is refused with the reason when its folder cannot be made', async () => {
    const lease = await acquireLease({
      folder: join(process.execPath, 'leases'),
      signal: new AbortController().signal,
      onWait: () => undefined,
      onTakeover: async () => undefined,
    });
    expect(lease).toMatchObject({ ok: false, error: { code: 'state-unwritable' } });
  });
});

function fail(why: string): never {
  throw new Error(why);
}
