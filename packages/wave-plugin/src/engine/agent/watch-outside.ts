import { join } from 'node:path';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { namePaths } from '../../core/verify/proof-writes';
import { keyFolder } from '../../edges/store/proof-store';
import type { AttemptContext } from './attempt';
import { executorCageSettings, plannedCage } from '../session/cages';
import { findAdapter } from '../../adapters/registry';
import type { HeldCage } from '../../core/cage/hold-cage';
import { shownOutside, tellOutside, watchOutside } from '../slices/outside-watch';

/** What was outside of the checkout before the agent ran. */
export interface AgentWatch {
  /** Compares; refuses what nobody else can have changed, and tells what a person may have. */
  compare(cage: HeldCage | null): Promise<Failure[]>;
}

/**
 * Looks at what an agent has no business with, before it runs; besides what every program without a cage is held to, what is
 * stored of this agent and of the gate of its stage, which no other runner writes while its lease is held. Nothing is looked at
 * where a cage is sure to hold.
 */
export async function watchAgent(context: AttemptContext): Promise<AgentWatch> {
  const { session, agent } = context;
  if (await isSurelyCaged(context)) return { compare: () => Promise.resolve([]) };
  const watch = await watchOutside(session, { own: ownPlaces(context), tells: true });
  return {
    compare: async (cage) => {
      if (cage !== null && cage.cage !== 'none' && cage.cage !== 'off') return [];
      const refused = await watch.refused();
      const told = tellOutside(session, `agent ${agent.unitId}`, await watch.told());
      if (told.length > 0) context.journal.record('outside.changed', { paths: told });
      const paths = refused.paths.map((path) => shownOutside(session, path));
      return paths.length === 0 ? [] : [outsideWrites(context, paths)];
    },
  };
}

async function isSurelyCaged({ session, agent }: AttemptContext): Promise<boolean> {
  const { executor } = agent;
  const held = await Promise.all(
    [executor.id, ...executor.fallbacks].map(async (id) => {
      const own = findAdapter(id, session.adapters)?.capabilities.sandboxModes ?? [];
      const planned = await plannedCage(session, executorCageSettings(session, id));
      return planned.ok && own.length === 0 && !['none', 'off'].includes(planned.value.cage);
    }),
  );
  return held.every(Boolean);
}

/** What no one but the runner of this agent writes while it runs. */
function ownPlaces({ session, agent, inputs, attemptFolder }: AttemptContext): string[] {
  const { paths } = session;
  return [
    keyFolder(session.proofs.root, inputs.workKey),
    ...earlierAttempts(attemptFolder),
    session.at(paths.handoff(agent.unitId)),
    session.at(paths.gateDir(agent.stage)),
    session.at(paths.verdict(agent.stage)),
  ];
}

/** Earlier attempts of the agent, not the one that is running. */
function earlierAttempts(attemptFolder: string): string[] {
  const number = Number(/attempt-(\d+)$/.exec(attemptFolder)?.[1] ?? 1);
  return Array.from({ length: Math.max(0, number - 1) }, (_, index) =>
    join(attemptFolder, '..', `attempt-${index + 1}`),
  );
}

function outsideWrites({ session, agent }: AttemptContext, paths: string[]): Failure {
  const { project } = session.wave.identity;
  return failure(
    'outside-writes',
    `While agent ${agent.unitId} of ${project} ran without a cage, ${namePaths(paths)} changed, which no runner and no person at work changes. Its work is kept, and nobody is paid for it again.`,
    {
      place: { wave: project, agentId: agent.unitId, ...(paths[0] === undefined ? {} : { path: paths[0] }) },
      next: `Look at these files and put back what should not be there; then nx run ${project}:decide --waive outside-writes --agent ${agent.unitId} --reason "…" --by "…"`,
      facts: { paths },
    },
  );
}
