import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { longEnough } from '../../testing/long-enough';
import { type SuperviseOptions } from './contracts';
import { createProcessTable } from './process-table';
import { createProcessEdge } from './supervise';

const table = createProcessTable();
const node = process.execPath;
let home: string;
let marker: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wave-processes-'));
  marker = randomUUID();
});
afterEach(async () => {
  const left = await table.listMarked(marker);
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  rmSync(home, { recursive: true, force: true });
  expect(left).toEqual([]);
});

/** Runs a small program; what it prints is collected, and `onLine` may act on each piece. */
async function run(
  source: string,
  overrides: Partial<SuperviseOptions> = {},
  onText?: (text: string) => void,
) {
  let stdout = '';
  let stderr = '';
  const exit = await createProcessEdge({ graceMs: 400 }).supervise(node, ['-e', source], {
    cwd: home,
    env: { PATH: process.env.PATH ?? '', WAVE_RUN_MARKER: marker },
    stdin: '',
    hardLimitMs: 600_000,
    idleLimitMs: 0,
    signal: new AbortController().signal,
    onOutput: (chunk, stream) => {
      const text = Buffer.from(chunk).toString();
      if (stream === 'stdout') stdout += text;
      else stderr += text;
      onText?.(text);
    },
    ...overrides,
  });
  return { exit, stdout, stderr };
}

/** A child in a session of its own that ignores SIGTERM, announced by `ready` and its pid on the parent's output. */
const stubbornChild = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1e6)"],
    { detached: true, stdio: ['ignore', 'pipe', 'ignore'], env: ENV });
  child.stdout.once('data', () => { console.log('ready ' + child.pid); AFTER });
