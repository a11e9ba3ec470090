import { type Failure } from '@nx-wave/schemas/plain';
import { quote } from '../parse/diagnostics';
import { unknownBundle } from '../resolve/context7';
import { count } from '../count';
import { type ValidationRule } from './facts';
import { orFromWave } from './roles.rules';

/** Implementation-owning agents say what they must reach, from a wave on. */
export const exitContractsAreThere: ValidationRule = (facts) => {
  if (!facts.applies(facts.scope.validation.requireExitContractsFromWave)) return [];
  return facts.definition.agents
    .filter((agent) => agent.exitContract === null && facts.resolved(agent).implementationOwning)
    .map((agent) =>
      facts.locator.failure(
        'exit-contract-missing',
        { agent },
        {
          message: `Agent ${quote(agent.agentId)} has no exit contract.`,
          next: `Add \`### Exit contract\` with completion, durability, proof and doc-impact.${orFromWave('requireExitContractsFromWave')}`,
        },
      ),
    );
};

/** Agents whose proof counts more than their code promise artifacts and run on a real program. */
export const liveProofIsPromised: ValidationRule = (facts) =>
  facts.definition.agents.flatMap((agent) => {
    const resolved = facts.resolved(agent);
    if (!resolved.proofCentric) return [];
    const found: Failure[] = [];
    if (agent.proofArtifacts.length === 0)
      found.push(
        facts.locator.failure(
          'proof-artifacts-missing',
          { agent },
          {
            message: `Agent ${quote(agent.agentId)} lifts a component to a live level and promises no proof artifact.`,
            next: 'Add `### Proof artifacts` with the files that show it.',
          },
        ),
      );
    if (resolved.executor.id === 'local' && resolved.executor.selectedBy !== 'override')
      found.push(
        facts.locator.failure(
          'proof-centric-local',
          { agent, section: '### Executor' },
          {
            message: `Agent ${quote(agent.agentId)} owes live proof and runs on ${quote('local')}.`,
            next: 'Choose another executor.',
          },
        ),
      );
    return found;
  });

/** Wave and agents declare what documentation they want, from a wave on; the bundles they name exist. */
export const context7IsDeclared: ValidationRule = (facts) => {
  const { definition, locator, context7 } = facts;
  const found: Failure[] = [];
  if (facts.applies(facts.scope.validation.requireContext7DeclarationsFromWave)) {
    if (definition.context7 === null)
      found.push(
        locator.failure(
          'context7-missing',
          {},
          {
            message: 'The wave has no `## Context7 defaults`.',
            next: `Add the section with \`- bundle: <id>\`; \`none\` is a bundle.${orFromWave('requireContext7DeclarationsFromWave')}`,
          },
        ),
      );
    for (const agent of definition.agents.filter((spec) => spec.context7 === null))
      found.push(
        locator.failure(
          'context7-missing',
          { agent },
          {
            message: `Agent ${quote(agent.agentId)} has no ${quote('### Context7')}.`,
            next: `Add the section with \`- bundle: <id>\`; \`none\` is a bundle.${orFromWave('requireContext7DeclarationsFromWave')}`,
          },
        ),
      );
  }
  if (!context7) return found;
  const shared = definition.context7?.bundle ?? null;
  if (shared !== null && !Object.hasOwn(context7.bundles, shared))
    found.push(
      locator.failure(
        'context7-bundle-unknown',
        { section: '## Context7 defaults', needle: shared },
        unknownBundle(shared, context7),
      ),
    );
  for (const agent of definition.agents) {
    const bundle = agent.context7?.bundle ?? null;
    if (bundle !== null && !Object.hasOwn(context7.bundles, bundle))
      found.push(
        locator.failure(
          'context7-bundle-unknown',
          { agent, section: '### Context7', needle: bundle },
          unknownBundle(bundle, context7),
        ),
      );
  }
  return found;
};

/** No executor has more agents than the lane allows. */
export const runtimeMixIsKept: ValidationRule = (facts) => {
  const targets = facts.scope.runtimePolicy.runtimeMixTargets;
  return Object.entries(targets).flatMap(([executorId, most]) => {
    const agents = facts.definition.agents.filter(
      (agent) => facts.resolved(agent).executor.id === executorId,
    );
    if (agents.length <= most || facts.resolved(agents[0] as never).executor.selectedBy === 'override')
      return [];
    return [
      facts.locator.failure(
        'runtime-mix-exceeded',
        { agent: agents[most] },
        {
          message: `${count(agents.length, 'agent')} ${agents.length === 1 ? 'runs' : 'run'} on ${quote(executorId)}, the lane allows ${most}: ${agents.map(({ agentId }) => agentId).join(', ')}.`,
          next: 'Move agents to another executor, or raise `runtimePolicy.runtimeMixTargets`.',
        },
      ),
    ];
  });
};
