import { join } from 'node:path';
import { ok, type Result } from '@nx-wave/schemas/plain';
import type { LaunchSpec, OwnSandbox } from '../../adapters/adapter';
import { isOurs, type ProgramCage } from '../../core/cage/hold-cage';
import { toldUncaged } from '../../core/cage/uncaged';
import { describeLaunch, type DescribedLaunch, type LaunchGround } from './describe-launch';
import type { ProgramRequest } from './program';

/** A sandbox that has not ended a command that does nothing by then does not work. */
const trialMs = 60_000;

interface CagedLaunch {
  described: DescribedLaunch;
  /** Null where nobody asked for one. */
  cage: ProgramCage | null;
}

/**
 * A launch with its cage: the own sandbox of a program where it is found to be in force, ours otherwise, which then stands
 * in for it. Code: `cage-missing`, and those of the adapter.
 */
export async function describeCaged(run: ProgramRequest, ground: LaunchGround): Promise<Result<CagedLaunch>> {
  const described = describeLaunch(ground);
  const { cageFor } = run.edges;
  if (!described.ok || cageFor === undefined)
    return described.ok ? ok({ described: described.value, cage: null }) : described;
  const { executorId } = ground.adapter;
  const { spec, env } = described.value;
  const { ownSandbox, needs } = spec;
  const ownInForce = async () =>
    ownSandbox !== undefined && (await isInForce(run, { ownSandbox, spec, env }));
  const held = await cageFor({ executorId, needs: needs === undefined ? [] : [needs], ownInForce });
  if (!held.ok) return held;
  const cage = held.value;
  if (cage.cage === 'none') run.onLine(`runs ${toldUncaged(cage.why)}`);
  if (!isOurs(cage)) return ok({ described: described.value, cage });
  const inside = ownSandbox === undefined ? described : describeLaunch({ ...ground, caged: true });
  if (!inside.ok) return inside;
  const withCaches = { ...inside.value, env: { ...cacheVariables(run, spec), ...inside.value.env } };
  return ok({ described: withCaches, cage });
}

/** Caches that tools would keep in the home folder; a program with folders of its own there keeps its own. */
function cacheVariables({ checkout }: ProgramRequest, { needs }: LaunchSpec): Record<string, string> {
  if (needs !== undefined) return {};
  const folder = join(checkout.scratchDir, 'caches');
  return { XDG_CACHE_HOME: folder, npm_config_cache: join(folder, 'npm') };
}

interface Trial {
  ownSandbox: OwnSandbox;
  spec: LaunchSpec;
  env: Record<string, string>;
}

/** Tried, or known from what it is made of. */
async function isInForce(run: ProgramRequest, { ownSandbox, spec, env }: Trial): Promise<boolean> {
  const { processes } = run.edges;
  if ('sameAsOurs' in ownSandbox) {
    const found = await processes.cages.find();
    return found.kind === 'bubblewrap' ? found.network : process.platform === 'darwin';
  }
  const { code } = await processes.supervise(spec.command, [...ownSandbox.tryArgs], {
    cwd: run.checkout.workspaceDir,
    env: { ...env, ...spec.env },
    stdin: '',
    hardLimitMs: trialMs,
    idleLimitMs: 0,
    signal: run.signal,
    onOutput: () => undefined,
  });
  return code === 0;
}
