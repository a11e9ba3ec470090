import { splitCommandLine } from '../core/command-line';
import type { ResolvedAgent } from '../core/model';
import { type ProofTree } from './contracts';
import { languageOf } from './languages/registry';
import { findClosedExecutors, findTestInvocations } from './runners/find-invocations';
import { testRunners } from './runners/registry';
import { asksFor } from './strength-of';

/** Why a proof cannot be measured, in words that follow a colon. */
export const whyUnmeasured = {
  noCommands: 'it has no proof commands',
  noRunner: 'no test runner that is known here is among its proof commands',
  noReport: 'its test runner left no report that could be read',
  noSource: 'it changes no source in a language that is known here',
  noFunction: 'no function with a body is new or changed in it',
} as const;

/**
 * What can be said before anybody is paid of whether the proof of an agent will be measured: why not, or null. Its files may
 * still give nothing to empty.
 */
export async function foreseeUnmeasured(agent: ResolvedAgent, tree: ProofTree): Promise<string | null> {
  const { level } = agent.proofStrength;
  if (!asksFor(level, 'counted')) return null;
  if (agent.proofCommands.length === 0) return whyUnmeasured.noCommands;
  let known = false;
  const closed: string[] = [];
  for (const command of agent.proofCommands) {
    const line = splitCommandLine(command);
    if (!line.ok) continue;
    known ||= (await findTestInvocations(line.words, tree, testRunners)).length > 0;
    const executors = await findClosedExecutors(line.words, tree);
    closed.push(...executors.map((executor) => `\`${command}\` runs the executor ${executor}`));
  }
  if (!known) return [whyUnmeasured.noRunner, ...closed].join('; ');
  const hasNoSource = agent.ownedPaths.every((path) => !path.endsWith('/') && languageOf(path) === null);
  return asksFor(level, 'checked') && hasNoSource ? whyUnmeasured.noSource : null;
}
