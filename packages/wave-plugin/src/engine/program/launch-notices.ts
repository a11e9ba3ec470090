import { type ExecutorAdapter, type LaunchSpec } from '../../adapters/adapter';
import { splitCommandLine } from '../../core/command-line';
import { type ResolvedAgent, type ResolvedWave } from '../../core/model';
import { parsePrices, priceOf } from '../../core/usage';

/** The program that the configuration names for an executor, or null for the executor's own. */
export function commandOf(
  wave: ResolvedWave,
  agent: ResolvedAgent,
  { executorId }: ExecutorAdapter,
): string | null {
  const own = agent.executor.options[executorId]?.command;
  const shared = wave.settings.executors[executorId]?.command;
  return typeof own === 'string' ? own : typeof shared === 'string' ? shared : null;
}

/**
 * What a person must know of a launch before it happens, in `plan` and in the bundle: what the adapter has to say, what a
 * configured command adds on its own, and caps that cannot be held.
 */
export function launchNotices(
  spec: LaunchSpec,
  { wave, agent, adapter }: { wave: ResolvedWave; agent: ResolvedAgent; adapter: ExecutorAdapter },
): string[] {
  return [
    ...spec.notices,
    ...commandNotices(wave, agent, adapter),
    ...priceNotices(wave, agent, adapter),
    ...turnNotices(agent, adapter),
  ];
}

/** Flags that no key stands for may switch anything off. The command of a free program is all of its own. */
function commandNotices(wave: ResolvedWave, agent: ResolvedAgent, adapter: ExecutorAdapter): string[] {
  const line = splitCommandLine(commandOf(wave, agent, adapter) ?? '');
  const flags = line.ok ? line.words.slice(1).filter((word) => word.startsWith('-')) : [];
  if (adapter.free || flags.length === 0) return [];
  return [`${adapter.executorId}.command adds flags of its own: ${flags.join(' ')}`];
}

function turnNotices(agent: ResolvedAgent, { free, capabilities, displayName }: ExecutorAdapter): string[] {
  if (agent.executor.budget.turns === undefined || free || capabilities.maxTurns) return [];
  return [`budget.turns cannot be held: ${displayName} has no limit of turns`];
}

function priceNotices(wave: ResolvedWave, agent: ResolvedAgent, adapter: ExecutorAdapter): string[] {
  const capped = agent.executor.budget.usd !== undefined || wave.settings.budget.usd !== null;
  if (!capped || adapter.free || adapter.capabilities.reportsCost) return [];
  const prices = parsePrices(wave.settings.executors[adapter.executorId]?.prices);
  if (priceOf(agent.executor.model, prices) !== null) return [];
  const model = agent.executor.model ?? '*';
  return [
    `budget.usd cannot be held: ${adapter.displayName} tells no cost, and executors.${adapter.executorId}.prices has none for ${model}`,
  ];
}
