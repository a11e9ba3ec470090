import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadExeca } from './execa';

export interface NxCommand {
  workspaceRoot: string;
  env: Readonly<Record<string, string>>;
}

/**
 * What Nx puts into the environment of one task: an Nx that is started inside must not take it for its own. Which runs it is
 * inside of (`NX_INVOCATION_ANCESTOR_PIDS`) stays, so that Nx still sees a loop.
 */
const ofOneTask =
  /^(NX_TASK_\w+|NX_TERMINAL_\w+|NX_STREAM_OUTPUT|NX_PREFIX_OUTPUT|NX_FORKED_\w+|NX_SET_CLI|LERNA_PACKAGE_NAME|FORCE_COLOR)$/;
const ofAnAncestor = /^NX_INVOCATION_\w+$/;

/** The Nx of the workspace, as a file that Node runs. */
function nxOf(workspaceRoot: string): string {
  const manifest = createRequire(join(workspaceRoot, 'package.json')).resolve('nx/package.json');
  const { bin } = createRequire(manifest)(manifest) as { bin: { nx: string } };
  return join(dirname(manifest), bin.nx);
}

function environmentOf(env: NxCommand['env'], { alone }: { alone: boolean }): Record<string, string> {
  const kept = Object.entries(env).filter(
    ([name]) => !ofOneTask.test(name) && !(alone && ofAnAncestor.test(name)),
  );
  return { ...Object.fromEntries(kept), NX_TUI: 'false' };
}

/**
 * Runs Nx to its end, with the output of this process. Null where a signal ended it, or it could not be started. When `signal`
 * aborts it is asked to end, and is waited for: it ends its tasks, which keep what they have.
 */
export async function runNx(
  args: readonly string[],
  { workspaceRoot, env, signal }: NxCommand & { signal: AbortSignal },
): Promise<number | null> {
  const execa = await loadExeca();
  if (signal.aborted) return null;
  const child = execa(process.execPath, [nxOf(workspaceRoot), ...args], {
    cwd: workspaceRoot,
    env: environmentOf(env, { alone: false }),
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
    forceKillAfterDelay: false,
    verbose: 'none',
  });
  const end = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  try {
    return (await child).exitCode ?? null;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Starts Nx in a session of its own, with its output in `log`, and leaves it. Gives its process id; null where it could not be started. */
export async function startNxDetached(
  args: readonly string[],
  { workspaceRoot, env, log }: NxCommand & { log: string },
): Promise<number | null> {
  const execa = await loadExeca();
  const descriptor = openSync(log, 'a', 0o600);
  // Its types know the first few numbers only.
  const output = descriptor as 3;
  try {
    const child = execa(process.execPath, [nxOf(workspaceRoot), ...args], {
      cwd: workspaceRoot,
      env: environmentOf(env, { alone: true }),
      extendEnv: false,
      stdin: 'ignore',
      stdout: output,
      stderr: output,
      detached: true,
      cleanup: false,
      reject: false,
      verbose: 'none',
    });
    child.unref();
    return child.pid ?? null;
  } finally {
    closeSync(descriptor);
  }
}
