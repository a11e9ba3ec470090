import { join } from 'node:path';
import type { ProofCommandResult } from '@nx-wave/schemas';
import { err, failure, ok, type Failure } from '@nx-wave/schemas/plain';
import { networkAdvice } from '../../core/verify/network-need';
import { namePaths } from '../../core/verify/proof-writes';
import { makeFolder } from '../../edges/files/write-file';
import type { CheckoutOptions } from '../../edges/git/contracts';
import { plannedCage, proofCageSettings } from '../session/cages';
import { runProofCommands, tellUncaged } from './proof-commands';
import type { Session } from '../session/session';

/** What most setups are for, and what their person has at home. */
const registryAdvice =
  'A private registry needs its login in `proof.env` and, in a cage, its host in `proof.services`.';

/** `workspace.links` and `workspace.setup` of the configuration, for every checkout of the wave. */
export async function checkoutOptions(session: Session, marker: string): Promise<CheckoutOptions> {
  const { links, setup } = session.wave.settings.workspace;
  if (setup.length === 0) return { links, ...(await spareLinks(session)) };
  return {
    links,
    setup: async (checkout) => {
      const cage = await plannedCage(session, proofCageSettings(session));
      if (cage.ok) tellUncaged(session, 'setup commands', cage.value);
      const onOutside = () => undefined;
      const run = { checkout, commands: setup, marker, stopAtFirst: true, setup: true, onOutside };
      const ran = await runProofCommands(session, run);
      if (!ran.ok) return ran;
      const red = ran.value.find(({ outcome }) => outcome !== 'passed');
      if (red === undefined) return ok(undefined);
      if (red.outcome === 'outside-writes') return err(setupWroteOutside(session, red));
      return err(
        failure(
          'workspace-setup-failed',
          `workspace.setup: \`${red.command}\` did not pass in the checkout.\n${red.tail}`,
          {
            place: { path: 'wave.config.json' },
            next:
              red.host === undefined
                ? `Correct the command in wave.config.json: it runs in a fresh checkout, without a shell, and with an empty home folder unless \`proof.home\` is "user". ${registryAdvice}`
                : `${networkAdvice(red.host)} ${registryAdvice}`,
          },
        ),
      );
    },
  };
}

/** Of all commands of this workspace; `prune` removes it as it does what else nobody owns. */
async function spareLinks({ edges }: Session): Promise<Pick<CheckoutOptions, 'spareLinks'>> {
  const folder = join(edges.scratchRoot, 'links');
  await makeFolder(folder);
  return { spareLinks: folder };
}

function setupWroteOutside(
  { wave: { identity } }: Session,
  { command, changedFiles = [] }: ProofCommandResult,
): Failure {
  const [path = 'wave.config.json'] = changedFiles;
  return failure(
    'outside-writes',
    `While \`${command}\` of workspace.setup ran without a cage, ${namePaths(changedFiles)} changed, which no runner and no person at work changes.`,
    {
      place: { path },
      next: `Look at these files and put back what should not be there, and make the command write in its checkout alone; then nx run ${identity.project}:launch`,
    },
  );
}
