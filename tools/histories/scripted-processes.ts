import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type {
  ProcessEdge,
  ProcessExit,
  SuperviseOptions,
} from '../../packages/wave-plugin/src/edges/processes/contracts';
import { act, blobOf } from './agent.cjs';
import type { Start } from './world';

const exit = (code: number): ProcessExit => ({
  code,
  signal: null,
  cause: 'exit',
  errorCode: null,
  durationMs: 1,
});

/** Whether anything may still happen; resolves never where the process of the runner has died. */
export type Pass = () => Promise<void>;

/**
 * Programs without processes: the agents of the histories, and the two commands that prove their work. `pass` stands at each
 * moment at which the runner can die: before a program, in the middle of it, and after it.
 */
export function scriptedProcesses(starts: Start[], pass: Pass): ProcessEdge {
  return {
    cages: { find: () => Promise.resolve({ kind: null, why: 'none is wanted' } as never) },
    endMarked: () => Promise.resolve(0),
    async supervise(command, args, options) {
      await pass();
      const ended =
        command === 'node'
          ? await runAgent(args, options, { starts, pass })
          : runCommand(command, args, options);
      await pass();
      return ended;
    },
  };
}

async function runAgent(
  args: readonly string[],
  { cwd, env, stdin }: SuperviseOptions,
  { starts, pass }: { starts: Start[]; pass: Pass },
): Promise<ProcessExit> {
  const id = env['WAVE_AGENT_ID'] ?? '';
  const start: Start = { id, wrote: null, asked: false };
  starts.push(start);
  const read = (path: string) => (existsSync(join(cwd, path)) ? readFileSync(join(cwd, path), 'utf8') : null);
  const program = read(args.at(-1) ?? '');
  if (program === null) {
    start.wrote = [];
    return exit(1);
  }
  const { writes, envelope } = act({
    id,
    role: env['WAVE_ROLE'] ?? '',
    prompt: stdin,
    program: JSON.parse(program) as unknown,
    read,
  });
  for (const [path, text] of writes) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
    await pass();
  }
  writeFileSync(env['WAVE_RESULT_ENVELOPE'] ?? '', JSON.stringify(envelope));
  start.wrote = writes.map(([path, text]) => [path, blobOf(text)]);
  start.asked = envelope.records !== undefined;
  return exit(0);
}

/** `test -x path` and `grep -q word path`, as the wave of the histories writes them. */
function runCommand(command: string, args: readonly string[], { cwd }: SuperviseOptions): ProcessExit {
  const path = join(cwd, args.at(-1) ?? '');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : null;
  if (command === 'test') return exit(text !== null && text !== '' ? 0 : 1);
  if (command === 'grep') return exit(text?.includes(args[1] ?? '') === true ? 0 : 1);
  throw new Error(`no history runs ${command}`);
}
