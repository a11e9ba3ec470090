import { join, relative } from 'node:path';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { namePaths } from '../../core/verify/proof-writes';
import { comparedOutside, seeOutside } from '../../edges/git/outside-state';
import { findChangedSince } from '../../edges/git/outside-writes';
import type { AttemptContext } from './attempt';
import { executorCageSettings, plannedCage } from '../session/cages';
import { findAdapter } from '../../adapters/registry';
import type { HeldCage } from '../../core/cage/hold-cage';

/** What was outside of the checkout before the agent ran. */
export interface OutsideWatch {
  /** Compares; refuses what nobody else can have changed, and tells what a person may have. */
  compare(cage: HeldCage | null): Promise<Failure[]>;
}

/**
 * Looks at what an agent has no business with, before it runs. Refused afterwards: hooks and configuration of the repository,
 * and everything of this agent in stores and launcher folders, which no other runner writes while its lease is held. Told: the
 * person's tree, index and refs. Nothing is looked at where a cage is sure to hold.
 */
export async function watchOutside(context: AttemptContext): Promise<OutsideWatch> {
  const { session, agent } = context;
  if (await isSurelyCaged(context)) return { compare: () => Promise.resolve([]) };
  const { repo } = session;
  const sinceMs = Date.now();
  const guarded = guardedPlaces(context);
  const refs = [
    join(repo.commonDir, 'refs'),
    join(repo.commonDir, 'packed-refs'),
    join(repo.gitDir, 'HEAD'),
    join(repo.gitDir, 'index'),
  ];
  const before = { guarded: seeOutside(guarded), refs: seeOutside(refs) };
  return {
    compare: async (cage) => {
      if (cage !== null && cage.cage !== 'none' && cage.cage !== 'off') return [];
      const changed = comparedOutside(before.guarded, seeOutside(guarded));
      const told = [
        ...comparedOutside(before.refs, seeOutside(refs)),
        ...(await findChangedSince([repo.topLevel], sinceMs, { skip: notOfPerson(context) })),
      ];
      tell(context, told);
      return changed.length === 0
        ? []
        : [
            outsideWrites(
              context,
              changed.map((path) => shown(context, path)),
            ),
          ];
    },
  };

  function tell(of: AttemptContext, paths: readonly string[]): void {
    if (paths.length === 0) return;
    const names = paths.map((path) => shown(of, path));
    session.edges.print(
      `advisory: while agent ${agent.unitId} ran without a cage, ${namePaths(names)} changed: by you, or by it.`,
    );
    context.journal.record('outside.changed', { paths: names });
  }
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

/** What no one but the runner of this agent writes while it runs, and what nobody should. */
function guardedPlaces({ session, agent, inputs, attemptFolder }: AttemptContext): string[] {
  const { repo, durableRoot, paths } = session;
  return [
    join(repo.commonDir, 'hooks'),
    join(repo.commonDir, 'config'),
    join(repo.gitDir, 'config.worktree'),
    ...['attributes', 'exclude', 'grafts'].map((name) => join(repo.commonDir, 'info', name)),
    join(durableRoot, 'proofs', inputs.workKey),
    ...earlierAttempts(attemptFolder),
    session.at(paths.handoff(agent.unitId)),
    session.at(paths.gateDir(agent.stage)),
  ];
}

/** Earlier attempts of the agent, not the one that is running. */
function earlierAttempts(attemptFolder: string): string[] {
  const number = Number(/attempt-(\d+)$/.exec(attemptFolder)?.[1] ?? 1);
  return Array.from({ length: Math.max(0, number - 1) }, (_, index) =>
    join(attemptFolder, '..', `attempt-${index + 1}`),
  );
}

/** What is no work of a person: what runs write, and packages, whose changes are told elsewhere. */
function notOfPerson({ session }: AttemptContext): string[] {
  const { repo, wave } = session;
  return [
    repo.commonDir,
    join(repo.topLevel, 'node_modules'),
    ...wave.identity.stateRoots.map((root) => session.at(root)),
  ];
}

function shown({ session }: AttemptContext, path: string): string {
  const inside = relative(session.repo.topLevel, path);
  return inside.startsWith('..') ? path : inside;
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
