import { parseArgs } from 'node:util';
import { stages, type Stage } from '@nx-wave/schemas/plain';

/** What a task that runs as a command is asked for, by the words behind the program. */
export type TaskRequest =
  | { kind: 'help' }
  | { kind: 'agent'; agent: string; executor?: string }
  | { kind: 'gate'; stage: Stage; executor?: string }
  | { kind: 'prove'; executor?: string };

/** The request, or in words what is wrong with it. Options come from whoever called Nx: `nx run wave-1:launch --executor=local`. */
export function readTaskRequest(args: readonly string[]): TaskRequest | { wrong: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { executor: { type: 'string' } },
      allowPositionals: true,
    });
    const [kind, about, ...more] = positionals;
    const given = values.executor === undefined ? {} : { executor: values.executor };
    if (kind === 'help' && about === undefined) return { kind };
    if (kind === 'prove' && about === undefined) return { kind, ...given };
    if (about !== undefined && more.length === 0) {
      if (kind === 'agent') return { kind, agent: about, ...given };
      const stage = stages.find((one) => one === about);
      if (kind === 'gate' && stage !== undefined) return { kind, stage, ...given };
    }
    return { wrong: `There is no task "${args.join(' ')}".` };
  } catch (error) {
    // Its first sentence: what follows is advice for whoever writes the whole command line.
    const [said] = String((error as Error).message).split(/\. (?=[A-Z])/);
    return { wrong: `${said?.replace(/\.$/, '')}. The one option of a task is --executor=<id>.` };
  }
}
