import { err, failure, ok } from '@nx-wave/schemas/plain';
import { networkAdvice } from '../../core/verify/network-need';
import type { CheckoutOptions } from '../../edges/git/contracts';
import { runProofCommands } from './proof-commands';
import type { Session } from '../session/session';

/** What most setups are for, and what their person has at home. */
const registryAdvice =
  'A private registry needs its login in `proof.env` and, in a cage, its host in `proof.services`.';

/** `workspace.links` and `workspace.setup` of the configuration, for every checkout of the wave. */
export function checkoutOptions(session: Session, marker: string): CheckoutOptions {
  const { links, setup } = session.wave.settings.workspace;
  if (setup.length === 0) return { links };
  return {
    links,
    setup: async (checkout) => {
      const run = { checkout, commands: setup, marker, stopAtFirst: true, setup: true };
      const ran = await runProofCommands(session, run);
      if (!ran.ok) return ran;
      const red = ran.value.find(({ outcome }) => outcome !== 'passed');
      if (red === undefined) return ok(undefined);
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
