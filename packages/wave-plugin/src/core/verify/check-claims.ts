import {
  completionLevels,
  docImpacts,
  durabilityLevels,
  maturityLevels,
  proofLevels,
  reaches,
  type Failure,
} from '@nx-wave/schemas/plain';
import { componentStatesOf } from '../result/component-states';
import { stageRules } from '../stages';
import type { SliceEvidence } from './slice-evidence';
import { runAgain, sliceFailure } from './slice-failure';

/** The claims of the envelope stand at or above the exit contract. A design pass owes no exit contract yet. */
export function checkExitContract(evidence: SliceEvidence): Failure[] {
  const { agent, envelope } = evidence;
  const contract = agent.exitContract;
  if (!contract || stageRules[agent.stage].prepares) return [];
  const asked: [string, readonly string[], string | null | undefined, string][] = [
    ['completion', completionLevels, envelope.proof.completion, contract.completion],
    ['durability', durabilityLevels, envelope.proof.durability, contract.durability],
    ['proof', proofLevels, envelope.proof.proofLevel, contract.proof],
  ];
  if (envelope.implementation) {
    asked.push(['doc-impact', docImpacts, envelope.implementation.docDelta.state, contract.docImpact]);
  } else if (contract.docImpact !== 'none' && !agent.traits.rollsOut) {
    asked.push(['doc-impact', docImpacts, null, contract.docImpact]);
  }
  return asked.flatMap(([key, words, claimed, required]) =>
    reaches(words, claimed, required)
      ? []
      : sliceFailure(evidence, {
          code: 'exit-contract-gap',
          what: `the claimed ${key} does not reach the exit contract`,
          expected: `${key} ${required} or above`,
          got: claimed ?? 'no claim',
          next: `${runAgain(evidence)}, or lower "- ${key}" in "### Exit contract"`,
        }),
  );
}

/** A level of proof is claimed, and the runner's own evidence says that no test ran. */
export function checkProofClaim(evidence: SliceEvidence): Failure[] {
  const { agent, envelope, strength } = evidence;
  const claimed = envelope.proof.proofLevel ?? null;
  if (!strength || claimed === null || agent.exitContract === null || strength.asked !== 'exit') return [];
  const counted = strength.commands.flatMap(({ tests }) => (tests === null ? [] : [tests.executed]));
  if (counted.length === 0 || counted.some((executed) => executed > 0)) return [];
  return [
    sliceFailure(evidence, {
      code: 'proof-overclaimed',
      what: `the envelope claims the proof level ${claimed}, and no test ran in its proof commands`,
      expected: 'a claim that the runner can see',
      got: 'no executed test',
      next: `${runAgain(evidence)}, or name a proof command that runs the tests`,
    }),
  ];
}

/**
 * Documents of its own are claimed, as the exit contract asks, and the slice changed none. Where it names some, one that it changed is
 * enough; where it names none, a comment may be what is meant. What a person adopts, and a wave without proof, is believed.
 */
export function checkDocClaim(evidence: SliceEvidence): Failure[] {
  const { agent, envelope, changes, artifacts, documented, proofCommands } = evidence;
  const claim = envelope.implementation?.docDelta;
  const isAsked = (agent.exitContract?.docImpact ?? 'none') !== 'none' && !stageRules[agent.stage].prepares;
  const isHeld = agent.proofStrength.level !== 'exit' && proofCommands.length > 0;
  if (claim?.state !== 'owned' || !isAsked || !isHeld || envelope.adopted !== undefined) return [];
  const changed = new Set([...changes, ...artifacts].map(({ path }) => path));
  const { paths } = claim;
  const isTrue =
    paths.length > 0
      ? paths.some((path) => namesChanged(path, changed))
      : (documented ?? [...changed]).some((path) => changed.has(path));
  if (isTrue) return [];
  return [
    sliceFailure(evidence, {
      code: 'proof-overclaimed',
      what: 'the envelope claims that documents of its own changed, and the slice changed none',
      expected: 'a changed document that the envelope names',
      got: paths.length > 0 ? `${paths.join(', ')} as in the base` : 'no document among the changed files',
      next: `${runAgain(evidence)}, or lower "- doc-impact" in "### Exit contract" to \`none\`: the work is kept, and nobody is paid`,
    }),
  ];
}

/** A changed file, or a folder of one, however it is written. */
function namesChanged(written: string, changed: ReadonlySet<string>): boolean {
  const path = written.replace(/^\.?\/+/, '').replace(/[#:].*/, '');
  return [...changed].some((one) => one === path || one.startsWith(path.endsWith('/') ? path : `${path}/`));
}

/** Each component of the agent is claimed met, at its target level or above. */
export function checkComponents(evidence: SliceEvidence): Failure[] {
  const { agent, envelope, levels = maturityLevels } = evidence;
  if (stageRules[agent.stage].prepares) return [];
  const claims = componentStatesOf(agent, envelope);
  return agent.components.flatMap(({ componentId, targetLevel }) => {
    const claim = claims.find((one) => one.componentId === componentId);
    const reached = claim?.level === targetLevel || reaches(levels, claim?.level, targetLevel);
    if (claim?.state === 'met' && reached) return [];
    return sliceFailure(evidence, {
      code: 'component-gap',
      what: `the component ${componentId} is not where this wave promotes it to`,
      expected: `${componentId} met at ${targetLevel} or above`,
      got: claim ? `${claim.state} at ${claim.level ?? 'no level'}` : 'no claim',
      next: `${runAgain(evidence)}, or change the promotion of ${componentId}`,
    });
  });
}

/** An agent that owns implementation claims a satisfied proof; a steward's word is its judgement, read by its gate. */
export function checkProofState(evidence: SliceEvidence): Failure[] {
  const { agent, envelope } = evidence;
  if (!agent.implementationOwning || stageRules[agent.stage].prepares || envelope.proof.state === 'satisfied')
    return [];
  return [
    sliceFailure(evidence, {
      code: 'proof-state-gap',
      what: 'the envelope itself does not claim a satisfied proof',
      expected: 'proof.state satisfied',
      got: `${envelope.proof.state}${envelope.proof.detail ? ` (${envelope.proof.detail})` : ''}`,
      next: runAgain(evidence),
    }),
  ];
}

/** No blocking blocker is left. A steward's blockers are part of its judgement and stop its gate instead. */
export function checkBlockers(evidence: SliceEvidence): Failure[] {
  const { agent, envelope } = evidence;
  if (!agent.implementationOwning) return [];
  return envelope.unresolvedBlockers
    .filter(({ blocking }) => blocking)
    .map(({ kind, detail }) =>
      sliceFailure(evidence, {
        code: 'blocking-blocker',
        what: `the blocker "${kind}" blocks it`,
        expected: 'no blocking blocker',
        got: detail ?? kind,
        next: `Clear the blocker, then ${runAgain(evidence)}`,
      }),
    );
}