`;
const withChild = (after: string, env = 'process.env') =>
  stubbornChild.replace('AFTER', after).replace('ENV', env);

describe('supervise', () => {
  it('is cancelled where the program was ended first and its runner is told afterwards, as Nx does it', async () => {
    const controller = new AbortController();
    const gone = (pid: number) => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    };
    const { exit } = await run(`console.log(process.pid); setInterval(() => {}, 1e6)`, {
      signal: controller.signal,
      onOutput: (chunk) => {
        const pid = Number(Buffer.from(chunk).toString());
        process.kill(pid, 'SIGTERM');
        const look = setInterval(() => {
          if (!gone(pid)) return;
          clearInterval(look);
          controller.abort();
        }, 20);
      },
    });
    expect(exit).toMatchObject({ cause: 'cancelled', signal: 'SIGTERM' });
  });

  it('gives the program its input, its environment and nothing else', async () => {
    const source = `let text = ''; process.stdin.on('data', (d) => text += d).on('end', () => {
      console.log(text + '|' + Object.keys(process.env).sort().join()); console.error('warned'); process.exitCode = 3 })`;
    const { exit, stdout, stderr } = await run(source, { stdin: 'the prompt' });
    expect(stdout).toBe('the prompt|PATH,WAVE_RUN_MARKER\n');
    expect(stderr).toBe('warned\n');
    expect(exit).toMatchObject({ code: 3, signal: null, cause: 'exit', errorCode: null });
  });

  it('delivers all output of a program that ends while megabytes are still in the pipe', async () => {
    const { exit, stdout } = await run(`process.stdout.write('x'.repeat(8 * 1024 * 1024))`);
    expect(stdout.length).toBe(8 * 1024 * 1024);
    expect(exit.code).toBe(0);
  });

  it('survives a program that never reads its input', async () => {
    const { exit } = await run('process.stdin.destroy(); process.exit(0)', {
      stdin: 'y'.repeat(4 * 1024 * 1024),
    });
    expect(exit).toMatchObject({ code: 0, cause: 'exit' });
  });

  it.each([
    ['a program that is not there', 'no-such-program-of-ours', {}],
    ['a working directory that is not there', node, { cwd: '/no/such/folder' }],
  ])('tells %s as a value', async (_title, command, overrides) => {
    const exit = await createProcessEdge().supervise(command, [], {
      cwd: home,
      env: { PATH: '/usr/bin' },
      stdin: '',
      hardLimitMs: 600_000,
      idleLimitMs: 0,
      signal: new AbortController().signal,
      onOutput: () => undefined,
      ...overrides,
    });
    expect(exit).toMatchObject({ cause: 'spawn-error', errorCode: 'ENOENT', code: null });
  });

  it('tells a program that was killed by a signal', async () => {
    const { exit } = await run(`process.kill(process.pid, 'SIGKILL')`);
    expect(exit).toMatchObject({ code: null, signal: 'SIGKILL', cause: 'exit' });
  });

  it('starts nothing when it is cancelled before the start', async () => {
    const controller = new AbortController();
    controller.abort();
    const { exit, stdout } = await run(`console.log('ran')`, { signal: controller.signal });
    expect([exit.cause, stdout]).toEqual(['cancelled', '']);
  });

  it('starts nothing where a Ctrl-C waits to be heard', async () => {
    await run('process.exit(0)');
    const controller = new AbortController();
    // A signal is told by the next poll, which is in the second turn for whoever was called by one.
    setImmediate(() => setImmediate(() => controller.abort()));
    const { exit, stdout } = await run(`console.log('ran')`, { signal: controller.signal });
    expect([exit.cause, stdout, exit.durationMs]).toEqual(['cancelled', '', 0]);
  });

  it('ends a silent program at its idle limit, but not a talking one', async () => {
    // For longer than the limit, and ten times within it.
    const talk = (limitMs: number) =>
      `let n = 0; const t = setInterval(() => { console.log(n); if (++n === 12) clearInterval(t) }, ${limitMs / 10})`;
    const talking = await longEnough(
      500,
      (idleLimitMs) => run(talk(idleLimitMs), { idleLimitMs }),
      ({ exit }) => exit.cause === 'exit',
    );
    expect(talking.exit.cause).toBe('exit');
    expect((await run('setInterval(() => {}, 1e6)', { idleLimitMs: 300 })).exit.cause).toBe('idle');
  });

  it('kills a program that ignores SIGTERM at its hard limit, with its children of other sessions', async () => {
    const source = `process.on('SIGTERM', () => {}); ${withChild('setInterval(() => {}, 1e6)')}`;
    const { exit } = await longEnough(
      700,
      (hardLimitMs) => run(source, { hardLimitMs }),
      ({ stdout }) => stdout.includes('ready'),
    );
    expect(exit).toMatchObject({ cause: 'timeout', signal: 'SIGKILL' });
    expect(await table.listMarked(marker)).toEqual([]);
  });

  it('ends everything on cancellation', async () => {
    const controller = new AbortController();
    const { exit } = await run(
      withChild('setInterval(() => {}, 1e6)'),
      { signal: controller.signal },
      (text) => text.includes('ready') && controller.abort(),
    );
    expect(exit.cause).toBe('cancelled');
    expect(await table.listMarked(marker)).toEqual([]);
  });

  it('leaves no child behind after a normal exit', async () => {
    const { exit } = await run(withChild('process.exit(0)'));
    expect(exit).toMatchObject({ code: 0, cause: 'exit' });
    expect(await table.listMarked(marker)).toEqual([]);
  });

  it('ends a chain of processes of which none lives long enough to be met', async () => {
    const link = 'echo "$1" >> count; [ "$1" -gt 0 ] && sh -c "$0" "$0" $(($1 - 1)) &';
    const source = `require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(link)}, ${JSON.stringify(link)}, '100000'], { stdio: 'ignore' });
      setInterval(() => require('node:fs').existsSync('count') && process.exit(0), 10)`;
    await run(source);
    const count = () => readFileSync(join(home, 'count'), 'utf8').trim().split('\n').at(-1);
    const left = count();
    expect(Number(left)).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(count()).toBe(left);
  });

  it('ends a child that has dropped the marker while its parent lived', async () => {
    const controller = new AbortController();
    const { stdout } = await run(
      withChild('setInterval(() => {}, 1e6)', '{}'),
      { signal: controller.signal },
      (text) => text.includes('ready') && setImmediate(() => controller.abort()),
    );
    const pid = Number(/ready (\d+)/.exec(stdout)?.[1]);
    expect(pid).toBeGreaterThan(0);
    expect((await table.list()).map((entry) => entry.pid)).not.toContain(pid);
  });
});

describe('endMarked', () => {
  it('ends what an earlier run has left, and only that', async () => {
    const edge = createProcessEdge({ graceMs: 400 });
    const other = randomUUID();
    const start = (value: string) =>
      new Promise<{ pid: number; ended: Promise<unknown> }>((resolve) => {
        let pid = 0;
        const ended = edge.supervise(node, ['-e', `console.log('up'); setInterval(() => {}, 1e6)`], {
          cwd: home,
          env: { WAVE_RUN_MARKER: value },
          stdin: '',
          hardLimitMs: 600_000,
          idleLimitMs: 0,
          signal: stop.signal,
          onStart: (started) => (pid = started),
          onOutput: () => resolve({ pid, ended }),
        });
      });
    const stop = new AbortController();
    const [ours, theirs] = await Promise.all([start(marker), start(other)]);
    expect(await edge.endMarked(marker)).toBe(1);
    await ours.ended;
    expect((await table.listMarked(other)).map((entry) => entry.pid)).toEqual([theirs.pid]);
    stop.abort();
    await theirs.ended;
    expect(await edge.endMarked(marker)).toBe(0);
  });
});

/** Where a program stops by itself, so that a failing test harms nobody; then it stays as it is until it is ended. */
const stay = 'setInterval(() => {}, 1e6);';
const plenty = { memoryMb: 20_000, processes: 2_000, diskMb: 20_000 };

test.each([
  [
    'memory',
    `const held = []; for (let n = 0; n < 10; n += 1) held.push(Buffer.alloc(32 << 20, 1)); ${stay}`,
    { memoryMb: 200 },
    /^limits\.memoryMb allows 200 MiB of memory, and \d+ were used$/,
  ],
  [
    'processes',
    `const { spawn } = require('node:child_process'); for (let n = 0; n < 12; n += 1) spawn('sleep', ['600'], { stdio: 'ignore' }); ${stay}`,
    { processes: 8 },
    /^limits\.processes allows 8 processes at once, and \d+ were there$/,
  ],
  [
    'disk',
    `require('node:fs').writeFileSync('big', Buffer.alloc(24 << 20, 1)); ${stay}`,
    { diskMb: 8 },
    /^limits\.diskMb allows 8 MiB in its checkout, and 2\d were written$/,
  ],
])(
  'a program that uses more %s than it may is ended, with the limit as the reason',
  async (_what, source, limit, told) => {
    const { exit } = await run(source, { use: { ...plenty, ...limit, folder: home } });
    expect(exit).toMatchObject({ cause: 'exhausted', exceeded: expect.stringMatching(told) });
  },
);

test('a program within its limits is left alone, whatever stood in its folder before', async () => {
  writeFileSync(join(home, 'before'), Buffer.alloc(24 << 20, 1));
  const { exit } = await run(`setTimeout(() => {}, 2_500)`, {
    use: { memoryMb: 1_000, processes: 50, diskMb: 8, folder: home },
  });
  expect(exit).toMatchObject({ cause: 'exit', code: 0 });
});
