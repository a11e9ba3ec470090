import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runToEnd, startProgram, type ProgramOutput, type StartedProgram } from './start-program';

const node = process.execPath;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wave-start-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const env = { PATH: '/usr/bin:/bin' };
const run = (source: string, input?: Parameters<typeof runToEnd>[2]['input']) =>
  runToEnd(node, ['-e', source], { cwd: home, env, input });
async function ran(source: string, input?: Parameters<typeof runToEnd>[2]['input']): Promise<ProgramOutput> {
  const result = await run(source, input);
  if ('errorCode' in result) throw new Error(result.message);
  return result;
}
async function started(source: string, detached = false): Promise<StartedProgram> {
  const program = await startProgram(node, ['-e', source], { cwd: home, env, detached });
  if ('errorCode' in program) throw new Error(program.message);
  return program;
}

describe('startProgram', () => {
  it('gives the program the environment that is named, and nothing of its own', async () => {
    process.env['NX_WAVE_SPEC_SECRET'] = 'secret';
    try {
      const { stdout } = await ran('console.log(JSON.stringify(process.env))');
      expect(JSON.parse(stdout.toString())).toEqual(env);
    } finally {
      delete process.env['NX_WAVE_SPEC_SECRET'];
    }
  });

  it.each([
    ['a program that is nowhere', 'no-such-program-of-ours', {}, 'ENOENT'],
    ['a working directory that is not there', node, { cwd: '/no/such/folder' }, 'ENOENT'],
    ['a folder', '/etc', {}, 'EACCES'],
    ['a name that is empty', '', {}, 'ERR_INVALID_ARG_VALUE'],
    ['a name with a NUL byte', 'a\0b', {}, 'ERR_INVALID_ARG_VALUE'],
  ])('tells %s as a value', async (_title, command, options, errorCode) => {
    const result = await runToEnd(command, [], { cwd: home, env, ...options });
    expect(result).toMatchObject({ errorCode, message: expect.any(String) as string });
  });

  it('never takes a program from node_modules of the working directory', async () => {
    const bin = join(home, 'node_modules', '.bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'only-here'), '#!/bin/sh\necho local\n');
    chmodSync(join(bin, 'only-here'), 0o755);
    expect(await runToEnd('only-here', [], { cwd: home, env })).toMatchObject({ errorCode: 'ENOENT' });
  });

  it('has no shell between: an argument is an argument', async () => {
    const result = await runToEnd('echo', ['$HOME; echo `id` > x && *'], { cwd: home, env });
    expect(String('stdout' in result && result.stdout)).toBe('$HOME; echo `id` > x && *\n');
  });

  it('leads a process group of its own only where it is detached', async () => {
    const groups: number[] = [];
    for (const detached of [true, false]) {
      const program = await started('setInterval(() => {}, 1e6)', detached);
      try {
        process.kill(-program.pid, 'SIGKILL');
        groups.push(program.pid);
      } catch {
        process.kill(program.pid, 'SIGKILL');
      }
      expect(await program.closed).toEqual({ code: null });
    }
    expect(groups).toHaveLength(1);
  });

  it('streams an output of a gigabyte in flat memory', async () => {
    const source = `const block = Buffer.alloc(1 << 20); let left = 1024;
      const write = () => { while (left-- > 0) if (!process.stdout.write(block)) return process.stdout.once('drain', write) };
      write();`;
    const program = await started(source);
    let bytes = 0;
    let highest = 0;
    const before = process.memoryUsage().rss;
    program.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      highest = Math.max(highest, process.memoryUsage().rss - before);
    });
    expect(await program.closed).toEqual({ code: 0 });
    expect(bytes).toBe(2 ** 30);
    expect(highest).toBeLessThan(200 * 2 ** 20);
  });
});

describe('runToEnd', () => {
  it('gives the exit code with both outputs, byte for byte', async () => {
    const source = `process.stdout.write(Buffer.from([0, 255, 10])); process.stderr.write('said\\n'); process.exitCode = 7`;
    const { code, stdout, stderr } = await ran(source);
    expect([code, [...stdout], stderr.toString()]).toEqual([7, [0, 255, 10], 'said\n']);
  });

  it('gives no exit code where a signal has ended the program', async () => {
    expect((await ran(`process.kill(process.pid, 'SIGKILL')`)).code).toBeNull();
  });

  it.each([
    ['bytes', Buffer.alloc(16 << 20)],
    ['text', 'x'.repeat(16 << 20)],
  ])('outlives a program that closes its input early: %s', async (_title, input) => {
    expect((await ran('process.stdin.destroy(); setTimeout(() => process.exit(4), 50)', input)).code).toBe(4);
  });

  it('streams a file of a gigabyte into a program in flat memory', async () => {
    const file = join(home, 'large');
    closeSync(openSync(file, 'w'));
    truncateSync(file, 2 ** 30);
    const before = process.memoryUsage().rss;
    let highest = 0;
    const look = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss - before);
    }, 10);
    const count =
      'let n = 0; process.stdin.on("data", (d) => (n += d.length)).on("end", () => console.log(n))';
    const { stdout } = await ran(count, { file });
    clearInterval(look);
    expect(Number(stdout.toString())).toBe(2 ** 30);
    expect(highest).toBeLessThan(200 * 2 ** 20);
  });

  it('ends the input where its file cannot be read', async () => {
    const source = 'process.stdin.resume().on("end", () => process.exit(5))';
    expect((await ran(source, { file: join(home, 'not-there') })).code).toBe(5);
  });

  it('keeps command lines off the screen, whatever is debugged', async () => {
    const program = join(__dirname, 'start-program.ts');
    const source = resolve(__dirname, '../../../../..');
    const call = `require(${JSON.stringify(program)}).runToEnd('echo', ['a secret'], { cwd: '/', env: { PATH: '/bin:/usr/bin' } })
      .then(({ stdout }) => process.stdout.write(String(stdout.length)))`;
    const output = await runToEnd(node, ['-r', '@swc-node/register', '-e', call], {
      cwd: source,
      env: { ...env, NODE_DEBUG: 'execa', TS_NODE_PROJECT: join(source, 'tsconfig.base.json') },
    });
    expect(output).toMatchObject({ code: 0, stdout: Buffer.from('9') });
    expect(String('stderr' in output && output.stderr)).not.toContain('secret');
  });
});
