import { failure, type Failure } from '@nx-wave/schemas/plain';
import { heldOutFiles, heldOutOf } from '../../core/held-out';
import { isOurs } from '../../core/cage/hold-cage';
import { namePaths } from '../../core/verify/proof-writes';
import { executorCageSettings, plannedCage, proofCageSettings } from '../session/cages';
import type { Session } from '../session/session';

/** What ways to held-out commands are left where no cage of ours stands around an agent, or around the tests that it wrote. */
export async function heldOutReadable(session: Session): Promise<Failure[]> {
  const { wave, repo } = session;
  const [first] = heldOutOf(wave);
  if (first === undefined) return [];
  const open: string[] = [];
  const keys = new Set<string>();
  for (const { unitId, executor } of wave.agents) {
    const settings = executorCageSettings(session, executor.id);
    const planned = await plannedCage(session, settings);
    if (planned.ok && isOurs(planned.value)) continue;
    open.push(unitId);
    keys.add(settings.key);
  }
  const proofs = proofCageSettings(session);
  const around = await plannedCage(session, proofs);
  if (!around.ok || !isOurs(around.value)) {
    open.push('the tests that they write');
    keys.add(proofs.key);
  }
  if (open.length === 0) return [];
  const files = [...heldOutFiles(wave), wave.identity.path];
  return [
    failure(
      'held-out-readable',
      `Held-out commands are in no checkout, base commit, index or prompt of an agent. Without a cage of this runner, ${open.join(', ')} could still read ${namePaths(files)} and the history of ${repo.topLevel} where you have them, by an absolute path.`,
      {
        severity: 'warning',
        place: { wave: wave.identity.project, path: wave.identity.path },
        next: `Close that with ${[...keys]
          .sort()
          .map((key) => `\`${key}: "required"\``)
          .join(' and ')}, or keep the files where agents run on another machine.`,
      },
    ),
  ];
}
