import { err, failure, ok } from '@nx-wave/schemas/plain';
import { describeCommandLineProblem, splitCommandLine } from '../core/command-line';
import { synthesizeLegacyEnvelope } from '../core/legacy/synthesize-envelope';
import { type ResolvedAgent, type ResolvedWave } from '../core/model';
import { type ExecutorAdapter } from './adapter';
import { locateEnvelopeFile, validateAgentEnvelope } from './envelope-contract';
import { stopOnly } from './hooks';
import { localKeys } from './local.keys';
import { createPlainReader } from './plain-reader';

/**
 * Runs the declared `local.command` of an agent in its checkout, the prompt on its standard input. It keeps to the same
 * contract as every program: what the command does not write, no one else writes for it.
 */
export const localAdapter: ExecutorAdapter = {
  ...localKeys,
  displayName: 'Local command',
  free: true,
  envNames: [],
  capabilities: {
    sandboxModes: [],
    supportsSearch: false,
    supportsImages: false,
    supportsAddDirs: false,
    supportsMcp: false,
    supportsHooks: false,
    supportsJson: false,
    supportsStructuredOutput: false,
    supportsResume: false,
    reportsCost: false,
    maxTurns: false,
    rateLimitRetry: false,
  },
  fallbackEligibility: {
    canFallbackFrom: false,
    canFallbackTo: false,
    restrictions: [
      'A local command is another way to do the work, not a fallback for a program that failed.',
    ],
  },
  supervisionHooks: stopOnly,
  buildLaunchSpec: (agent, wave, options) => {
    const text = agent.executor.options[localKeys.executorId]?.command;
    const place = placeOf(agent, wave);
    if (typeof text !== 'string' || text.trim() === '') {
      return err(
        failure(
          'local-command-missing',
          `Agent ${agent.agentId} of ${wave.identity.project} is to run locally, but its block declares no local.command.`,
          {
            place,
            next: `Write "- local.command: node path/to/script.mjs" under "### Executor" of agent ${agent.agentId} in ${wave.identity.path}, or choose another executor.`,
          },
        ),
      );
    }
    const line = splitCommandLine(text);
    if (!line.ok) {
      return err(
        failure(
          'local-command-invalid',
          `local.command of agent ${agent.agentId} of ${wave.identity.project} is not a plain command line: ${describeCommandLineProblem(line)}.`,
          {
            place,
            excerpt: line.problem === 'empty' ? text : `${text}\n${' '.repeat(line.column - 1)}^`,
            next: `Quote the character, or name the shell: sh -c '…'. The line stands in ${wave.identity.path}.`,
          },
        ),
      );
    }
    const [command = '', ...args] = line.words;
    return ok({ command, args, stdin: options.prompt, env: {}, files: [], notices: [] });
  },
  createStreamReader: createPlainReader,
  locateResultEnvelope: locateEnvelopeFile,
  validateResultEnvelope: validateAgentEnvelope,
  synthesizeLegacyEnvelope,
  isAvailable: () => true,
};

function placeOf(agent: ResolvedAgent, wave: ResolvedWave) {
  const at = { line: agent.line, column: 1 };
  return {
    wave: wave.identity.project,
    agentId: agent.agentId,
    path: wave.identity.path,
    range: { start: at, end: at },
  };
}
