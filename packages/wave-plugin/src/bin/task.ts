import type { ExecutorContext } from '@nx/devkit';
import { failure } from '@nx-wave/schemas/plain';
import { describeFailure } from '../core/views/describe-failure';
import { waveFileVariable } from '../core/infer/task-commands';
import { cachedProjects } from '../edges/graph/cached-projects';
import { endWithNx, nxProcessOf } from '../edges/processes/cancellation';
import agentExecutor from '../executors/agent/agent';
import gateExecutor from '../executors/gate/gate';
import type { WaveMetadata } from '../executors/open-wave';
import proveExecutor from '../executors/prove/prove';
import { complain } from '../executors/terminal';
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

function contextOf(path: string): ExecutorContext & { wave: WaveMetadata } {
  return {
    ...{ root, cwd: root, isVerbose: env['NX_VERBOSE_LOGGING'] === 'true', nxJsonConfiguration: {} },
    projectName: env['NX_TASK_TARGET_PROJECT'] ?? '',
    targetName: env['NX_TASK_TARGET_TARGET'] ?? '',
    wave: { path, include: [] },
    projectGraph: { nodes: {}, dependencies: {} },
    // Asked for where a proof command is a target of Nx.
    get projectsConfigurations() {
      return { version: 2, projects: cachedProjects(root, env) };
    },
  };
}

async function run(request: TaskRequest, path: string): Promise<boolean> {
  const context = contextOf(path);
  switch (request.kind) {
    case 'help':
      process.stdout.write(`${usage}\n`);
      return true;
    case 'agent':
      return (await agentExecutor(request, context)).success;
    case 'gate':
      return (await gateExecutor(request, context)).success;
    case 'prove':
      return (await proveExecutor(request, context)).success;
  }
}

function refused(message: string): false {
  complain(describeFailure(failure('option-invalid', message, { next: 'nx run <wave>:launch' })));
  return false;
}

if (env['PATH'] !== undefined) env['PATH'] = callersPath(env['PATH'], root);
// Nx says where it starts: `node -e` has no file of its own among its arguments.
const request = readTaskRequest(process.argv.slice(1));
const path = env[waveFileVariable];
endWithNx(process, { nx: nxProcessOf(env) });
const answered =
  'wrong' in request
    ? Promise.resolve(refused(request.wrong))
    : path === undefined && request.kind !== 'help'
      ? Promise.resolve(refused(`Nx starts this program: ${waveFileVariable} is not set.`))
      : run(request, path ?? '');
void answered.then((success) => process.exit(success ? 0 : 1));
