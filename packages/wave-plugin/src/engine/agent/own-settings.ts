import { relative, resolve, sep } from 'node:path';
import type { AdapterIo } from '../../adapters/adapter';
import { findAdapter } from '../../adapters/registry';
import type { AttemptContext } from './attempt';
import type { PreparedCheckout } from './prepare-checkout';

/**
 * What adapters may look at, with the settings that the wave names as the user has them: of the snapshot, else of the
 * workspace. An agent can write those in its checkout, and would open its own sandbox for its next start.
 */
export async function ownSettings(
  { session, agent }: AttemptContext,
  { checkout, snapshot }: Pick<PreparedCheckout, 'checkout' | 'snapshot'>,
  chain: readonly string[],
): Promise<AdapterIo> {
  const { edges } = session;
  const io = edges.adapterIo;
  const texts = new Map<string, string | null>();
  const paths = chain.flatMap((id) => findAdapter(id, session.adapters)?.settingsFiles?.(agent) ?? []);
  const top = checkout.workspaceDir;
  for (const place of paths.map((path) => resolve(top, path))) {
    // Adapters refuse what leads outside; it is not looked at here either.
    if (!place.startsWith(`${top}${sep}`)) continue;
    const path = relative(top, place);
    const found = await edges.git.readFileAt(session.repo, snapshot, path);
    const bytes = found.ok ? found.value : null;
    const text = bytes === null ? io.readFile(session.at(path)) : Buffer.from(bytes).toString();
    texts.set(place, text);
  }
  return {
    ...io,
    readFile: (path) => {
      const place = resolve(path);
      return texts.has(place) ? (texts.get(place) ?? null) : io.readFile(path);
    },
  };
}
