import type { ChildProcess } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { pipeline, type Readable, type Writable } from 'node:stream';
import { loadExeca } from './execa';

const plain = ['pipe', 'pipe', 'pipe'] as const;
const telling = [...plain, 'pipe'] as const;

export interface ProgramOptions {
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Record<string, string>;
  /** In a process group and session of its own. */
  detached?: boolean;
  /** With a pipe on its descriptor 3, for what it tells of itself. */
  tells?: boolean;
}

/** A program that runs. Its output is not kept: whoever started it reads the pipes. */
export interface StartedProgram {
  pid: number;
  child: Pick<ChildProcess, 'once'>;
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** What comes from its descriptor 3, where it was asked for. */
  told: Readable | null;
  /** Resolves when it has ended and its pipes are closed, by whoever held them. Never rejects. */
  closed: Promise<{ code: number | null }>;
}

/** Why no program was started: the code and the words of the operating system. */
export interface StartError {
  errorCode: string;
  message: string;
}

/**
 * Starts a program without a shell, looked for on the PATH of `env` alone. It inherits nothing, and outlives this process
 * where nobody ends it: that is for the caller to see to.
 */
export async function startProgram(
  command: string,
  args: readonly string[],
  { cwd, env, detached = false, tells = false }: ProgramOptions,
): Promise<StartedProgram | StartError> {
  // execa throws here, where Node would answer as for any other bad argument.
  if ([command, ...args].some((one) => one.includes('\0')))
    return { errorCode: 'ERR_INVALID_ARG_VALUE', message: 'an argument holds a NUL byte' };
  const execa = await loadExeca();
  const options = {
    cwd,
    env,
    extendEnv: false,
    detached,
    shell: false,
    preferLocal: false,
    buffer: false,
    reject: false,
    cleanup: false,
    encoding: 'buffer',
    stdio: tells ? telling : plain,
    // NODE_DEBUG=execa would print whole command lines.
    verbose: 'none',
  } as const;
  const child = execa(command, args, options);
  const { pid, stdin, stdout, stderr } = child;
  if (pid === undefined) {
    const { code, originalMessage } = await child;
    return { errorCode: code ?? 'UNKNOWN', message: originalMessage ?? 'no reason was given' };
  }
  const closed = child.then(({ exitCode }) => ({ code: exitCode ?? null }));
  // A program may end without reading its input; how it ended says why.
  stdin.on('error', () => undefined);
  const told = (child.stdio[3] ?? null) as Readable | null;
  return { pid, child, stdin, stdout, stderr, told, closed };
}

export interface ProgramOutput {
  /** Null where a signal ended it. */
  code: number | null;
  stdout: Buffer;
  stderr: Buffer;
}

/** Runs a program whose output fits into memory to its end; `input` may be a file, which is streamed. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: ProgramOptions & { input?: string | Uint8Array | { file: string } | undefined },
): Promise<ProgramOutput | StartError> {
  const started = await startProgram(command, args, options);
  if ('errorCode' in started) return started;
  const { stdin, stdout, stderr, closed } = started;
  const [out, errors] = [collect(stdout), collect(stderr)];
  const { input } = options;
  if (typeof input === 'object' && 'file' in input)
    pipeline(createReadStream(input.file), stdin, () => undefined);
  else stdin.end(input ?? '');
  const { code } = await closed;
  return { code, stdout: Buffer.concat(out), stderr: Buffer.concat(errors) };
}

function collect(stream: Readable): Buffer[] {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}
