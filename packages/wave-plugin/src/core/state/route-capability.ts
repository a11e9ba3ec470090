import type { ResolvedAgent, ResolvedWave } from '../model';
import type { RecordSource } from './record-source';

/**
 * The agent that a request to a capability is assigned to: preferred by configuration, else the one that has answered the
 * most requests to it, else the one with the fewest requests to its name, else the first by id. Never the author.
 */
export function routeCapability(
  wave: ResolvedWave,
  { capability, author }: { capability: string; author: string },
  sources: readonly RecordSource[],
): ResolvedAgent | undefined {
  const able = wave.agents.filter(
    (agent) => agent.unitId !== author && agent.capabilities.includes(capability),
  );
  const preferred = (wave.settings.preferredAgents[capability] ?? []).flatMap(
    (id) => able.find(({ agentId, unitId }) => agentId === id || unitId === id) ?? [],
  );
  if (preferred[0]) return preferred[0];
  const asked = idsOf(sources, (targets) => targets.includes(`capability:${capability}`));
  const score = (agent: ResolvedAgent) => ({
    agent,
    done: answersOf(sources, agent.unitId).filter((id) => asked.has(id)).length,
    busy: idsOf(sources, (targets) =>
      targets.some((one) => one === agent.agentId || one === `agent:${agent.agentId}`),
    ).size,
  });
  const ranked = able
    .map(score)
    .sort((a, b) => b.done - a.done || a.busy - b.busy || (a.agent.unitId < b.agent.unitId ? -1 : 1));
  return ranked[0]?.agent;
}

function idsOf(
  sources: readonly RecordSource[],
  addressed: (targets: readonly string[]) => boolean,
): Set<string> {
  const records = sources
    .flatMap((source) => source.records)
    .filter(({ targets }) => addressed(targets ?? []));
  return new Set(records.flatMap(({ id }) => id ?? []));
}

function answersOf(sources: readonly RecordSource[], unitId: string): string[] {
  return sources
    .filter(({ agentId }) => agentId === unitId)
    .flatMap(({ records }) => records.flatMap((record) => record.answers ?? []));
}
