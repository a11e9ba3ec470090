import type { ExecutorContext } from '@nx/devkit';
import { failure } from '@nx-wave/schemas/plain';
import { waveFileVariable } from '../core/infer/task-commands';
import { cachedProjects } from '../edges/graph/cached-projects';
import { endWithNx, nxProcessOf } from '../edges/processes/cancellation';
import agentExecutor from '../executors/agent/agent';
import gateExecutor from '../executors/gate/gate';
import type { WaveMetadata } from '../executors/open-wave';
import proveExecutor from '../executors/prove/prove';
import { complainOf } from '../executors/terminal';
import { callersPath } from './callers-path';
import { readTaskRequest, type TaskRequest } from './task-request';

/*
 * An agent, a gate or the proof of a wave as a program that Nx starts as a command. It is what the executor of the same name is, without
 * Nx in the process: `nx run wave-3:agent-a1` starts it, and nobody has to call it.
 */

const usage = `An agent, a gate or the proof of a wave, started by Nx: nx run <wave>:launch

  --executor <id>  Run every agent of the wave on this executor, for example local: offline and free.`;

const { env } = process;
const root = env['NX_WORKSPACE_ROOT'] ?? process.cwd();
const projectName = env['NX_TASK_TARGET_PROJECT'] ?? '';
const targetName = env['NX_TASK_TARGET_TARGET'] ?? '';

function contextOf(path: string): ExecutorContext & { wave: WaveMetadata } {
  return {
    ...{ root, cwd: root, isVerbose: env['NX_VERBOSE_LOGGING'] === 'true', nxJsonConfiguration: {} },
    ...{ projectName, targetName },
    wave: { path, include: [] },
    projectGraph: { nodes: {}, dependencies: {} },
    // Asked for where a proof command is a target of Nx.
    get projectsConfigurations() {
      return { version: 2, projects: cachedProjects(root, env) };
    },
  };
}

async function run(request: TaskRequest | { wrong: string }): Promise<boolean> {
  if ('wrong' in request) return refused(request.wrong);
  if (request.kind === 'help') {
    process.stdout.write(`${usage}\n`);
    return true;
  }
  const path = env[waveFileVariable];
  if (path === undefined) return refused(`Nx starts this program: ${waveFileVariable} is not set.`);
  const context = contextOf(path);
  switch (request.kind) {
    case 'agent':
      return (await agentExecutor(request, context)).success;
    case 'gate':
      return (await gateExecutor(request, context)).success;
    case 'prove':
      return (await proveExecutor(request, context)).success;
  }
}

function refused(message: string): false {
  const next = `nx run ${projectName === '' ? '<wave>' : projectName}:launch`;
  complainOf([failure('option-invalid', message, { next })], { targetName });
  return false;
}

if (env['PATH'] !== undefined) env['PATH'] = callersPath(env['PATH'], root);
endWithNx(process, { nx: nxProcessOf(env) });
// `node -e` has no file of its own among its arguments.
void run(readTaskRequest(process.argv.slice(1))).then((success) => process.exit(success ? 0 : 1));
