import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createCageRig, machineHasCage, machineHasSocat, type CageRig } from '../../../testing/cage-rig';
import { longEnough } from '../../../testing/long-enough';
import { createProcessTable } from '../process-table';
import { createProcessEdge } from '../supervise';
import { createCageEdge } from './cage-edge';

let rig: CageRig;
beforeEach(() => {
  rig = createCageRig();
});
afterEach(() => rig.dispose());

const node = (body: string) => [process.execPath, '-e', body];

/** A script that starts a long sleep in the background and says so once it is there. `how`: what stands before it. */
const leaves = (how: string, seconds = '600') =>
  `cd /; ${how} sleep ${seconds} >/dev/null 2>&1 </dev/null & kill -0 $! && echo left`;

test(`find says what this machine can have: ${machineHasCage ? 'bubblewrap' : 'no cage'}`, async () => {
  const found = await createCageEdge({ env: process.env, folder: rig.dir }).find();
  expect(found.kind).toBe(machineHasCage ? 'bubblewrap' : 'none');
  const none = await createCageEdge({ env: { PATH: rig.dir }, folder: rig.dir, platform: 'linux' }).find();
  expect(none).toMatchObject({
    kind: 'none',
    why: 'bwrap is not on PATH',
    next: expect.stringContaining('apt-get'),
  });
  const elsewhere = await createCageEdge({ env: {}, folder: rig.dir, platform: 'win32' }).find();
  expect(elsewhere).toMatchObject({ kind: 'none', why: 'there is none for win32' });
});

test('a bwrap that cannot start is no cage, and its own words are the reason', async () => {
  const fake = join(rig.dir, 'bwrap');
  writeFileSync(fake, '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n', {
    mode: 0o755,
  });
  const found = await createCageEdge({ env: { PATH: rig.dir }, folder: rig.dir, platform: 'linux' }).find();
  expect(found).toMatchObject({
    kind: 'none',
    why: expect.stringContaining('No permissions to create new namespace'),
  });
});

