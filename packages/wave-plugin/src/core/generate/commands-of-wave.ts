import { type WaveDefinition } from '@nx-wave/schemas';
import { oneLine } from '../terminal-text';

/**
 * What a wave would run on the machine of whoever launches it, a line for each command: programs of agents, proof commands, and
 * those that are held out. For a person who is to judge a file that somebody else has written.
 */
export function commandsOfWave({ agents }: WaveDefinition): string[] {
  return agents.flatMap(({ agentId, executor, proofCommands, proofStrength }) => {
    const named = Object.entries(executor.options).flatMap(([id, { command }]) =>
      typeof command === 'string' ? [`${agentId} runs (${id}): ${command}`] : [],
    );
    const programs = named.length > 0 ? named : [`${agentId} runs: ${executor.id ?? 'the default executor'}`];
    const proofs = proofCommands.map((command) => `${agentId} is proved by: ${command}`);
    const heldOut = (proofStrength?.heldOut ?? []).map(
      ({ command }) => `${agentId} is proved by, held out: ${command}`,
    );
    return [...programs, ...proofs, ...heldOut].map(oneLine);
  });
}
