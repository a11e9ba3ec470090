import { type Failure, type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { runToEnd, type StartError } from '../processes/start-program';
import { startRemedy } from '../processes/start-remedy';
import { failureOfText } from './io-failure';
import { nameBytes } from './names';

/** What a git command gave back. */
export interface GitOutput {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** Where a git command runs. */
export interface GitPlace {
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Record<string, string>;
}

export interface GitCall extends GitPlace {
  /** A text may hold names that are not UTF-8, as `decodeName` gives them. */
  input?: string | Uint8Array | { file: string };
  /** Exit codes that are answers; 0 alone when absent. */
  answers?: readonly number[];
}

/** The environment of the person: what git needs to find itself and their configuration, and nothing else. */
export type HostEnv = Readonly<Record<string, string | undefined>>;

/** Settings that keep git silent, offline and in one language, whoever calls it. */
const quiet: Record<string, string> = {
  LC_ALL: 'C',
  LANGUAGE: '',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_PAGER: 'cat',
  GIT_ASKPASS: 'true',
};

function pick(env: HostEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Environment for reading the user's repository: their own configuration counts, no `GIT_*` of the caller does. */
export function userGitEnv(env: HostEnv): Record<string, string> {
  return { ...pick(env, ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SystemRoot']), ...quiet };
}

/** Environment for git directories of our own: no configuration of the machine or the person counts. */
export function privateGitEnv(env: HostEnv): Record<string, string> {
  return {
    ...pick(env, ['PATH', 'SystemRoot']),
    ...quiet,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_AUTHOR_NAME: 'nx-wave',
    GIT_AUTHOR_EMAIL: 'nx-wave@localhost',
    GIT_COMMITTER_NAME: 'nx-wave',
    GIT_COMMITTER_EMAIL: 'nx-wave@localhost',
    GIT_AUTHOR_DATE: '946684800 +0000',
    GIT_COMMITTER_DATE: '946684800 +0000',
  };
}

function failedCall(args: readonly string[], code: number | null, stderr: string): Failure {
  const lines = stderr.trim().split('\n').filter(Boolean);
  const said = lines.slice(-4).join('; ') || 'no message';
  const verb = args.find((arg, i) => !arg.startsWith('-') && args[i - 1] !== '-c') ?? 'git';
  return failureOfText(stderr) ?? failure('git-failed', `git ${verb} failed (exit ${code}): ${said}`);
}

/**
 * Runs git without a shell. An exit code outside `answers` is a failure: disk-full and state-unwritable where the
 * message says so or git could not be started, git-missing when there is no git, git-failed otherwise.
 */
export async function runGit(args: readonly string[], call: GitCall): Promise<Result<GitOutput>> {
  const { cwd, env } = call;
  const input = typeof call.input === 'string' ? nameBytes(call.input) : call.input;
  const ran = await runToEnd('git', args, { cwd, env, input });
  if ('errorCode' in ran) return err(notStarted(ran, cwd));
  const { code, stdout } = ran;
  const stderr = ran.stderr.toString('utf8');
  if (code !== null && (call.answers ?? [0]).includes(code)) return ok({ code, stdout, stderr });
  return err(failedCall(args, code, stderr));
}

function notStarted({ errorCode, message }: StartError, cwd: string): Failure {
  if (errorCode !== 'ENOENT')
    return failure('state-unwritable', `git could not be started (${errorCode}): ${message}`, {
      next: startRemedy(errorCode, 'git'),
    });
  return failure('git-missing', `git could not be started in ${cwd}: it is not on PATH.`, {
    next: 'install git 2.38 or newer and make sure that it is on PATH',
  });
}