/** What holds outside of a cage too, so that one table checks both forms. */
describe.each(machineHasCage ? [true, false] : [false])('a start with a cage: %s', (caged) => {
  const run = (words: string[], options = {}) => rig.run(words, { caged, ...options });

  test.each([0, 1, 7, 126, 200, 255])('the exit code %i is the one of the program', async (code) => {
    expect(await run(['sh', '-c', `exit ${code}`])).toMatchObject({ code, signal: null, cause: 'exit' });
  });

  test('a signal that ends the program is told as the signal', async () => {
    expect(await run(['sh', '-c', 'kill -9 $$'])).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test('a program that is not there is an error of the start', async () => {
    expect(await run(['no-such-program'])).toMatchObject({ cause: 'spawn-error', errorCode: 'ENOENT' });
    expect(await run(['./a-file'])).toMatchObject({ cause: 'spawn-error', errorCode: 'ENOENT' });
    writeFileSync(join(rig.checkout, 'script'), '#!/no/such/interpreter\n', { mode: 0o755 });
    expect(await run(['./script'])).toMatchObject({ cause: 'spawn-error', errorCode: 'ENOENT' });
    writeFileSync(join(rig.checkout, 'a-file'), 'x');
    expect(await run(['./a-file'])).toMatchObject({ cause: 'spawn-error', errorCode: 'EACCES' });
  });

  test('input, both outputs, folder and environment are the same', async () => {
    const { out } = await run(['sh', '-c', 'cat; echo; pwd; echo "$MORE" >&2'], {
      env: { MORE: 'more of it' },
    });
    expect(out).toContain('the input');
    expect(out).toContain(rig.checkout);
    expect(out).toContain('more of it');
  });

  test('at the time limit a program may still put its things in order', async () => {
    const body = `process.on('SIGTERM', () => { require('fs').writeFileSync('last', 'words'); process.exit(3); }); setInterval(() => {}, 1000); console.log('up');`;
    const exit = await longEnough(
      1_500,
      (limitMs) => run(node(body), { limitMs }),
      ({ out }) => out.includes('up'),
    );
    expect(exit).toMatchObject({ cause: 'timeout', code: 3 });
    expect(readFileSync(join(rig.checkout, 'last'), 'utf8')).toBe('words');
  });

  test('what it leaves behind has ended', async () => {
    const mark = `left-${process.pid}-${caged}`;
    const { out } = await run(['sh', '-c', leaves('setsid')], { env: { WAVE_RUN_MARKER: mark } });
    expect(out).toContain('left');
    expect(await createProcessTable().listMarked(mark)).toEqual([]);
  });

  test('it may listen on a port and call itself', async () => {
    const body = `const s = require('http').createServer((_, a) => a.end('hello')).listen(0, '127.0.0.1', async () => {
      console.log(await (await fetch('http://127.0.0.1:' + s.address().port)).text()); process.exit(0); });`;
    expect((await run(node(body))).out).toContain('hello');
  });

  test('files of its checkout and of its temporary folder can be written, renamed and linked', async () => {
    const { code } = await run([
      'sh',
      '-c',
      'echo a > a && mv a "$TMPDIR/b" && ln "$TMPDIR/b" c && ln -s c d && cat d',
    ]);
    expect(code).toBe(0);
    expect(existsSync(join(rig.checkout, 'd'))).toBe(true);
  });
});

const inCage = machineHasCage ? describe : null;
describe('a cage that cannot be made', () => {
  const supervise = (env: Record<string, string>, folder = join(rig.dir, 'cage')) =>
    createProcessEdge({ cages: createCageEdge({ env, folder, platform: 'linux' }) }).supervise(
      '/bin/sh',
      ['-c', 'echo started > started'],
      {
        cwd: rig.checkout,
        env: { PATH: process.env['PATH'] ?? '' },
        stdin: '',
        hardLimitMs: 600_000,
        idleLimitMs: 0,
        signal: new AbortController().signal,
        onOutput: () => undefined,
        cage: rig.policy(),
      },
    );
  /** A bwrap that passes its trial and fails by each start that is real. */
  const fakeBwrap = (body: string) => {
    const starts = join(rig.dir, 'starts');
    writeFileSync(starts, '');
    const script = `#!/bin/sh\ncase "$*" in *"status-fd 3"*) echo x >> "${starts}"; ${body};; esac\n`;
    writeFileSync(join(rig.dir, 'bwrap'), script, { mode: 0o755 });
    return () => readFileSync(starts, 'utf8').length / 2;
  };

  test('says why, is tried anew because places come and go, and starts nothing', async () => {
    const starts = fakeBwrap(`echo "bwrap: Can't find source path /srv/x" >&2; exit 1`);
    expect(await supervise({ PATH: rig.dir })).toMatchObject({
      cause: 'spawn-error',
      errorCode: null,
      cageProblem: "bwrap: Can't find source path /srv/x",
    });
    expect(starts()).toBe(3);
    expect(existsSync(join(rig.checkout, 'started'))).toBe(false);
  });

  test('is told from a program that ends with the same code and the same words', async () => {
    fakeBwrap(`echo '{ "exit-code": 1 }' >&3; echo "bwrap: Can't find source path /srv/x" >&2; exit 1`);
    expect(await supervise({ PATH: rig.dir })).toMatchObject({ cause: 'exit', code: 1, errorCode: null });
  });

  test('because its folder cannot be written is a value, and so is a bwrap that has gone', async () => {
    fakeBwrap('exit 0');
    writeFileSync(join(rig.dir, 'a-file'), '');
    expect(await supervise({ PATH: rig.dir }, join(rig.dir, 'a-file/cage'))).toMatchObject({
      cause: 'spawn-error',
      cageProblem: expect.stringContaining('ENOTDIR'),
    });
    expect(await supervise({ PATH: rig.home })).toMatchObject({
      cause: 'spawn-error',
      cageProblem: 'bwrap is no longer on PATH',
    });
  });
});

inCage?.('what a cage holds', () => {
  test.each([
    ['the tree of the person', () => join(rig.user, 'src/b.txt')],
    ['their home', () => join(rig.home, 'b')],
    ['their keys', () => join(rig.home, '.ssh/authorized_keys')],
    ['the store', () => join(rig.store, 'proofs/q')],
    ['hooks', () => join(rig.user, '.git/hooks/post-checkout')],
    ['objects', () => join(rig.user, '.git/objects/p')],
    ['another checkout', () => join(rig.other, 'y')],
    ['files of the runner beside the checkout', () => join(rig.checkout, '../runner/index')],
  ])('%s cannot be written', async (_name, path) => {
    const { code } = await rig.run(['sh', '-c', 'mkdir -p "$(dirname "$1")"; echo x > "$1"', 'x', path()]);
    expect({ code, there: existsSync(path()) }).toEqual({ code: expect.any(Number), there: false });
    expect(code).not.toBe(0);
  });

  test.each([
    ['keys', () => join(rig.home, '.ssh/id')],
    ['logins of registries', () => join(rig.home, '.npmrc')],
    ['settings of the environment', () => join(rig.user, '.env')],
    ['the configuration of git', () => join(rig.user, '.git/config')],
    ['proofs', () => join(rig.store, 'proofs/p')],
    ['another checkout', () => join(rig.other, 'x')],
  ])('%s cannot be read', async (_name, path) => {
    expect((await rig.run(['cat', path()])).out).not.toContain(readFileSync(path(), 'utf8'));
  });

  test('the sources of the person and their objects can be read', async () => {
    const { out } = await rig.run(['cat', join(rig.user, 'src/a.txt'), join(rig.user, '.git/objects/o')]);
    expect(out).toBe('of the userobject');
  });

  test('what the configuration allows can be written', async () => {
    await rig.run(['sh', '-c', 'echo x > "$HOME/kept"'], { grants: { folders: ['~/'] } });
    expect(existsSync(join(rig.home, 'kept'))).toBe(true);
    expect(
      (await rig.run(['cat', join(rig.home, '.ssh/id')], { grants: { folders: ['~/'] } })).out,
    ).not.toContain('key');
  });

  test('processes of the machine are not seen, and a mount cannot be changed back', async () => {
    const { out } = await rig.run([
      'sh',
      '-c',
      'ls /proc | grep -c "^[0-9]"; mount -o remount,rw / 2>&1; unshare -Ur mount -o remount,rw,bind / 2>&1; touch /nx-wave-escaped',
    ]);
    expect(Number(out.split('\n')[0])).toBeLessThan(10);
    expect(existsSync('/nx-wave-escaped')).toBe(false);
  });

  test('what has thrown its environment away, forked twice and left the folder ends with the cage all the same', async () => {
    const seconds = `600.${process.pid}`;
    const { out } = await rig.run(['sh', '-c', leaves('setsid -f env -i setsid', seconds)]);
    expect(out).toContain('left');
    const { stdout } = spawnSync('ps', ['-axo', 'args='], { encoding: 'utf8' });
    expect(stdout).not.toContain(`sleep ${seconds}`);
  });

  test('all private folders and shared memory together hold no more than their share of memory', async () => {
    const fill = `const fs = require('fs'); let mb = 0;
for (const folder of ['/tmp', '/var/tmp', '/run', '/dev/shm'])
  try { for (;;) { fs.appendFileSync(folder + '/big', Buffer.alloc(1 << 20)); mb += 1; } } catch (error) { console.log(folder, error.code); }
console.log(mb <= ${rig.policy().privateMb});`;
    const { out } = await rig.run(node(fill));
    expect(out).toBe('/tmp ENOSPC\n/var/tmp ENOSPC\n/run ENOSPC\n/dev/shm ENOSPC\ntrue\n');
  });

  test('among the devices nothing can be left', async () => {
    const { out } = await rig.run([
      'sh',
      '-c',
      'echo x > /dev/null && echo null; echo x > /dev/left || echo held',
    ]);
    expect(out.split('\n')).toEqual(expect.arrayContaining(['null', 'held']));
  });

  test('nothing outside can be called, a loopback service of the machine least of all', async () => {
    await using server = await listen();
    const { out } = await rig.run(
      node(`fetch('${server.url}').then(() => console.log('let through'), (e) => console.log(e.cause.code))`),
    );
    expect(out.trim()).toBe('ECONNREFUSED');
    expect(server.calls()).toBe(0);
  });

  test('a socket that stands where files can be read is called by nobody, unless it is allowed', async () => {
    const path = join(rig.user, 'src/daemon.sock');
    await using server = await listen(path);
    const call = node(
      `require('net').connect('${path}').on('connect', () => { console.log('let through'); process.exit(); }).on('error', (e) => console.log(e.code));`,
    );
    expect((await rig.run(call)).out).not.toContain('let through');
    expect((await rig.run(call, { grants: { calls: [path] } })).out).toContain('let through');
    expect(server.calls()).toBe(0);
  });

  test('a socket that is allowed by another name than it is bound by is called', async () => {
    symlinkSync(join(rig.user, 'src'), join(rig.user, 'also'));
    await using server = await listen(join(rig.user, 'also/daemon.sock'));
    const path = join(rig.user, 'src/daemon.sock');
    const call = node(
      `require('net').connect('${path}').on('connect', () => { console.log('let through'); process.exit(); }).on('error', (e) => console.log(e.code));`,
    );
    expect((await rig.run(call, { grants: { calls: [path] } })).out).toContain('let through');
    expect((await rig.run(call)).out).not.toContain('let through');
    expect(server.calls()).toBe(0);
  });

  if (machineHasSocat) {
    test('a port of loopback that is allowed is reached under its own number', async () => {
      await using server = await listen();
      const { out } = await rig.run(node(`fetch('${server.url}').then((a) => a.text()).then(console.log)`), {
        grants: { calls: [`localhost:${server.port}`] },
      });
      expect(out.trim()).toBe('served');
    });

    test('a host that is allowed is reached through the proxy, another is denied and named', async () => {
      await using server = await listen();
      const ask = (host: string) =>
        `require('http').get({ host: '127.0.0.1', port: 61080, path: 'http://${host}:${server.port}/' }, (a) => console.log('${host}', a.statusCode)).on('error', console.log);`;
      const exit = await rig.run(node(ask('localhost.localdomain') + ask('elsewhere.example')), {
        grants: { calls: ['localhost.localdomain'] },
      });
      expect(exit.out).toMatch(/localhost.localdomain (200|502)/);
      expect(exit.out).toContain('elsewhere.example 403');
      expect(exit.denied).toEqual([`elsewhere.example:${server.port}`]);
    });

    test('the exit code behind a bridge is the one of the program', async () => {
      expect(await rig.run(['sh', '-c', 'exit 9'], { grants: { calls: ['localhost:5432'] } })).toMatchObject({
        code: 9,
      });
    });
  }
});

async function listen(path?: string) {
  let calls = 0;
  const server = createServer((_asked, answer) => {
    calls += 1;
    answer.end('served');
  });
  await new Promise<void>((resolve) =>
    path === undefined ? server.listen(0, '127.0.0.1', resolve) : server.listen(path, resolve),
  );
  const { port = 0 } = path === undefined ? (server.address() as AddressInfo) : {};
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    calls: () => calls,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}
